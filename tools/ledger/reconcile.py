"""Every signature that CloudTrail tells of must belong to an entry of the ledger, and the other way round."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from passwordless.model.signatures import LedgerEntry
from tools.ledger.cloudtrail import SIGN, Use, key_id

NEAR = 60
"""Seconds between an act and the records of its requests, retries included."""

NOTABLE = frozenset(
    {
        "CancelKeyDeletion",
        "CreateGrant",
        "DisableKey",
        "EnableKey",
        "PutKeyPolicy",
        "ReplicateKey",
        "ScheduleKeyDeletion",
        "TagResource",
        "UntagResource",
        "UpdatePrimaryRegion",
    }
)
_THROTTLED = frozenset({"ThrottlingException", "LimitExceededException"})


@dataclass(frozen=True, slots=True)
class Span:
    """What is compared: acts from `begin` until before `end`, as of `now` (seconds).

    CloudTrail may tell of a call `grace` seconds late; an entry that is younger is not yet missed there.
    """

    begin: int
    end: int
    now: int
    grace: int = 900

    def has(self, at: int) -> bool:
        """Tell whether a time lies in the span."""
        return self.begin <= at < self.end


@dataclass(frozen=True, slots=True)
class Functions:
    """Who may sign: the roles of sso and keys, by name or by the beginning that CloudFormation gives it."""

    stack: str
    roles: frozenset[str] = frozenset()

    def include(self, use: Use) -> bool:
        """Tell whether a call was made by one of the functions, in a session that Lambda named after it."""
        return any(
            use.session == f"{self.stack}-{function}" and self._is_role(use.role or "", function)
            for function in ("sso", "keys")
        )

    def _is_role(self, role: str, function: str) -> bool:
        if self.roles:
            return role in self.roles
        return role.startswith(f"{self.stack}-{function.title()}Role-")


@dataclass(frozen=True, slots=True)
class Missing:
    """A signature that the ledger has and CloudTrail has not."""

    entry: LedgerEntry
    request_id: str


@dataclass(frozen=True, slots=True)
class Report:
    """What came out. `foreign` were made by somebody who is none of our functions, entry or not."""

    matched: int
    orphans: tuple[Use, ...]
    probable_retries: tuple[Use, ...]
    foreign: tuple[Use, ...]
    missing: tuple[Missing, ...]
    awaited: int
    notable: tuple[Use, ...]
    on_other_keys: int

    @property
    def clean(self) -> bool:
        """Tell whether nobody signed outside of an act of ours."""
        return not self.orphans and not self.foreign


def reconcile(
    uses: Sequence[Use],
    entries: Sequence[LedgerEntry],
    keys: frozenset[str],
    functions: Functions,
    span: Span,
) -> Report:
    """Compare records and entries, which should reach NEAR seconds beyond both ends of the span.

    Args:
        uses: what CloudTrail tells of KMS.
        entries: the ledger.
        keys: the ids of the stack's keys; those of the entries count besides.
        functions: who may sign.
        span: what is compared.
    """
    ours = keys | {key_id(entry.kms_key) for entry in entries}
    acts = {request_id: entry for entry in entries for request_id in entry.request_ids}
    within = [use for use in uses if span.has(use.at) and use.keys & ours]
    signed = [use for use in within if use.signed]
    unknown = [use for use in signed if not _belongs(use, acts)]
    retries = _retries(unknown, entries, functions)
    missing = list(_missing(uses, entries, span))
    late = span.now - span.grace
    return Report(
        matched=len(signed) - len(unknown),
        orphans=tuple(use for use in unknown if use not in retries),
        probable_retries=tuple(retries),
        foreign=tuple(use for use in signed if _belongs(use, acts) and not functions.include(use)),
        missing=tuple(one for one in missing if one.entry.at <= late),
        awaited=sum(one.entry.at > late for one in missing),
        notable=tuple(use for use in within if _is_notable(use, functions)),
        on_other_keys=sum(use.signed and span.has(use.at) and not use.keys & ours for use in uses),
    )


def _retries(unknown: Iterable[Use], entries: Iterable[LedgerEntry], functions: Functions) -> list[Use]:
    """Return the signatures that an act explains whose requests went without an answer, each such request once."""
    waiting = [entry for entry in entries if entry.unanswered]
    left = Counter({entry.entry_id: entry.unanswered for entry in waiting})
    found = []
    for use in unknown:
        act = next((entry for entry in waiting if left[entry.entry_id] and _explains(entry, use)), None)
        if act is not None and functions.include(use):
            left[act.entry_id] -= 1
            found.append(use)
    return found


def _belongs(use: Use, acts: Mapping[str, LedgerEntry]) -> bool:
    """Tell whether an act names a signature's request, and its key and time are those of the act."""
    act = acts.get(use.request_id)
    return act is not None and _explains(act, use)


def _explains(entry: LedgerEntry, use: Use) -> bool:
    return key_id(entry.kms_key) in use.keys and abs(entry.at - use.at) <= NEAR


def _missing(uses: Iterable[Use], entries: Iterable[LedgerEntry], span: Span) -> Iterator[Missing]:
    told = {use.request_id for use in uses if use.signed}
    for entry in entries:
        if span.has(entry.at):
            yield from (Missing(entry, one) for one in entry.request_ids if one not in told)


def _is_notable(use: Use, functions: Functions) -> bool:
    """Tell what deserves a look: changes of a key, and signatures that somebody else tried in vain."""
    tried = use.name == SIGN and use.error is not None and use.error not in _THROTTLED
    return use.name in NOTABLE or (tried and not functions.include(use))

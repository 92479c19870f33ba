"""Everything that can go wrong with Auth0, as data: what it answered -> a code, and what the administrator reads.

What Auth0 refuses never becomes 401 or 403 of ours: AdminX would log the administrator out. Answers that nobody has
seen before become `auth0_refused` or `auth0_unexpected_answer`, which repeat what Auth0 said, cleaned and bounded.
"""

from collections.abc import Container
from dataclasses import dataclass

from passwordless.auth0.answers import Call, Refusal, Trouble
from passwordless.auth0.problem_texts import PROBLEMS, WARNINGS
from passwordless.errors import Failure, TooMany, Unavailable, UpstreamFault
from passwordless.model.applications import Auth0Connection


@dataclass(frozen=True, slots=True)
class Answered:
    """A row of the table: answers to a call with one of these statuses and, if any are given, one of these words."""

    call: Call
    statuses: Container[int]
    code: str
    words: tuple[str, ...] = ()

    def fits(self, refusal: Refusal) -> bool:
        """Tell whether the row is about this answer."""
        said = f"{refusal.error} {refusal.message}".lower()
        return (
            refusal.call is self.call
            and refusal.status in self.statuses
            and (not self.words or any(word in said for word in self.words))
        )


_ANY = range(1000)
_CLIENT_ERRORS = range(400, 500)
_SERVER_ERRORS = range(500, 600)

ANSWERS = (
    Answered(Call.DISCOVERY, (429,), "auth0_rate_limited"),
    Answered(Call.DISCOVERY, _SERVER_ERRORS, "auth0_unavailable"),
    Answered(Call.DISCOVERY, _ANY, "auth0_domain_unreachable"),
    Answered(Call.TOKEN, (401,), "auth0_bad_credentials"),
    Answered(Call.TOKEN, (403,), "auth0_grant_type_disabled", ("unauthorized_client",)),
    Answered(Call.TOKEN, (403,), "auth0_api_not_authorized", ("client-grant",)),
    Answered(Call.TOKEN, (403,), "auth0_missing_scope", ("not been granted scopes",)),
    Answered(Call.TOKEN, (403,), "auth0_wrong_audience", ("service not found", "service not enabled")),
    Answered(Call.TOKEN, (403,), "auth0_denied_by_policy"),
    Answered(Call.TOKEN, (429,), "auth0_rate_limited"),
    Answered(Call.TOKEN, _SERVER_ERRORS, "auth0_unavailable"),
    Answered(Call.TOKEN, _CLIENT_ERRORS, "auth0_refused"),
    Answered(Call.CREATE, (400,), "auth0_rejected_configuration"),
    Answered(Call.CREATE, (401,), "auth0_token_rejected"),
    Answered(Call.CREATE, (403,), "auth0_missing_scope", ("insufficient_scope", "insufficient scope")),
    Answered(
        Call.CREATE,
        (403,),
        "auth0_plan_limit",
        ("too_many_entities", "reached the limit", "you can only create"),
    ),
    Answered(Call.CREATE, (409,), "auth0_name_being_deleted", ("being deleted",)),
    Answered(Call.CREATE, (409,), "auth0_name_taken"),
    Answered(Call.CREATE, (429,), "auth0_rate_limited"),
    Answered(Call.CREATE, _CLIENT_ERRORS, "auth0_refused"),
)


class OutcomeUnknown(UpstreamFault):
    """Raised when Auth0 may hold a connection that we know too little of; never a reason to create a second one."""


def problem(
    code: str, *, retry_after: int | None = None, private: str | None = None, **names: str
) -> Failure:
    """Return the failure of this code; every placeholder of its texts must be among `names`."""
    known = PROBLEMS[code]
    filled = {"retry_after": str(retry_after), **names}
    detail, guidance = known.detail.format_map(filled), known.guidance.format_map(filled)
    return known.failure(code, detail, guidance=guidance, retry_after=retry_after, private=private)


def refused(refusal: Refusal, at: Auth0Connection) -> Failure:
    """Return the failure for an answer that is not what was asked for."""
    code = next((row.code for row in ANSWERS if row.fits(refusal)), "auth0_unexpected_answer")
    return problem(
        code,
        retry_after=_retry_after(code, refusal),
        private=f"{refusal.call} {refusal.status} {refusal.error}".strip(),
        message=refusal.message or "no reason given",
        status=str(refusal.status),
        answer=f"status {refusal.status}",
        **named(at),
    )


def silent(call: Call, trouble: Trouble, at: Auth0Connection) -> Failure:
    """Return the failure for a call that has no usable answer and can have made nothing."""
    code = _SILENT.get((call, trouble), "auth0_unavailable")
    wait = _WAIT if PROBLEMS[code].failure is Unavailable else None
    return problem(code, retry_after=wait, private=f"{call}: {trouble}", answer=trouble.value, **named(at))


def unknown_outcome(code: str, at: Auth0Connection, application_id: str) -> OutcomeUnknown:
    """Return the failure for an application whose connection Auth0 may hold."""
    known = PROBLEMS[code]
    names = named(at)
    return OutcomeUnknown(
        code,
        known.detail.format_map(names),
        guidance=known.guidance.format_map(names),
        extra={"application_id": application_id},
    )


def unknown_guidance(at: Auth0Connection) -> str:
    """Return what an administrator does about a connection that Auth0 may hold or not."""
    return PROBLEMS["auth0_outcome_unknown"].guidance.format_map(named(at))


def warning(code: str, at: Auth0Connection, **more: str) -> dict[str, str]:
    """Return a warning about a connection that was made."""
    return {"code": code, "guidance": WARNINGS[code].format_map({**named(at), **more})}


def named(at: Auth0Connection) -> dict[str, str]:
    """Return the names that the texts mention, by placeholder."""
    return {
        "domain": at.domain,
        "tenant": at.tenant,
        "client_id": at.client_id,
        "connection": at.connection_name,
    }


_WAIT = 10
_SILENT = {
    (Call.DISCOVERY, Trouble.NO_SUCH_SERVER): "auth0_domain_unreachable",
    (Call.DISCOVERY, Trouble.UNREADABLE): "auth0_domain_unreachable",
    (Call.TOKEN, Trouble.UNREADABLE): "auth0_unexpected_answer",
}


def _retry_after(code: str, refusal: Refusal) -> int | None:
    if PROBLEMS[code].failure not in (TooMany, Unavailable):
        return None
    return refusal.retry_after or _WAIT

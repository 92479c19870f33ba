"""Why a login ended as it did: its checks by name, and of the one that failed what was expected and what came (S51).

A trace holds no NameID, attribute, RelayState or XML, and of a login that succeeded nothing but names.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

MAX_VALUE = 256
_UNSHOWN = re.compile(r"[^\x20-\x7e]|[\\<>]")


class Outcome(StrEnum):
    """How a login stands: begun and not yet back at its application, or how it came back."""

    STARTED = "started"
    COMPLETED = "completed"
    DENIED = "denied"
    EXPIRED = "expired"
    REFUSED = "refused"
    UNANSWERABLE = "unanswerable"


class Result(StrEnum):
    """What a check found."""

    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One check by name; only one that failed says what was expected and what came."""

    name: str
    result: Result
    expected: str | None = None
    actual: str | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """The checks of one login in their order, up to the one that failed; `at` is in seconds."""

    correlation_id: str
    tenant: str
    application_id: str
    at: int
    outcome: Outcome
    checks: tuple[Check, ...]


def passed(*names: str) -> tuple[Check, ...]:
    """Return checks that held."""
    return tuple(Check(name, Result.PASSED) for name in names)


def failed(name: str, expected: str, actual: str) -> Check:
    """Return a check that did not hold; its values may be of unknown origin."""
    return Check(name, Result.FAILED, shown(expected), shown(actual))


def shown(value: str) -> str:
    """Return a value as printable ASCII without markup, everything else escaped, of at most MAX_VALUE characters."""
    escaped = _UNSHOWN.sub(_escape, value[: MAX_VALUE + 1])
    return escaped if len(escaped) <= MAX_VALUE else escaped[: MAX_VALUE - 3] + "..."


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"

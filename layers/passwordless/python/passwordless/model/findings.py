"""What a check of an application found: a name, a result, what was expected and what is, and what to do."""

from dataclasses import dataclass
from enum import StrEnum

from passwordless.model.traces import shown


class FindingStatus(StrEnum):
    """Whether a check holds; `unknown` when nobody could tell just now."""

    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check; its values are escaped and bounded, for what is compared may come from anybody."""

    check: str
    status: FindingStatus
    expected: str
    actual: str
    guidance: str | None = None


def finding(
    check: str, status: FindingStatus, expected: str, actual: str, guidance: str | None = None
) -> Finding:
    """Return a finding about values of unknown origin."""
    return Finding(check, status, shown(expected), shown(actual), guidance)


def judged(check: str, expected: str, actual: str, guidance: str, *, holds: bool) -> Finding:
    """Return `ok`, or `failed` with what to do."""
    if holds:
        return finding(check, FindingStatus.OK, expected, actual)
    return finding(check, FindingStatus.FAILED, expected, actual, guidance)

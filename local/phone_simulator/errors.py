"""Every way the simulated phone fails, as one tree; the command line turns each into an exit code of 1.

PhoneError
├── Refused           the service answered with a problem (RFC 9457)
├── UnexpectedAnswer  the service answered, but not with what the contract promises
├── Unreachable       the service did not answer
├── UnreadableCode    neither a sign-in nor an enrolment code
├── NotEnrolled       this phone holds no keys for the service behind the code
└── UnusableKeys      the keys on disk cannot be read
"""

from collections.abc import Mapping


class PhoneError(Exception):
    """Root of the tree; `code` is stable and the message is for the person who holds the phone."""

    code = "phone_error"


class Refused(PhoneError):
    """Raised for every answer without a 2xx status; `problem` is the posted problem document, parsed."""

    def __init__(self, status: int, problem: Mapping[str, object]) -> None:
        super().__init__(status, problem)
        self.status = status
        self.problem = dict(problem)
        self.code = str(problem.get("code", f"http_{status}"))

    @property
    def detail(self) -> str:
        """Return what went wrong, in the service's words."""
        return str(self.problem.get("detail") or self.problem.get("title") or f"HTTP status {self.status}")

    @property
    def guidance(self) -> str | None:
        """Return what to do about it, if the service says."""
        guidance = self.problem.get("guidance")
        return guidance if isinstance(guidance, str) else None

    def __str__(self) -> str:
        """Return status, code and detail, so that a test's traceback tells the reason."""
        return f"{self.status} {self.code}: {self.detail}"


class UnexpectedAnswer(PhoneError):
    """Raised when a 2xx answer lacks what the contract promises, or contradicts itself."""

    code = "unexpected_answer"


class Unreachable(PhoneError):
    """Raised when no HTTP answer came."""

    code = "unreachable"


class UnreadableCode(PhoneError):
    """Raised when an image holds no code, or a code is not one of ours."""

    code = "unreadable_code"


class NotEnrolled(PhoneError):
    """Raised when a code belongs to a service where this phone was never enrolled."""

    code = "not_enrolled"


class UnusableKeys(PhoneError):
    """Raised when a key file exists but is not one of ours."""

    code = "unusable_keys"

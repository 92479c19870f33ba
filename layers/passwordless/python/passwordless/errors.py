"""Every failure this product reports, as one tree; each leaf or instance has a stable `code`.

Failure
├── Malformed       400  the message cannot be read
├── BadProof        401  a signature, token or proof does not hold
├── Forbidden       403  understood and refused by policy
├── NotFound        404  unknown, foreign, or not yours to see: all alike
├── Conflict        409  somebody else was first, or this was done before
├── Gone            410  it was valid once
├── Unprocessable   422  an administrator can mend it
├── TooMany         429  come back later (`retry_after` seconds)
├── UpstreamFault   502  another service broke its own rules
└── Unavailable     503  a service we need does not answer (`retry_after` seconds)

`web.py` is the one place that turns them into problem+json or a page (RFC 9457).
"""

from collections.abc import Mapping
from typing import ClassVar


class Failure(Exception):
    """Root of the tree.

    `detail` and `guidance` are read by people outside and hold neither a secret nor an internal; `private` is for
    our log only. `extra` holds further members of the problem document.
    """

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        guidance: str | None = None,
        private: str | None = None,
        retry_after: int | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.guidance = guidance
        self.private = private
        self.retry_after = retry_after
        self.extra = dict(extra or {})


class Malformed(Failure):
    """Raised when a message cannot be read as what it claims to be."""

    status = 400
    title = "The request could not be read"


class BadProof(Failure):
    """Raised when a signature, token or proof does not hold."""

    status = 401
    title = "The proof was not accepted"


class Forbidden(Failure):
    """Raised when a well-formed and authentic request is refused by policy."""

    status = 403
    title = "Not allowed"


class NotFound(Failure):
    """Raised for what does not exist, belongs to another, or lacks its cookie: indistinguishable outside."""

    status = 404
    title = "Not found"


class Conflict(Failure):
    """Raised when another was first or the step was done before."""

    status = 409
    title = "Already taken"


class Gone(Failure):
    """Raised for what was valid once and is not any more."""

    status = 410
    title = "Expired"


class Unprocessable(Failure):
    """Raised when an administrator can mend the cause; `guidance` says how."""

    status = 422
    title = "Needs your attention"


class TooMany(Failure):
    """Raised when the caller, or we at another service, called too often."""

    status = 429
    title = "Too many requests"


class UpstreamFault(Failure):
    """Raised when another service breaks its own contract."""

    status = 502
    title = "Another service failed"


class Unavailable(Failure):
    """Raised when a service we need does not answer now."""

    status = 503
    title = "Try again"

"""A login session: one AuthnRequest, one row, at most one Response.

    pending -> scanned -> approved -> completed
       |          |           |
       +----------+-----------+-> denied | refused | expired

Every time is seconds since 1970 by the server's clock. A row past `expires_at` is expired whatever it says, since
DynamoDB may keep it for days (facts: expired rows are still readable).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LIFETIME = 600
SCANNED_LIFETIME = 120
APPROVED_LIFETIME = 120
COOKIE_LIFETIME = 900
KEPT_AFTER_END = 3600
FINISH_WINDOW = 60
FINISH_ATTEMPTS = 3


class Status(StrEnum):
    """Where a login stands."""

    PENDING = "pending"
    SCANNED = "scanned"
    APPROVED = "approved"
    COMPLETED = "completed"
    DENIED = "denied"
    EXPIRED = "expired"
    REFUSED = "refused"


OPEN = frozenset({Status.PENDING, Status.SCANNED, Status.APPROVED})
UNSUCCESSFUL = frozenset({Status.DENIED, Status.EXPIRED, Status.REFUSED})


@dataclass(frozen=True, slots=True)
class SamlRequest:
    """What the AuthnRequest asked, kept until the Response; `signed` tells whether its signature verified."""

    request_id: str
    issuer: str
    acs_url: str
    relay_state: str | None
    signed: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """Which device took the session, for which user, with which nonce (hashed) and until when."""

    device_id: str
    user_id: str
    nonce_hash: str
    scanned_at: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What the person decided on the phone; `proof_hash` recognises the identical proof when it comes again."""

    device_id: str
    user_id: str
    decided_at: int
    proof_hash: str
    uv: str | None


@dataclass(frozen=True, slots=True)
class Ending:
    """What was frozen when the login was finished, so that a repeated form post gets the same bytes."""

    response_id: str
    assertion_id: str
    session_index: str
    issued_at: int
    name_id: str | None = None
    authn_instant: int | None = None
    authn_context: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoginSession:
    """One row of the sessions table."""

    session_id: str
    tenant: str
    application_id: str
    request: SamlRequest
    cookie_hash: str
    frame_key: bytes
    context: Mapping[str, str]
    context_hash: str
    created_at: int
    expires_at: int
    status: Status = Status.PENDING
    generation: int = 0
    generation_at: int = 0
    claim: Claim | None = None
    decision: Decision | None = None
    ending: Ending | None = None
    attempts: int = 0
    refusal: str | None = None

    def status_at(self, now: int) -> Status:
        """Tell the status at `now`: an open session past its end is expired."""
        if self.status in OPEN and now >= self.expires_at:
            return Status.EXPIRED
        return self.status

    def end_after(self, lifetime: int, now: int) -> int:
        """Return the new `expires_at` for a state that lasts `lifetime` seconds, never past the session's own end."""
        return min(now + lifetime, self.created_at + LIFETIME)

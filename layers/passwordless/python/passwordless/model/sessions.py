"""A login session: one AuthnRequest, one row, at most one Response.

    pending -> scanned -> approved -> completed
       |          |           |
       +----------+-----------+-> denied | refused | expired

A passkey, or a browser's session with us, takes a login from pending to approved at once.
Every time is seconds since 1970 by the server's clock. A row past `expires_at` is expired whatever it says, since
DynamoDB may keep it for days (facts: expired rows are still readable).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from passwordless.model.attributes import ReleasedAttribute
from passwordless.model.locations import Location

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
OTHER_PERSON = "other_person"
"""The refusal of a login whose request named another person than the one who signed in."""

PASSIVE = "passive"
"""The refusal of a login that was to show nothing, and for which no session with us speaks."""

RISK = "risk"
"""The refusal of a login that looked as if it was relayed, where policy blocks such."""

REPORTED = "reported"
"""The refusal of a login whose browser's address was reported as an attacker's."""

CODE = "code"
"""The refusal of a login into which a wrong step-up code was typed."""

UNSUCCESSFUL = frozenset({Status.DENIED, Status.EXPIRED, Status.REFUSED})


@dataclass(frozen=True, slots=True)
class SamlRequest:
    """What the AuthnRequest asked, kept until the Response; `signed` tells whether its signature verified.

    A login that began on our own page has no `request_id`. `authn_context` is the class that was chosen for the answer,
    `subject` the NameID of the person whom the request names, `attribute_service` the index of the attribute service
    that it selects. `one_factor_context` is the class of an approval without biometrics or PIN, None where only one
    with them can answer.
    """

    request_id: str | None
    issuer: str
    acs_url: str
    relay_state: str | None
    signed: bool
    force_authn: bool = False
    is_passive: bool = False
    name_id_format: str | None = None
    authn_context: str | None = None
    subject: str | None = None
    subject_format: str | None = None
    attribute_service: int | None = None
    one_factor_context: str | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """How a phone came by a login's code: by a link that was not opened in the login's own browser, or by its camera.

    `age` is the seconds since the code appeared, `still` tells whether it was of the slow kind.
    """

    link: bool
    still: bool
    age: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Which device took the session, for which user, with which nonce (hashed), when, and how it came by the code."""

    device_id: str
    user_id: str
    nonce_hash: str
    scanned_at: int
    sighting: Sighting


@dataclass(frozen=True, slots=True)
class Decision:
    """What the person decided on the phone; `proof_hash` recognises the identical proof when it comes again.

    `browser_session` is the key of the session with us that carried the decision over to this login, `stepped_up` tells
    whether a code had to be typed besides.
    """

    device_id: str
    user_id: str
    decided_at: int
    proof_hash: str
    uv: str | None
    browser_session: str | None = None
    stepped_up: bool = False


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
    name_id_format: str | None = None
    statement: tuple[ReleasedAttribute, ...] = ()
    browser_session: str | None = None


@dataclass(frozen=True, slots=True)
class LoginSession:
    """One row of the sessions table; `correlation_id` is the reference that everybody is told of this login.

    `location` is where the browser is, as far as somebody trustworthy says so; `known_browser` is what is remembered of
    the cookie by which we know a browser again. Once approved with a `code_hash`, the login waits for that code;
    `code_spent` tells that its one attempt is made, `code_typed` is the keyed hash of what was typed then.
    """

    session_id: str
    tenant: str
    application_id: str
    request: SamlRequest
    cookie_hash: str
    frame_key: bytes
    context: Mapping[str, str]
    context_hash: str
    correlation_id: str
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
    location: Location | None = None
    known_browser: str | None = None
    code_hash: str | None = None
    code_spent: bool = False
    code_typed: str | None = None

    @property
    def address(self) -> str:
        """Return the network address of the browser that began the login."""
        return self.context.get("ip", "")

    def awaits_code(self, now: int) -> bool:
        """Tell whether the login waits for the code that the phone shows."""
        return self.status_at(now) is Status.APPROVED and self.code_hash is not None

    def status_at(self, now: int) -> Status:
        """Tell the status at `now`: an open session past its end is expired."""
        if self.status in OPEN and now >= self.expires_at:
            return Status.EXPIRED
        return self.status

    def end_after(self, lifetime: int, now: int) -> int:
        """Return the new `expires_at` for a state that lasts `lifetime` seconds, never past the session's own end."""
        return min(now + lifetime, self.created_at + LIFETIME)

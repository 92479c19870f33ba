"""What an administrator allows an application beyond a plain login; everything is off unless set."""

from dataclasses import dataclass
from enum import StrEnum

MAX_SESSION_SECONDS = 12 * 3600
MAX_RELAY_STATE_BYTES = 80
MAX_KM = 20_100
_SCHEMES = ("https://", "http://")


class NameIdFormat(StrEnum):
    """What kind of identifier an application gets for a user unless it asks for another (SAML Core, 8.3).

    With `none` the assertion has no NameID, and attributes alone tell who it is.
    """

    PERSISTENT = "persistent"
    TRANSIENT = "transient"
    EMAIL_ADDRESS = "emailAddress"
    UNSPECIFIED = "unspecified"
    NONE = "none"


class RelayRisk(StrEnum):
    """What becomes of an approval that looks as if an attacker relayed the code (`model.risk`)."""

    OFF = "off"
    STEP_UP = "step_up"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy of one application.

    `session_seconds`: how long after an approval a browser needs no further one, 0 for never. `idp_initiated`: whether
    a login may begin on a page of ours; `relay_state` is then the address inside the application to end at, agreed with
    it (SAML Profiles, 4.1.5), at most 80 bytes (SAML Bindings, 3.5.3). `authn_context` is the class that assertions
    name instead of the usual one.

    `relay_risk`: whether an approval that looks relayed goes on, needs a code from the phone, or ends the login.
    `block_beyond_km`: the distance between phone and browser that ends a login where both places are known, 0 for none.
    `one_factor`: whether a phone may approve without being unlocked; the assertion then names a one-factor class.

    Raises ValueError for what is out of bounds.
    """

    session_seconds: int = 0
    idp_initiated: bool = False
    relay_state: str | None = None
    name_id_format: NameIdFormat = NameIdFormat.PERSISTENT
    authn_context: str | None = None
    relay_risk: RelayRisk = RelayRisk.STEP_UP
    block_beyond_km: int = 0
    one_factor: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.block_beyond_km <= MAX_KM:
            raise ValueError(f"two places are at most {MAX_KM} km apart")
        if not 0 <= self.session_seconds <= MAX_SESSION_SECONDS:
            raise ValueError(f"a session lasts at most {MAX_SESSION_SECONDS} seconds")
        if self.relay_state is not None and not _is_address(self.relay_state):
            raise ValueError(
                f"a RelayState is an http or https address of {MAX_RELAY_STATE_BYTES} bytes at most"
            )


def _is_address(value: str) -> bool:
    return (
        value.isascii()
        and value.isprintable()
        and value.startswith(_SCHEMES)
        and len(value) <= MAX_RELAY_STATE_BYTES
    )

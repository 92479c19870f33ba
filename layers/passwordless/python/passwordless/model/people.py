"""Users, their phones, and the invites that bind the two."""

from dataclasses import dataclass, field
from enum import StrEnum

from passwordless.model.passkeys import Passkey


class UserStatus(StrEnum):
    """Whether a user may sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"


class DeviceStatus(StrEnum):
    """Whether a phone may scan; a second phone waits for confirmation (S07)."""

    ACTIVE = "active"
    PENDING = "pending"
    REVOKED = "revoked"


class KeyUse(StrEnum):
    """What a device key may sign: `approve` asks for biometrics each time, `device` never prompts."""

    APPROVE = "approve"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class User:
    """One person of one tenant.

    `pairwise_key` (256 bits, base64url) makes the person's NameIDs; it is born with the row, so a person
    deleted and invited again is a new one everywhere (SAML Core 8.3.7).
    """

    user_id: str
    tenant: str
    email: str
    pairwise_key: str
    created_at: int
    given_name: str | None = None
    family_name: str | None = None
    groups: tuple[str, ...] = ()
    status: UserStatus = UserStatus.ACTIVE
    devices: int = 0

    @property
    def display_name(self) -> str:
        """Return the name to show, the e-mail address if no name is known."""
        return " ".join(part for part in (self.given_name, self.family_name) if part) or self.email


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """A public P-256 key of a device; `kid` is its RFC 7638 thumbprint, unique in the deployment."""

    kid: str
    x: str
    y: str
    uses: frozenset[KeyUse]


@dataclass(frozen=True, slots=True)
class Device:
    """One enrolled phone: with the app it has keys, without it a passkey."""

    device_id: str
    tenant: str
    user_id: str
    name: str
    os: str
    status: DeviceStatus
    created_at: int
    keys: tuple[DeviceKey, ...] = field(default_factory=tuple)
    passkey: Passkey | None = None

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Return what names its keys: thumbprints, or the id of its passkey."""
        return (*(key.kid for key in self.keys), *((self.passkey.credential_id,) if self.passkey else ()))

    def key(self, kid: str) -> DeviceKey | None:
        """Return the key with this thumbprint, if the device has it."""
        return next((key for key in self.keys if key.kid == kid), None)


class EnrollmentStatus(StrEnum):
    """What became of an invite."""

    OPEN = "open"
    USED = "used"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Enrollment:
    """An invite for one user's phone. The token itself is never stored, only its hash."""

    enrollment_id: str
    tenant: str
    user_id: str
    token_hash: str
    created_at: int
    expires_at: int
    status: EnrollmentStatus = EnrollmentStatus.OPEN
    device_id: str | None = None

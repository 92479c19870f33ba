"""Users, their phones, and the invites that bind the two."""

from dataclasses import dataclass, field
from enum import StrEnum

from passwordless.model.passkeys import Passkey

MAX_DEVICES = 30
"""Phones that a user ever had, revoked ones included: all of them fit into the one transaction that erases a user."""

MAX_CHECKS = 5
"""Checks that may be typed for one phone: at 20 bits, a guesser has one chance in 200,000."""


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


class Progress(StrEnum):
    """How far a user has come on the way to a phone that may scan."""

    NONE = "none"
    INVITED = "invited"
    EXPIRED = "expired"
    PENDING = "pending"
    ENROLLED = "enrolled"


@dataclass(frozen=True, slots=True)
class User:
    """One person of one tenant.

    `pairwise_key` (256 bits, base64url) makes the person's NameIDs; it is born with the row, so a person
    deleted and invited again is a new one everywhere (SAML Core 8.3.7). `devices` counts the phones that are not
    revoked, `pending` those of them that wait for confirmation; `device_ids` names the revoked ones, too. The one
    invite that can be used is `open_enrollment`, until `invited_until` (seconds). Approvals that are not younger than
    `sessions_ended_at` (seconds) count no more.
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
    pending: int = 0
    device_ids: frozenset[str] = frozenset()
    open_enrollment: str | None = None
    invited_until: int | None = None
    sessions_ended_at: int | None = None

    def progress_at(self, now: int) -> Progress:
        """Return how far the user has come at a time in seconds."""
        if self.devices > self.pending:
            return Progress.ENROLLED
        if self.pending:
            return Progress.PENDING
        if self.invited_until is None:
            return Progress.NONE
        return Progress.INVITED if now < self.invited_until else Progress.EXPIRED

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
    """One enrolled phone: with the app it has keys, without it a passkey; `enrollment_id` is the invite it used."""

    device_id: str
    tenant: str
    user_id: str
    name: str
    os: str
    status: DeviceStatus
    created_at: int
    keys: tuple[DeviceKey, ...] = field(default_factory=tuple)
    enrollment_id: str | None = None
    passkey: Passkey | None = None

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Return what names its keys: thumbprints, or the id of its passkey."""
        return (*(key.kid for key in self.keys), *((self.passkey.credential_id,) if self.passkey else ()))

    def key(self, kid: str) -> DeviceKey | None:
        """Return the key with this thumbprint, if the device has it."""
        return next((key for key in self.keys if key.kid == kid), None)


class EnrollmentStatus(StrEnum):
    """What was done with an invite."""

    OPEN = "open"
    USED = "used"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class EnrollmentState(StrEnum):
    """How an invite stands, by its own row, the clock, its user and its phone."""

    OPEN = "open"
    USED = "used"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Enrollment:
    """An invite for one user's phone. The token itself is never stored, only its hash.

    With `confirmation`, even a user's first phone waits until it is confirmed; `checks` counts the checks that were
    typed for the phone.
    """

    enrollment_id: str
    tenant: str
    user_id: str
    token_hash: str
    created_at: int
    expires_at: int
    status: EnrollmentStatus = EnrollmentStatus.OPEN
    device_id: str | None = None
    confirmation: bool = False
    checks: int = 0

    def state(self, user: User | None, device: Device | None, now: int) -> EnrollmentState:
        """Return how the invite stands at `now` (seconds); `device` is the phone that used it."""
        if self.status is EnrollmentStatus.OPEN:
            return self._unused(user, now)
        if self.status is EnrollmentStatus.USED and device is not None:
            pending = device.status is DeviceStatus.PENDING
            return EnrollmentState.PENDING if pending else EnrollmentState.USED
        return EnrollmentState(self.status.value)

    def _unused(self, user: User | None, now: int) -> EnrollmentState:
        if now >= self.expires_at:
            return EnrollmentState.EXPIRED
        valid = user is not None and user.open_enrollment == self.enrollment_id
        return EnrollmentState.OPEN if valid else EnrollmentState.WITHDRAWN

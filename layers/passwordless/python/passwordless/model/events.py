"""What happened, one event per meaningful act."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class EventType(StrEnum):
    """The acts that leave an event."""

    APPLICATION_CONNECTED = "application.connected"
    APPLICATION_CONNECT_FAILED = "application.connect_failed"
    APPLICATION_VERIFIED = "application.verified"
    APPLICATION_CERTIFICATES_REFRESHED = "application.certificates_refreshed"
    APPLICATION_CHANGED = "application.changed"
    APPLICATION_ROLLOUT_CHANGED = "application.rollout_changed"
    APPLICATION_REMOVED = "application.removed"
    APPLICATION_SIGNING_KEY_MOVED = "application.signing_key_moved"
    SIGNING_KEY_MADE = "signing_key.made"
    SIGNING_KEY_PROMOTED = "signing_key.promoted"
    SIGNING_KEY_RETIRED = "signing_key.retired"
    DEVICE_INVITED = "device.invited"
    DEVICE_INVITED_AGAIN = "device.invited_again"
    DEVICE_INVITE_WITHDRAWN = "device.invite_withdrawn"
    DEVICE_ENROLLED = "device.enrolled"
    DEVICE_CONFIRMED = "device.confirmed"
    DEVICE_CHECK_FAILED = "device.check_failed"
    DEVICE_RENAMED = "device.renamed"
    DEVICE_REVOKED = "device.revoked"
    USER_CHANGED = "user.changed"
    USER_DISABLED = "user.disabled"
    USER_ENABLED = "user.enabled"
    USER_ERASED = "user.erased"
    BLOCK_LIFTED = "block.lifted"
    LOGIN_STARTED = "login.started"
    LOGIN_APPROVED = "login.approved"
    LOGIN_DENIED = "login.denied"
    LOGIN_REPORTED = "login.reported"
    LOGIN_REFUSED = "login.refused"
    LOGIN_COMPLETED = "login.completed"
    LOGIN_RETURNED = "login.returned"
    LOGOUT_COMPLETED = "logout.completed"
    LOGOUT_REFUSED = "logout.refused"
    LOGOUT_PASSED_ON = "logout.passed_on"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an act came from: the call's correlation id, and its address where there is one."""

    correlation_id: str
    ip: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One act: who, on what, when (seconds), from where, under which correlation id. It holds no secret.

    `reference` is the correlation id of the login that the act was a part of, under which its trace is found.
    """

    event_id: str
    type: EventType
    tenant: str
    at: int
    correlation_id: str
    application_id: str | None = None
    user_id: str | None = None
    device_id: str | None = None
    session_id: str | None = None
    reference: str | None = None
    actor: str | None = None
    ip: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)

"""What happened, one event per meaningful act."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class EventType(StrEnum):
    """The acts that leave an event."""

    APPLICATION_CONNECTED = "application.connected"
    DEVICE_INVITED = "device.invited"
    DEVICE_ENROLLED = "device.enrolled"
    LOGIN_STARTED = "login.started"
    LOGIN_APPROVED = "login.approved"
    LOGIN_DENIED = "login.denied"
    LOGIN_REPORTED = "login.reported"
    LOGIN_REFUSED = "login.refused"
    LOGIN_COMPLETED = "login.completed"
    LOGIN_RETURNED = "login.returned"


@dataclass(frozen=True, slots=True)
class Event:
    """One act: who, on what, when (seconds), from where, under which correlation id. It holds no secret."""

    event_id: str
    type: EventType
    tenant: str
    at: int
    correlation_id: str
    application_id: str | None = None
    user_id: str | None = None
    device_id: str | None = None
    session_id: str | None = None
    actor: str | None = None
    ip: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)

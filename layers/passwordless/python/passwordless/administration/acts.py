"""The event of an administrator's act at an application."""

from collections.abc import Mapping

from passwordless.auth0.asked import Asked
from passwordless.model.applications import Application
from passwordless.model.events import Event, EventType
from passwordless.model.tokens import identifier
from passwordless.wiring import Wiring


def act(
    house: Wiring, asked: Asked, application: Application, kind: EventType, details: Mapping[str, str]
) -> Event:
    """Return the event of what `asked` does now."""
    return Event(
        event_id=identifier("evt", house.randomness),
        type=kind,
        tenant=application.tenant,
        at=house.now,
        correlation_id=asked.correlation_id,
        application_id=application.application_id,
        actor=asked.admin.subject,
        ip=asked.ip,
        details=details,
    )

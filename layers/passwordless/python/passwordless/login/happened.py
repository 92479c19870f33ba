"""The event of a step of a login: who, where, and the reference under which its trace is found."""

from collections.abc import Mapping

from passwordless.model.events import Event, EventType, Source
from passwordless.model.sessions import LoginSession
from passwordless.model.tokens import identifier
from passwordless.wiring import Wiring


def happened(
    wiring: Wiring,
    session: LoginSession,
    kind: EventType,
    source: Source,
    *,
    user_id: str | None = None,
    device_id: str | None = None,
    details: Mapping[str, str] | None = None,
) -> Event:
    """Return the event of this login that happens now, by the call from `source`."""
    return Event(
        event_id=identifier("evt", wiring.randomness),
        type=kind,
        tenant=session.tenant,
        at=wiring.now,
        correlation_id=source.correlation_id,
        application_id=session.application_id,
        user_id=user_id,
        device_id=device_id,
        session_id=session.session_id,
        reference=session.correlation_id,
        ip=source.ip,
        details=details or {},
    )

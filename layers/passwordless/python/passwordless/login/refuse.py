"""When policy ends a login between two of its steps (S06)."""

from passwordless.model.events import Event, EventType
from passwordless.model.sessions import LoginSession
from passwordless.model.tokens import identifier
from passwordless.wiring import Wiring

_REASONS = {1: "device", 2: "user", 3: "rollout", 5: "session"}


def refuse(
    wiring: Wiring, session: LoginSession, user_id: str, failed: frozenset[int], correlation_id: str
) -> None:
    """End an open session because a part of a transaction found something no longer allowed.

    `failed` holds the places of the failed parts, where 1 checks the device, 2 the user, 3 the application
    and 5 the browser's session with us.
    """
    reason = next(reason for place, reason in _REASONS.items() if place in failed)
    refuse_for(wiring, session, user_id, reason, correlation_id)


def refuse_for(
    wiring: Wiring, session: LoginSession, user_id: str, reason: str, correlation_id: str, **details: str
) -> None:
    """End an open session for a reason, which the login page tells and the event keeps with further details."""
    event = Event(
        event_id=identifier("evt", wiring.randomness),
        type=EventType.LOGIN_REFUSED,
        tenant=session.tenant,
        at=wiring.now,
        correlation_id=correlation_id,
        application_id=session.application_id,
        user_id=user_id,
        session_id=session.session_id,
        reference=session.correlation_id,
        details={"reason": reason, **details},
    )
    wiring.stores.commit(
        wiring.stores.sessions.refusing(session, reason, wiring.now),
        wiring.stores.events.putting(event),
    )

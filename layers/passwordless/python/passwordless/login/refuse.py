"""When policy ends a login between two of its steps (S06)."""

from passwordless.errors import Failure, Unavailable
from passwordless.login.happened import happened
from passwordless.model.events import EventType
from passwordless.model.sessions import LoginSession
from passwordless.wiring import Wiring

_REASONS = {1: "device", 2: "user", 3: "rollout", 5: "session"}


def refuse(
    wiring: Wiring, session: LoginSession, user_id: str, failed: frozenset[int], correlation_id: str
) -> None:
    """End an open session because a part of a transaction found something no longer allowed.

    `failed` holds the places of the failed parts, where 1 checks the device, 2 the user, 3 the application
    and 5 the browser's session with us. Raises Unavailable, the session as it was, when none of these failed: then a
    random id met another, and the step can be tried again.
    """
    reason = next((reason for place, reason in _REASONS.items() if place in failed), None)
    if reason is None:
        raise _unfinished(failed)
    refuse_for(wiring, session, user_id, reason, correlation_id)


def refuse_for(
    wiring: Wiring, session: LoginSession, user_id: str, reason: str, correlation_id: str, **details: str
) -> None:
    """End an open session for a reason, which the login page tells and the event keeps with further details."""
    event = happened(
        wiring,
        session,
        EventType.LOGIN_REFUSED,
        correlation_id,
        user_id=user_id,
        details={"reason": reason, **details},
    )
    wiring.stores.commit(
        wiring.stores.sessions.refusing(session, reason, wiring.now),
        wiring.stores.events.putting(event),
    )


def _unfinished(failed: frozenset[int]) -> Failure:
    return Unavailable(
        "login_unfinished",
        "The sign-in could not be finished.",
        guidance="Try again in a moment.",
        private=f"parts {sorted(failed)}",
        retry_after=2,
    )

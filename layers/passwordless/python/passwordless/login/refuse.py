"""When policy ends a login between two of its steps (S06)."""

from passwordless.errors import Failure, Unavailable
from passwordless.login.happened import happened
from passwordless.metrics import Metric
from passwordless.model.events import EventType, Source
from passwordless.model.sessions import LoginSession
from passwordless.wiring import Wiring

_REASONS = {1: "device", 2: "user", 3: "rollout", 5: "session"}


def refuse(
    wiring: Wiring, session: LoginSession, user_id: str, failed: frozenset[int], source: Source
) -> None:
    """End an open session because a part of a transaction found something no longer allowed.

    `failed` holds the places of the failed parts, where 1 checks the device, 2 the user, 3 the application
    and 5 the browser's session with us. Raises Unavailable, the session as it was, when none of these failed: then a
    random id met another, and the step can be tried again.
    """
    reason = next((reason for place, reason in _REASONS.items() if place in failed), None)
    if reason is None:
        raise _unfinished(failed)
    refuse_for(wiring, session, user_id, reason, source)


def refuse_for(
    wiring: Wiring, session: LoginSession, user_id: str | None, reason: str, source: Source, **details: str
) -> None:
    """End an open session for a reason, which the login page tells and the event keeps with further details."""
    event = happened(
        wiring,
        session,
        EventType.LOGIN_REFUSED,
        source,
        user_id=user_id,
        details={"reason": reason, **details},
    )
    failed = wiring.stores.commit(
        wiring.stores.sessions.refusing(session, reason, wiring.now),
        wiring.stores.events.putting(event),
    )
    if not failed:
        wiring.metrics.count(Metric.LOGIN_REFUSED, reason=reason, correlation_id=session.correlation_id)


def _unfinished(failed: frozenset[int]) -> Failure:
    return Unavailable(
        "login_unfinished",
        "The sign-in could not be finished.",
        guidance="Try again in a moment.",
        private=f"parts {sorted(failed)}",
        retry_after=2,
    )

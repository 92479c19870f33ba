"""“Not my phone, start over”: the same login with a new generation of QR codes and no claim."""

from collections.abc import Mapping

from passwordless.errors import Conflict
from passwordless.login.view import seen
from passwordless.model.sessions import LoginSession
from passwordless.wiring import Wiring


def restart(wiring: Wiring, session_id: str, cookies: Mapping[str, str]) -> LoginSession:
    """Drop the phone that claimed the session and show another code.

    Raises NotFound unless this browser began this login, Conflict once it was decided or has expired.
    """
    session = seen(wiring.stores.sessions, session_id, cookies)
    restarted = wiring.stores.sessions.restart(session, wiring.now)
    if restarted is None:
        raise Conflict(
            "not_restartable",
            "This sign-in cannot be started over.",
            guidance="Start again at your application.",
        )
    return restarted

"""A browser that we know shows its cookie at the login page, since a cross-site POST carries none (S16)."""

from collections.abc import Mapping

from passwordless.model.known_browsers import remembered
from passwordless.model.sessions import LoginSession, Status
from passwordless.web import KNOWN_COOKIE
from passwordless.wiring import Wiring


def notice(wiring: Wiring, session: LoginSession, cookies: Mapping[str, str]) -> None:
    """Remember with a pending session by which cookie its browser is known, if it has one; whose it is shows later."""
    seen = remembered(cookies.get(KNOWN_COOKIE, ""))
    pending = session.status_at(wiring.now) is Status.PENDING
    if seen is not None and pending and seen != session.known_browser:
        wiring.stores.sessions.remember_browser(session, seen, wiring.now)

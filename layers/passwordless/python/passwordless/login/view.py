"""What the browser sees of a login: the session if the browser may see it, its QR code, its next poll."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from passwordless.errors import NotFound
from passwordless.login.own_browser import holds
from passwordless.model.polling import interval_ms, jittered
from passwordless.model.sessions import LoginSession, Status
from passwordless.phone import frames, qr
from passwordless.store.sessions import Sessions


@dataclass(frozen=True, slots=True)
class Picture:
    """The QR code of one frame; `path` is what it leads to on our origin, for whoever is on the phone already."""

    frame: int
    svg: str
    path: str


def seen(sessions: Sessions, session_id: str, cookies: Mapping[str, str]) -> LoginSession:
    """Return the session if it exists and the browser holds its secret.

    Raises NotFound, the same for an unknown session, a missing cookie and another session's cookie.
    """
    session = sessions.get(session_id)
    if session is None or not holds(session, cookies):
        raise NotFound(
            "unknown_session",
            "There is no such sign-in in this browser.",
            guidance="Start again at your application.",
        )
    return session


def picture(session: LoginSession, origin: str, now: int, motion: frames.Motion) -> Picture | None:
    """Return the QR code to show, None unless a phone may still scan."""
    if session.status_at(now) is not Status.PENDING:
        return None
    frame = frames.frame_at(now, session.generation_at, motion)
    path = f"/Q/{frames.token(session.session_id, session.frame_key, session.generation, frame, motion)}"
    return Picture(frame, qr.svg(f"{origin}{path}"), path)


def motion_of(query: str) -> frames.Motion:
    """Return how fast the codes change that a page asks for: `hold=1` holds them still."""
    return frames.Motion.STILL if parse_qs(query).get("hold") == ["1"] else frames.Motion.MOVING


def next_poll_ms(session: LoginSession, now: int, random_byte: int) -> int:
    """Return the milliseconds until the browser asks again, jittered; 0 when it need not."""
    return jittered(interval_ms(session, now), random_byte)

"""A phone's camera opened the QR code: what its page may show, and the ticket for a passkey. Changes nothing (S54)."""

from collections.abc import Mapping
from dataclasses import dataclass

from passwordless.errors import Gone, NotFound
from passwordless.login.own_browser import holds
from passwordless.login.scan import taken
from passwordless.model.sessions import OPEN, LoginSession, Sighting, Status
from passwordless.phone import ceremony, consent, frames
from passwordless.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page of a fresh code tells: the login, what it is about, what a passkey signs.

    `age` is how long ago the login began, in seconds; `own_browser` tells whether it began in this very browser.
    """

    session_id: str
    context: Mapping[str, str]
    ticket: str
    challenge: str
    age: int
    own_browser: bool


def look(wiring: Wiring, token: str, cookies: Mapping[str, str], *, unlinked: bool) -> Seen:
    """Return what a fresh code is about; the ticket keeps how it came to this browser.

    It came by a link unless the browser says that none led here (`unlinked`) or is the login's own (S12).

    Raises NotFound for an unknown code, Gone for an old one, Conflict when another phone has scanned it.
    """
    now = wiring.now
    session, read = _session(wiring, token)
    own = holds(session, cookies)
    sighting = Sighting(link=not (unlinked or own), still=read.motion is frames.Motion.STILL, age=read.age)
    ticket = ceremony.ticket(session, sighting, now, wiring.randomness)
    return Seen(
        session_id=session.session_id,
        context=consent.without_address(session.context),
        ticket=ticket,
        challenge=ceremony.login_challenge(session, ticket),
        age=max(0, now - session.created_at),
        own_browser=own,
    )


def _session(wiring: Wiring, token: str) -> tuple[LoginSession, frames.Reading]:
    session_id, tag = frames.split(token)
    session = wiring.stores.sessions.get(session_id)
    if session is None:
        raise _unknown()
    read = frames.read(tag, session.frame_key, session.generation, wiring.now - session.generation_at)
    if read.freshness is frames.Freshness.FORGED:
        raise _unknown()
    status = session.status_at(wiring.now)
    if status not in OPEN or read.freshness is frames.Freshness.STALE:
        raise Gone(
            "code_expired",
            "This code has expired.",
            guidance="Scan the code that your computer shows now.",
        )
    if status is not Status.PENDING:
        raise taken()
    return session, read


def _unknown() -> NotFound:
    return NotFound(
        "unknown_code", "This code is not known.", guidance="Scan the code that your computer shows now."
    )

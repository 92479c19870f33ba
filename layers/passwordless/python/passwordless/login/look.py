"""A phone's camera opened the QR code: what its page may show, and the ticket for a passkey. Changes nothing (S54)."""

from collections.abc import Mapping
from dataclasses import dataclass

from passwordless.errors import Gone, NotFound
from passwordless.login.own_browser import holds
from passwordless.login.scan import taken
from passwordless.model.sessions import OPEN, LoginSession, Status
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


def look(wiring: Wiring, token: str, cookies: Mapping[str, str]) -> Seen:
    """Return what a fresh code is about.

    Raises NotFound for an unknown code, Gone for an old one, Conflict when another phone has scanned it.
    """
    now, session = wiring.now, _session(wiring, token)
    ticket = ceremony.ticket(session, now, wiring.randomness)
    return Seen(
        session_id=session.session_id,
        context=consent.without_address(session.context),
        ticket=ticket,
        challenge=ceremony.login_challenge(session, ticket),
        age=max(0, now - session.created_at),
        own_browser=holds(session, cookies),
    )


def _session(wiring: Wiring, token: str) -> LoginSession:
    session_id, tag = frames.split(token)
    session = wiring.stores.sessions.get(session_id)
    if session is None:
        raise _unknown()
    current = frames.frame_at(wiring.now, session.generation_at)
    fresh = frames.freshness(tag, session.frame_key, session.generation, current)
    if fresh is frames.Freshness.FORGED:
        raise _unknown()
    status = session.status_at(wiring.now)
    if status not in OPEN or fresh is frames.Freshness.STALE:
        raise Gone(
            "code_expired",
            "This code has expired.",
            guidance="Scan the code that your computer shows now.",
        )
    if status is not Status.PENDING:
        raise taken()
    return session


def _unknown() -> NotFound:
    return NotFound(
        "unknown_code", "This code is not known.", guidance="Scan the code that your computer shows now."
    )

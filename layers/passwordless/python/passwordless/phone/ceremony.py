"""What a passkey signs here: the ticket of a login, and the challenges that bind a login or an invite (S11).

A ticket says that somebody looked at a fresh code a moment ago, and how they came by it. It is stored nowhere: the
session's own key makes it.
"""

import hashlib
import hmac

from passwordless.errors import BadProof, Gone
from passwordless.model.sessions import LoginSession, Sighting
from passwordless.model.tokens import Randomness, base64url, from_base64url
from passwordless.phone import consent

TICKET_LIFETIME = 120
_TICKET, _LOGIN, _ENROLL = "qr-ticket-v1", "qr-passkey-v1", "qr-passkey-enroll-v1"
_TIME, _WAY, _AGE, _RANDOM, _MAC = 8, 1, 1, 16, 32
_SAID = _TIME + _WAY + _AGE + _RANDOM
_LINK, _STILL = 1, 2


def ticket(session: LoginSession, sighting: Sighting, now: int, randomness: Randomness) -> str:
    """Return a ticket for a code that a session shows at `now` (seconds); “start over” in the browser voids it."""
    way = _LINK * sighting.link | _STILL * sighting.still
    said = now.to_bytes(_TIME) + way.to_bytes(_WAY) + sighting.age.to_bytes(_AGE) + randomness(_RANDOM)
    return base64url(said + _mac(session, said))


def check_ticket(posted: str, session: LoginSession, now: int) -> Sighting:
    """Check that a ticket is of this session and younger than 120 s, and return how its holder came by the code.

    Raises BadProof when it is no such ticket, Gone when it is too old.
    """
    try:
        raw = from_base64url(posted)
    except ValueError:
        raw = b""
    said = raw[:_SAID]
    if len(raw) != _SAID + _MAC or not hmac.compare_digest(raw[len(said) :], _mac(session, said)):
        raise BadProof(
            "bad_proof",
            "This page belongs to a code that is not shown any more.",
            guidance="Scan the code that your computer shows now.",
            private="ticket",
        )
    if not 0 <= now - int.from_bytes(said[:_TIME]) < TICKET_LIFETIME:
        raise Gone(
            "ticket_expired",
            "This page was open for too long.",
            guidance="Scan the code that your computer shows now.",
        )
    way, age = said[_TIME], said[_TIME + _WAY]
    return Sighting(link=bool(way & _LINK), still=bool(way & _STILL), age=age)


def login_challenge(session: LoginSession, ticket: str) -> str:
    """Return the challenge (base64url) that binds session, ticket and what the page shows of the login."""
    shown = consent.context_hash(consent.without_address(session.context))
    return _challenge(_LOGIN, session.session_id, ticket, shown)


def enroll_challenge(invite_hash: str) -> str:
    """Return the challenge (base64url) that binds an invite; an assertion for it is no login."""
    return _challenge(_ENROLL, invite_hash)


def _challenge(*parts: str) -> str:
    return base64url(hashlib.sha256(_prefixed(*parts)).digest())


def _mac(session: LoginSession, said: bytes) -> bytes:
    bound = _prefixed(_TICKET, session.session_id, str(session.generation))
    return hmac.new(session.frame_key, bound + said, hashlib.sha256).digest()


def _prefixed(*parts: str) -> bytes:
    """Return the parts, each after its length in four bytes, so that no two lists of parts read the same."""
    return b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in parts)

"""When the browser asks next: the server steers, so that a login costs few polls and little delay."""

from passwordless.model.sessions import OPEN, LoginSession, Status

FIRST_MS = 3000
_EAGER_SECONDS = 15
_TYPING_MS = 5000
_JITTER = 0.1


def interval_ms(session: LoginSession, now: int) -> int:
    """Return the milliseconds until the next poll; 0 when there is nothing more to ask for."""
    status = session.status_at(now)
    if session.awaits_code(now):
        return _TYPING_MS
    if status not in OPEN or status is Status.APPROVED:
        return 0
    if status is Status.SCANNED and session.claim is not None:
        return 800 if now - session.claim.scanned_at < _EAGER_SECONDS else 2000
    age = now - session.generation_at
    if age < 30:
        return 2000
    return 3000 if age < 90 else 5000


def jittered(interval: int, random_byte: int) -> int:
    """Return the interval moved by up to a tenth either way, so that browsers do not march in step."""
    return round(interval * (1 + _JITTER * (random_byte / 127.5 - 1)))

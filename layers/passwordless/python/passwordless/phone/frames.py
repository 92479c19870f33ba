"""The token inside the QR code: it changes every five seconds without changing the session."""

import hashlib
import hmac
from enum import Enum

from passwordless.model.sessions import LIFETIME
from passwordless.model.tokens import base32

FRAME_SECONDS = 5
ACCEPTED_SECONDS = 15
SESSION_ID_LENGTH = 16
TAG_LENGTH = 10
_LAST_FRAME = LIFETIME // FRAME_SECONDS - 1


class Freshness(Enum):
    """What a token says about itself once the session is known."""

    CURRENT = "current"
    STALE = "stale"
    FORGED = "forged"


def frame_at(now: int, generation_at: int) -> int:
    """Return the number of the frame shown at `now` (both in seconds), counted from zero."""
    return max(0, now - generation_at) // FRAME_SECONDS


def token(session_id: str, frame_key: bytes, generation: int, frame: int) -> str:
    """Return 16 characters of session id and 10 of HMAC-SHA256 over generation and frame."""
    return session_id + _tag(frame_key, generation, frame)


def split(value: str) -> tuple[str, str]:
    """Return session id and tag of a token as read from a QR code."""
    return value[:SESSION_ID_LENGTH], value[SESSION_ID_LENGTH:]


def freshness(tag: str, frame_key: bytes, generation: int, current: int) -> Freshness:
    """Tell whether a tag belongs to a frame that is still accepted, to an earlier one, or to none.

    `current` may be far past the last frame that was ever shown: an expired row can be there for days.
    """
    kept = ACCEPTED_SECONDS // FRAME_SECONDS
    posted = tag.encode(errors="replace")
    shown = range(min(current, _LAST_FRAME), -1, -1)
    match = next(
        (f for f in shown if hmac.compare_digest(_tag(frame_key, generation, f).encode(), posted)), None
    )
    if match is None:
        return Freshness.FORGED
    return Freshness.CURRENT if current - match < kept else Freshness.STALE


def _tag(frame_key: bytes, generation: int, frame: int) -> str:
    mac = hmac.new(frame_key, f"{generation}|{frame}".encode(), hashlib.sha256).digest()
    return base32(mac)[:TAG_LENGTH]

"""The token inside the QR code: it changes every five seconds without changing the session.

For people who cannot follow a picture that moves there is a slow kind, every thirty seconds (WCAG 2.2, 2.2.2). It has a
label of its own in the HMAC, so that a phone's scan shows which kind it was; it counts as riskier, since whoever relays
a code has longer to do so.
"""

import hashlib
import hmac
from dataclasses import dataclass
from enum import Enum

from passwordless.model.sessions import LIFETIME
from passwordless.model.tokens import base32

SESSION_ID_LENGTH = 16
TAG_LENGTH = 10


class Motion(Enum):
    """How fast codes change: the seconds that one is shown, the seconds for which it is taken, and its label."""

    MOVING = (5, 15, "")
    STILL = (30, 45, "still|")

    def __init__(self, shown: int, accepted: int, label: str) -> None:
        self.shown = shown
        self.accepted = accepted
        self.label = label


class Freshness(Enum):
    """What a token says about itself once the session is known."""

    CURRENT = "current"
    STALE = "stale"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a tag turned out to be: how fresh, of which motion, and how many seconds ago its frame appeared."""

    freshness: Freshness
    motion: Motion = Motion.MOVING
    age: int = 0


def frame_at(now: int, generation_at: int, motion: Motion = Motion.MOVING) -> int:
    """Return the number of the frame shown at `now` (both in seconds), counted from zero."""
    return max(0, now - generation_at) // motion.shown


def token(
    session_id: str, frame_key: bytes, generation: int, frame: int, motion: Motion = Motion.MOVING
) -> str:
    """Return 16 characters of session id and 10 of HMAC-SHA256 over motion, generation and frame."""
    return session_id + _tag(frame_key, generation, frame, motion)


def split(value: str) -> tuple[str, str]:
    """Return session id and tag of a token as read from a QR code."""
    return value[:SESSION_ID_LENGTH], value[SESSION_ID_LENGTH:]


def read(tag: str, frame_key: bytes, generation: int, elapsed: int) -> Reading:
    """Tell whether a tag belongs to a frame that is still accepted, to an earlier one, or to none.

    `elapsed`, the seconds since the generation began, may be far past the last frame that was ever shown: an expired
    row can be there for days.
    """
    for motion in Motion:
        frame = _frame_of(tag, frame_key, generation, elapsed, motion)
        if frame is not None:
            age = max(0, elapsed) - frame * motion.shown
            fresh = Freshness.CURRENT if age < motion.accepted else Freshness.STALE
            return Reading(fresh, motion, age)
    return Reading(Freshness.FORGED)


def _frame_of(tag: str, frame_key: bytes, generation: int, elapsed: int, motion: Motion) -> int | None:
    posted = tag.encode(errors="replace")
    last = LIFETIME // motion.shown - 1
    shown = range(min(frame_at(elapsed, 0, motion), last), -1, -1)
    matches = (
        frame
        for frame in shown
        if hmac.compare_digest(_tag(frame_key, generation, frame, motion).encode(), posted)
    )
    return next(matches, None)


def _tag(frame_key: bytes, generation: int, frame: int, motion: Motion) -> str:
    mac = hmac.new(frame_key, f"{motion.label}{generation}|{frame}".encode(), hashlib.sha256).digest()
    return base32(mac)[:TAG_LENGTH]

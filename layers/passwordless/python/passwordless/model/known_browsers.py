"""A browser in which a person finished a login before, known again by a cookie that only we can make (S16).

The cookie names nobody: its tag is made with the key of one user of one tenant, so that it speaks for that person
alone, and whose it is shows only once a phone has said who approves.
"""

import hashlib
import hmac
import re

from passwordless.model.people import User
from passwordless.model.tokens import Randomness, base64url, digest

LIFETIME = 90 * 86400
_MARK_BYTES = 16
_COOKIE = re.compile(r"([0-9]{1,12}\.[A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})")


def cookie(user: User, now: int, randomness: Randomness) -> str:
    """Return the cookie for a browser in which this user finished a login at `now` (seconds)."""
    mark = f"{now}.{base64url(randomness(_MARK_BYTES))}"
    return f"{mark}.{_tag(user, mark)}"


def remembered(value: str) -> str | None:
    """Return what a login remembers of a cookie that came, its tag hashed; None for what we never made."""
    read = _COOKIE.fullmatch(value)
    return f"{read[1]}.{digest(read[2])}" if read else None


def knows(user: User, seen: str | None, now: int) -> bool:
    """Tell whether what a login remembers is a living cookie of this user's."""
    if seen is None:
        return False
    mark, _, tag_hash = seen.rpartition(".")
    made_at = int(mark.partition(".")[0])
    return now < made_at + LIFETIME and hmac.compare_digest(digest(_tag(user, mark)), tag_hash)


def _tag(user: User, mark: str) -> str:
    text = "\n".join(("known browser", user.tenant, user.user_id, mark))
    return base64url(hmac.new(user.pairwise_key.encode(), text.encode(), hashlib.sha256).digest())

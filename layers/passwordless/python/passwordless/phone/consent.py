"""What the person sees before deciding, and the hash of it that the phone signs.

Every value is a string from a closed list or a cleaned name (S13): the phone shows them as they are.
"""

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime

from passwordless.model.tokens import digest

NAME_LENGTH = 64
HOST_LENGTH = 253
_OTHER = "Other"
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("Windows NT", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def clean_name(value: str, length: int = NAME_LENGTH) -> str:
    """Return a name that is safe to show: NFC, one line, no control, format or bidi characters, `length` at most.

    Letters and marks that show nothing (combining joiner, Hangul fillers, blank Braille) are dropped, too.
    """
    one_line = " ".join(value.split())
    visible = (c for c in one_line if c not in _BLANK and unicodedata.category(c) not in _HIDDEN)
    composed = unicodedata.normalize("NFC", "".join(visible))
    return " ".join(composed.split())[:length].rstrip()


def browser_of(user_agent: str) -> str:
    """Name the browser from a closed list; whatever is not recognised is "Other"."""
    return _first(_BROWSERS, user_agent)


def system_of(user_agent: str) -> str:
    """Name the operating system from a closed list; whatever is not recognised is "Other"."""
    return _first(_SYSTEMS, user_agent)


def context(
    *, application: str, domain: str, user_agent: str, ip: str, requested_at: int, place: str | None = None
) -> dict[str, str]:
    """Return what the phone shows about a login that began at `requested_at` (seconds), in `place` if that is known."""
    known = {"place": clean_name(place)} if place else {}
    return {
        "application": clean_name(application),
        "domain": clean_name(domain, HOST_LENGTH),
        "browser": browser_of(user_agent),
        "os": system_of(user_agent),
        **known,
        "ip": ip,
        "requested_at": datetime.fromtimestamp(requested_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def without_address(values: Mapping[str, str]) -> dict[str, str]:
    """Return what may be shown to whoever holds the code, who has proved nothing yet (S54)."""
    return {name: value for name, value in values.items() if name != "ip"}


def context_hash(values: Mapping[str, str]) -> str:
    """Return base64url SHA-256 of the JSON Canonicalization Scheme form (RFC 8785) of a flat map of strings."""
    ordered = dict(sorted(values.items(), key=lambda item: item[0].encode("utf-16-be")))
    return digest(json.dumps(ordered, ensure_ascii=False, separators=(",", ":")))


def _first(table: tuple[tuple[str, str], ...], user_agent: str) -> str:
    if not user_agent.startswith("Mozilla/5.0 (") or len(user_agent) > 512:
        return _OTHER
    return next((name for mark, name in table if mark in user_agent), _OTHER)

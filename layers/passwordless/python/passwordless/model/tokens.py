"""Random identifiers and secrets, and their hashes."""

import base64
import hashlib
from collections.abc import Callable

type Randomness = Callable[[int], bytes]
"""Returns that many unpredictable bytes; `secrets.token_bytes` outside tests."""


def base32(raw: bytes) -> str:
    """Return unpadded upper-case base32 (RFC 4648): safe in a URL and in a QR code's alphanumeric mode."""
    return base64.b32encode(raw).decode().rstrip("=")


def base64url(raw: bytes) -> str:
    """Return unpadded base64url (RFC 7515, appendix C)."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """Return the bytes behind unpadded base64url. Raises ValueError for every other spelling (RFC 4648, 3.5)."""
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if base64url(raw) != text:
        raise ValueError("this is not how these bytes are spelled")
    return raw


def digest(value: str | bytes) -> str:
    """Return base64url SHA-256, the form of every hash that is stored or signed."""
    return base64url(hashlib.sha256(value.encode() if isinstance(value, str) else value).digest())


def session_id(randomness: Randomness) -> str:
    """Return 80 random bits as 16 characters."""
    return base32(randomness(10))


def identifier(prefix: str, randomness: Randomness) -> str:
    """Return an opaque identifier such as `app_…` with 100 random bits."""
    return f"{prefix}_{base32(randomness(15)).lower()[:20]}"


def secret(randomness: Randomness) -> str:
    """Return a 256-bit secret."""
    return base64url(randomness(32))


def invite_token(randomness: Randomness) -> str:
    """Return 130 random bits as 26 characters, so that an invite's QR is as small as a login's."""
    return base32(randomness(17))[:26]


def enrollment_id(token: str) -> str:
    """Return the id of the invite that this token opens, so that the token alone finds it and is stored nowhere."""
    return f"enr_{base32(hashlib.sha256(token.encode()).digest()).lower()[:20]}"

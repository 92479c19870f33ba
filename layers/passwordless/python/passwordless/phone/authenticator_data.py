"""What an authenticator says of itself and of a credential: the bytes that it signs (WebAuthn Level 3, 6.1)."""

from dataclasses import dataclass
from enum import IntFlag

from passwordless.model.tokens import base64url
from passwordless.phone import cbor

MAX_CREDENTIAL_ID = 1023
_FIXED = 37
_AAGUID = 16
_P256 = {1: 2, 3: -7, -1: 1}
"""kty EC2, alg ES256, crv P-256 of a COSE key (RFC 9053, 7.1.1)."""


class Flag(IntFlag):
    """Bits that an authenticator sets."""

    USER_PRESENT = 1
    USER_VERIFIED = 4
    BACKUP_ELIGIBLE = 8
    BACKED_UP = 16
    CREDENTIAL = 64
    EXTENSIONS = 128


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential just made: its id and the coordinates of its P-256 key, each base64url."""

    credential_id: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class AuthenticatorData:
    """Authenticator data, read to its last byte."""

    rp_id_hash: bytes
    flags: Flag
    sign_count: int
    credential: Credential | None


def read(raw: bytes) -> AuthenticatorData:
    """Read authenticator data. Raises ValueError, also for what follows it and for a key of another algorithm."""
    if len(raw) < _FIXED:
        raise ValueError("cut short")
    flags, at = Flag(raw[32]), _FIXED
    credential = None
    if Flag.CREDENTIAL in flags:
        credential, at = _credential(raw, at)
    if Flag.EXTENSIONS in flags:
        extensions, at = cbor.read(raw, at)
        if not isinstance(extensions, dict):
            raise ValueError("extensions are a map")
    if at != len(raw):
        raise ValueError("something follows")
    return AuthenticatorData(raw[:32], flags, int.from_bytes(raw[33:_FIXED]), credential)


def _credential(raw: bytes, at: int) -> tuple[Credential, int]:
    at += _AAGUID
    length, start = int.from_bytes(raw[at : at + 2]), at + 2
    at = start + length
    if not 0 < length <= MAX_CREDENTIAL_ID or at > len(raw):
        raise ValueError("a credential id has 1 to 1023 bytes")
    key, end = cbor.read(raw, at)
    x, y = _coordinates(key)
    return Credential(base64url(raw[start:at]), base64url(x), base64url(y)), end


def _coordinates(key: cbor.Value) -> tuple[bytes, bytes]:
    if not isinstance(key, dict) or {name: key.get(name) for name in _P256} != _P256:
        raise ValueError("the key is for ES256 on P-256")
    x, y = key.get(-2), key.get(-3)
    if len(key) != len(_P256) + 2 or not isinstance(x, bytes) or not isinstance(y, bytes):
        raise ValueError("the key has exactly two coordinates")
    return x, y

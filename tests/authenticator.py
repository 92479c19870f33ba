"""An authenticator in software: makes a passkey and signs with it, honestly but for what a test overrides."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from passwordless.model.tokens import base64url
from tests.house import ORIGIN

UP, UV, BE, BS, AT, ED = 1, 4, 8, 16, 64, 128
SYNCED = UP | UV | BE | BS


def cbor(value: Any) -> bytes:
    """Encode in CTAP2 canonical form; maps in the order given."""
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(cbor(item) for item in value)
    return _head(5, len(value)) + b"".join(cbor(key) + cbor(item) for key, item in value.items())


def _head(major: int, argument: int) -> bytes:
    if argument < 24:
        return bytes([major << 5 | argument])
    size = next(size for size in (1, 2, 4, 8) if argument < 1 << (8 * size))
    return bytes([major << 5 | 23 + size.bit_length()]) + argument.to_bytes(size)


@dataclass
class Authenticator:
    """One passkey; it counts its uses by `step`, and not at all by default, as synced passkeys do."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(20))
    user_handle: bytes = b""
    count: int = 0
    step: int = 0

    @property
    def id(self) -> str:
        """Return the credential's id as browsers write it."""
        return base64url(self.credential_id)

    def create(self, options: dict[str, Any], **overrides: Any) -> dict[str, Any]:
        """Make the passkey that a page asks for, and return what the browser posts (`RegistrationResponseJSON`)."""
        self.user_handle = _bytes(options["user"]["id"])
        overrides = {"flags": SYNCED | AT, "attested": self.attested(), **overrides}
        data = self._data(**overrides)
        attestation = {"fmt": "none", "attStmt": {}, "authData": data, **overrides.get("attestation", {})}
        response = {
            "clientDataJSON": base64url(client_data("webauthn.create", options["challenge"], **overrides)),
            "attestationObject": base64url(overrides.get("raw_attestation", cbor(attestation))),
        }
        return self._posted(response)

    def get(self, challenge: str, **overrides: Any) -> dict[str, Any]:
        """Sign a challenge and return what the browser posts (`AuthenticationResponseJSON`)."""
        self.count += self.step
        data = self._data(**overrides)
        client = client_data("webauthn.get", challenge, **overrides)
        signed = data + hashlib.sha256(client).digest()
        response = {
            "clientDataJSON": base64url(client),
            "authenticatorData": base64url(data),
            "signature": base64url(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": base64url(self.user_handle),
        }
        return self._posted(response)

    def attested(self, **overrides: Any) -> bytes:
        """Return the attested credential data: AAGUID, id, COSE key."""
        point = self.key.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        written = {
            name: value for name, value in (key | overrides.get("cose", {})).items() if value is not None
        }
        length = int(overrides.get("length", len(self.credential_id)))
        return bytes(16) + length.to_bytes(2) + self.credential_id + cbor(written)

    def _data(self, **overrides: Any) -> bytes:
        rp_id = overrides.get("rp_id", urlsplit(ORIGIN).hostname)
        flags = overrides.get("flags", SYNCED)
        count = overrides.get("count", self.count)
        start = hashlib.sha256(str(rp_id).encode()).digest() + bytes([flags]) + count.to_bytes(4)
        return bytes(start + overrides.get("attested", b"") + overrides.get("tail", b""))

    def _posted(self, response: dict[str, str]) -> dict[str, Any]:
        return {"id": self.id, "rawId": self.id, "type": "public-key", "response": response}


def client_data(kind: str, challenge: str, **overrides: Any) -> bytes:
    """Return the client data that a browser would write (WebAuthn, 5.8.1)."""
    honest = {"type": kind, "challenge": challenge, "origin": ORIGIN, "crossOrigin": False}
    changed = {**honest, **overrides.get("client", {})}
    written = {name: value for name, value in changed.items() if value is not None}
    return bytes(overrides.get("raw_client", json.dumps(written, separators=(",", ":")).encode()))


def _bytes(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))

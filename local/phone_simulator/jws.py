"""Compact JWS with ES256 (RFC 7515, RFC 7518 section 3.4), JWKs and their thumbprints (RFC 7638).

`compact` joins any bytes with any signer, so that malformed and hostile tokens are made by the same code.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from local.phone_simulator.canonical_json import canonical

type Signer = Callable[[bytes], bytes]
"""Signs the JWS signing input and returns the signature part's raw bytes."""

REQUIRED_MEMBERS = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n")}
CURVES = {"secp256r1": "P-256", "secp256k1": "secp256k1", "secp384r1": "P-384", "secp521r1": "P-521"}


def base64url(raw: bytes) -> str:
    """Return unpadded base64url (RFC 7515, appendix C)."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def digest(data: bytes) -> str:
    """Return base64url SHA-256."""
    return base64url(hashlib.sha256(data).digest())


def public_jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """Return the public half as a JWK of exactly kty, crv, x, y (RFC 7518 section 6.2.1).

    A phone's keys are P-256; the other curves are there for tests of the verifier.
    """
    numbers = key.public_key().public_numbers()
    x, y = (base64url(value.to_bytes(_width(key))) for value in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": CURVES[key.curve.name], "x": x, "y": y}


def thumbprint(jwk: Mapping[str, str]) -> str:
    """Return the RFC 7638 thumbprint; raises KeyError for a key without its required members."""
    return digest(canonical({member: jwk[member] for member in REQUIRED_MEMBERS[jwk["kty"]]}))


def es256(key: ec.EllipticCurvePrivateKey) -> Signer:
    """Return a signer that answers r and s at fixed width, 64 bytes for P-256."""
    width = _width(key)

    def sign(data: bytes) -> bytes:
        r, s = decode_dss_signature(es256_der(key)(data))
        return r.to_bytes(width) + s.to_bytes(width)

    return sign


def es256_der(key: ec.EllipticCurvePrivateKey) -> Signer:
    """Return a signer that answers ASN.1 DER, which JWS forbids: for tests of the verifier."""
    return lambda data: key.sign(data, ec.ECDSA(SHA256()))


def compact(header: bytes, payload: bytes, sign: Signer) -> str:
    """Return `header.payload.signature`, each part base64url of the bytes given."""
    signing_input = f"{base64url(header)}.{base64url(payload)}"
    return f"{signing_input}.{base64url(sign(signing_input.encode()))}"


def to_json(members: Mapping[str, object]) -> bytes:
    """Return compact JSON for a header or a payload."""
    return json.dumps(members, separators=(",", ":")).encode()


def _width(key: ec.EllipticCurvePrivateKey) -> int:
    return (key.curve.key_size + 7) // 8

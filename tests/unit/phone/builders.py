"""Device proofs as an honest phone makes them, each open to forgery in every part, and how the service takes them."""

import base64
from collections.abc import Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from jose import jws
from jose.exceptions import JOSEError

from local.phone_simulator import (
    Decision,
    Keys,
    build_confirm_proof,
    build_enroll_proof,
    build_scan_proof,
    build_verify_proof,
)
from local.phone_simulator.jws import compact, es256, public_jwk, thumbprint, to_json
from passwordless.errors import BadProof, Malformed
from passwordless.model.people import DeviceKey, KeyUse
from passwordless.phone import proof
from passwordless.phone.proof import Form, VerifiedProof

ORIGIN: Final = "https://login.example.com"
NOW: Final = 1_800_000_000
TOKEN: Final = "ABCDEFGHIJKLMNOP234567ABCD"
KEYS: Final = Keys(ec.generate_private_key(ec.SECP256R1()), None)
"""A phone with one key, so that the kinds of proof differ in their form only."""

OTHER: Final = ec.generate_private_key(ec.SECP256R1())
"""The key of somebody else."""


def enrolled(key: ec.EllipticCurvePrivateKey) -> DeviceKey:
    """Return a key as the service stored it."""
    return proof.device_key(public_jwk(key), frozenset(KeyUse))


KEY: Final = enrolled(KEYS.biometric)


def enroll_proof(**overrides: Any) -> str:
    """Return a proof for POST /mobile/enroll."""
    return build_enroll_proof(KEYS, ORIGIN, TOKEN, NOW, **overrides)


def scan_proof(**overrides: Any) -> str:
    """Return a proof for POST /mobile/scan."""
    return build_scan_proof(KEYS, "dev_1", ORIGIN, TOKEN, NOW, **overrides)


def login_proof(**overrides: Any) -> str:
    """Return an approval for POST /mobile/verify."""
    arguments = ("dev_1", ORIGIN, "ABCDEFGHIJKLMNOP", "nonce", "ctx", Decision.APPROVE, NOW)
    return build_verify_proof(KEYS, *arguments, uv="face", **overrides)


def confirm_proof(**overrides: Any) -> str:
    """Return a proof for POST /mobile/confirm."""
    return build_confirm_proof(KEYS, "dev_1", ORIGIN, "K7QX", NOW, **overrides)


FORMS: Final[Mapping[str, tuple[str, Form]]] = {
    "enroll": (enroll_proof(), proof.ENROLL),
    "scan": (scan_proof(), proof.SCAN),
    "login": (login_proof(), proof.LOGIN),
    "confirm": (confirm_proof(), proof.CONFIRM),
}
HEADER: Final = {"alg": "ES256", "typ": "qr-scan+jwt", "kid": thumbprint(public_jwk(KEYS.biometric))}
CLAIMS: Final = {"iss": "dev_1", "aud": f"{ORIGIN}/mobile/scan", "qr": "hash", "iat": NOW, "exp": NOW + 60}


def scan_proof_of(header: bytes | None = None, payload: bytes | None = None) -> str:
    """Return a scan proof, rightly signed, with its header or payload replaced by raw bytes."""
    return compact(
        to_json(HEADER) if header is None else header,
        to_json(CLAIMS) if payload is None else payload,
        es256(KEYS.biometric),
    )


def taken(token: object, form: Form = proof.SCAN, key: DeviceKey = KEY, now: int = NOW) -> VerifiedProof:
    """Take a posted proof as the routes do: form, signature, time. Raises Malformed or BadProof."""
    verified = proof.verify(proof.read(token, form), key)
    proof.check_time(verified, now)
    return verified


def is_taken(token: object, form: Form = proof.SCAN, key: DeviceKey = KEY, now: int = NOW) -> bool:
    """Tell whether a proof is taken."""
    try:
        taken(token, form, key, now)
    except (Malformed, BadProof):
        return False
    return True


def refusal(token: object, form: Form = proof.SCAN, key: DeviceKey = KEY, now: int = NOW) -> str:
    """Return the code with which a proof is refused; fails if it is taken."""
    try:
        verified = taken(token, form, key, now)
    except (Malformed, BadProof) as failure:
        return failure.code
    raise AssertionError(f"the proof was taken: {verified.claims}")


def library_takes(token: str, key: ec.EllipticCurvePrivateKey = KEYS.biometric, alg: str = "ES256") -> bool:
    """Tell whether python-jose, called as its documentation says, takes the token."""
    try:
        jws.verify(token, {**public_jwk(key), "alg": alg}, algorithms=[alg])
    except JOSEError:
        return False
    return True


def payload_of(token: str) -> bytes:
    """Return the raw payload of a token."""
    part = token.split(".")[1]
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))

"""The proofs a phone signs, as pure functions, each open to forgery by the tests.

Every builder takes `Overrides`: `header` and `claims` replace or add members (ABSENT removes one), `key` signs in the
stead of the right key and names itself in `kid`, `sign` makes the signature alone and leaves `kid` as it was.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypedDict, Unpack

from cryptography.hazmat.primitives.asymmetric import ec

from local.phone_simulator.canonical_json import canonical
from local.phone_simulator.jws import Signer, compact, digest, es256, public_jwk, thumbprint, to_json
from local.phone_simulator.keys import Keys

ENROLL_ROUTE: Final = "/mobile/enroll"
SCAN_ROUTE: Final = "/mobile/scan"
VERIFY_ROUTE: Final = "/mobile/verify"
CONFIRM_ROUTE: Final = "/mobile/confirm"
LIFETIME: Final = 60
ABSENT: Final = object()


class Decision(StrEnum):
    """What the person answers; the value of `dec`."""

    APPROVE = "approve"
    DENY = "deny"
    REPORT = "report"


class Location(TypedDict):
    """Where the phone is, in decimal degrees; "0.0" twice when the person refused to tell."""

    lat: str
    lon: str


class Overrides(TypedDict, total=False):
    """How a proof departs from the honest one."""

    header: Mapping[str, object]
    claims: Mapping[str, object]
    key: ec.EllipticCurvePrivateKey
    sign: Signer


def context_hash(context: Mapping[str, str]) -> str:
    """Return `ctx`: the hash of what the person was shown, in its RFC 8785 form."""
    return digest(canonical(context))


def build_enroll_proof(
    keys: Keys, origin: str, token: str, now: float, **overrides: Unpack[Overrides]
) -> str:
    """Prove possession of the biometric key to the service that issued the invite `token`."""
    device_kid = thumbprint(public_jwk(keys.device)) if keys.device else ABSENT
    claims = {"aud": origin + ENROLL_ROUTE, "invite": digest(token.encode()), "device_kid": device_kid}
    return _proof("qr-enroll+jwt", keys.biometric, claims, now, overrides)


def build_scan_proof(
    keys: Keys,
    device_id: str,
    origin: str,
    token: str,
    now: float,
    via: str | None = None,
    **overrides: Unpack[Overrides],
) -> str:
    """Prove that this device saw the QR code with `token`, by `camera` or by a `link` on the phone itself."""
    claims = {
        "iss": device_id,
        "aud": origin + SCAN_ROUTE,
        "qr": digest(token.encode()),
        "via": ABSENT if via is None else via,
    }
    return _proof("qr-scan+jwt", keys.promptless, claims, now, overrides)


def build_verify_proof(
    keys: Keys,
    device_id: str,
    origin: str,
    session_id: str,
    nonce: str,
    ctx: str,
    decision: Decision,
    now: float,
    uv: str | None = None,
    loc: Location | None = None,
    **overrides: Unpack[Overrides],
) -> str:
    """Prove the person's decision on the login described by `ctx`.

    An approval is signed by the biometric key and tells in `uv` how the person was recognised; a refusal or a report
    needs no prompt and is signed by the other key.
    """
    claims = {
        "iss": device_id,
        "aud": origin + VERIFY_ROUTE,
        "sid": session_id,
        "nonce": nonce,
        "ctx": ctx,
        "dec": decision.value,
        "uv": ABSENT if uv is None else uv,
        "loc": ABSENT if loc is None else loc,
    }
    key = keys.biometric if decision is Decision.APPROVE else keys.promptless
    return _proof("qr-login+jwt", key, claims, now, overrides)


def build_confirm_proof(
    keys: Keys,
    device_id: str,
    origin: str,
    check: str,
    now: float,
    uv: str = "face",
    **overrides: Unpack[Overrides],
) -> str:
    """Prove that this phone's person vouches for the new phone that shows `check`."""
    claims = {"iss": device_id, "aud": origin + CONFIRM_ROUTE, "check": check, "uv": uv}
    return _proof("qr-confirm+jwt", keys.biometric, claims, now, overrides)


def _proof(
    typ: str, key: ec.EllipticCurvePrivateKey, claims: Mapping[str, object], now: float, overrides: Overrides
) -> str:
    key = overrides.get("key", key)
    issued_at = int(now)
    header = {"alg": "ES256", "typ": typ, "kid": thumbprint(public_jwk(key))} | dict(
        overrides.get("header", {})
    )
    payload = {**claims, "iat": issued_at, "exp": issued_at + LIFETIME} | dict(overrides.get("claims", {}))
    return compact(_present(header), _present(payload), overrides.get("sign", es256(key)))


def _present(members: Mapping[str, object]) -> bytes:
    return to_json({name: value for name, value in members.items() if value is not ABSENT})

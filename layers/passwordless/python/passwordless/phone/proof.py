"""Device proofs: compact JWS by an enrolled P-256 key, read strictly before python-jose sees them (S10).

python-jose takes what must not pass here (missing claims, lists as audience, unknown critical headers, padded
base64, other curves), so one parser with no options stands before it.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from jose import jws
from jose.exceptions import JWSError

from passwordless.errors import BadProof, Malformed
from passwordless.model.people import DeviceKey, KeyUse
from passwordless.model.tokens import digest, from_base64url
from passwordless.phone import strict_json

MAX_BYTES = 8 * 1024
MAX_LIFETIME = 60
MAX_SKEW = 300
_COORDINATE_BYTES = 32
_SIGNATURE_BYTES = 64
_HEADER = frozenset({"alg", "typ", "kid"})
_JWK = frozenset({"kty", "crv", "x", "y"})
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,17})?")

type Check = Callable[[object], bool]


def text(value: object) -> bool:
    """Tell whether a claim is a string of 1 to 512 printable ASCII characters, as identifiers and hashes are."""
    return isinstance(value, str) and 0 < len(value) <= 512 and value.isascii() and value.isprintable()


def instant(value: object) -> bool:
    """Tell whether a claim is a time in whole seconds."""
    return type(value) is int and 0 < value < 1 << 40


def one_of(*words: str) -> Check:
    """Return a check for a closed list of words."""
    return lambda value: isinstance(value, str) and value in words


def location(value: object) -> bool:
    """Tell whether a claim is `{lat, lon}` with decimal degrees as strings."""
    return (
        isinstance(value, dict)
        and value.keys() == {"lat", "lon"}
        and all(isinstance(v, str) and _DEGREES.fullmatch(v) for v in value.values())
    )


@dataclass(frozen=True, slots=True)
class Form:
    """What one kind of proof must look like: its `typ` and its claims, each with a check; nothing else may be there."""

    typ: str
    required: Mapping[str, Check]
    optional: Mapping[str, Check]


_TIMES: Mapping[str, Check] = {"iat": instant, "exp": instant}
ENROLL = Form("qr-enroll+jwt", {"aud": text, "invite": text, **_TIMES}, {"device_kid": text})
SCAN = Form(
    "qr-scan+jwt", {"iss": text, "aud": text, "qr": text, **_TIMES}, {"via": one_of("camera", "link")}
)
CONFIRM = Form(
    "qr-confirm+jwt",
    {"iss": text, "aud": text, "check": text, "uv": one_of("face", "fingerprint", "pin"), **_TIMES},
    {},
)
LOGIN = Form(
    "qr-login+jwt",
    {
        "iss": text,
        "aud": text,
        "sid": text,
        "nonce": text,
        "ctx": text,
        "dec": one_of("approve", "deny", "report"),
        **_TIMES,
    },
    {"uv": one_of("face", "fingerprint", "pin"), "loc": location},
)


@dataclass(frozen=True, slots=True)
class PostedProof:
    """A proof whose form is right and of which nothing is yet believed."""

    token: str
    kid: str
    claims: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class VerifiedProof:
    """A proof whose signature holds; `fingerprint` recognises the identical proof."""

    kid: str
    claims: Mapping[str, Any]
    fingerprint: str


def read(token: object, form: Form) -> PostedProof:
    """Read a compact JWS (RFC 7515) without believing it.

    Raises Malformed when the serialization is not exact, BadProof when algorithm or type is another.
    """
    if not isinstance(token, str) or len(token) > MAX_BYTES:
        raise _malformed("a compact JWS of at most 8 kB is expected")
    parts = token.split(".")
    if len(parts) != 3:
        raise _malformed("a compact JWS has three parts")
    header, claims = _object(parts[0]), _object(parts[1])
    if len(_decode(parts[2])) != _SIGNATURE_BYTES:
        raise _malformed("an ES256 signature has 64 bytes")
    return PostedProof(token, _kid(header, form), _claims(claims, form))


def verify(proof: PostedProof, key: DeviceKey) -> VerifiedProof:
    """Verify the signature with an enrolled key.

    Raises BadProof when the key is another or the signature does not hold.
    """
    if proof.kid != key.kid:
        raise _bad("key")
    try:
        jws.verify(
            proof.token,
            {"kty": "EC", "crv": "P-256", "x": key.x, "y": key.y, "alg": "ES256"},
            algorithms=["ES256"],
        )
    except JWSError:
        raise _bad("signature") from None
    return VerifiedProof(proof.kid, proof.claims, digest(proof.token))


def check_time(proof: VerifiedProof, now: int) -> None:
    """Check that the proof lives 60 s at most and was made within 300 s of `now` (seconds).

    Raises BadProof `clock_skew` with `server_time` when the phone's clock is off, `bad_proof` otherwise.
    """
    issued, expires = proof.claims["iat"], proof.claims["exp"]
    if not 0 < expires - issued <= MAX_LIFETIME:
        raise _bad("lifetime")
    if abs(now - issued) > MAX_SKEW:
        raise BadProof(
            "clock_skew",
            "The phone's clock differs too much from ours.",
            guidance="Set the phone's date and time to automatic, then scan again.",
            extra={"server_time": now},
        )


def expect(proof: VerifiedProof, **claims: str) -> None:
    """Check that these claims have exactly these values. Raises BadProof otherwise."""
    for name, value in claims.items():
        if proof.claims[name] != value:
            raise _bad(name)


def device_key(jwk: object, uses: frozenset[KeyUse]) -> DeviceKey:
    """Read a public JWK: exactly kty, crv, x and y, on the curve P-256 (RFC 7518, 6.2.1).

    Raises Malformed otherwise.
    """
    if not isinstance(jwk, dict) or jwk.keys() != _JWK or not all(isinstance(v, str) for v in jwk.values()):
        raise _malformed("a JWK has exactly kty, crv, x and y")
    if (jwk["kty"], jwk["crv"]) != ("EC", "P-256"):
        raise _malformed("the key must be on curve P-256")
    _check_on_curve(jwk["x"], jwk["y"])
    return DeviceKey(thumbprint(jwk["x"], jwk["y"]), jwk["x"], jwk["y"], uses)


def thumbprint(x: str, y: str) -> str:
    """Return the JWK thumbprint of a P-256 key (RFC 7638)."""
    return digest(json.dumps({"crv": "P-256", "kty": "EC", "x": x, "y": y}, separators=(",", ":")))


def _check_on_curve(x: str, y: str) -> None:
    raw = [_decode(x), _decode(y)]
    if any(len(part) != _COORDINATE_BYTES for part in raw):
        raise _malformed("x and y have 32 bytes each")
    numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(raw[0]), int.from_bytes(raw[1]), ec.SECP256R1())
    try:
        numbers.public_key()
    except ValueError:
        raise _malformed("the point is not on curve P-256") from None


def _kid(header: Mapping[str, Any], form: Form) -> str:
    if header.keys() != _HEADER or not all(isinstance(value, str) for value in header.values()):
        raise _malformed("the header has exactly alg, typ and kid")
    if header["alg"] != "ES256" or header["typ"] != form.typ:
        raise _bad("algorithm or type")
    if not _THUMBPRINT.fullmatch(header["kid"]):
        raise _malformed("kid is a key thumbprint")
    return str(header["kid"])


def _claims(claims: Mapping[str, Any], form: Form) -> Mapping[str, Any]:
    missing = form.required.keys() - claims.keys()
    unknown = claims.keys() - form.required.keys() - form.optional.keys()
    if missing or unknown:
        raise _malformed("the claims are not those of this proof")
    checks = {**form.required, **form.optional}
    wrong = sorted(name for name, value in claims.items() if not checks[name](value))
    if wrong:
        raise _malformed(f"claim {wrong[0]} has the wrong form")
    return claims


def _object(part: str) -> dict[str, Any]:
    try:
        return strict_json.read_object(_decode(part))
    except ValueError:
        raise _malformed("header and payload are JSON objects") from None


def _decode(part: str) -> bytes:
    try:
        return from_base64url(part)
    except ValueError:
        raise _malformed("base64url without padding is expected") from None


def _malformed(detail: str) -> Malformed:
    return Malformed("malformed_proof", f"The proof could not be read: {detail}.")


def _bad(private: str) -> BadProof:
    return BadProof(
        "bad_proof",
        "The proof was not accepted.",
        guidance="Scan the code again. If it happens again, enrol the phone anew.",
        private=private,
    )

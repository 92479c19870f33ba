"""Passkeys: WebAuthn registrations and assertions, read strictly and verified as Level 3, 7.1 and 7.2 say (S11).

What the browser posts is `PublicKeyCredential.toJSON()`; of its members only those that are signed, or name the
credential and the user, are looked at. No attestation is asked for, so none is judged.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from passwordless.errors import BadProof, Malformed
from passwordless.model.passkeys import Passkey
from passwordless.model.tokens import base64url, digest, from_base64url
from passwordless.phone import authenticator_data, cbor, proof, strict_json
from passwordless.phone.authenticator_data import AuthenticatorData, Flag

CREATE, GET = "webauthn.create", "webauthn.get"
MAX_PART = 8 * 1024


@dataclass(frozen=True, slots=True)
class PostedAssertion:
    """An assertion whose form is right and of which nothing is yet believed."""

    credential_id: str
    user_handle: str
    client_data: Mapping[str, Any]
    data: AuthenticatorData
    signed: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class VerifiedAssertion:
    """An assertion by a passkey for our origin, its user verified; `fingerprint` recognises the identical one.

    What it was made for is in `challenge` (base64url), which the caller compares.
    """

    challenge: str
    user_handle: str
    sign_count: int
    fingerprint: str


def rp_id(origin: str) -> str:
    """Return the relying party's id: the host of our origin, without its port."""
    return urlsplit(origin).hostname or ""


def read_assertion(posted: object) -> PostedAssertion:
    """Read an `AuthenticationResponseJSON` without believing it. Raises Malformed."""
    credential_id, response = _credential(posted)
    client_data, data = _part(response, "clientDataJSON"), _part(response, "authenticatorData")
    return PostedAssertion(
        credential_id=credential_id,
        user_handle=base64url(_part(response, "userHandle")),
        client_data=_client_data(client_data),
        data=_data(data),
        signed=data + hashlib.sha256(client_data).digest(),
        signature=_part(response, "signature"),
    )


def verify(assertion: PostedAssertion, passkey: Passkey, origin: str) -> VerifiedAssertion:
    """Verify that an enrolled passkey made an assertion here, and that it verified its user.

    Raises BadProof; its `private` names the step that failed.
    """
    if assertion.credential_id != passkey.credential_id:
        raise _bad("credential")
    _check_signature(assertion, passkey)
    _check_ceremony(assertion.client_data, assertion.data, GET, origin)
    if assertion.data.credential is not None:
        raise _bad("a new credential in an assertion")
    return VerifiedAssertion(
        challenge=assertion.client_data["challenge"],
        user_handle=assertion.user_handle,
        sign_count=assertion.data.sign_count,
        fingerprint=digest(assertion.signed + assertion.signature),
    )


def enrolled(posted: object, challenge: str, origin: str) -> Passkey:
    """Return the passkey that a `RegistrationResponseJSON` tells of, made here for this challenge.

    Raises Malformed or BadProof.
    """
    credential_id, response = _credential(posted)
    client_data = _client_data(_part(response, "clientDataJSON"))
    data = _data(_attested(_part(response, "attestationObject")))
    made = data.credential
    if made is None or made.credential_id != credential_id:
        raise _malformed("the authenticator data is about another credential")
    proof.device_key({"kty": "EC", "crv": "P-256", "x": made.x, "y": made.y}, frozenset())
    _check_ceremony(client_data, data, CREATE, origin)
    if client_data["challenge"] != challenge:
        raise _bad("challenge")
    return Passkey(credential_id, made.x, made.y, data.sign_count)


def _check_ceremony(client_data: Mapping[str, Any], data: AuthenticatorData, kind: str, origin: str) -> None:
    """Check what an assertion and a registration have in common, in the order of WebAuthn, 7.1 and 7.2."""
    steps = (
        ("type", client_data["type"] == kind),
        ("origin", client_data["origin"] == origin),
        ("cross origin", client_data.get("crossOrigin", False) is False and "topOrigin" not in client_data),
        ("relying party", data.rp_id_hash == hashlib.sha256(rp_id(origin).encode()).digest()),
        ("user presence", Flag.USER_PRESENT in data.flags),
        ("user verification", Flag.USER_VERIFIED in data.flags),
        ("backup state", Flag.BACKED_UP not in data.flags or Flag.BACKUP_ELIGIBLE in data.flags),
    )
    for name, holds in steps:
        if not holds:
            raise _bad(name)


def _check_signature(assertion: PostedAssertion, passkey: Passkey) -> None:
    x, y = (int.from_bytes(from_base64url(part)) for part in (passkey.x, passkey.y))
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    try:
        key.verify(assertion.signature, assertion.signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise _bad("signature") from None


def _credential(posted: object) -> tuple[str, Mapping[str, Any]]:
    """Return the id of a posted credential and its response."""
    if not isinstance(posted, dict) or posted.get("type") != "public-key":
        raise _malformed("a credential of type public-key is expected")
    response = posted.get("response")
    if not isinstance(response, dict) or posted.get("rawId", posted.get("id")) != posted.get("id"):
        raise _malformed("a credential has id and response")
    return base64url(_part(posted, "id")), response


def _part(of: Mapping[str, Any], name: str) -> bytes:
    value = of.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_PART:
        raise _malformed(f"{name} is base64url")
    try:
        return from_base64url(value)
    except ValueError:
        raise _malformed(f"{name} is base64url") from None


def _client_data(raw: bytes) -> Mapping[str, Any]:
    try:
        value = strict_json.read_object(raw)
    except ValueError:
        raise _malformed("the client data is a JSON object") from None
    if not all(isinstance(value.get(name), str) for name in ("type", "challenge", "origin")):
        raise _malformed("the client data has type, challenge and origin")
    return value


def _attested(raw: bytes) -> bytes:
    """Return the authenticator data of an attestation object (WebAuthn, 6.5.4)."""
    try:
        value, end = cbor.read(raw)
    except ValueError:
        raise _malformed("the attestation object is CBOR") from None
    data = value.get("authData") if isinstance(value, dict) else None
    if end != len(raw) or not isinstance(data, bytes):
        raise _malformed("the attestation object has authData")
    return data


def _data(raw: bytes) -> AuthenticatorData:
    try:
        return authenticator_data.read(raw)
    except ValueError:
        raise _malformed("the authenticator data is not of this form") from None


def _malformed(detail: str) -> Malformed:
    return Malformed("malformed_proof", f"The proof could not be read: {detail}.")


def _bad(private: str) -> BadProof:
    return BadProof(
        "bad_proof",
        "The passkey was not accepted.",
        guidance="Scan the code that your computer shows now, and try again.",
        private=f"passkey: {private}",
    )

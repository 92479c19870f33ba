"""Passkeys: WebAuthn registrations and assertions, read strictly before PyPI's webauthn verifies them (S11).

The library verifies type, challenge, origin, relying party, user presence and verification, backup flags and signature
(WebAuthn Level 3, 7.1 and 7.2). It lets pass what must not pass here: a page inside another site's frame, client data
with a member twice, a new credential inside an assertion. It is imported when a passkey comes: an app's phone does not
wait for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from passwordless.errors import BadProof, Malformed
from passwordless.model.passkeys import Passkey
from passwordless.model.tokens import base64url, digest, from_base64url
from passwordless.phone import proof, strict_json

MAX_PART = 8 * 1024
MAX_CREDENTIAL_ID = 1023
_ES256 = -7
_DATA_LENGTH = 37
_FLAGS, _NEW_CREDENTIAL = 32, 64
_P256_KEY = (bytes.fromhex("a5010203262001215820"), bytes.fromhex("225820"))
"""What stands before x and before y in a COSE key for ES256 on P-256, which has one canonical form (CTAP 2.1, 6)."""


@dataclass(frozen=True, slots=True)
class PostedAssertion:
    """An assertion whose form is right and of which nothing is yet believed."""

    credential_id: str
    challenge: str
    client_data: bytes
    data: bytes
    signature: bytes
    user_handle: str


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
    """Read an `AuthenticationResponseJSON` without believing it.

    Raises Malformed, and BadProof for a page in another site's frame or a new credential.
    """
    credential_id, response = _credential(posted)
    client_data, data = _part(response, "clientDataJSON"), _part(response, "authenticatorData")
    challenge = _challenge(client_data)
    if len(data) < _DATA_LENGTH:
        raise _malformed("authenticatorData has at least 37 bytes")
    if data[_FLAGS] & _NEW_CREDENTIAL:
        raise _bad("a new credential in an assertion")
    return PostedAssertion(
        credential_id=credential_id,
        challenge=challenge,
        client_data=client_data,
        data=data,
        signature=_part(response, "signature"),
        user_handle=base64url(_part(response, "userHandle")),
    )


def verify(assertion: PostedAssertion, passkey: Passkey, origin: str) -> VerifiedAssertion:
    """Verify that an enrolled passkey made an assertion here, and that it verified its user. Raises BadProof."""
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    if assertion.credential_id != passkey.credential_id:
        raise _bad("credential")
    response = {
        "clientDataJSON": base64url(assertion.client_data),
        "authenticatorData": base64url(assertion.data),
        "signature": base64url(assertion.signature),
    }
    try:
        verified = verify_authentication_response(
            credential=_written(assertion.credential_id, response),
            expected_challenge=from_base64url(assertion.challenge),
            expected_rp_id=rp_id(origin),
            expected_origin=origin,
            credential_public_key=from_base64url(passkey.public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except WebAuthnException as error:
        raise _bad(str(error)) from None
    return VerifiedAssertion(
        challenge=assertion.challenge,
        user_handle=assertion.user_handle,
        sign_count=verified.new_sign_count,
        fingerprint=digest(assertion.data + assertion.client_data + assertion.signature),
    )


def enrolled(posted: object, challenge: str, origin: str) -> Passkey:
    """Return the passkey that a `RegistrationResponseJSON` tells of, made here for this challenge.

    Raises Malformed or BadProof.
    """
    from webauthn import verify_registration_response
    from webauthn.helpers.cose import COSEAlgorithmIdentifier

    credential_id, response = _credential(posted)
    parts = {name: _part(response, name) for name in ("clientDataJSON", "attestationObject")}
    _challenge(parts["clientDataJSON"])
    try:
        verified = verify_registration_response(
            credential=_written(credential_id, {name: base64url(part) for name, part in parts.items()}),
            expected_challenge=from_base64url(challenge),
            expected_rp_id=rp_id(origin),
            expected_origin=origin,
            require_user_verification=True,
            supported_pub_key_algs=[COSEAlgorithmIdentifier(_ES256)],
        )
    except Exception as error:  # noqa: BLE001 - malformed CBOR leads the library to any exception, not only its own
        raise _bad(f"{type(error).__name__} {error}") from None
    if base64url(verified.credential_id) != credential_id:
        raise _bad("another credential's id")
    _check_key(verified.credential_public_key)
    return Passkey(credential_id, base64url(verified.credential_public_key), verified.sign_count)


def _check_key(key: bytes) -> None:
    """Check that a COSE key is for ES256 and on P-256, in the one form that it can have."""
    before_x, before_y = _P256_KEY
    x, between, y = key[10:42], key[42:45], key[45:]
    if (key[:10], between) != (before_x, before_y):
        raise _malformed("the key must be for ES256 on curve P-256")
    proof.device_key({"kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y)}, frozenset())


def _credential(posted: object) -> tuple[str, Mapping[str, Any]]:
    """Return the id of a posted credential and its response; of other members nothing is believed or needed."""
    if not isinstance(posted, dict) or posted.get("type") != "public-key":
        raise _malformed("a credential of type public-key is expected")
    response = posted.get("response")
    if not isinstance(response, dict):
        raise _malformed("a credential has a response")
    raw_id = _part(posted, "id")
    if len(raw_id) > MAX_CREDENTIAL_ID:
        raise _malformed("a credential's id has at most 1023 bytes")
    return base64url(raw_id), response


def _written(credential_id: str, response: Mapping[str, str]) -> dict[str, Any]:
    return {"id": credential_id, "rawId": credential_id, "type": "public-key", "response": dict(response)}


def _part(of: Mapping[str, Any], name: str) -> bytes:
    value = of.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_PART:
        raise _malformed(f"{name} is base64url")
    try:
        return from_base64url(value)
    except ValueError:
        raise _malformed(f"{name} is base64url") from None


def _challenge(client_data: bytes) -> str:
    """Return the challenge that client data says it was made for, in a page of its own (WebAuthn, 5.8.1)."""
    try:
        value = strict_json.read_object(client_data)
    except ValueError:
        raise _malformed("the client data is a JSON object") from None
    if not all(isinstance(value.get(name), str) for name in ("type", "challenge", "origin")):
        raise _malformed("the client data has type, challenge and origin")
    if value.get("crossOrigin", False) is not False or "topOrigin" in value:
        raise _bad("cross origin")
    return base64url(_part(value, "challenge"))


def _malformed(detail: str) -> Malformed:
    return Malformed("malformed_proof", f"The proof could not be read: {detail}.")


def _bad(private: str) -> BadProof:
    return BadProof(
        "bad_proof",
        "The passkey was not accepted.",
        guidance="Scan the code that your computer shows now, and try again.",
        private=f"passkey: {private[:200]}",
    )

"""A passkey that Chromium made and used (recorded) is taken as it is, and in no other way."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from passwordless.errors import BadProof, Malformed
from passwordless.model.passkeys import Passkey
from passwordless.model.tokens import base64url, from_base64url
from passwordless.phone import webauthn
from passwordless.phone.webauthn import VerifiedAssertion

RECORDED: dict[str, Any] = json.loads(
    (Path(__file__).parent / "golden" / "chromium_passkey.json").read_text()
)
ORIGIN = str(RECORDED["origin"])


def enrolled() -> Passkey:
    return webauthn.enrolled(RECORDED["registration"], RECORDED["registration_challenge"], ORIGIN)


def verified(posted: object, origin: str = ORIGIN) -> VerifiedAssertion:
    return webauthn.verify(webauthn.read_assertion(posted), enrolled(), origin)


def changed(part: str, place: int) -> dict[str, Any]:
    """Return the recorded assertion with the lowest bit of one byte turned over."""
    posted: dict[str, Any] = copy.deepcopy(RECORDED["assertion"])
    raw = bytearray(from_base64url(posted["response"][part]))
    raw[place] ^= 1
    posted["response"][part] = base64url(bytes(raw))
    return posted


def size(part: str) -> int:
    return len(from_base64url(RECORDED["assertion"]["response"][part]))


def test_a_registration_gives_the_key_that_the_browser_names() -> None:
    passkey = enrolled()
    spki = from_base64url(RECORDED["registration"]["response"]["publicKey"])
    key = from_base64url(passkey.public_key)
    assert spki.endswith(key[10:42] + key[45:])
    assert (passkey.credential_id, passkey.sign_count) == (RECORDED["registration"]["id"], 1)


def test_an_assertion_tells_its_challenge_its_user_and_its_count() -> None:
    told = verified(RECORDED["assertion"])
    assert told.challenge == RECORDED["assertion_challenge"]
    assert told.user_handle == RECORDED["assertion"]["response"]["userHandle"]
    assert told.sign_count == 2


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
def test_no_byte_of_an_assertion_can_be_changed(part: str) -> None:
    for place in range(size(part)):
        with pytest.raises((BadProof, Malformed)):
            verified(changed(part, place))


@pytest.mark.parametrize("origin", ["http://login.localhost", "https://login.localhost:36529"])
def test_another_origin_of_the_same_host_is_another_origin(origin: str) -> None:
    with pytest.raises(BadProof):
        verified(RECORDED["assertion"], origin)


def test_a_registration_is_for_its_challenge() -> None:
    with pytest.raises(BadProof):
        webauthn.enrolled(RECORDED["registration"], RECORDED["assertion_challenge"], ORIGIN)


def test_a_registration_is_no_assertion_and_an_assertion_no_registration() -> None:
    with pytest.raises(BadProof):
        webauthn.read_assertion(RECORDED["registration"])
    with pytest.raises(Malformed):
        webauthn.enrolled(RECORDED["assertion"], RECORDED["assertion_challenge"], ORIGIN)


def test_the_identical_assertion_is_recognised_and_another_is_not() -> None:
    first = verified(RECORDED["assertion"]).fingerprint
    assert first == verified(copy.deepcopy(RECORDED["assertion"])).fingerprint
    assert len(first) == 43


@pytest.mark.parametrize(
    ("origin", "rp_id"),
    [
        ("https://login.example.com", "login.example.com"),
        ("http://abcdef12.execute-api.localhost:4566", "abcdef12.execute-api.localhost"),
    ],
)
def test_the_relying_party_is_the_host_of_our_origin(origin: str, rp_id: str) -> None:
    assert webauthn.rp_id(origin) == rp_id

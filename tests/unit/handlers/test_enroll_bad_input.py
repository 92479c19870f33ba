"""An enrolment that is wrong or unreadable makes no phone and leaves the invite as it was."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from local.phone_simulator.jws import public_jwk
from local.phone_simulator.keys import Keys
from local.phone_simulator.proofs import ABSENT
from passwordless.model.tokens import digest
from tests.calls import post_json
from tests.enrolments import enroll, enroll_body, invited, token_of
from tests.house import ORIGIN, House
from tests.told import failure
from tests.witness import nothing_written

OTHER_KEY = ec.generate_private_key(ec.SECP256R1())


@pytest.mark.parametrize("token", ["A" * 26, "a", "", "x" * 60_000])
def test_an_unknown_invite_is_refused(house: House, token: str) -> None:
    with nothing_written(house):
        answer = enroll(house, token, Keys.generate())
    assert failure(answer) == (404, "unknown_invite")


def test_the_id_of_an_invite_opens_nothing(house: House) -> None:
    invitation = invited(house)
    with nothing_written(house):
        answer = enroll(house, invitation.enrollment.enrollment_id, Keys.generate())
    assert failure(answer) == (404, "unknown_invite")


WRONG_PROOFS: dict[str, tuple[dict[str, Any], int, str]] = {
    "another invite": ({"claims": {"invite": digest("A" * 26)}}, 401, "bad_proof"),
    "no invite": ({"claims": {"invite": ABSENT}}, 400, "malformed_proof"),
    "another audience": ({"claims": {"aud": f"{ORIGIN}/mobile/scan"}}, 401, "bad_proof"),
    "another origin": ({"claims": {"aud": "https://evil.example.com/mobile/enroll"}}, 401, "bad_proof"),
    "another second key": ({"claims": {"device_kid": "A" * 43}}, 401, "bad_proof"),
    "no second key": ({"claims": {"device_kid": ABSENT}}, 401, "bad_proof"),
    "another type": ({"header": {"typ": "qr-scan+jwt"}}, 401, "bad_proof"),
    "no algorithm": ({"header": {"alg": "none"}}, 401, "bad_proof"),
    "another key": ({"key": OTHER_KEY}, 401, "bad_proof"),
    "a key that the phone does not have": ({"sign": lambda _: b"\1" * 64}, 401, "bad_proof"),
    "too long a life": ({"claims": {"exp": 1_770_638_202 + 61}}, 401, "bad_proof"),
    "a wrong clock": ({"claims": {"iat": 1_770_630_000, "exp": 1_770_630_060}}, 401, "clock_skew"),
}


@pytest.mark.parametrize(("overrides", "status", "code"), WRONG_PROOFS.values(), ids=WRONG_PROOFS)
def test_a_wrong_proof_is_refused_and_enrols_nothing(
    house: House, overrides: dict[str, Any], status: int, code: str
) -> None:
    token, keys = token_of(invited(house)), Keys.generate()
    with nothing_written(house):
        answer = post_json(house, "POST_enroll", enroll_body(house, token, keys, **overrides))
    assert failure(answer) == (status, code)


def test_after_wrong_proofs_the_invite_is_still_good(house: House) -> None:
    token, keys = token_of(invited(house)), Keys.generate()
    for overrides, _, _ in WRONG_PROOFS.values():
        post_json(house, "POST_enroll", enroll_body(house, token, keys, **overrides))
    assert enroll(house, token, keys).status == 201


def test_a_second_key_that_was_not_signed_for_is_refused(house: House) -> None:
    token, keys = token_of(invited(house)), Keys.generate()
    planted = enroll_body(house, token, keys) | {"device_jwk": public_jwk(OTHER_KEY)}
    with nothing_written(house):
        assert failure(post_json(house, "POST_enroll", planted)) == (401, "bad_proof")


def test_the_two_keys_are_not_one(house: House) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    body = enroll_body(house, token_of(invited(house)), Keys(key, key))
    with nothing_written(house):
        assert failure(post_json(house, "POST_enroll", body)) == (400, "malformed_enrollment")


JWK = public_jwk(OTHER_KEY)


CHANGES: dict[str, dict[str, Any]] = {
    "no token": {"token": None},
    "a number as token": {"token": 7},
    "half a character as token": {"token": "\ud800" * 26},
    "another alphabet as token": {"token": "é" * 26},
    "an unknown member": {"user_id": "usr_1"},
    "no device": {"device": None},
    "a device without a name": {"device": {"os": "Android"}},
    "a device that says more": {"device": {"name": "P", "os": "A", "user": "me"}},
    "an empty name": {"device": {"name": " ", "os": "Android"}},
    "a name of control characters": {"device": {"name": "\u202e\x00", "os": "Android"}},
    "a number as name": {"device": {"name": 7, "os": "Android"}},
    "no key": {"jwk": None},
    "a private key": {"jwk": {**JWK, "d": JWK["x"]}},
    "another curve": {"jwk": public_jwk(ec.generate_private_key(ec.SECP384R1()))},
    "a key off the curve": {"jwk": {**JWK, "y": JWK["x"]}},
    "a key at zero": {"jwk": {**JWK, "x": "A" * 43, "y": "A" * 43}},
    "a padded key": {"jwk": {**JWK, "x": JWK["x"] + "="}},
    "a key with a name": {"jwk": {**JWK, "kid": "me"}},
    "a text as second key": {"device_jwk": "key"},
    "no proof": {"proof": None},
    "a list as proof": {"proof": []},
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_a_body_that_is_no_enrolment_is_refused(house: House, changes: dict[str, Any]) -> None:
    body = enroll_body(house, token_of(invited(house)), Keys.generate()) | changes
    with nothing_written(house):
        status, code = failure(post_json(house, "POST_enroll", body))
    assert status == 400
    assert code in {"malformed_json", "malformed_enrollment", "malformed_proof"}

"""A scan that is wrong or unreadable claims nothing."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from local.phone_simulator.jws import compact, es256_der, to_json
from local.phone_simulator.proofs import ABSENT
from passwordless.model.tokens import digest
from tests.calls import post_json
from tests.house import ORIGIN, House
from tests.sign_in import scan
from tests.told import failure
from tests.witness import nothing_written

OTHER_KEY = ec.generate_private_key(ec.SECP256R1())


WRONG_PROOFS: dict[str, tuple[dict[str, Any], int, str]] = {
    "another audience": ({"claims": {"aud": f"{ORIGIN}/mobile/verify"}}, 401, "bad_proof"),
    "another origin": ({"claims": {"aud": "https://evil.example.com/mobile/scan"}}, 401, "bad_proof"),
    "a list of audiences": ({"claims": {"aud": [f"{ORIGIN}/mobile/scan"]}}, 400, "malformed_proof"),
    "no audience": ({"claims": {"aud": ABSENT}}, 400, "malformed_proof"),
    "another code": ({"claims": {"qr": digest("A" * 26)}}, 401, "bad_proof"),
    "another device": ({"claims": {"iss": "dev_aaaaaaaaaaaaaaaaaaaa"}}, 401, "bad_proof"),
    "no algorithm": ({"header": {"alg": "none"}}, 401, "bad_proof"),
    "a shared secret's algorithm": ({"header": {"alg": "HS256"}}, 401, "bad_proof"),
    "another type": ({"header": {"typ": "qr-login+jwt"}}, 401, "bad_proof"),
    "a critical header": ({"header": {"crit": ["exp"]}}, 400, "malformed_proof"),
    "an unknown key": ({"key": OTHER_KEY}, 401, "bad_proof"),
    "a key under another's name": ({"sign": lambda _: b"\0" * 64}, 401, "bad_proof"),
    "a DER signature": ({"sign": es256_der(OTHER_KEY)}, 400, "malformed_proof"),
    "an unknown way": ({"claims": {"via": "mail"}}, 400, "malformed_proof"),
    "an unknown claim": ({"claims": {"sub": "me"}}, 400, "malformed_proof"),
    "too long a life": ({"claims": {"exp": 1_770_638_202 + 61}}, 401, "bad_proof"),
    "no end": ({"claims": {"exp": ABSENT}}, 400, "malformed_proof"),
}


@pytest.mark.parametrize(("overrides", "status", "code"), WRONG_PROOFS.values(), ids=WRONG_PROOFS)
def test_a_wrong_proof_is_refused_and_claims_nothing(
    house: House, overrides: dict[str, Any], status: int, code: str
) -> None:
    browser, person = house.browser(house.application()), house.person()
    with nothing_written(house, browser):
        answer = post_json(house, "POST_scan", house.scan_body(person, browser, **overrides))
    assert failure(answer) == (status, code)


def test_after_wrong_proofs_the_right_one_still_counts(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    for overrides, _, _ in WRONG_PROOFS.values():
        post_json(house, "POST_scan", house.scan_body(person, browser, **overrides))
    assert scan(house, person, browser)


def test_the_key_that_asks_for_biometrics_is_not_for_scans(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    with nothing_written(house, browser):
        body = house.scan_body(person, browser, key=person.keys.biometric)
        assert failure(post_json(house, "POST_scan", body)) == (401, "bad_proof")


@pytest.mark.parametrize("skew", [-301, 301])
def test_a_phone_whose_clock_is_wrong_is_told_the_time(house: House, skew: int) -> None:
    browser, person = house.browser(house.application()), house.person()
    now = house.wiring.now
    body = house.scan_body(person, browser, claims={"iat": now + skew, "exp": now + skew + 60})
    with nothing_written(house, browser):
        answer = post_json(house, "POST_scan", body)
    assert failure(answer) == (401, "clock_skew")
    assert answer.json["server_time"] == now


BODIES: dict[str, object] = {
    "a list": [],
    "a string": "token",
    "nothing": None,
    "no proof": {"token": "A" * 26},
    "no token": {"proof": "a.b.c"},
    "one member too many": {"token": "A" * 26, "proof": "a.b.c", "user": "me"},
    "a number as token": {"token": 7, "proof": "a.b.c"},
    "half a character as token": {"token": "\ud800", "proof": "a.b.c"},
    "another alphabet as token": {"token": "é" * 26, "proof": "a.b.c"},
    "a map as proof": {"token": "A" * 26, "proof": {}},
    "two parts as proof": {"token": "A" * 26, "proof": "a.b"},
    "padding in the proof": {"token": "A" * 26, "proof": "e30=.e30=.AA=="},
    "a proof over 8 kB": {"token": "A" * 26, "proof": "A" * 8193},
    "a nested proof": {
        "token": "A" * 26,
        "proof": compact(b"[" * 3000, to_json({}), lambda _: b"\0" * 64),
    },
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_is_no_scan_is_refused(house: House, body: object) -> None:
    with nothing_written(house):
        status, code = failure(post_json(house, "POST_scan", body))
    assert status == 400
    assert code in {"malformed_json", "malformed_body", "malformed_proof"}

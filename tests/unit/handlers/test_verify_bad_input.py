"""A decision that is wrong, foreign or unreadable decides nothing."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from local.phone_simulator.proofs import ABSENT, Decision
from passwordless.model.tokens import digest
from tests.calls import Answer, post_json
from tests.house import ORIGIN, House
from tests.sign_in import scan
from tests.told import failure
from tests.witness import nothing_written

OTHER_KEY = ec.generate_private_key(ec.SECP256R1())


def verify(house: House, body: object) -> Answer:
    return post_json(house, "POST_verify", body)


WRONG_PROOFS: dict[str, tuple[dict[str, Any], int, str]] = {
    "another nonce": ({"claims": {"nonce": "A" * 43}}, 401, "bad_proof"),
    "no nonce": ({"claims": {"nonce": ABSENT}}, 400, "malformed_proof"),
    "another audience": ({"claims": {"aud": f"{ORIGIN}/mobile/scan"}}, 401, "bad_proof"),
    "another origin": ({"claims": {"aud": "https://evil.example.com/mobile/verify"}}, 401, "bad_proof"),
    "another context": ({"claims": {"ctx": digest("{}")}}, 401, "bad_proof"),
    "no context": ({"claims": {"ctx": ABSENT}}, 400, "malformed_proof"),
    "another session": ({"claims": {"sid": "A" * 16}}, 401, "bad_proof"),
    "another device": ({"claims": {"iss": "dev_aaaaaaaaaaaaaaaaaaaa"}}, 401, "bad_proof"),
    "no algorithm": ({"header": {"alg": "none"}}, 401, "bad_proof"),
    "a shared secret's algorithm": ({"header": {"alg": "HS256"}}, 401, "bad_proof"),
    "another curve's algorithm": ({"header": {"alg": "ES384"}}, 401, "bad_proof"),
    "another type": ({"header": {"typ": "qr-scan+jwt"}}, 401, "bad_proof"),
    "an unknown key": ({"key": OTHER_KEY}, 401, "bad_proof"),
    "a key under another's name": ({"sign": lambda _: b"\1" * 64}, 401, "bad_proof"),
    "an unknown decision": ({"claims": {"dec": "maybe"}}, 400, "malformed_proof"),
    "an unknown recognition": ({"claims": {"uv": "iris"}}, 400, "malformed_proof"),
    "a place in numbers": ({"claims": {"loc": {"lat": 1.0, "lon": 2.0}}}, 400, "malformed_proof"),
    "too long a life": ({"claims": {"exp": 1_770_638_202 + 61}}, 401, "bad_proof"),
    "a wrong clock": ({"claims": {"iat": 1_770_630_000, "exp": 1_770_630_060}}, 401, "clock_skew"),
}


@pytest.mark.parametrize(("overrides", "status", "code"), WRONG_PROOFS.values(), ids=WRONG_PROOFS)
def test_a_wrong_approval_is_refused_and_decides_nothing(
    house: House, overrides: dict[str, Any], status: int, code: str
) -> None:
    browser, person = house.browser(house.application()), house.person()
    told = scan(house, person, browser)
    with nothing_written(house, browser):
        answer = verify(house, house.verify_body(person, told, **overrides))
    assert failure(answer) == (status, code)


@pytest.mark.parametrize("case", ["another nonce", "another audience", "another context", "an unknown key"])
@pytest.mark.parametrize("decision", [Decision.DENY, Decision.REPORT])
def test_a_wrong_refusal_is_refused_too(house: House, decision: Decision, case: str) -> None:
    browser, person = house.browser(house.application()), house.person()
    told = scan(house, person, browser)
    with nothing_written(house, browser):
        answer = verify(house, house.verify_body(person, told, decision, **WRONG_PROOFS[case][0]))
    assert failure(answer) == (401, "bad_proof")


def test_after_wrong_proofs_the_right_one_still_counts(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    told = scan(house, person, browser)
    for overrides, _, _ in WRONG_PROOFS.values():
        verify(house, house.verify_body(person, told, **overrides))
    assert verify(house, house.verify_body(person, told)).status == 200


@pytest.mark.parametrize("decision", list(Decision))
def test_each_decision_needs_its_own_key(house: House, decision: Decision) -> None:
    """Only the key that asks for biometrics approves; it signs nothing else, for nobody should be made to use it."""
    browser, person = house.browser(house.application()), house.person()
    told = scan(house, person, browser)
    wrong = person.keys.device if decision is Decision.APPROVE else person.keys.biometric
    with nothing_written(house, browser):
        answer = verify(house, house.verify_body(person, told, decision, key=wrong))
    assert failure(answer) == (401, "bad_proof")


def test_the_body_s_session_is_the_one_that_was_signed(house: House) -> None:
    application, person = house.application(), house.person()
    one, other = house.browser(application), house.browser(application)
    told = scan(house, person, one)
    scan(house, person, other)
    body = house.verify_body(person, told) | {"session_id": other.session.session_id}
    with nothing_written(house, one, other):
        assert failure(verify(house, body)) == (401, "bad_proof")


@pytest.mark.parametrize("session_id", ["A" * 16, "a" * 16, "", "A" * 5000])
def test_an_unknown_session_is_not_found(house: House, session_id: str) -> None:
    person = house.person()
    told = {"session_id": session_id, "nonce": "n", "context": {}}
    body = house.verify_body(person, told, claims={"sid": session_id or "-"})
    with nothing_written(house):
        assert failure(verify(house, body)) in {
            (404, "unknown_session"),
            (401, "bad_proof"),
            (400, "malformed_proof"),
        }


JWS = "a.b.c"


BODIES: dict[str, object] = {
    "nothing": {},
    "no proof": {"session_id": "A" * 16},
    "a bare proof": {"session_id": "A" * 16, "proof": JWS},
    "no type": {"session_id": "A" * 16, "proof": {"jws": JWS}},
    "another type": {"session_id": "A" * 16, "proof": {"type": "password", "jws": JWS}},
    "a list as type": {"session_id": "A" * 16, "proof": {"type": ["device"], "jws": JWS}},
    "one member too many": {"session_id": "A" * 16, "proof": {"type": "device", "jws": JWS, "uv": "face"}},
    "no text as proof": {"session_id": "A" * 16, "proof": {"type": "device", "jws": None}},
    "no JWS": {"session_id": "A" * 16, "proof": {"type": "device", "jws": "hello"}},
    "a list as session": {"session_id": ["A" * 16], "proof": {"type": "device", "jws": JWS}},
    "half a character as session": {"session_id": "\udfff", "proof": {"type": "device", "jws": JWS}},
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_is_no_decision_is_refused(house: House, body: object) -> None:
    with nothing_written(house):
        status, code = failure(verify(house, body))
    assert status == 400
    assert code in {"malformed_json", "malformed_body", "malformed_proof"}

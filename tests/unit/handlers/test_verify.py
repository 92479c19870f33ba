"""A phone's signed decision takes effect once, for the login that this phone scanned."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from local.phone_simulator.proofs import ABSENT, Decision
from passwordless.model.sessions import Status
from passwordless.model.tokens import digest
from tests.acts import revoke
from tests.calls import Answer, post_json
from tests.house import ORIGIN, Browser, House, Person
from tests.parallel import at_once
from tests.sign_in import approve, press_restart, scan, sign_in
from tests.told import failure
from tests.witness import Witness, events_of, nothing_written

OTHER_KEY = ec.generate_private_key(ec.SECP256R1())


def verify(house: House, body: object) -> Answer:
    return post_json(house, "POST_verify", body)


@pytest.mark.parametrize(
    ("decision", "status", "event"),
    [
        (Decision.APPROVE, "approved", "login.approved"),
        (Decision.DENY, "denied", "login.denied"),
        (Decision.REPORT, "denied", "login.reported"),
    ],
)
def test_a_decision_takes_effect_and_leaves_one_event(
    house: House, decision: Decision, status: str, event: str
) -> None:
    browser, person = house.browser(house.application()), house.person()
    told = scan(house, person, browser)

    answer = verify(house, house.verify_body(person, told, decision))

    assert (answer.status, answer.json) == (200, {"status": status})
    stored = house.stored(browser)
    assert stored.status.value == status
    assert stored.decision is not None
    assert (stored.decision.device_id, stored.decision.user_id) == (
        person.device.device_id,
        person.user.user_id,
    )
    (left,) = events_of(house, browser.session.application_id)
    assert (left["type"], left["session_id"]) == (event, browser.session.session_id)


def test_an_approval_is_good_for_two_minutes(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    told = scan(house, person, browser)
    house.clock.forward(100)
    assert verify(house, house.verify_body(person, told)).status == 200
    assert house.stored(browser).expires_at == house.wiring.now + 120


@pytest.mark.parametrize("uv", ["face", "fingerprint", "pin"])
def test_how_the_person_was_recognised_is_kept(house: House, uv: str) -> None:
    browser, person = house.browser(house.application()), house.person()
    verify(house, house.verify_body(person, scan(house, person, browser), uv=uv))
    decision = house.stored(browser).decision
    assert decision is not None
    assert decision.uv == uv


def test_an_approval_without_biometrics_or_pin_is_forbidden(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    told = scan(house, person, browser)
    with nothing_written(house, browser):
        answer = verify(house, house.verify_body(person, told, uv=None))
    assert failure(answer) == (403, "user_verification_required")
    assert verify(house, house.verify_body(person, told)).status == 200


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


def test_a_phone_that_did_not_scan_is_told_to_scan(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    told = {
        "session_id": browser.session.session_id,
        "nonce": "n",
        "context": dict(browser.session.context),
    }
    with nothing_written(house, browser):
        assert failure(verify(house, house.verify_body(person, told))) == (409, "not_scanned")


def test_a_phone_whose_claim_the_browser_dropped_is_told_to_scan(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    told = scan(house, person, browser)
    assert press_restart(house, browser).status == 303
    with nothing_written(house, browser):
        assert failure(verify(house, house.verify_body(person, told))) == (409, "not_scanned")


def test_a_nonce_of_before_the_restart_is_dead(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    old = scan(house, person, browser)
    press_restart(house, browser)
    scan(house, person, browser)
    with nothing_written(house, browser):
        assert failure(verify(house, house.verify_body(person, old))) == (401, "bad_proof")


@pytest.mark.parametrize("wait", [120, 599, 10_000])
def test_a_decision_that_comes_too_late_has_expired(house: House, wait: int) -> None:
    browser, person = house.browser(house.application()), house.person()
    told = scan(house, person, browser)
    house.clock.forward(wait)
    with nothing_written(house, browser):
        assert failure(verify(house, house.verify_body(person, told))) == (410, "session_expired")


@pytest.mark.parametrize("decision", list(Decision))
def test_the_identical_proof_is_answered_with_what_was_recorded(house: House, decision: Decision) -> None:
    browser, person = house.browser(house.application()), house.person()
    body = house.verify_body(person, scan(house, person, browser), decision)
    first = verify(house, body)
    with nothing_written(house, browser):
        again = verify(house, body)
    assert (again.status, again.json) == (first.status, first.json)


def test_the_identical_proof_tells_what_became_of_the_login(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    body = house.verify_body(person, scan(house, person, browser))
    verify(house, body)
    house.clock.forward(130)
    assert verify(house, body).json == {"status": "expired"}


def test_the_identical_proof_sent_by_many_at_once_is_one_decision(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    body = house.verify_body(person, scan(house, person, browser))
    witness = Witness.of(house)

    answers = at_once(lambda _: verify(house, body), range(8))

    assert [(answer.status, answer.json) for answer in answers] == [(200, {"status": "approved"})] * 8
    assert witness.written == ["TransactWriteItems"]


@pytest.mark.parametrize("first", list(Decision))
@pytest.mark.parametrize("second", list(Decision))
def test_a_second_decision_comes_too_late(house: House, first: Decision, second: Decision) -> None:
    browser, person = house.browser(house.application()), house.person()
    told = scan(house, person, browser)
    verify(house, house.verify_body(person, told, first))
    house.clock.forward(1)
    with nothing_written(house, browser):
        answer = verify(house, house.verify_body(person, told, second))
    assert failure(answer) == (409, "already_decided")


def test_approve_and_deny_at_once_have_one_winner(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    told = scan(house, person, browser)
    bodies = [house.verify_body(person, told, decision) for decision in (Decision.APPROVE, Decision.DENY)] * 4

    answers = at_once(lambda body: verify(house, body), bodies)

    winner = house.stored(browser).status
    assert winner in {Status.APPROVED, Status.DENIED}
    assert {answer.json.get("status") for answer in answers if answer.status == 200} == {winner.value}
    assert {failure(answer) for answer in answers if answer.status != 200} == {(409, "already_decided")}
    assert len(events_of(house, browser.session.application_id)) == 1


OVER: Mapping[str, Callable[[House, Person, Browser], object]] = {"approved": approve, "completed": sign_in}


@pytest.mark.parametrize("state", OVER)
def test_a_login_that_is_approved_cannot_be_decided_by_another_phone(house: House, state: str) -> None:
    browser, first, second = house.browser(house.application()), house.person(), house.person()
    told = scan(house, first, browser)
    OVER[state](house, first, browser)
    with nothing_written(house, browser):
        assert failure(verify(house, house.verify_body(second, told))) == (409, "session_claimed")


@pytest.mark.parametrize("decision", list(Decision))
def test_a_phone_that_was_revoked_ends_the_login_it_holds(house: House, decision: Decision) -> None:
    browser, person = house.browser(house.application()), house.person()
    told = scan(house, person, browser)
    revoke(house, person)

    answer = verify(house, house.verify_body(person, told, decision))

    assert failure(answer) == (403, "device_inactive")
    assert (house.stored(browser).status, house.stored(browser).refusal) == (Status.REFUSED, "device")
    (event,) = events_of(house, browser.session.application_id)
    assert (event["type"], event["details"]) == ("login.refused", {"reason": {"S": "device"}})


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

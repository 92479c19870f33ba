"""A phone scans the code: the session is its own from then on, or it is told why not."""

from typing import Any

import pytest

from local.phone_simulator.keys import Keys
from local.phone_simulator.proofs import Decision, build_scan_proof
from passwordless.model.people import DeviceStatus
from passwordless.model.sessions import Status
from passwordless.model.tokens import digest
from passwordless.phone import frames
from tests.calls import post_json
from tests.house import ORIGIN, House, Person
from tests.sign_in import approve, press_restart, scan, sign_in
from tests.told import failure
from tests.witness import nothing_written


def scan_of(house: House, person: Person, token: str, **overrides: Any) -> dict[str, Any]:
    """Return the body of a scan of this token, signed honestly but for the overrides."""
    jws = build_scan_proof(person.keys, person.device.device_id, ORIGIN, token, house.wiring.now, **overrides)
    return {"token": token, "proof": jws}


def test_the_phone_is_told_what_it_is_about(house: House) -> None:
    browser, person = house.browser(house.application(name="Payroll")), house.person()

    answer = post_json(house, "POST_scan", house.scan_body(person, browser))

    told = answer.json
    assert answer.status == 200
    assert told.keys() == {"session_id", "nonce", "context", "context_hash", "step_up"}
    assert told["session_id"] == browser.session.session_id
    assert told["context"] == {
        "application": "Payroll",
        "domain": "acme.auth0.com",
        "browser": "Chrome",
        "os": "Linux",
        "ip": "203.0.113.7",
        "requested_at": "2026-02-09T11:56:42Z",
    }
    assert told["context_hash"] == browser.session.context_hash


def test_the_scan_locks_the_login_to_this_phone_for_two_minutes(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    house.clock.forward(3)

    nonce = scan(house, person, browser)["nonce"]

    stored = house.stored(browser)
    assert (stored.status, stored.expires_at) == (Status.SCANNED, house.wiring.now + 120)
    assert stored.claim is not None
    assert (stored.claim.device_id, stored.claim.user_id) == (person.device.device_id, person.user.user_id)
    assert stored.claim.nonce_hash == digest(nonce)


def test_the_phone_that_holds_the_login_may_scan_again_and_gets_another_nonce(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    first, second = scan(house, person, browser), scan(house, person, browser)

    assert first["nonce"] != second["nonce"]
    assert failure(post_json(house, "POST_verify", house.verify_body(person, first))) == (401, "bad_proof")
    assert post_json(house, "POST_verify", house.verify_body(person, second)).status == 200


@pytest.mark.parametrize("age", [0, 4, 14])
def test_a_code_is_accepted_for_fifteen_seconds(house: House, age: int) -> None:
    browser, person = house.browser(house.application()), house.person()
    token = house.token(browser)
    house.clock.forward(age)
    assert post_json(house, "POST_scan", scan_of(house, person, token)).status == 200


@pytest.mark.parametrize("age", [15, 300, 599, 600, 10_000])
def test_an_old_code_has_expired(house: House, age: int) -> None:
    browser, person = house.browser(house.application()), house.person()
    token = house.token(browser)
    house.clock.forward(age)
    with nothing_written(house, browser):
        answer = post_json(house, "POST_scan", scan_of(house, person, token))
    assert failure(answer) == (410, "code_expired")


def test_the_code_of_a_login_that_is_finished_has_expired(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    sign_in(house, person, browser)
    with nothing_written(house, browser):
        answer = post_json(house, "POST_scan", house.scan_body(person, browser))
    assert failure(answer) == (410, "code_expired")


def test_the_last_code_of_a_login_that_timed_out_has_expired(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    house.clock.forward(599)
    token = house.token(browser)
    house.clock.forward(1)
    with nothing_written(house, browser):
        answer = post_json(house, "POST_scan", scan_of(house, person, token))
    assert failure(answer) == (410, "code_expired")


def test_an_unknown_code_is_refused(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    known = house.token(browser)
    tag = frames.token(browser.session.session_id, b"another key", 0, 0)
    unknown = [
        "A" * 26,
        tag,
        frames.token(browser.session.session_id, browser.session.frame_key, 1, 0),
        frames.token(browser.session.session_id, browser.session.frame_key, 0, 1),
        known.lower(),
        known[:-1],
        known + "A",
        known[:16],
        browser.session.session_id,
        "",
        "x" * 60_000,
    ]
    for token in unknown:
        with nothing_written(house, browser):
            answer = post_json(house, "POST_scan", scan_of(house, person, token))
        assert failure(answer) == (404, "unknown_code"), token


def test_the_code_of_the_former_generation_is_unknown(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    token = house.token(browser)
    assert press_restart(house, browser).status == 303
    with nothing_written(house, browser):
        answer = post_json(house, "POST_scan", scan_of(house, person, token))
    assert failure(answer) == (404, "unknown_code")


@pytest.mark.parametrize("status", [DeviceStatus.PENDING, DeviceStatus.REVOKED])
def test_a_phone_that_is_not_active_cannot_scan(house: House, status: DeviceStatus) -> None:
    browser, person = house.browser(house.application()), house.person(status=status)
    with nothing_written(house, browser):
        answer = post_json(house, "POST_scan", house.scan_body(person, browser))
    assert failure(answer) == (403, "device_inactive")
    assert answer.json["device_status"] == status.value


def test_a_phone_that_was_never_enrolled_cannot_scan(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    stranger = Person(person.user, person.device, Keys.generate())
    with nothing_written(house, browser):
        answer = post_json(house, "POST_scan", house.scan_body(stranger, browser))
    assert failure(answer) == (401, "bad_proof")


def test_a_second_phone_is_told_that_the_first_holds_the_login(house: House) -> None:
    browser, first, second = house.browser(house.application()), house.person(), house.person()
    told = scan(house, first, browser)

    with nothing_written(house, browser):
        answer = post_json(house, "POST_scan", house.scan_body(second, browser))

    assert failure(answer) == (409, "session_claimed")
    assert post_json(house, "POST_verify", house.verify_body(first, told)).status == 200


def test_nobody_scans_a_login_that_is_approved(house: House) -> None:
    browser, first, second = house.browser(house.application()), house.person(), house.person()
    approve(house, first, browser)
    for person in (first, second):
        with nothing_written(house, browser):
            answer = post_json(house, "POST_scan", house.scan_body(person, browser))
        assert failure(answer) == (409, "session_claimed")


@pytest.mark.parametrize("skew", [-300, 300])
def test_a_phone_s_clock_may_be_five_minutes_off(house: House, skew: int) -> None:
    browser, person = house.browser(house.application()), house.person()
    now = house.wiring.now
    body = house.scan_body(person, browser, claims={"iat": now + skew, "exp": now + skew + 60})
    assert post_json(house, "POST_scan", body).status == 200


def test_a_scan_leaves_the_decision_to_the_person(house: House) -> None:
    """A scan can be followed by a refusal: it is no consent."""
    browser, person = house.browser(house.application()), house.person()
    told = scan(house, person, browser)
    answer = post_json(house, "POST_verify", house.verify_body(person, told, Decision.DENY))
    assert answer.json == {"status": "denied"}

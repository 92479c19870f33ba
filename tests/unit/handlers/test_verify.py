"""A phone's signed decision takes effect once, for the login that this phone scanned."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from local.phone_simulator.proofs import Decision
from passwordless.model.sessions import Status
from tests.acts import revoke
from tests.calls import Answer, post_json
from tests.house import Browser, House, Person
from tests.parallel import at_once
from tests.sign_in import approve, press_restart, scan, sign_in
from tests.told import failure
from tests.witness import Witness, events_of, just_before_the_write, nothing_written


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


@pytest.mark.parametrize("first", [Decision.APPROVE, Decision.DENY])
def test_a_decision_that_is_overtaken_by_the_opposite_is_told_so(house: House, first: Decision) -> None:
    browser, person = house.browser(house.application()), house.person()
    told = scan(house, person, browser)
    second = Decision.DENY if first is Decision.APPROVE else Decision.APPROVE
    winner, loser = (house.verify_body(person, told, decision) for decision in (first, second))

    with just_before_the_write(house, lambda: verify(house, winner)):
        answer = verify(house, loser)

    assert failure(answer) == (409, "already_decided")
    assert verify(house, winner).status == 200


def test_approve_and_deny_at_once_have_one_winner(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    told = scan(house, person, browser)
    bodies = [house.verify_body(person, told, decision) for decision in (Decision.APPROVE, Decision.DENY)] * 4

    answers = at_once(lambda body: verify(house, body), bodies)

    winner = house.stored(browser).status
    assert winner in {Status.APPROVED, Status.DENIED}
    won = [answers[0::2], answers[1::2]]
    if winner is Status.DENIED:
        won.reverse()
    assert [(answer.status, answer.json) for answer in won[0]] == [(200, {"status": winner.value})] * 4
    assert {failure(answer) for answer in won[1]} == {(409, "already_decided")}
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


def test_a_random_id_that_met_another_asks_to_try_again_and_changes_nothing(house: House) -> None:
    """Two events of one second under one id: the second approval is not written, and can be sent again."""
    constant = replace(house, wiring=replace(house.wiring, randomness=bytes))
    application = house.application()
    logins = [(house.browser(application), house.person()) for _ in range(2)]
    bodies = [house.verify_body(person, scan(house, person, browser)) for browser, person in logins]
    assert verify(constant, bodies[0]).status == 200

    with nothing_written(house, logins[1][0]):
        assert failure(verify(constant, bodies[1])) == (503, "login_unfinished")
    assert verify(house, bodies[1]).json == {"status": "approved"}

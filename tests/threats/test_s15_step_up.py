"""S15: the step-up code goes to the phone alone, is good for one attempt, and is compared before any signature."""

import json

import pytest

from local.phone_simulator.proofs import Decision
from passwordless.model import step_up
from passwordless.model.sessions import Ending, Status
from passwordless.model.step_up import ALPHABET
from passwordless.model.traces import Outcome
from tests.acts import revoke
from tests.calls import complete, poll_session, post_json
from tests.house import Browser, House, Person
from tests.parallel import at_once
from tests.sign_in import open_page
from tests.told import response, status_codes
from tests.two_places import ELSEWHERE, approve_from, scan_from, stepped_up
from tests.witness import Witness, events_of, just_before_the_write, nothing_written, rows


def another(code: str) -> str:
    """Return a code that differs in its last letter."""
    return code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % len(ALPHABET)]


def a_login(house: House) -> tuple[Browser, Person, str]:
    """Return a login that waits for a code, whose login it is, and the code."""
    browser, person = house.browser(house.application()), house.person()
    return browser, person, stepped_up(house, person, browser)


def test_the_right_code_finishes_the_login(house: House) -> None:
    browser, _, code = a_login(house)
    assert status_codes(response(complete(house, browser, code=code.lower()))) == ["Success"]
    assert house.stored(browser).status is Status.COMPLETED


def test_the_code_is_told_to_the_phone_and_nowhere_else(house: House) -> None:
    browser, _, code = a_login(house)
    shown = (
        poll_session(house, browser).body + open_page(house, browser.session.session_id, browser.cookies).body
    )
    assert code not in shown
    assert not [row for row in rows(house) if code in row]


def test_the_page_asks_for_the_code_and_so_does_the_poll(house: House) -> None:
    browser, _, _ = a_login(house)
    told = poll_session(house, browser).json
    assert (told["status"], told["code_required"]) == ("approved", True)
    assert told["next_poll_ms"] >= 4500
    page = open_page(house, browser.session.session_id, browser.cookies).body
    assert 'data-status="code"' in page


@pytest.mark.parametrize("decision", [Decision.DENY, Decision.REPORT])
def test_no_other_decision_is_answered_with_a_code(house: House, decision: Decision) -> None:
    browser, person = house.browser(house.application()), house.person()
    told = scan_from(house, person, browser, ELSEWHERE)
    answer = post_json(house, "POST_verify", house.verify_body(person, told, decision), ip=ELSEWHERE)
    assert answer.json == {"status": "denied"}


def test_a_forged_approval_is_answered_without_a_code(house: House) -> None:
    browser, person, mallory = house.browser(house.application()), house.person(), house.person()
    told = scan_from(house, person, browser, ELSEWHERE)
    body = house.verify_body(person, told, key=mallory.keys.biometric)
    answer = post_json(house, "POST_verify", body, ip=ELSEWHERE)
    assert (answer.status, "code" in answer.json and len(answer.json["code"]) == 6) == (401, False)


def test_a_lost_answer_is_repeated_with_the_same_code(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    body = house.verify_body(person, scan_from(house, person, browser, ELSEWHERE))
    answers = at_once(lambda _: post_json(house, "POST_verify", body, ip=ELSEWHERE), range(8))
    assert {answer.body for answer in answers} == {answers[0].body}
    assert len(answers[0].json["code"]) == 6


def test_a_wrong_code_ends_the_login_unsigned_and_says_so(house: House) -> None:
    browser, _, code = a_login(house)
    witness = Witness.of(house)

    answer = complete(house, browser, code=another(code))

    assert (answer.status, answer.headers["location"]) == (303, f"/login/{browser.session.session_id}")
    assert (house.stored(browser).status, house.stored(browser).refusal) == (Status.REFUSED, "code")
    assert "The code was wrong" in open_page(house, browser.session.session_id, browser.cookies).body
    assert witness.signatures == 0
    refused = [e for e in events_of(house, browser.session.application_id) if e["type"] == "login.refused"]
    assert [event["details"] for event in refused] == [{"reason": {"S": "code"}}]


def test_an_administrator_is_told_that_the_code_was_wrong(house: House) -> None:
    browser, _, code = a_login(house)
    complete(house, browser, code=another(code))
    complete(house, browser)
    trace = house.wiring.stores.traces.get(
        "acme", browser.session.application_id, browser.session.correlation_id
    )
    assert trace is not None
    assert trace.outcome is Outcome.REFUSED
    assert trace.checks[-1].name == "code"
    assert code not in str(trace)


def test_a_phone_that_is_revoked_while_the_code_is_typed_ends_the_login(house: House) -> None:
    browser, person, code = a_login(house)
    revoke(house, person)
    witness = Witness.of(house)
    assert complete(house, browser, code=code).status == 303
    assert (house.stored(browser).refusal, witness.signatures) == ("device", 0)


def test_after_a_wrong_code_the_right_one_comes_too_late(house: House) -> None:
    browser, _, code = a_login(house)
    complete(house, browser, code=another(code))
    assert status_codes(response(complete(house, browser, code=code))) == ["Responder", "RequestDenied"]


@pytest.mark.parametrize("typed", [None, "", "BCDFG", "AEIOUY", "123456", "BCDFGHJK", "\x00"])
def test_what_can_be_no_code_is_no_attempt(house: House, typed: str | None) -> None:
    browser, _, code = a_login(house)
    witness = Witness.of(house)
    with nothing_written(house, browser):
        answer = complete(house, browser, code=typed)
    assert (answer.status, witness.signatures) == (303, 0)
    assert complete(house, browser, code=code).status == 200


def test_a_code_that_came_too_late_finishes_nothing(house: House) -> None:
    browser, _, code = a_login(house)
    house.clock.forward(120)
    assert status_codes(response(complete(house, browser, code=code))) == ["Responder", "AuthnFailed"]


def test_the_code_of_one_login_does_not_finish_another(house: House) -> None:
    (browser, _, _), (_, _, other_code) = a_login(house), a_login(house)
    assert complete(house, browser, code=other_code).status == 303
    assert house.stored(browser).status is Status.REFUSED


def test_a_hundred_guesses_at_once_with_the_right_one_among_them_are_one_attempt(house: House) -> None:
    browser, _, code = a_login(house)
    wrong = another(code)
    guesses = [wrong] * 50 + [code] + [wrong] * 49
    witness = Witness.of(house)

    answers = at_once(lambda guess: complete(house, browser, code=guess), guesses)

    stored = house.stored(browser)
    outcome = json.dumps(events_of(house, browser.session.application_id), default=repr)
    assert stored.code_spent
    assert outcome.count("login.completed") + outcome.count("login.refused") == 1
    if stored.status is Status.COMPLETED:
        assert witness.signatures == 2 * sum(answer.status == 200 for answer in answers)
    else:
        assert (stored.status, stored.refusal) == (Status.REFUSED, "code")
        assert witness.written.count("UpdateItem") >= 1
        assert outcome.count("login.completed") == 0


def test_of_a_hundred_who_spend_the_attempt_at_once_one_may_compare(house: House) -> None:
    browser, _, _ = a_login(house)
    session, sessions = house.stored(browser), house.wiring.stores.sessions
    spent = at_once(lambda guess: sessions.spend_code(session, f"{guess}", house.wiring.now), range(100))
    assert spent.count(True) == 1


def test_an_attempt_whose_answer_was_lost_can_be_made_again_and_no_other(house: House) -> None:
    for typed_first, expected in ((True, ["Success"]), (False, ["Responder", "RequestDenied"])):
        browser, person, code = a_login(house)
        first = code if typed_first else another(code)
        attempt = step_up.code_hash(person.user, browser.session.session_id, first)
        assert house.wiring.stores.sessions.spend_code(house.stored(browser), attempt, house.wiring.now)

        complete(house, browser, code=another(first))
        assert house.stored(browser).status is Status.APPROVED
        complete(house, browser, code=first)
        assert status_codes(response(complete(house, browser))) == expected


def test_the_write_that_completes_demands_that_the_code_was_typed(house: House) -> None:
    """Whatever comes before it in the code."""
    browser, _, _ = a_login(house)
    session, sessions = house.stored(browser), house.wiring.stores.sessions
    assert session.decision is not None
    part = sessions.completing(session, Ending("_r", "_a", "_i", house.wiring.now), house.wiring.now)
    assert house.wiring.stores.commit(part) == {0}


def test_a_repeated_answer_needs_no_second_code(house: House) -> None:
    """S22: the same browser gets the same bytes for a minute."""
    browser, _, code = a_login(house)
    first = complete(house, browser, code=code).field("SAMLResponse")
    assert complete(house, browser).field("SAMLResponse") == first


def test_a_double_click_gets_the_same_answer_twice(house: House) -> None:
    browser, _, code = a_login(house)
    firsts: list[str] = []

    def first() -> None:
        firsts.append(complete(house, browser, code=code).field("SAMLResponse"))

    with just_before_the_write(house, first, "UpdateItem"):
        second = complete(house, browser, code=code).field("SAMLResponse")
    assert [second] == firsts


def test_the_phone_is_told_at_the_scan_that_a_code_is_to_be_expected(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    assert scan_from(house, person, browser, ELSEWHERE)["step_up"] is True


def test_the_event_says_that_a_code_was_needed_and_why(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    approve_from(house, person, browser, loc={"lat": "52.5", "lon": "13.4"})
    (left,) = events_of(house, browser.session.application_id)
    assert left["details"]["risk"] == {"S": "step_up"}
    assert left["details"]["signals"] == {"S": "other_network unknown_browser"}
    assert "52.5" not in str(left)

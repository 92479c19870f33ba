"""“Not my phone? Start over”: the same login, another code, no claim."""

import pytest

from functions.sso import handler as sso
from local.phone_simulator.proofs import Decision
from passwordless.model.sessions import Status
from tests.calls import Answer, call, cookie_lines, poll_session, post_json
from tests.house import House
from tests.logins import STATES, strangers
from tests.sign_in import approve, press_restart, scan, sign_in
from tests.told import apart_from_its_reference, failure
from tests.witness import nothing_written

OWN_PAGE = {"sec-fetch-site": "same-origin"}


@pytest.mark.parametrize("state", ["pending", "scanned"])
def test_the_login_starts_over_with_another_code(house: House, state: str) -> None:
    browser, person = house.browser(house.application()), house.person()
    old = poll_session(house, browser, rawQueryString="").json["qr_svg"]
    if state == "scanned":
        scan(house, person, browser)

    answer = press_restart(house, browser)

    assert (answer.status, answer.headers["location"]) == (303, f"/login/{browser.session.session_id}")
    told = poll_session(house, browser, rawQueryString="").json
    assert (told["status"], told["frame"]) == ("pending", 0)
    assert told["qr_svg"] != old


def test_the_claim_and_its_short_life_are_gone(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    scan(house, person, browser)
    house.clock.forward(10)

    press_restart(house, browser)

    stored = house.stored(browser)
    assert (stored.status, stored.claim, stored.generation) == (Status.PENDING, None, 1)
    assert (stored.generation_at, stored.expires_at) == (house.wiring.now, browser.session.expires_at)


def test_another_phone_can_take_over(house: House) -> None:
    browser, stranger, person = house.browser(house.application()), house.person(), house.person()
    scan(house, stranger, browser)
    press_restart(house, browser)
    assert sign_in(house, person, browser).status == 200


def test_what_the_first_phone_signs_then_counts_for_nothing(house: House) -> None:
    browser, stranger, person = house.browser(house.application()), house.person(), house.person()
    old = scan(house, stranger, browser)
    press_restart(house, browser)
    told = scan(house, person, browser)
    for decision in Decision:
        with nothing_written(house, browser):
            answer = post_json(house, "POST_verify", house.verify_body(stranger, old, decision))
        assert failure(answer) == (409, "session_claimed")
    assert post_json(house, "POST_verify", house.verify_body(person, told)).status == 200


def test_it_can_be_started_over_many_times(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    for _ in range(3):
        scan(house, person, browser)
        assert press_restart(house, browser).status == 303
    assert house.stored(browser).generation == 3


@pytest.mark.parametrize("state", ["approved", "completed", "denied", "expired"])
def test_a_login_that_is_decided_or_over_cannot_be_started_over(house: House, state: str) -> None:
    browser, person = house.browser(house.application()), house.person()
    STATES[state](house, person, browser)
    with nothing_written(house, browser):
        assert failure(press_restart(house, browser)) == (409, "not_restartable")


def test_a_scan_that_timed_out_cannot_be_started_over(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    scan(house, person, browser)
    house.clock.forward(120)
    with nothing_written(house, browser):
        assert failure(press_restart(house, browser)) == (409, "not_restartable")


def post(house: House, session_id: str, cookies: dict[str, str]) -> Answer:
    path, lines = {"session_id": session_id}, cookie_lines(cookies)
    return call(house, sso.handler, "POST_restart", pathParameters=path, cookies=lines, headers=OWN_PAGE)


def test_starting_over_without_the_right_cookie_is_answered_as_for_an_unknown_login(house: House) -> None:
    application, person = house.application(), house.person()
    browser, other = house.browser(application), house.browser(application)
    scan(house, person, browser)

    with nothing_written(house, browser):
        answers = {case: post(house, *stranger) for case, stranger in strangers(browser, other).items()}

    assert {case: failure(answer) for case, answer in answers.items()} == dict.fromkeys(
        answers, (404, "unknown_session")
    )
    assert len({str(apart_from_its_reference(answer)) for answer in answers.values()}) == 1


def test_the_claim_is_kept_when_the_other_tab_s_login_starts_over(house: House) -> None:
    application, person = house.application(), house.person()
    one, other = house.browser(application), house.browser(application)
    approve(house, person, one)
    press_restart(house, other, cookies=one.cookies | other.cookies)
    assert house.stored(one).status is Status.APPROVED

"""S15: a passkey's approval is weighed as an app's is, and needs a code or is stopped for the same reasons."""

from typing import Any

import pytest

from passwordless.login.reported import reporting
from passwordless.model.sessions import Status
from passwordless.model.tokens import base64url, from_base64url
from passwordless.phone.frames import Motion
from tests.calls import complete, cookie_lines, poll_session, post_json
from tests.house import Browser, House
from tests.passkeys import Owner, approval, approve, open_code, owner
from tests.sign_in import arrive
from tests.told import failure, response, status_codes
from tests.two_places import BLOCK, ELSEWHERE, NEXT_DOOR, OFF
from tests.witness import events_of, nothing_written

BY_LINK: dict[str, dict[str, str]] = {
    "a page of ours in another browser": {"sec-fetch-site": "same-origin"},
    "a browser that does not say": {},
}


def signals(house: House, browser: Browser) -> str:
    """Return what was seen of a login that was decided."""
    (left,) = events_of(house, browser.session.application_id)
    return str(left["details"]["signals"]["S"])


def approve_opened(house: House, person: Owner, told: dict[str, Any], ip: str = NEXT_DOOR) -> Any:
    answer = post_json(house, "POST_verify", approval(told, person.authenticator), ip=ip)
    assert answer.status == 200, answer.body
    return answer.json


def test_a_passkey_in_another_network_gets_a_code_without_which_the_login_does_not_end(house: House) -> None:
    browser, person = house.browser(house.application()), owner(house)

    answer = approve(house, person, browser, ip=ELSEWHERE)

    assert answer.json.keys() == {"status", "code"}
    assert poll_session(house, browser).json["code_required"] is True
    assert complete(house, browser).status == 303
    assert house.stored(browser).status is Status.APPROVED
    assert status_codes(response(complete(house, browser, code=answer.json["code"]))) == ["Success"]


def test_a_wrong_code_ends_the_login(house: House) -> None:
    browser, person = house.browser(house.application()), owner(house)
    code = approve(house, person, browser, ip=ELSEWHERE).json["code"]
    complete(house, browser, code=code[::-1] if code != code[::-1] else "BCDFGH")
    assert (house.stored(browser).status, house.stored(browser).refusal) == (Status.REFUSED, "code")


def test_the_identical_assertion_is_told_the_same_code(house: House) -> None:
    browser, person = house.browser(house.application()), owner(house)
    body = approval(open_code(house, browser), person.authenticator)
    first = post_json(house, "POST_verify", body, ip=ELSEWHERE)
    with nothing_written(house, browser):
        assert post_json(house, "POST_verify", body, ip=ELSEWHERE).json == first.json


def test_a_passkey_beside_the_browser_needs_no_code(house: House) -> None:
    browser, person = house.browser(house.application()), owner(house)
    assert approve(house, person, browser, ip=NEXT_DOOR).json == {"status": "approved"}
    assert signals(house, browser) == "unknown_browser"


@pytest.mark.parametrize("case", BY_LINK)
def test_s12_a_code_that_came_by_a_link_needs_a_code_whatever_the_policy_says(
    house: House, case: str
) -> None:
    browser, person = house.browser(house.application(policy=OFF)), owner(house)
    told = approve_opened(house, person, open_code(house, browser, headers=BY_LINK[case]))
    assert len(told["code"]) == 6
    assert signals(house, browser) == "unknown_browser link"


def test_s12_the_link_of_the_login_page_needs_no_code_in_the_same_browser(house: House) -> None:
    browser, person = house.browser(house.application()), owner(house)
    told = open_code(
        house, browser, headers={"sec-fetch-site": "same-origin"}, cookies=cookie_lines(browser.cookies)
    )
    assert approve_opened(house, person, told) == {"status": "approved"}


def test_a_code_that_is_held_still_opens_and_weighs_more(house: House) -> None:
    browser, person = house.browser(house.application()), owner(house)
    approve_opened(house, person, open_code(house, browser, Motion.STILL))
    assert signals(house, browser) == "unknown_browser held_still"


@pytest.mark.parametrize(("age", "seen"), [(11, "unknown_browser"), (12, "unknown_browser old_frame")])
def test_it_counts_how_old_the_code_was_when_it_was_opened(house: House, age: int, seen: str) -> None:
    """However long the person then looks at the page."""
    browser, person = house.browser(house.application()), owner(house)
    token = house.token(browser)
    house.clock.forward(age)
    told = open_code(house, browser, pathParameters={"token": token})
    house.clock.forward(60)
    approve_opened(house, person, told)
    assert signals(house, browser) == seen


@pytest.mark.parametrize("place", [8, 9])
def test_what_a_ticket_says_of_how_it_was_come_by_cannot_be_changed(house: House, place: int) -> None:
    browser, person = house.browser(house.application()), owner(house)
    token = house.token(browser)
    house.clock.forward(12)
    told = open_code(
        house, browser, pathParameters={"token": token}, headers=BY_LINK["a browser that does not say"]
    )
    said = bytearray(from_base64url(told["ticket"]))
    assert said[place] != 0
    said[place] = 0
    forged = {**told, "ticket": base64url(bytes(said))}
    with nothing_written(house, browser):
        answer = post_json(house, "POST_verify", approval(forged, person.authenticator))
    assert failure(answer) == (401, "bad_proof")


def test_s16_a_suspicious_approval_ends_the_login_where_the_policy_blocks(house: House) -> None:
    browser, person = house.browser(house.application(policy=BLOCK)), owner(house)
    assert failure(approve(house, person, browser, ip=ELSEWHERE)) == (403, "login_blocked")
    assert (house.stored(browser).status, house.stored(browser).refusal) == (Status.REFUSED, "risk")


def test_s18_an_address_that_was_reported_stops_a_passkey_too(house: House) -> None:
    browser, person = arrive(house, house.application()), owner(house)
    block(house, person, browser)
    assert failure(approve(house, person, browser)) == (403, "address_reported")
    assert (house.stored(browser).status, house.stored(browser).refusal) == (Status.REFUSED, "reported")


def block(house: House, person: Owner, browser: Browser) -> None:
    """Report the browser's address by another phone of the person, which has the app."""
    assert not house.wiring.stores.commit(*reporting(house.wiring, browser.session, person.user.user_id))

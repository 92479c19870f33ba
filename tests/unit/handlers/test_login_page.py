"""The login page: for the browser that began the login and for nobody else."""

import re

import pytest

from tests.calls import complete
from tests.house import House
from tests.logins import STATES, strangers
from tests.sign_in import approve, arrive, open_page, sign_in
from tests.told import apart_from_its_reference, failure
from tests.witness import Witness, nothing_written


def state_of(body: str) -> str:
    shown = re.search(r'<main [^>]*data-status="([a-z]+)"', body)
    assert shown, body
    return shown[1]


def test_a_pending_login_shows_a_code_and_what_it_is_for(house: House) -> None:
    browser = house.browser(house.application(name="Payroll"))

    page = open_page(house, browser.session.session_id, browser.cookies)

    assert (page.status, state_of(page.body)) == (200, "pending")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 41 41"' in page.body
    assert "Payroll" in page.body
    assert "acme.auth0.com" in page.body


def test_the_page_is_kept_nowhere_and_framed_by_nobody(house: House) -> None:
    browser = house.browser(house.application())

    headers = open_page(house, browser.session.session_id, browser.cookies).headers

    assert headers["cache-control"] == "no-store, no-cache"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    policy = headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(
        policy
    )


def test_the_page_says_nothing_of_a_person_before_the_end(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    approve(house, person, browser)

    page = open_page(house, browser.session.session_id, browser.cookies)

    assert person.user.email not in page.body
    assert "Ada" not in page.body


def test_the_page_holds_neither_the_secret_nor_the_key_of_the_codes(house: House) -> None:
    browser = house.browser(house.application())
    page = open_page(house, browser.session.session_id, browser.cookies)
    for secret in (browser.cookie, browser.session.cookie_hash, browser.session.frame_key.hex()):
        assert secret not in page.body


@pytest.mark.parametrize("state", STATES)
def test_a_reload_shows_how_the_login_stands_and_no_code(house: House, state: str) -> None:
    browser, person = house.browser(house.application()), house.person()
    STATES[state](house, person, browser)

    with nothing_written(house, browser):
        page = open_page(house, browser.session.session_id, browser.cookies)

    assert (page.status, state_of(page.body)) == (200, state)
    assert 'viewBox="0 0 41 41"' not in page.body


def test_opening_the_page_reads_one_row_and_writes_nothing(house: House) -> None:
    browser, witness = house.browser(house.application()), Witness.of(house)
    open_page(house, browser.session.session_id, browser.cookies)
    assert witness.called == ["GetItem"]


def test_two_tabs_have_their_own_logins(house: House) -> None:
    application = house.application()
    one, other = arrive(house, application), arrive(house, application)
    cookies = one.cookies | other.cookies

    pages = [open_page(house, login.session.session_id, cookies) for login in (one, other)]

    assert [page.status for page in pages] == [200, 200]
    assert one.session.session_id in pages[0].body
    assert other.session.session_id in pages[1].body


def test_whoever_lacks_the_cookie_is_told_the_same_as_for_an_unknown_login(house: House) -> None:
    application = house.application()
    browser, other = house.browser(application), house.browser(application)

    with nothing_written(house, browser):
        answers = {
            case: open_page(house, session_id, cookies)
            for case, (session_id, cookies) in strangers(browser, other).items()
        }

    assert {case: failure(answer) for case, answer in answers.items()} == dict.fromkeys(
        answers, (404, "unknown_session")
    )
    alike = {str(apart_from_its_reference(answer)) for answer in answers.values()}
    assert len(alike) == 1


def test_a_finished_login_stays_open_to_its_browser_only(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    sign_in(house, person, browser)
    assert open_page(house, browser.session.session_id, browser.cookies).status == 200
    assert failure(open_page(house, browser.session.session_id, {})) == (404, "unknown_session")
    assert failure(complete(house, browser, cookies={})) == (404, "unknown_session")

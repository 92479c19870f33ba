"""S54: whoever looks at a code with a plain camera changes nothing, and sees no address and nobody's name."""

import html

import pytest

from passwordless.model.sessions import Status
from tests.enrolments import fresh_email, invited, token_of
from tests.house import House
from tests.passkeys import asked, open_invite
from tests.sign_in import approve, arrive, look, scan
from tests.told import failure
from tests.witness import nothing_written

ANSWERS = {"pending": 200, "scanned": 409, "approved": 409}


@pytest.mark.parametrize("state", ANSWERS)
def test_a_look_changes_nothing(house: House, state: str) -> None:
    browser, person = arrive(house, house.application()), house.person()
    token = house.token(browser)
    if state != "pending":
        (scan if state == "scanned" else approve)(house, person, browser)
    with nothing_written(house, browser):
        answers = [look(house, "GET_code", token) for _ in range(3)]
    assert [answer.status for answer in answers] == [ANSWERS[state]] * 3


def test_a_look_claims_nothing_so_that_a_phone_may_still_scan(house: House) -> None:
    browser, person = arrive(house, house.application()), house.person()
    look(house, "GET_code", house.token(browser))
    assert scan(house, person, browser)["session_id"] == browser.session.session_id


def test_a_look_at_an_invite_changes_nothing(house: House) -> None:
    invitation = invited(house)
    with nothing_written(house):
        assert look(house, "GET_invite", token_of(invitation)).status == 200
    assert house.wiring.stores.enrollments.get(invitation.enrollment.enrollment_id) == invitation.enrollment


def test_a_look_shows_what_the_app_would_show_but_no_address(house: House) -> None:
    browser = arrive(house, house.application(name="Payroll"))
    page = look(house, "GET_code", house.token(browser))
    shown = dict(browser.session.context)
    address = shown.pop("ip")
    assert asked(page)["context"] == shown
    assert address not in html.unescape(page.body)
    assert asked(page).keys() == {"session_id", "context", "ticket", "challenge", "rp_id"}


def test_a_look_shows_no_secret_of_the_browser_or_of_the_session(house: House) -> None:
    browser = arrive(house, house.application())
    page = look(house, "GET_code", house.token(browser))
    for private in (browser.cookie, browser.session.cookie_hash, browser.session.correlation_id):
        assert private not in page.body


def test_a_look_at_an_invite_names_nobody(house: House) -> None:
    email = fresh_email()
    page = look(house, "GET_invite", token_of(invited(house, email=email)))
    for private in (email, email.partition("@")[0], "usr_", "enr_"):
        assert private not in html.unescape(page.body)


def test_a_user_has_one_handle_that_is_neither_an_id_nor_an_address(house: House) -> None:
    email = fresh_email()
    first, second, other = (
        open_invite(house, token_of(invited(house, email=address)))["options"]["user"]
        for address in (email, email, fresh_email())
    )
    assert first == second
    assert first["id"] != other["id"]
    assert len(first["id"]) == 43


def test_a_look_gives_no_cookie(house: House) -> None:
    assert look(house, "GET_code", house.token(arrive(house, house.application()))).cookies == ()


@pytest.mark.parametrize("token", ["A" * 26, "A" * 16, "A", "é", "..", "A" * 4000])
def test_an_unknown_code_is_unknown(house: House, token: str) -> None:
    answer = look(house, "GET_code", token)
    assert failure(answer) == (404, "unknown_code")
    assert "data-asked" not in answer.body


def test_a_forged_frame_of_a_known_login_looks_like_an_unknown_code(house: House) -> None:
    browser = arrive(house, house.application())
    assert failure(look(house, "GET_code", browser.session.session_id + "A" * 10)) == (404, "unknown_code")


@pytest.mark.parametrize("seconds", [15, 300, 600])
def test_a_code_that_was_printed_or_sent_is_dead_after_fifteen_seconds(house: House, seconds: int) -> None:
    browser = arrive(house, house.application())
    token = house.token(browser)
    house.clock.forward(seconds)
    answer = look(house, "GET_code", token)
    assert failure(answer) == (410, "code_expired")
    assert "data-asked" not in answer.body


def test_a_login_that_another_phone_holds_is_told_as_taken(house: House) -> None:
    browser, person = arrive(house, house.application()), house.person()
    token = house.token(browser)
    scan(house, person, browser)
    assert failure(look(house, "GET_code", token)) == (409, "session_claimed")
    assert house.stored(browser).status is Status.SCANNED

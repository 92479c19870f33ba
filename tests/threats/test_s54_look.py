"""S54: whoever looks at a code with a plain camera learns nothing and changes nothing."""

import pytest

from tests.enrolments import invited, token_of
from tests.house import House
from tests.sign_in import approve, arrive, look, scan
from tests.witness import Witness, nothing_written


@pytest.mark.parametrize("state", ["pending", "scanned", "approved"])
def test_a_look_changes_nothing(house: House, state: str) -> None:
    browser, person = arrive(house, house.application()), house.person()
    token = house.token(browser)
    if state != "pending":
        (scan if state == "scanned" else approve)(house, person, browser)
    with nothing_written(house, browser):
        answers = [look(house, "GET_code", token) for _ in range(3)]
    assert [answer.status for answer in answers] == [200] * 3


def test_a_look_at_an_invite_changes_nothing(house: House) -> None:
    invitation = invited(house)
    with nothing_written(house):
        assert look(house, "GET_invite", token_of(invitation)).status == 200
    assert house.wiring.stores.enrollments.get(invitation.enrollment.enrollment_id) == invitation.enrollment


def test_a_look_shows_neither_an_address_nor_whose_login_it_is(house: House) -> None:
    browser = arrive(house, house.application(name="Payroll"))
    page = look(house, "GET_code", house.token(browser))
    for private in (browser.session.context["ip"], "Payroll", browser.session.session_id, browser.cookie):
        assert private not in page.body


def test_a_look_gives_no_cookie(house: House) -> None:
    assert look(house, "GET_code", house.token(arrive(house, house.application()))).cookies == ()


def test_a_known_and_an_unknown_code_look_alike(house: House) -> None:
    known = look(house, "GET_code", house.token(arrive(house, house.application())))
    assert known == look(house, "GET_code", "A" * 26)


def test_a_look_reads_no_row(house: House) -> None:
    token, witness = house.token(arrive(house, house.application())), Witness.of(house)
    look(house, "GET_code", token)
    assert witness.called == []

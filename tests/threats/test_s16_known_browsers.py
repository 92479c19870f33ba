"""S16: risk is computed when the phone approves; a known browser helps its own user, and a claim helps nobody."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from passwordless.model.applications import Application
from passwordless.model.known_browsers import LIFETIME
from passwordless.model.policies import Policy
from passwordless.web import KNOWN_COOKIE
from tests.acts import disable
from tests.calls import Answer, complete, post_json
from tests.house import Browser, House, Person
from tests.sign_in import arrive, new_cookies, open_page, sign_in
from tests.two_places import BLOCK, ELSEWHERE, NEXT_DOOR, OFF, approve_from, scan_from, stepped_up
from tests.witness import Witness, nothing_written, rows


def known_after(house: House, application: Application, person: Person) -> dict[str, str]:
    """Sign in beside the browser and return the cookie by which it is known."""
    kept = new_cookies(sign_in(house, person, arrive(house, application)))
    return {KNOWN_COOKIE: kept[KNOWN_COOKIE]}


def needs_code(house: House, person: Person, browser: Browser, cookies: Mapping[str, str]) -> bool:
    """Open the login page with a cookie, approve from elsewhere, and tell whether a code is asked for."""
    page = open_page(house, browser.session.session_id, {**browser.cookies, **cookies})
    assert page.status == 200
    answer = approve_from(house, person, browser)
    assert answer.status == 200, answer.body
    return "code" in answer.json


def test_a_browser_in_which_the_user_signed_in_before_is_spared_the_code(house: House) -> None:
    application, person = house.application(), house.person()
    cookies = known_after(house, application, person)
    assert not needs_code(house, person, arrive(house, application), cookies)


def test_the_cookie_of_one_user_does_not_help_a_login_that_another_approves(house: House) -> None:
    """An attacker who has an account of his own relays his code to a colleague."""
    application, mallory, victim = house.application(), house.person(), house.person()
    cookies = known_after(house, application, mallory)
    assert needs_code(house, victim, arrive(house, application), cookies)
    assert not needs_code(house, mallory, arrive(house, application), cookies)


def test_the_cookie_of_one_tenant_does_not_help_in_another(house: House) -> None:
    cookies = known_after(house, house.application(), house.person())
    assert needs_code(house, house.person("globex"), arrive(house, house.application("globex")), cookies)


def test_a_known_browser_is_known_at_every_application_of_the_tenant(house: House) -> None:
    person = house.person()
    cookies = known_after(house, house.application(), person)
    assert not needs_code(house, person, arrive(house, house.application()), cookies)


def test_it_is_forgotten_after_ninety_days(house: House) -> None:
    application, person = house.application(), house.person()
    cookies = known_after(house, application, person)
    house.clock.forward(LIFETIME)
    assert needs_code(house, person, arrive(house, application), cookies)


FORGED = {
    "nothing": "",
    "garbage": "\x00é",
    "of the right form": f"1770638202.{'A' * 22}.{'A' * 43}",
    "very long": "9" * 8000,
    "a list": "1.2.3.4.5",
}


@pytest.mark.parametrize("value", FORGED.values(), ids=FORGED)
def test_what_a_browser_makes_up_lowers_nothing(house: House, value: str) -> None:
    application, person = house.application(), house.person()
    assert needs_code(house, person, arrive(house, application), {KNOWN_COOKIE: value})


def test_the_cookie_is_closed_to_scripts_and_other_hosts_and_is_in_no_table(house: House) -> None:
    application, person = house.application(), house.person()
    browser = arrive(house, application)
    answer = sign_in(house, person, browser)
    (line,) = [line for line in answer.cookies if line.startswith(f"{KNOWN_COOKIE}=")]
    pair, *attributes = line.split("; ")
    assert sorted(attributes) == ["HttpOnly", f"Max-Age={LIFETIME}", "Path=/", "SameSite=Lax", "Secure"]
    value = pair.partition("=")[2]
    open_page(house, arrive(house, application).session.session_id, {})
    again = arrive(house, application)
    open_page(house, again.session.session_id, {**again.cookies, KNOWN_COOKIE: value})
    assert house.stored(again).known_browser is not None
    assert not [row for row in rows(house) if value in row or value.rpartition(".")[2] in row]


def test_a_login_that_came_to_nothing_makes_no_browser_known(house: House) -> None:
    application, person = house.application(), house.person()
    browser = arrive(house, application)
    stepped_up(house, person, browser)
    disable(house, person)
    assert new_cookies(complete(house, browser)) == {}


def test_an_application_that_does_not_weigh_sets_no_cookie(house: House) -> None:
    application, person = house.application(policy=OFF), house.person()
    assert KNOWN_COOKIE not in new_cookies(sign_in(house, person, arrive(house, application)))


def test_a_stranger_s_page_remembers_nothing(house: House) -> None:
    """The page is the session's own browser's; nobody else can have a cookie noted."""
    application, person = house.application(), house.person()
    cookies, browser = known_after(house, application, person), arrive(house, application)
    with nothing_written(house, browser):
        assert open_page(house, browser.session.session_id, cookies).status == 404


def test_a_page_that_is_opened_again_writes_nothing_more(house: House) -> None:
    application, person = house.application(), house.person()
    cookies, browser = known_after(house, application, person), arrive(house, application)
    held = {**browser.cookies, **cookies}
    open_page(house, browser.session.session_id, held)
    witness = Witness.of(house)
    open_page(house, browser.session.session_id, held)
    assert witness.written == []


def test_risk_is_computed_when_the_phone_approves_not_when_it_scans(house: House) -> None:
    """A phone that scanned beside the browser and approves from elsewhere is elsewhere."""
    browser, person = house.browser(house.application()), house.person()
    told = scan_from(house, person, browser, NEXT_DOOR)
    assert told["step_up"] is False
    assert "code" in verify_from(house, person, told, ELSEWHERE).json


def test_a_policy_that_became_stricter_meanwhile_holds(house: House) -> None:
    application, person = house.application(policy=OFF), house.person()
    browser = house.browser(application)
    told = scan_from(house, person, browser, ELSEWHERE)
    set_policy(house, application, BLOCK)
    answer = verify_from(house, person, told, ELSEWHERE)
    assert (answer.status, answer.code) == (403, "login_blocked")


def verify_from(house: House, person: Person, told: dict[str, str], ip: str) -> Answer:
    """Approve what was scanned, from another address."""
    return post_json(house, "POST_verify", house.verify_body(person, told), ip=ip)


def set_policy(house: House, application: Application, policy: Policy) -> None:
    """Change an application's policy as an administrator does."""
    stores = house.wiring.stores
    assert not stores.commit(stores.applications.replacing(replace(application, policy=policy)))


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-for": ELSEWHERE},
        {"x-real-ip": ELSEWHERE, "forwarded": f"for={ELSEWHERE}"},
        {"true-client-ip": ELSEWHERE, "cf-connecting-ip": ELSEWHERE},
    ],
)
def test_an_address_that_a_browser_claims_lowers_nothing(house: House, headers: dict[str, str]) -> None:
    """The phone is elsewhere, and the attacker's browser claims to be there too."""
    application, person = house.application(), house.person()
    browser = arrive(house, application, headers=headers)
    assert re.fullmatch(r"203\.0\.113\.\d+", browser.session.address)
    assert needs_code(house, person, browser, {})

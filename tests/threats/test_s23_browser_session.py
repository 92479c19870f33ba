"""S23: a browser's session with us speaks for whom it was made for, as strongly as it was made, and no longer."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from passwordless.model.applications import Application
from passwordless.model.browser_sessions import BrowserSession
from passwordless.model.policies import Policy, RelayRisk
from passwordless.model.sessions import Status
from passwordless.model.tokens import digest
from passwordless.saml.names import CLASSES, MOBILE_TWO_FACTOR_CONTRACT
from passwordless.web import SESSION_COOKIE
from tests.acts import disable, narrow, remove, revoke
from tests.calls import complete
from tests.house import House, Person
from tests.sign_in import arrive, authn_request, begun, by_redirect, sign_in
from tests.single_sign_on import (
    HOUR,
    SignedIn,
    come_again,
    finished,
    first_login,
    kept,
    lasting,
    open_login,
)
from tests.told import found, response, status_codes
from tests.two_places import report_from, stepped_up
from tests.unit.saml.builders import redirect, sign_redirect
from tests.witness import Witness, rows


def spared(house: House, application: Application, before: SignedIn, attributes: str = "") -> bool:
    """Come again and tell whether the login page opens approved."""
    browser = come_again(house, application, attributes)
    open_login(house, browser, before.cookies)
    return house.stored(browser).status is Status.APPROVED


def test_a_second_login_needs_no_scan_and_tells_the_first_ones_instant(house: House) -> None:
    application, person = lasting(house), house.person()
    first = first_login(house, application, person)
    house.clock.forward(HOUR - 60)

    browser = come_again(house, application)
    page = open_login(house, browser, first.cookies)
    second = finished(complete(house, browser))

    assert 'data-status="approved"' in page.body
    assert 'data-proceed="yes"' in page.body
    assert (second.name_id, second.authn_instant) == (first.name_id, first.authn_instant)
    assert second.session_index != first.session_index
    assert second.cookies == {}


def test_the_cookie_is_closed_to_scripts_and_other_hosts_and_stored_as_a_hash(house: House) -> None:
    application, person = lasting(house), house.person()
    answer = sign_in(house, person, arrive(house, application))
    (line,) = [line for line in answer.cookies if line.startswith("__Host-session=")]
    pair, *attributes = line.split("; ")
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    assert not [row for row in rows(house) if pair.partition("=")[2] in row]


def test_no_session_begins_unless_the_application_asks_for_one(house: House) -> None:
    application, person = house.application(), house.person()
    assert first_login(house, application, person).cookies == {}


def test_a_login_without_the_cookie_reads_one_row(house: House) -> None:
    """What is off, or new, costs nothing."""
    browser, witness = come_again(house, lasting(house)), Witness.of(house)
    open_login(house, browser, {})
    assert witness.called == ["GetItem"]


@pytest.mark.parametrize(
    ("made_for", "opened_for", "age", "is_spared"),
    [
        (HOUR, HOUR, HOUR - 1, True),
        (HOUR, HOUR, HOUR, False),
        (2 * HOUR, HOUR, HOUR, False),
        (HOUR, 2 * HOUR, HOUR, False),
        (HOUR, 0, 0, False),
        (HOUR, 60, 59, True),
    ],
)
def test_the_shorter_of_two_applications_lifetimes_holds(
    house: House, made_for: int, opened_for: int, age: int, is_spared: bool
) -> None:
    first = first_login(house, lasting(house, seconds=made_for), house.person())
    house.clock.forward(age)
    assert spared(house, lasting(house, seconds=opened_for), first) is is_spared


def test_force_authn_asks_the_phone_again_and_tells_a_later_instant(house: House) -> None:
    application, person = lasting(house), house.person()
    first = first_login(house, application, person)
    house.clock.forward(10)
    browser = come_again(house, application, 'ForceAuthn="1"')
    page = open_login(house, browser, first.cookies)
    assert 'data-status="pending"' in page.body

    house.clock.forward(10)
    second = finished(sign_in(house, person, browser))

    assert second.authn_instant > first.authn_instant
    assert second.cookies not in ({}, first.cookies)


def test_a_session_of_one_tenant_opens_nothing_of_another(house: House) -> None:
    first = first_login(house, lasting(house), house.person())
    assert not spared(house, lasting(house, "globex"), first)


@pytest.mark.parametrize("cookie", ["", "x", "\x00é", None])
def test_whoever_lacks_the_secret_is_not_spared(house: House, cookie: str | None) -> None:
    application = lasting(house)
    first = first_login(house, application, house.person())
    stolen = digest(first.cookies[SESSION_COOKIE]) if cookie is None else cookie
    assert not spared(house, application, replace(first, cookies={SESSION_COOKIE: stolen}))


ACTS: dict[str, Callable[[House, Application, Person], object]] = {
    "phone revoked": lambda house, _, person: revoke(house, person),
    "user disabled": lambda house, _, person: disable(house, person),
    "rollout narrowed": lambda house, application, _: narrow(house, application),
    "application deleted": lambda house, application, _: remove(house, application),
}


@pytest.mark.parametrize("act", [name for name in ACTS if name != "application deleted"])
def test_what_is_no_longer_allowed_is_not_spared(house: House, act: str) -> None:
    application, person = lasting(house), house.person()
    first = first_login(house, application, person)
    ACTS[act](house, application, person)
    assert not spared(house, application, first)


@pytest.mark.parametrize("act", ACTS)
def test_what_is_no_longer_allowed_after_the_page_ends_the_login_unsigned(house: House, act: str) -> None:
    application, person = lasting(house), house.person()
    first = first_login(house, application, person)
    browser = come_again(house, application)
    open_login(house, browser, first.cookies)
    assert house.stored(browser).status is Status.APPROVED
    ACTS[act](house, application, person)

    witness = Witness.of(house)
    answer = complete(house, browser)

    assert (answer.status, witness.signatures) == (303, 0)
    assert house.stored(browser).status is Status.REFUSED


def test_a_session_that_ended_after_the_page_ends_the_login(house: House) -> None:
    application = lasting(house)
    first = first_login(house, application, house.person())
    browser = come_again(house, application)
    open_login(house, browser, first.cookies)
    house.wiring.stores.browser_sessions.end(digest(first.cookies[SESSION_COOKIE]))

    assert complete(house, browser).status == 303
    assert (house.stored(browser).status, house.stored(browser).refusal) == (Status.REFUSED, "session")


@pytest.mark.parametrize(
    ("recorded", "told", "is_spared"),
    [
        (MOBILE_TWO_FACTOR_CONTRACT, MOBILE_TWO_FACTOR_CONTRACT, True),
        (MOBILE_TWO_FACTOR_CONTRACT, f"{CLASSES}MobileOneFactorContract", True),
        (f"{CLASSES}MobileOneFactorContract", MOBILE_TWO_FACTOR_CONTRACT, False),
        ("urn:example:own", MOBILE_TWO_FACTOR_CONTRACT, False),
        (MOBILE_TWO_FACTOR_CONTRACT, "urn:example:own", False),
        ("urn:example:own", "urn:example:own", True),
    ],
)
def test_a_weaker_session_does_not_pass_for_a_stronger_one(
    house: House, recorded: str, told: str, is_spared: bool
) -> None:
    first = first_login(
        house, lasting(house, policy=Policy(session_seconds=HOUR, authn_context=recorded)), house.person()
    )
    application = lasting(house, policy=Policy(session_seconds=HOUR, authn_context=told))
    assert spared(house, application, first) is is_spared


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        ({"relay_risk": RelayRisk.OFF}, {"relay_risk": RelayRisk.STEP_UP}, False),
        ({"relay_risk": RelayRisk.STEP_UP}, {"relay_risk": RelayRisk.BLOCK}, False),
        ({"relay_risk": RelayRisk.BLOCK}, {"relay_risk": RelayRisk.OFF}, True),
        ({}, {"block_beyond_km": 500}, False),
        ({"block_beyond_km": 900}, {"block_beyond_km": 500}, False),
        ({"block_beyond_km": 500}, {"block_beyond_km": 900}, True),
        ({"block_beyond_km": 500}, {}, True),
    ],
)
def test_an_approval_that_was_weighed_less_strictly_is_not_enough(
    house: House, first: dict[str, Any], then: dict[str, Any], expected: bool
) -> None:
    one, other = (lasting(house, policy=Policy(session_seconds=HOUR, **each)) for each in (first, then))
    assert spared(house, other, first_login(house, one, house.person())) is expected


def test_a_session_does_not_outlast_a_report_from_its_address(house: House) -> None:
    application, person = lasting(house), house.person()
    before = first_login(house, application, person)
    assert spared(house, application, before)
    report_from(house, person, arrive(house, application), "203.0.113.7")
    assert not spared(house, application, before)


def test_no_session_begins_after_step_up(house: House) -> None:
    """A code that was read out to an attacker must open one login, not a day of them."""
    browser, person = arrive(house, lasting(house)), house.person()
    code = stepped_up(house, person, browser)
    assert finished(complete(house, browser, code=code)).cookies == {}


def test_a_request_for_another_person_is_not_answered_with_the_one_who_is_there(house: House) -> None:
    application = lasting(house)
    first = first_login(house, application, house.person())
    names = 'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
    other = f"<saml:Subject {names}><saml:NameID>x</saml:NameID></saml:Subject>"
    browser = come_again(house, application, children=other)
    open_login(house, browser, first.cookies)
    assert status_codes(response(complete(house, browser))) == ["Requester", "UnknownPrincipal"]


def test_the_session_index_links_nobody_across_applications(house: House) -> None:
    one, other, person = lasting(house), lasting(house), house.person()
    first = first_login(house, one, person)
    browser = come_again(house, other)
    open_login(house, browser, first.cookies)
    second = finished(complete(house, browser))

    assert {first.name_id, first.session_index}.isdisjoint({second.name_id, second.session_index})
    session = kept(house, first.cookies)
    assert isinstance(session, BrowserSession)
    assert session.applications == {one.application_id, other.application_id}


PASSIVE = 'IsPassive="true"'


def test_passive_with_a_session_is_answered_at_once(house: House) -> None:
    application = lasting(house)
    first = first_login(house, application, house.person())
    house.clock.forward(60)
    root = response(open_login(house, come_again(house, application, PASSIVE), first.cookies))
    assert status_codes(root) == ["Success"]
    assert found(root, "//a:AuthnStatement/@AuthnInstant") == [first.authn_instant]


def test_a_reload_of_a_passive_login_gets_the_same_answer(house: House) -> None:
    application = lasting(house)
    first = first_login(house, application, house.person())
    browser = come_again(house, application, PASSIVE)
    answers = [open_login(house, browser, first.cookies).field("SAMLResponse") for _ in range(3)]
    assert len(set(answers)) == 1


def test_passive_without_a_session_is_told_so_at_once(house: House) -> None:
    application, witness = lasting(house), Witness.of(house)
    root = response(open_login(house, come_again(house, application, PASSIVE), {}))
    assert status_codes(root) == ["Responder", "NoPassive"]
    assert found(root, "//a:Assertion/@ID") == []
    assert witness.signatures == 1


@pytest.mark.parametrize("act", [name for name in ACTS if name != "application deleted"])
def test_passive_with_a_session_that_may_not_speak_shows_nothing_either(house: House, act: str) -> None:
    application, person = lasting(house), house.person()
    first = first_login(house, application, person)
    ACTS[act](house, application, person)
    root = response(open_login(house, come_again(house, application, PASSIVE), first.cookies))
    assert status_codes(root) == ["Responder", "NoPassive"]


def test_passive_and_force_authn_together_show_nothing(house: House) -> None:
    application = lasting(house)
    xml = authn_request(house, application, attributes=f'{PASSIVE} ForceAuthn="true"')
    answer = by_redirect(house, application.application_id, sign_redirect(xml))
    assert status_codes(response(answer)) == ["Responder", "NoPassive"]


def test_unsigned_passive_requests_cost_no_signature(house: House) -> None:
    """S34."""
    plain = lasting(house)
    sp = replace(
        plain.sp,
        entity_id=f"{plain.sp.entity_id}-unsigned",
        acs_urls=(f"{plain.sp.acs_urls[0]}-unsigned",),
        require_signed_requests=False,
    )
    application, witness = lasting(house, sp=sp), Witness.of(house)
    for _ in range(20):
        xml = authn_request(house, application, attributes=PASSIVE)
        browser = begun(house, by_redirect(house, application.application_id, redirect(xml)))
        root = response(open_login(house, browser, {}))
        assert status_codes(root) == ["Responder", "NoPassive"]
    assert witness.signatures == 0

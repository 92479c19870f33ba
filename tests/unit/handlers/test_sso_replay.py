"""An AuthnRequest comes again: the browser that has its login goes on, everybody else starts again."""

import pytest

from passwordless.model.applications import Application
from passwordless.web import login_cookie_name
from tests.house import Browser, House
from tests.sign_in import arrive, authn_request, begun, by_redirect, send
from tests.told import failure
from tests.unit.saml.builders import (
    sign_redirect,
)
from tests.witness import nothing_written


def replay(house: House, application: Application) -> tuple[str, Browser]:
    """Begin a login and return the query that did, to be sent again."""
    query = sign_redirect(authn_request(house, application))
    return query, begun(house, by_redirect(house, application.application_id, query))


def test_a_replayed_request_with_the_login_s_cookie_leads_to_the_same_page(house: House) -> None:
    application = house.application()
    query, browser = replay(house, application)
    with nothing_written(house, browser):
        answer = by_redirect(house, application.application_id, query, browser.cookies)
    assert (answer.status, answer.headers["location"]) == (303, f"/login/{browser.session.session_id}")
    assert answer.cookies == ()


@pytest.mark.parametrize("case", ["none", "another login's", "garbage"])
def test_a_replayed_request_without_the_login_s_cookie_is_refused_with_a_page(
    house: House, case: str
) -> None:
    application = house.application()
    query, browser = replay(house, application)
    name = login_cookie_name(browser.session.session_id)
    cookies = {
        "none": {},
        "another login's": {name: arrive(house, application).cookie},
        "garbage": {name: "é;"},
    }

    with nothing_written(house, browser):
        answer = by_redirect(house, application.application_id, query, cookies[case])

    assert failure(answer) == (409, "request_replayed")
    assert "location" not in answer.headers


def test_a_request_replayed_by_the_other_binding_is_refused(house: House) -> None:
    application = house.application()
    xml = authn_request(house, application)
    assert send(house, application, "redirect", xml).status == 303
    with nothing_written(house):
        assert failure(send(house, application, "post", xml)) == (409, "request_replayed")


def test_the_same_request_id_of_another_service_provider_is_no_replay(house: House) -> None:
    for application in (house.application(), house.application("globex")):
        xml = authn_request(house, application, request_id="_same")
        assert send(house, application, "redirect", xml).status == 303

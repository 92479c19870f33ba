"""A login at the double that succeeds: from the application through a signed Response to the profile."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import requests

from tests.integration.auth0_double.browser import (
    NAME,
    a_browser,
    an_answer,
    begin,
    from_redirect,
    post_back,
    shown_error,
    shown_profile,
)
from tests.integration.auth0_double.calls import a_body, create, get, some_options
from tests.integration.auth0_double.idp_response import CLAIMS, signed_response, signing_key
from tests.integration.auth0_double.process import Double

IDP = signing_key("idp")


def test_a_signed_response_ends_in_the_profile_at_the_application(
    double: Double, browser: requests.Session
) -> None:
    sent = begin(browser, double, NAME)
    end = post_back(
        browser, double.acs(NAME), signed_response(an_answer(double, sent), IDP), sent.relay_state
    )
    assert end.url.startswith(f"{double.app_url}/callback?code=")
    assert shown_profile(end.text) == {
        "user_id": f"samlp|{NAME}|u-7f3k",
        "email": "pat@example.com",
        "name": "Pat Example",
        "given_name": "Pat",
        "family_name": "Example",
    }


def test_the_state_keeps_the_login_with_its_response(double: Double, browser: requests.Session) -> None:
    sent = begin(browser, double, NAME)
    response = signed_response(an_answer(double, sent), IDP)
    post_back(browser, double.acs(NAME), response, sent.relay_state)
    login = double.state()["logins"][0]
    assert login["saml_response"] == response
    assert login["profile"]["user_id"] == f"samlp|{NAME}|u-7f3k"
    assert login["claims"][f"{CLAIMS}/emailaddress"] == "pat@example.com"


def test_two_tabs_of_one_browser_both_finish(double: Double, browser: requests.Session) -> None:
    for sent in [begin(browser, double, NAME) for _ in range(2)]:
        response = signed_response(an_answer(double, sent), IDP)
        end = post_back(browser, double.acs(NAME), response, sent.relay_state)
        assert shown_profile(end.text)["name"] == "Pat Example"


def test_the_profile_page_cannot_be_injected_into(double: Double, browser: requests.Session) -> None:
    sent = begin(browser, double, NAME)
    evil = "</script><script>alert(1)</script>"
    answer = replace(an_answer(double, sent), attributes={"name": evil})
    end = post_back(browser, double.acs(NAME), signed_response(answer, IDP), sent.relay_state)
    assert shown_profile(end.text)["name"] == evil
    assert "<script>alert" not in end.text


def test_the_fields_map_of_the_connection_makes_the_profile(
    double: Double, browser: requests.Session
) -> None:
    mapping = {
        "user_id": f"{CLAIMS}/upn",
        "email": ["nothing", f"{CLAIMS}/name"],
        "team": f"{CLAIMS}/surname",
    }
    create(double, a_body(double, name="mapped", options=some_options(fieldsMap=mapping)))
    sent = begin(browser, double, "mapped")
    answer = replace(
        an_answer(double, sent),
        acs=double.acs("mapped"),
        audience="urn:auth0:acme:mapped",
        attributes={"upn": "pat", "name": "Pat", "surname": "Example"},
    )
    end = post_back(browser, answer.acs, signed_response(answer, IDP), sent.relay_state)
    profile = shown_profile(end.text)
    assert (profile["user_id"], profile["email"], profile["team"]) == ("samlp|mapped|pat", "Pat", "Example")


def test_the_tenants_clock_decides_what_has_expired(double: Double, browser: requests.Session) -> None:
    double.settings(clock_offset_seconds=3600)
    sent = begin(browser, double, NAME)
    fresh = replace(an_answer(double, sent), minted_at=datetime.now(UTC) + timedelta(hours=1))
    end = post_back(browser, double.acs(NAME), signed_response(fresh, IDP), sent.relay_state)
    assert shown_profile(end.text)["name"] == "Pat Example"


def test_the_application_links_every_connection(double: Double, browser: requests.Session) -> None:
    create(double, a_body(double, name="second", display_name="Second & last"))
    page = browser.get(double.app_url + "/", timeout=10).text
    assert f'href="/login?connection={NAME}"' in page
    assert "Log in with Second &amp; last" in page


def test_a_code_is_spent_once(double: Double, browser: requests.Session) -> None:
    sent = begin(browser, double, NAME)
    response = signed_response(an_answer(double, sent), IDP)
    end = post_back(browser, double.acs(NAME), response, sent.relay_state)
    assert shown_error(browser.get(end.url, timeout=10).text) == "Invalid authorization code"


def test_a_code_with_the_state_of_another_browser_is_refused_by_the_application(
    double: Double, browser: requests.Session
) -> None:
    sent = begin(browser, double, NAME)
    form = {"SAMLResponse": signed_response(an_answer(double, sent), IDP), "RelayState": sent.relay_state}
    answer = browser.post(double.acs(NAME), data=form, allow_redirects=False, timeout=10)
    page = requests.get(answer.headers["Location"], timeout=10).text
    assert shown_error(page) == "This login was begun in another browser."


def test_a_login_begun_at_the_tenant_ends_at_the_application(double: Double) -> None:
    create(double, a_body(double))
    with a_browser() as session:
        query = {"client_id": double.client_id, "response_type": "code", "connection": NAME}
        url = f"{double.url}/authorize"
        location = session.get(url, params=query, allow_redirects=False, timeout=10).headers["Location"]
        sent = from_redirect(location)
        response = signed_response(an_answer(double, sent), IDP)
        end = post_back(session, double.acs(NAME), response, sent.relay_state)
    assert shown_profile(end.text)["name"] == "Pat Example"


def test_an_access_token_of_nobody_shows_no_profile(double: Double) -> None:
    assert get(double, "/userinfo", Authorization="Bearer a.b.c").status_code == 401

"""The double's custom domain: a second host, where logins begin, and are answered, like at the tenant's own."""

from dataclasses import replace

import pytest
import requests
from lxml import etree

from local.loopback import LoopbackAdapter
from passwordless.auth0.connection import REQUEST_TEMPLATE
from tests.integration.auth0_double.browser import (
    NAME,
    Sent,
    an_answer,
    begin,
    from_redirect,
    post_back,
    shown_error,
    shown_profile,
)
from tests.integration.auth0_double.calls import a_body, create, some_options
from tests.integration.auth0_double.idp_response import signed_response, signing_key
from tests.integration.auth0_double.process import Double

IDP = signing_key("idp")


def custom(double: Double) -> str:
    """Return the base URL of the custom domain."""
    return double.url.replace("127.0.0.1", "login.localhost")


def begin_there(browser: requests.Session, double: Double, connection: str) -> Sent:
    """Press "Log in" in an application that sends its users to the custom domain."""
    url = f"{double.app_url}/login?connection={connection}"
    authorize = browser.get(url, allow_redirects=False, timeout=10).headers["Location"]
    there = authorize.replace(double.url, custom(double), 1)
    return from_redirect(browser.get(there, allow_redirects=False, timeout=10).headers["Location"])


@pytest.fixture
def visitor(browser: requests.Session) -> requests.Session:
    """A browser for which every name under localhost is this machine."""
    browser.mount("http://", LoopbackAdapter())
    return browser


@pytest.fixture
def elsewhere(double: Double) -> Double:
    """The tenant with its custom domain on."""
    double.settings(custom_domain=True)
    return double


def test_there_is_no_custom_domain_unless_it_is_switched_on(
    double: Double, visitor: requests.Session
) -> None:
    assert visitor.get(f"{custom(double)}/.well-known/openid-configuration", timeout=10).status_code == 403


def test_a_login_that_began_at_the_custom_domain_ends_there(
    elsewhere: Double, visitor: requests.Session
) -> None:
    sent = begin_there(visitor, elsewhere, NAME)
    acs = elsewhere.acs(NAME).replace(elsewhere.url, custom(elsewhere))
    answer = replace(an_answer(elsewhere, sent), acs=acs)
    end = post_back(visitor, acs, signed_response(answer, IDP), sent.relay_state)
    assert shown_profile(end.text)["user_id"] == f"samlp|{NAME}|u-7f3k"


def test_a_login_that_began_at_the_custom_domain_is_not_taken_elsewhere(
    elsewhere: Double, visitor: requests.Session
) -> None:
    sent = begin_there(visitor, elsewhere, NAME)
    end = post_back(
        visitor, elsewhere.acs(NAME), signed_response(an_answer(elsewhere, sent), IDP), sent.relay_state
    )
    assert shown_error(end.text) == (
        f"The login began at {custom(elsewhere)} and was answered at {elsewhere.url}."
    )


def test_a_login_that_began_at_the_tenants_own_domain_is_not_taken_at_the_custom_one(
    elsewhere: Double, visitor: requests.Session
) -> None:
    sent = begin(visitor, elsewhere, NAME)
    acs = elsewhere.acs(NAME).replace(elsewhere.url, custom(elsewhere))
    answer = replace(an_answer(elsewhere, sent), acs=acs)
    end = post_back(visitor, acs, signed_response(answer, IDP), sent.relay_state)
    assert "was answered at" in shown_error(end.text)


def test_the_template_of_the_request_names_the_host_where_the_login_began(
    elsewhere: Double, visitor: requests.Session
) -> None:
    options = some_options(requestTemplate=REQUEST_TEMPLATE)
    create(elsewhere, a_body(elsewhere, name="template", options=options))
    acs = elsewhere.acs("template")
    there = etree.fromstring(begin_there(visitor, elsewhere, "template").xml.encode())
    here = etree.fromstring(begin(visitor, elsewhere, "template").xml.encode())
    assert there.get("AssertionConsumerServiceURL") == acs.replace(elsewhere.url, custom(elsewhere))
    assert here.get("AssertionConsumerServiceURL") == acs


def test_the_template_sends_what_is_sent_by_default_and_the_address(
    elsewhere: Double, visitor: requests.Session
) -> None:
    options = some_options(requestTemplate=REQUEST_TEMPLATE, entityId=f"urn:auth0:acme:{NAME}")
    create(elsewhere, a_body(elsewhere, name="template", options=options))
    usual = etree.fromstring(begin(visitor, elsewhere, NAME).xml.encode())
    named = etree.fromstring(begin(visitor, elsewhere, "template").xml.encode())
    assert named.attrib.pop("AssertionConsumerServiceURL")
    for request in (usual, named):
        request.set("ID", "_1")
        request.set("IssueInstant", "2026-11-26T00:00:00Z")
    assert etree.tostring(named, method="c14n") == etree.tostring(usual, method="c14n")


def test_the_public_metadata_lists_the_tenants_own_domain_alone(
    elsewhere: Double, visitor: requests.Session
) -> None:
    url = f"{custom(elsewhere)}/samlp/metadata?connection={NAME}"
    text = visitor.get(url, timeout=10).text
    assert elsewhere.acs(NAME) in text
    assert "login.localhost" not in text

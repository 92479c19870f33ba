"""Logins under a tenant's custom domain, and connections made by hand, judged by the Auth0 double."""

import json
import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from functions.connect.handler import handler
from local.loopback import LoopbackAdapter
from passwordless.auth0.verification import verify
from passwordless.model.applications import Application
from passwordless.model.sessions import LoginSession
from passwordless.model.signing_keys import SigningKey
from passwordless.wiring import Wiring
from tests.calls import call
from tests.emulator import running_house
from tests.house import Clock, House, config
from tests.integration.auth0_double.browser import a_browser, post_back, shown_profile
from tests.integration.auth0_double.calls import create, get
from tests.integration.auth0_double.process import Double, running_double
from tests.service_providers import patch
from tests.sign_in import begun, by_redirect, sign_in
from tests.told import failure

CUSTOM = "login.acme.example"


class InOneProcess(Wiring):
    """The wiring without the keys function between connect and the maker of keys."""

    def current_signing_key(self, tenant: str, correlation_id: str) -> SigningKey:
        return self.key_maker.current(tenant, self.now_utc, correlation_id)


@pytest.fixture(scope="module")
def emulated() -> Iterator[House]:
    with running_house() as house:
        yield house


@pytest.fixture(scope="module")
def double() -> Iterator[Double]:
    with running_double() as running:
        running.settings(custom_domain=True)
        yield running


@pytest.fixture
def house(emulated: House, double: Double) -> House:
    """A house for which the double stands for the tenant's two domains; its clock is that of this machine."""
    mapped = config(local_auth0_map=f"{double.domain}={double.url},{CUSTOM}={custom(double)}")
    return House(InOneProcess(mapped, aws=emulated.wiring.aws), Clock())


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    with a_browser() as session:
        session.mount("http://", LoopbackAdapter())
        yield session


def custom(double: Double) -> str:
    """Return the base URL of the double's custom domain."""
    return double.url.replace("127.0.0.1", "login.localhost")


def connected(house: House, double: Double, **changes: Any) -> dict[str, Any]:
    """Add an application of the double's tenant and return the answer."""
    body = {
        "name": "Acme Portal",
        "integration": "auth0-saml",
        "auth0_domain": double.domain,
        "auth0_client_id": double.client_id,
        "auth0_client_secret": double.client_secret,
        **changes,
    }
    given = json.dumps({name: value for name, value in body.items() if value is not None})
    headers = {"idempotency-key": secrets.token_hex(16)}
    answer = call(house, handler, "POST_applications", body=given, headers=headers)
    assert answer.status == 201, answer.body
    return answer.json


def stored(house: House, told: dict[str, Any]) -> Application:
    """Return the application of an answer."""
    found = house.wiring.stores.applications.get(told["application"]["application_id"])
    assert found is not None
    return found


def log_in(
    house: House, double: Double, browser: requests.Session, application: Application, base: str
) -> tuple[LoginSession, requests.Response]:
    """Log in where the tenant is served at `base`; return our session and the page on which it ended."""
    assert application.auth0 is not None
    start = f"{double.app_url}/login?connection={application.auth0.connection_name}"
    authorize = browser.get(start, allow_redirects=False, timeout=10).headers["Location"]
    there = authorize.replace(double.url, base, 1)
    request = browser.get(there, allow_redirects=False, timeout=10).headers["Location"]
    login = begun(house, by_redirect(house, application.application_id, urlsplit(request).query))
    posting = sign_in(house, house.person(), login)
    action = login.session.request.acs_url
    assert f'action="{action}"' in posting.body
    end = post_back(browser, action, posting.field("SAMLResponse"), posting.field("RelayState"))
    return login.session, end


def test_a_login_under_the_custom_domain_is_answered_there(
    house: House, double: Double, browser: requests.Session
) -> None:
    application = stored(house, connected(house, double, custom_domain=CUSTOM))
    session, end = log_in(house, double, browser, application, custom(double))
    assert session.request.acs_url == application.sp.acs_urls[1]
    assert session.request.acs_url.startswith(f"{custom(double)}/login/callback?connection=")
    assert session.context["domain"] == "login.localhost"
    assert end.url.startswith(f"{double.app_url}/callback?code=")
    assert shown_profile(end.text)["given_name"] == "Ada"


def test_a_login_under_the_tenants_own_domain_is_answered_there(
    house: House, double: Double, browser: requests.Session
) -> None:
    application = stored(house, connected(house, double, custom_domain=CUSTOM))
    session, end = log_in(house, double, browser, application, double.url)
    assert session.request.acs_url == application.sp.acs_urls[0]
    assert session.context["domain"] == double.domain
    assert shown_profile(end.text)["given_name"] == "Ada"


def test_an_address_that_is_added_later_by_a_patch_disturbs_no_login(
    house: House, double: Double, browser: requests.Session
) -> None:
    application = stored(house, connected(house, double))
    (own,) = application.sp.acs_urls
    urls = [own, own.replace(double.url, custom(double))]
    assert patch(house, application, acs_urls=urls).status == 200
    session, end = log_in(house, double, browser, application, double.url)
    assert session.request.acs_url == own
    assert shown_profile(end.text)["given_name"] == "Ada"


def test_a_connection_with_a_custom_domain_is_confirmed_by_metadata_that_lists_the_own_one(
    house: House, double: Double
) -> None:
    told = connected(house, double, custom_domain=CUSTOM)
    assert (told["application"]["status"], told["warnings"]) == ("connected", [])
    assert len(told["application"]["sp"]["acs_urls"]) == 2


@pytest.mark.parametrize("custom_domain", [None, CUSTOM])
@pytest.mark.parametrize("name", ["Acme Portal", 'The "Acme" ${portal} 🚀'])
def test_the_body_for_a_connection_by_hand_is_one_that_auth0_takes_and_confirms(
    house: House, double: Double, name: str, custom_domain: str | None
) -> None:
    before = double.state()["calls"]
    told = connected(
        house, double, name=name, mode="manual", auth0_client_secret=None, custom_domain=custom_domain
    )
    asked = {call: count - before.get(call, 0) for call, count in double.state()["calls"].items()}
    assert {call for call, count in asked.items() if count} == {"openid"}

    made = create(double, told["manual"]["body"])

    assert made.status_code == 201, made.text
    assert made.json()["options"]["thumbprints"] == [told["application"]["saml"]["certificate_sha1"]]
    application = stored(house, told)
    connection = told["application"]["auth0"]["connection_name"]
    found = verify(application.sp, get(double, f"/samlp/metadata?connection={connection}").content)
    assert found.reason is None
    assert len(found.certificates) == 1


def test_a_login_before_verify_is_told_to_press_it(
    house: House, double: Double, browser: requests.Session
) -> None:
    told = connected(house, double, mode="manual", auth0_client_secret=None)
    assert create(double, told["manual"]["body"]).status_code == 201
    request = browser.get(told["test_url"], allow_redirects=False, timeout=10).headers["Location"]
    answer = by_redirect(house, told["application"]["application_id"], urlsplit(request).query)
    assert failure(answer) == (422, "sp_not_verified")
    assert "Verify" in answer.body

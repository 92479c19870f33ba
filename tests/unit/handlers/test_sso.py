"""An AuthnRequest arrives: a session and a browser secret, or a status at once."""

from dataclasses import replace

import pytest

from passwordless.model.applications import Integration
from passwordless.model.sessions import Status
from passwordless.model.tokens import digest
from passwordless.web import login_cookie_name
from tests.house import House
from tests.sign_in import arrive, authn_request, begun, by_post, by_redirect, new_cookies, open_page, send
from tests.told import failure, found, response, status_codes
from tests.unit.saml.builders import (
    RELAY_STATE,
    sign_post,
    sign_redirect,
)
from tests.witness import Witness, rows

POST_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"


SECOND = "https://login.acme.example.com/login/callback?connection=demo"


@pytest.mark.parametrize("binding", ["redirect", "post", "redirect without deflate"])
def test_a_request_signed_as_auth0_does_leads_to_the_login_page(house: House, binding: str) -> None:
    application = house.application()
    answer = send(house, application, binding, authn_request(house, application, request_id="_4f"))

    session = begun(house, answer).session

    assert answer.headers["location"] == f"/login/{session.session_id}"
    assert (session.status, session.tenant, session.application_id) == (
        Status.PENDING,
        application.tenant,
        application.application_id,
    )
    assert (session.created_at, session.expires_at) == (house.wiring.now, house.wiring.now + 600)


def test_what_the_answer_needs_is_kept_byte_for_byte(house: House) -> None:
    application = house.application()

    asked = arrive(house, application).session.request

    assert (asked.issuer, asked.acs_url) == (application.sp.entity_id, application.sp.acs_urls[0])
    assert asked.relay_state == RELAY_STATE
    assert asked.signed


@pytest.mark.parametrize("relay_state", [None, ""])
def test_no_relay_state_and_an_empty_one_stay_different(house: House, relay_state: str | None) -> None:
    application = house.application()
    query = sign_redirect(authn_request(house, application), relay_state=relay_state)

    browser = begun(house, by_redirect(house, application.application_id, query))

    assert browser.session.request.relay_state == relay_state


def test_a_registered_acs_that_the_request_names_is_used(house: House) -> None:
    plain = house.application()
    acs_urls = (plain.sp.acs_urls[0], SECOND + plain.application_id)
    application = house.application(
        sp=replace(plain.sp, entity_id=f"{plain.sp.entity_id}-2", acs_urls=acs_urls[1:])
    )
    named = f'AssertionConsumerServiceURL="{acs_urls[1]}"'

    answer = send(house, application, "redirect", authn_request(house, application, attributes=named))

    assert begun(house, answer).session.request.acs_url == acs_urls[1]


def test_the_cookie_is_bound_to_this_host_and_closed_to_scripts(house: House) -> None:
    application = house.application()
    answer = by_redirect(house, application.application_id, sign_redirect(authn_request(house, application)))

    (line,) = answer.cookies
    pair, *attributes = line.split("; ")

    assert pair.startswith(login_cookie_name(answer.headers["location"].removeprefix("/login/")) + "=")
    assert sorted(attributes) == ["HttpOnly", "Max-Age=900", "Path=/", "SameSite=Lax", "Secure"]


def test_of_the_browser_secret_only_the_hash_is_stored(house: House) -> None:
    browser = arrive(house, house.application())

    assert browser.session.cookie_hash == digest(browser.cookie)
    assert not [row for row in rows(house) if browser.cookie in row]


def test_a_new_login_has_its_own_secret_and_code(house: House) -> None:
    application = house.application()
    one, other = arrive(house, application), arrive(house, application)
    assert one.session.session_id != other.session.session_id
    assert one.cookie != other.cookie
    assert one.session.frame_key != other.session.frame_key


def cookies_of_logins(count: int) -> dict[str, str]:
    return {f"__Host-login-{'ABCDEFGH'[n] * 8}": "secret" for n in range(count)}


@pytest.mark.parametrize(("held", "removed"), [(0, 0), (4, 0), (5, 1), (7, 3)])
def test_a_browser_keeps_five_logins_and_drops_the_oldest(house: House, held: int, removed: int) -> None:
    application, cookies = house.application(), cookies_of_logins(held)
    query = sign_redirect(authn_request(house, application))

    answer = by_redirect(house, application.application_id, query, cookies | {"theme": "dark"})

    expired = "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"
    assert answer.cookies[:-1] == tuple(f"{name}=; {expired}" for name in list(cookies)[:removed])
    assert len(new_cookies(answer)) == 1


def test_the_sixth_login_that_came_by_post_drops_the_oldest_at_the_login_page(house: House) -> None:
    """A cross-site POST carries no Lax cookie, so the page that follows is the first to see them."""
    application, cookies = house.application(), cookies_of_logins(5)
    answer = by_post(house, application.application_id, sign_post(authn_request(house, application)))
    browser = begun(house, answer)

    page = open_page(house, browser.session.session_id, cookies | browser.cookies)

    assert page.status == 200
    assert page.cookies == ("__Host-login-AAAAAAAA=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",)


@pytest.mark.parametrize("instant", ["2026-02-09T11:50:42Z", "2026-02-09T11:59:42Z"])
def test_a_request_at_the_edge_of_freshness_is_taken(house: House, instant: str) -> None:
    application = house.application()
    answer = send(house, application, "redirect", authn_request(house, application, instant=instant))
    assert answer.status == 303


def test_a_passive_request_is_answered_at_once_and_begins_nothing(house: House) -> None:
    application = house.application()
    xml = authn_request(house, application, attributes='IsPassive="true"')
    witness = Witness.of(house)

    answer = send(house, application, "redirect", xml)

    root = response(answer)
    assert status_codes(root) == ["Responder", "NoPassive"]
    assert found(root, "//a:Assertion") == []
    assert answer.field("RelayState") == "eyJhbGc!&#x27;()*~.-_ /+=&amp;?#"
    assert (answer.cookies, witness.signatures) == ((), 1)


def test_a_passive_request_is_answered_once(house: House) -> None:
    application = house.application()
    query = sign_redirect(authn_request(house, application, attributes='IsPassive="1"'))
    assert by_redirect(house, application.application_id, query).status == 200
    assert failure(by_redirect(house, application.application_id, query)) == (409, "request_replayed")


def test_a_name_id_that_we_do_not_give_is_answered_with_a_status(house: House) -> None:
    policy = '<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"/>'
    application = house.application()
    answer = send(house, application, "post", authn_request(house, application, children=policy))
    assert status_codes(response(answer)) == ["Requester", "InvalidNameIDPolicy"]


def test_the_redirect_binding_in_a_request_is_for_auth0_only(house: House) -> None:
    application = house.application(integration=Integration.SAML, auth0=None)
    refused = send(house, application, "redirect", authn_request(house, application))
    taken = send(house, application, "redirect", authn_request(house, application, binding=POST_BINDING))
    assert failure(refused) == (403, "saml_binding_unsupported")
    assert begun(house, taken).session.context["domain"] == "acme.auth0.com"

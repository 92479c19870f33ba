"""An AuthnRequest arrives: a session and a browser secret, or a page that says what is wrong with it."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from passwordless.model.applications import Application, ApplicationStatus, Integration
from passwordless.model.sessions import Status
from passwordless.model.tokens import digest
from passwordless.web import login_cookie_name
from tests.calls import Answer
from tests.house import Browser, House
from tests.sign_in import arrive, authn_request, begun, by_post, by_redirect, new_cookies, open_page
from tests.told import correlation_id, failure, found, response, status_codes
from tests.unit.saml.builders import (
    RELAY_STATE,
    deflated,
    enveloped,
    key_pair,
    post,
    redirect,
    sign_post,
    sign_redirect,
)
from tests.witness import Witness, nothing_written, rows

POST_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
SECOND = "https://login.acme.example.com/login/callback?connection=demo"


def send(house: House, application: Application, binding: str, xml: bytes) -> Answer:
    """Send a signed request in one of the ways in which Auth0 does."""
    if binding == "post":
        return by_post(house, application.application_id, sign_post(xml))
    query = sign_redirect(xml) if binding == "redirect" else redirect(enveloped(xml), deflate=False)
    return by_redirect(house, application.application_id, query)


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


GARBAGE_QUERIES = {
    "nothing": "",
    "no request": "RelayState=opaque",
    "not base64": "SAMLRequest=%21%21",
    "not deflate": "SAMLRequest=" + base64.b64encode(b"\xff garbage").decode().replace("+", "%2B"),
    "not XML": redirect(b"hello"),
    "another message": redirect(b'<Response xmlns="urn:oasis:names:tc:SAML:2.0:protocol"/>'),
    "a response beside it": "SAMLRequest=fZA%3D&SAMLResponse=fZA%3D",
    "twice": "SAMLRequest=fZA%3D&SAMLRequest=fZA%3D",
    "too large": "SAMLRequest=" + "A" * 32_769,
    "a bomb": redirect(b"<a>" + b" " * 7_000_000 + b"</a>"),
    "RelayState over 8 kB": redirect(b"<a/>", relay_state="x" * 8193),
    "not ASCII": "SAMLRequest=é",
}


@pytest.mark.parametrize("query", GARBAGE_QUERIES.values(), ids=GARBAGE_QUERIES)
def test_garbage_in_the_query_is_refused_with_a_page(house: House, query: str) -> None:
    application = house.application()
    with nothing_written(house):
        answer = by_redirect(house, application.application_id, query)
    assert failure(answer) == (400, "saml_request_malformed")
    assert answer.cookies == ()


GARBAGE_BODIES = {
    "nothing": b"",
    "not a form": b"\x00\xff",
    "not base64": b"SAMLRequest=%21",
    "deflated": b"SAMLRequest=" + base64.b64encode(deflated(b"<a/>")).replace(b"+", b"%2B"),
    "too large": b"SAMLRequest=" + b"A" * 70_000,
    "a document type": post(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "UTF-16": post("<a/>".encode("utf-16")),
}


@pytest.mark.parametrize("body", GARBAGE_BODIES.values(), ids=GARBAGE_BODIES)
def test_garbage_in_the_form_is_refused_with_a_page(house: House, body: bytes) -> None:
    application = house.application()
    with nothing_written(house):
        answer = by_post(house, application.application_id, body)
    assert failure(answer) == (400, "saml_request_malformed")


FOREIGN_ACS = 'AssertionConsumerServiceURL="https://evil.example.com/acs"'
WRONG_REQUESTS: dict[str, tuple[dict[str, Any], int, str]] = {
    "another version": ({"version": "2.1"}, 400, "saml_version_unsupported"),
    "no ID": ({"request_id": ""}, 400, "saml_request_malformed"),
    "stale": ({"instant": "2026-02-09T11:50:41Z"}, 410, "saml_request_expired"),
    "of the future": ({"instant": "2026-02-09T11:59:43Z"}, 400, "saml_request_from_future"),
    "by an unknown issuer": ({"issuer": None}, 403, "saml_issuer_unknown"),
    "for another address": ({"destination": "https://idp.example.com/sso"}, 403, "saml_destination_mismatch"),
    "without address": ({"destination": None}, 403, "saml_destination_mismatch"),
    "for a foreign ACS": ({"attributes": FOREIGN_ACS}, 403, "saml_acs_unknown"),
    "for an unknown ACS index": (
        {"attributes": 'AssertionConsumerServiceIndex="7"'},
        403,
        "saml_acs_unknown",
    ),
    "for an artifact": (
        {"binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"},
        403,
        "saml_binding_unsupported",
    ),
}


@pytest.mark.parametrize("binding", ["redirect", "post"])
@pytest.mark.parametrize(("changes", "status", "code"), WRONG_REQUESTS.values(), ids=WRONG_REQUESTS)
def test_a_signed_request_that_fails_a_check_is_refused_with_a_page(
    house: House, binding: str, changes: dict[str, Any], status: int, code: str
) -> None:
    application = house.application()
    with nothing_written(house):
        answer = send(house, application, binding, authn_request(house, application, **changes))
    assert failure(answer) == (status, code)
    assert "SAMLResponse" not in answer.body


@pytest.mark.parametrize("instant", ["2026-02-09T11:50:42Z", "2026-02-09T11:59:42Z"])
def test_a_request_at_the_edge_of_freshness_is_taken(house: House, instant: str) -> None:
    application = house.application()
    answer = send(house, application, "redirect", authn_request(house, application, instant=instant))
    assert answer.status == 303


def test_an_unsigned_request_is_refused_where_signatures_are_required(house: House) -> None:
    application = house.application()
    xml = authn_request(house, application)
    with nothing_written(house):
        redirected = by_redirect(house, application.application_id, redirect(xml))
        posted = by_post(house, application.application_id, post(xml))
    assert failure(redirected) == failure(posted) == (401, "saml_signature_required")


def test_a_request_signed_by_an_unregistered_key_is_refused(house: House) -> None:
    application, pair = house.application(), key_pair("mallory.example.com")
    xml = authn_request(house, application)
    with nothing_written(house):
        redirected = by_redirect(house, application.application_id, sign_redirect(xml, pair=pair))
        posted = by_post(house, application.application_id, sign_post(xml, pair=pair))
    assert failure(redirected) == failure(posted) == (401, "saml_signature_invalid")


def test_a_relay_state_that_was_changed_after_signing_is_refused(house: House) -> None:
    application = house.application()
    query = sign_redirect(authn_request(house, application), relay_state="mine").replace("=mine", "=evil")
    with nothing_written(house):
        answer = by_redirect(house, application.application_id, query)
    assert failure(answer) == (401, "saml_signature_invalid")


@pytest.mark.parametrize("signed", [True, False])
def test_s31_without_a_registered_certificate_the_application_is_not_ready(
    house: House, signed: bool
) -> None:
    plain = house.application()
    sp = replace(
        plain.sp,
        entity_id=f"{plain.sp.entity_id}-2",
        acs_urls=(SECOND + plain.application_id,),
        certificates=(),
    )
    application = house.application(sp=sp)
    xml = authn_request(house, application)
    with nothing_written(house):
        query = sign_redirect(xml) if signed else redirect(xml)
        answer = by_redirect(house, application.application_id, query)
    assert failure(answer) == (422, "sp_not_verified")
    assert "press Verify" in answer.body


@pytest.mark.parametrize("application_id", ["app_aaaaaaaaaaaaaaaaaaaa", "app_", "x" * 3000, "acs#1", "é"])
def test_an_unknown_application_is_refused_with_a_page(house: House, application_id: str) -> None:
    xml = authn_request(house, house.application())
    with nothing_written(house):
        answers = [
            by_redirect(house, application_id, sign_redirect(xml)),
            by_post(house, application_id, sign_post(xml)),
        ]
    assert [failure(answer) for answer in answers] == [(404, "unknown_application")] * 2


@pytest.mark.parametrize("status", [ApplicationStatus.CONNECTING, ApplicationStatus.FAILED])
def test_an_application_that_is_not_connected_is_refused_with_a_page(
    house: House, status: ApplicationStatus
) -> None:
    application = house.application(status=status)
    with nothing_written(house):
        answer = send(house, application, "redirect", authn_request(house, application))
    assert failure(answer) == (409, "application_not_ready")


def test_each_refusal_has_its_own_reference(house: House) -> None:
    application_id = house.application().application_id
    assert correlation_id(by_redirect(house, application_id, "")) != correlation_id(
        by_redirect(house, application_id, "")
    )


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

"""An AuthnRequest that is garbage or not for us: a page that says so, and nothing written."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from passwordless.model.applications import ApplicationStatus
from tests.house import House
from tests.sign_in import authn_request, by_post, by_redirect, send
from tests.told import correlation_id, failure
from tests.unit.saml.builders import (
    deflated,
    key_pair,
    post,
    redirect,
    sign_post,
    sign_redirect,
)
from tests.witness import nothing_written

SECOND = "https://login.acme.example.com/login/callback?connection=demo"


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

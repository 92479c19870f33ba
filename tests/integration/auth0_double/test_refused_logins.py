"""Responses that the double refuses, and what its error page says."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests

from tests.integration.auth0_double.browser import (
    NAME,
    a_browser,
    an_answer,
    begin,
    post_back,
    shown_error,
)
from tests.integration.auth0_double.idp_response import (
    Answer,
    signed_response,
    signing_key,
    status_response,
    unsigned_response,
)
from tests.integration.auth0_double.process import Double

IDP = signing_key("idp")
NOBODY_ASKED = f'IdP-Initiated login is not enabled for connection "{NAME}".'


Change = Callable[[Answer], Answer]
FOREIGN = "http://other.localhost/login/callback"
REFUSALS: list[tuple[str, Change, str]] = [
    ("audience", lambda good: replace(good, audience="urn:auth0:acme:other"), "Audience is invalid."),
    ("destination", lambda good: replace(good, destination=FOREIGN), f"Destination endpoint {FOREIGN} did"),
    ("recipient", lambda good: replace(good, recipient=FOREIGN), "Recipient is invalid."),
    (
        "in-response-to",
        lambda good: replace(good, in_response_to="_other"),
        "InResponseTo _other did not match",
    ),
    (
        "confirmation",
        lambda good: replace(good, confirmed_in_response_to="_other"),
        "InResponseTo _other did not match",
    ),
    ("unsolicited", lambda good: replace(good, in_response_to=None), NOBODY_ASKED),
    (
        "stale",
        lambda good: replace(good, minted_at=datetime.now(UTC) - timedelta(minutes=9)),
        "assertion has",
    ),
    (
        "early",
        lambda good: replace(good, minted_at=datetime.now(UTC) + timedelta(minutes=9)),
        "assertion has",
    ),
]


@pytest.mark.parametrize(
    ("change", "text"), [case[1:] for case in REFUSALS], ids=[case[0] for case in REFUSALS]
)
def test_a_signed_response_with_a_wrong_value_is_refused(
    double: Double, browser: requests.Session, change: Change, text: str
) -> None:
    sent = begin(browser, double, NAME)
    response = signed_response(change(an_answer(double, sent)), IDP)
    end = post_back(browser, double.acs(NAME), response, sent.relay_state)
    assert shown_error(end.text).startswith(text)
    assert double.state()["logins"] == []


def test_a_response_under_another_certificate_is_refused(double: Double, browser: requests.Session) -> None:
    sent = begin(browser, double, NAME)
    other = signing_key("other")
    end = post_back(
        browser, double.acs(NAME), signed_response(an_answer(double, sent), other), sent.relay_state
    )
    assert shown_error(end.text).startswith(f"Invalid thumbprint (configured: {IDP.thumbprint.upper()}.")


def test_an_unsigned_response_is_refused(double: Double, browser: requests.Session) -> None:
    sent = begin(browser, double, NAME)
    end = post_back(browser, double.acs(NAME), unsigned_response(an_answer(double, sent)), sent.relay_state)
    assert shown_error(end.text) == "neither the response nor the assertion are signed"


def altered(response: str, old: str, new: str) -> str:
    xml = base64.b64decode(response).decode()
    assert old in xml
    return base64.b64encode(xml.replace(old, new, 1).encode()).decode()


def test_an_altered_response_is_refused(double: Double, browser: requests.Session) -> None:
    sent = begin(browser, double, NAME)
    response = altered(signed_response(an_answer(double, sent), IDP), "u-7f3k", "u-evil")
    end = post_back(browser, double.acs(NAME), response, sent.relay_state)
    assert shown_error(end.text).startswith("Signature check errors")


def test_key_confusion_by_hmac_over_the_certificate_is_refused(
    double: Double, browser: requests.Session
) -> None:
    sent = begin(browser, double, NAME)
    hmac = "http://www.w3.org/2000/09/xmldsig#hmac-sha1"
    rsa = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    response = altered(signed_response(an_answer(double, sent), IDP), rsa, hmac)
    end = post_back(browser, double.acs(NAME), response, sent.relay_state)
    assert shown_error(end.text) == f"signature algorithm '{hmac}' is not supported"


@pytest.mark.parametrize("relay_state", [None, "", "made-up"])
def test_a_missing_or_foreign_relay_state_counts_as_unsolicited(
    double: Double, browser: requests.Session, relay_state: str | None
) -> None:
    sent = begin(browser, double, NAME)
    end = post_back(browser, double.acs(NAME), signed_response(an_answer(double, sent), IDP), relay_state)
    assert shown_error(end.text) == NOBODY_ASKED


def test_a_response_is_used_once(double: Double, browser: requests.Session) -> None:
    sent = begin(browser, double, NAME)
    response = signed_response(an_answer(double, sent), IDP)
    assert post_back(browser, double.acs(NAME), response, sent.relay_state).ok
    again = post_back(browser, double.acs(NAME), response, sent.relay_state)
    assert shown_error(again.text) == "This response was already used: replay refused."


def test_an_assertion_is_used_once_even_in_a_new_response(double: Double, browser: requests.Session) -> None:
    first = begin(browser, double, NAME)
    answer = an_answer(double, first)
    post_back(browser, double.acs(NAME), signed_response(answer, IDP), first.relay_state)
    second = begin(browser, double, NAME)
    reused = replace(an_answer(double, second), assertion_id=answer.assertion_id)
    end = post_back(browser, double.acs(NAME), signed_response(reused, IDP), second.relay_state)
    assert "replay refused" in shown_error(end.text)


def test_login_forced_on_another_browser_is_refused(double: Double, browser: requests.Session) -> None:
    sent = begin(browser, double, NAME)
    response = signed_response(an_answer(double, sent), IDP)
    with a_browser() as victim:
        end = post_back(victim, double.acs(NAME), response, sent.relay_state)
        assert shown_error(end.text).startswith("Unable to verify the login transaction")
    assert post_back(browser, double.acs(NAME), response, sent.relay_state).ok


@pytest.mark.parametrize("code", ["Requester", "Responder", "VersionMismatch", "AuthnFailed"])
def test_the_status_message_of_a_known_failure_is_what_the_user_reads(
    double: Double, browser: requests.Session, code: str
) -> None:
    sent = begin(browser, double, NAME)
    response = status_response(an_answer(double, sent), code, "You declined <this> login.")
    end = post_back(browser, double.acs(NAME), response, sent.relay_state)
    assert (end.status_code, shown_error(end.text)) == (401, "You declined <this> login.")


def test_any_other_top_status_hides_the_message(double: Double, browser: requests.Session) -> None:
    sent = begin(browser, double, NAME)
    response = status_response(an_answer(double, sent), "RequestDenied", "You declined.")
    end = post_back(browser, double.acs(NAME), response, sent.relay_state)
    assert shown_error(end.text).startswith("saml response does not contain an Assertion element")


@pytest.mark.parametrize("garbage", ["%%%", base64.b64encode(b"<a><b></a>").decode(), "PGE+"])
def test_garbage_is_an_error_page(double: Double, browser: requests.Session, garbage: str) -> None:
    sent = begin(browser, double, NAME)
    assert post_back(browser, double.acs(NAME), garbage, sent.relay_state).status_code == 400

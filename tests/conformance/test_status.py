"""Status and errors: a Response where browser and ACS are at hand, a local page otherwise."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from local.phone_simulator.proofs import Decision
from tests.acts import disable, narrow
from tests.calls import Answer, complete, post_json
from tests.conformance.lab import (
    FOREIGN,
    FORMATS,
    Posted,
    a_generic_application,
    a_request,
    asked,
    assert_local,
    authn_context,
    is_begun,
    login,
    name_id_policy,
    posted,
    send,
    send_unsigned,
    subject,
)
from tests.house import House
from tests.sign_in import approve, begun, by_redirect, scan
from tests.told import correlation_id
from tests.unit.saml.builders import an_issuer

REQUESTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "unknown format": (
        {"children": name_id_policy(f'Format="{FORMATS}x"')},
        ["Requester", "InvalidNameIDPolicy"],
    ),
    "unknown context": ({"children": authn_context("urn:x")}, ["Responder", "NoAuthnContext"]),
    "passive": ({"attributes": 'IsPassive="1"'}, ["Responder", "NoPassive"]),
}


def denied(house: House) -> Posted:
    """Decline a login on the phone."""
    application, person = a_generic_application(house), house.person()
    browser = begun(house, send(house, application, a_request(house, application)))
    scanned = scan(house, person, browser)
    assert post_json(house, "POST_verify", house.verify_body(person, scanned, Decision.DENY)).status == 200
    return posted(complete(house, browser))


def expired(house: House) -> Posted:
    """Let a login expire."""
    application = a_generic_application(house)
    browser = begun(house, send(house, application, a_request(house, application)))
    house.clock.forward(601)
    return posted(complete(house, browser))


def disabled(house: House) -> Posted:
    """Disable the user between the approval and the end."""
    application, person = a_generic_application(house), house.person()
    browser = begun(house, send(house, application, a_request(house, application)))
    approve(house, person, browser)
    disable(house, person)
    assert complete(house, browser).status == 303
    return posted(complete(house, browser))


def outside_of_the_rollout(house: House) -> Posted:
    """Let a user approve whom the application does not admit."""
    application, person = a_generic_application(house), house.person()
    browser = begun(house, send(house, application, a_request(house, application)))
    scanned = scan(house, person, browser)
    narrow(house, application)
    assert post_json(house, "POST_verify", house.verify_body(person, scanned)).status == 403
    return posted(complete(house, browser))


def wrong_person(house: House) -> Posted:
    """Let another person sign in than the one asked for."""
    return login(house, children=subject("somebody-else")).posted


ENDINGS: dict[str, tuple[Callable[[House], Posted], list[str]]] = {
    "declined": (denied, ["Responder", "RequestDenied"]),
    "expired": (expired, ["Responder", "AuthnFailed"]),
    "disabled": (disabled, ["Responder", "RequestDenied"]),
    "not admitted": (outside_of_the_rollout, ["Responder", "RequestDenied"]),
    "another person": (wrong_person, ["Requester", "UnknownPrincipal"]),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_iip_idp05_a_errors_become_responses_by_post(house: House, name: str) -> None:
    request, codes = REQUESTS[name]
    application = a_generic_application(house)
    answer = asked(house, application, **request)
    assert (answer.codes, answer.action) == (codes, application.sp.acs_urls[0])


@pytest.mark.parametrize("name", [*REQUESTS, *ENDINGS])
def test_iip_sso01_f_an_error_has_no_assertion(house: House, name: str) -> None:
    answer = ENDINGS[name][0](house) if name in ENDINGS else asked(house, **REQUESTS[name][0])
    assert answer.codes[0] != "Success"
    assert list(answer.root.iter("{*}Assertion", "{*}EncryptedAssertion")) == []


@pytest.mark.parametrize("name", ENDINGS)
def test_prf_4_1_4_1_b_what_will_not_be_done_is_answered_by_a_status(house: House, name: str) -> None:
    run, codes = ENDINGS[name]
    assert run(house).codes == codes


@pytest.mark.parametrize("name", [*REQUESTS, *ENDINGS, "success"])
def test_iip_sso01_ch_the_top_status_is_one_of_four(house: House, name: str) -> None:
    if name == "success":
        answer = login(house).posted
    else:
        answer = ENDINGS[name][0](house) if name in ENDINGS else asked(house, **REQUESTS[name][0])
    assert answer.codes[0] in ("Success", "Requester", "Responder", "VersionMismatch")
    assert len(answer.codes) == (1 if name == "success" else 2)


INVALID = {
    "schema": {"children": "<samlp:Unknown/>"},
    "both ACS": {
        "attributes": 'AssertionConsumerServiceURL="https://a.example.com" AssertionConsumerServiceIndex="0"'
    },
    "stale": {"instant": "2026-02-09T11:00:00Z"},
}


@pytest.mark.parametrize("name", INVALID)
def test_iip_sso01_an_an_invalid_request_is_not_answered_or_gets_requester(house: House, name: str) -> None:
    """Before its ACS is trusted nothing is sent to anyone; after that the error is the requester's."""
    application = a_generic_application(house)
    assert not is_begun(send(house, application, a_request(house, application, **INVALID[name])))
    assert asked(house, children=name_id_policy(f'Format="{FORMATS}x"')).codes[0] == "Requester"


@pytest.mark.parametrize("version", ["1.1", "3.0"])
def test_iip_sso01_ep_a_version_clash_is_not_answered(house: House, version: str) -> None:
    """It is refused in check 4, before the ACS is trusted, so there is nobody to tell VersionMismatch."""
    application = a_generic_application(house)
    assert not is_begun(send(house, application, a_request(house, application, version=version)))
    assert is_begun(send(house, application, a_request(house, application)))


def test_iip_sso01_en_the_version_of_an_answer_is_that_of_the_request(house: House) -> None:
    for answer in (login(house).posted, *(asked(house, **request) for request, _ in REQUESTS.values())):
        assert answer.one("/p:Response/@Version") == "2.0"


@pytest.mark.parametrize("name", ENDINGS)
def test_bnd_3_1_1_b_errors_carry_relay_state_and_in_response_to(house: House, name: str) -> None:
    answer = ENDINGS[name][0](house)
    assert answer.fields["RelayState"]
    assert len(answer.all("/p:Response/@InResponseTo")) == 1


@pytest.mark.parametrize("name", [*REQUESTS, *ENDINGS])
def test_bnd_3_4_6_a_the_second_code_fits_and_the_text_tells_no_internals(house: House, name: str) -> None:
    answer = ENDINGS[name][0](house) if name in ENDINGS else asked(house, **REQUESTS[name][0])
    assert answer.codes == (ENDINGS[name][1] if name in ENDINGS else REQUESTS[name][1])
    text = answer.one("//p:StatusMessage/text()")
    assert re.match(r"[A-Z][^<>{}\n]{10,300}$", text)
    assert not re.search(r"Traceback|Exception|dynamo|arn:|usr_|dev_|app_|key_", text)


def test_bnd_3_4_6_b_failures_of_saml_are_not_told_by_http(house: House) -> None:
    """The form of an error is a 200; a local page has the status of its cause, as nothing is sent to anyone."""
    application = a_generic_application(house)
    passive = a_request(house, application, attributes='IsPassive="1"')
    assert send(house, application, passive).status == 200
    assert send(house, application, a_request(house, application, version="3.0")).status == 400


@pytest.mark.parametrize(
    "content",
    ['ProxyCount="0"', "", "list"],
)
def test_iip_sso01_aw_scoping_leads_to_our_own_login(house: House, content: str) -> None:
    listed = '<samlp:IDPList><samlp:IDPEntry ProviderID="https://another-idp.example.com"/></samlp:IDPList>'
    attributes, children = ("", listed) if content == "list" else (content, "")
    scoping = f"<samlp:Scoping {attributes}>{children}</samlp:Scoping>"
    assert login(house, children=scoping).posted.codes == ["Success"]


MARKUP = "&lt;script&gt;alert(1)&lt;/script&gt;"


def _local_pages(house: House) -> list[Answer]:
    application = a_generic_application(house)
    evil = f"https://{FOREIGN}/{MARKUP}"
    requests = [
        a_request(house, application, issuer=an_issuer(evil)),
        a_request(house, application, attributes=f'AssertionConsumerServiceURL="{evil}"'),
        a_request(house, application, destination=evil),
        a_request(house, application, binding=evil),
        a_request(house, application, request_id="_" + "a" * 300),
    ]
    answers = [send(house, application, xml) for xml in requests]
    answers += [send_unsigned(house, application, xml, "post") for xml in requests]
    return [*answers, by_redirect(house, f"app_{FOREIGN}<script>", "SAMLRequest=x")]


def test_own_local_an_unknown_sp_or_acs_meets_a_local_page_with_an_id(house: House) -> None:
    answers = _local_pages(house)
    for answer in answers:
        assert_local(answer)
        assert "alert(1)" not in answer.body
    assert len({correlation_id(answer) for answer in answers}) == len(answers)

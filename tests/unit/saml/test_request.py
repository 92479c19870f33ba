"""Each step of an AuthnRequest's check: what it refuses, in which order, and the control that passes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from passwordless.errors import Failure
from passwordless.model.applications import ServiceProvider
from passwordless.saml.bindings import ReceivedMessage, from_post, from_redirect
from passwordless.saml.refusals import Refusal
from passwordless.saml.request import STEP_NAMES, AuthnRequest, RequestedSubject, check
from tests.unit.saml.builders import (
    ACS,
    ENDPOINT,
    ISSUER,
    NOW,
    RELAY_STATE,
    REQUEST_ID,
    SECOND_ACS,
    an_authn_request,
    an_issuer,
    an_sp,
    checked,
    post,
    redirect,
    sign_post,
    sign_redirect,
)

OPEN = an_sp(require_signed_requests=False, acs_urls=(ACS, SECOND_ACS))
EVIL = "https://attacker.example/acs"


def unsigned(xml: bytes) -> ReceivedMessage:
    return from_redirect(redirect(xml))


def accepted(xml: bytes, sp: ServiceProvider = OPEN, *, auth0: bool = True) -> AuthnRequest:
    return checked(unsigned(xml), sp, auth0=auth0)


def refused(xml: bytes, sp: ServiceProvider = OPEN, *, auth0: bool = True) -> Refusal:
    with pytest.raises(Refusal) as caught:
        checked(unsigned(xml), sp, auth0=auth0)
    return caught.value


def test_the_steps_are_in_the_order_of_the_facts() -> None:
    assert STEP_NAMES == (
        "transport",
        "encoding",
        "xml",
        "version",
        "id",
        "issued_already",
        "issued_recently",
        "issuer",
        "registered_key",
        "signed",
        "signature",
        "destination",
        "acs",
        "response_binding",
    )


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(from_redirect(sign_redirect(an_authn_request())), id="redirect"),
        pytest.param(from_post(sign_post(an_authn_request())), id="post"),
    ],
)
def test_a_signed_request_of_auth0_is_accepted(message: ReceivedMessage) -> None:
    assert checked(message) == AuthnRequest(
        id=REQUEST_ID,
        issuer=ISSUER,
        issue_instant=NOW,
        acs_url=ACS,
        relay_state=RELAY_STATE,
        signed=True,
    )


def test_an_unsigned_request_is_accepted_where_none_is_required() -> None:
    assert accepted(an_authn_request()).signed is False
    assert checked(from_post(post(an_authn_request())), OPEN).signed is False


@pytest.mark.parametrize("version", ["1.0", "1.1", "3.0", "2.1", "2.00", " 2.0", ""])
def test_another_version_is_refused(version: str) -> None:
    found = refused(an_authn_request(version=version))
    assert (found.step, found.code, found.status) == ("version", "saml_version_unsupported", 400)


@pytest.mark.parametrize("request_id", ["_" + "a" * 256, " _a", "_a "])
def test_an_id_that_is_too_long_or_has_white_space_is_refused(request_id: str) -> None:
    assert refused(an_authn_request(request_id=request_id)).step == "id"


@pytest.mark.parametrize("request_id", ["_a", "ñandú", "_" + "b" * 255])
def test_any_ncname_is_an_id(request_id: str) -> None:
    assert accepted(an_authn_request(request_id=request_id)).id == request_id


@pytest.mark.parametrize("seconds", [-360, -1, 0, 180])
def test_an_instant_within_lifetime_and_skew_is_accepted(seconds: int) -> None:
    instant = f"{NOW + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"
    assert accepted(an_authn_request(instant=instant)).issue_instant == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("seconds", [-361, -600, -86400 * 365])
def test_a_stale_request_is_gone(seconds: int) -> None:
    found = refused(an_authn_request(instant=f"{NOW + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"))
    assert (found.step, found.status) == ("issued_recently", 410)


@pytest.mark.parametrize("seconds", [181, 600, 86400 * 365])
def test_a_future_request_is_refused(seconds: int) -> None:
    found = refused(an_authn_request(instant=f"{NOW + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"))
    assert (found.step, found.status) == ("issued_already", 400)


@pytest.mark.parametrize(
    "instant",
    [
        "2026-02-09T11:56:42.123456789Z",
        "2026-02-09T11:56:42",
        "2026-02-09T13:56:42+02:00",
    ],
)
def test_instants_are_read_as_utc_in_every_usual_form(instant: str) -> None:
    assert accepted(an_authn_request(instant=instant)).issue_instant.replace(microsecond=0) == NOW


@pytest.mark.parametrize(
    "instant", ["12026-02-09T11:56:42Z", "-0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"]
)
def test_instants_outside_of_the_calendar_are_refused(instant: str) -> None:
    assert refused(an_authn_request(instant=instant)).step in {"xml", "issued_already", "issued_recently"}


@pytest.mark.parametrize(
    "issuer",
    [
        "",
        an_issuer(""),
        an_issuer(ISSUER.upper()),
        an_issuer(f" {ISSUER}"),
        an_issuer(f"{ISSUER}/"),
        an_issuer("urn:auth0:other:phone-login"),
        an_issuer(attributes='Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"'),
    ],
)
def test_an_issuer_that_is_not_the_registered_entity_byte_for_byte_is_refused(issuer: str) -> None:
    found = refused(an_authn_request(issuer=issuer))
    assert (found.step, found.status) == ("issuer", 403)


def test_the_issuer_may_state_its_entity_format() -> None:
    entity = 'Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity"'
    assert accepted(an_authn_request(issuer=an_issuer(attributes=entity))).issuer == ISSUER


@pytest.mark.parametrize(
    "destination",
    [
        "https://login.example.com/saml/app_8/sso",
        "https://idp.example.org/saml/app_7/sso",
        "http://login.example.com/saml/app_7/sso",
        ENDPOINT + "/",
        ENDPOINT + "?x=1",
        ENDPOINT.upper(),
        f" {ENDPOINT}",
        "",
    ],
)
def test_a_foreign_destination_is_refused(destination: str) -> None:
    found = refused(an_authn_request(destination=destination))
    assert (found.step, found.status) == ("destination", 403)


def test_only_a_signed_request_must_name_its_destination() -> None:
    xml = an_authn_request(destination=None)
    assert accepted(xml).id == REQUEST_ID
    for message in (from_redirect(sign_redirect(xml)), from_post(sign_post(xml))):
        with pytest.raises(Refusal) as caught:
            checked(message)
        assert caught.value.step == "destination"


def test_a_request_without_an_acs_url_is_answered_at_the_default_one() -> None:
    """CVE-2026-3055: a vulnerable provider falls over such a request."""
    assert accepted(an_authn_request()).acs_url == ACS
    assert refused(an_authn_request(), replace(OPEN, acs_urls=())).step == "acs"


def test_an_acs_url_that_is_registered_is_used() -> None:
    assert (
        accepted(an_authn_request(attributes=f'AssertionConsumerServiceURL="{SECOND_ACS}"')).acs_url
        == SECOND_ACS
    )


@pytest.mark.parametrize(
    "url",
    [
        EVIL,
        "",
        ACS + "&amp;x=1",
        ACS.split("?")[0],
        ACS + "/",
        ACS.replace("acme", "ACME"),
        ACS.replace("https", "http"),
        f" {ACS}",
        ACS + "#",
        "https://acme.auth0.com@attacker.example/login/callback?connection=phone-login",
    ],
)
def test_an_acs_swap_is_refused_signed_or_not(url: str) -> None:
    xml = an_authn_request(attributes=f'AssertionConsumerServiceURL="{url}"')
    found = refused(xml)
    assert (found.step, found.status) == ("acs", 403)
    with pytest.raises(Refusal, match="saml_acs_unknown"):
        checked(from_redirect(sign_redirect(xml)))


@pytest.mark.parametrize(("index", "url"), [("0", ACS), ("1", SECOND_ACS)])
def test_an_acs_index_picks_the_registered_url(index: str, url: str) -> None:
    assert accepted(an_authn_request(attributes=f'AssertionConsumerServiceIndex="{index}"')).acs_url == url


def test_indexes_of_the_metadata_are_mapped() -> None:
    message = unsigned(an_authn_request(attributes='AssertionConsumerServiceIndex="7"'))
    found = check(message, OPEN, endpoint=ENDPOINT, now=NOW, auth0=True, acs_indexes={7: SECOND_ACS})
    assert found.acs_url == SECOND_ACS
    with pytest.raises(Refusal, match="saml_acs_unknown"):
        check(message, OPEN, endpoint=ENDPOINT, now=NOW, auth0=True, acs_indexes={7: EVIL})


def test_an_unknown_acs_index_is_refused() -> None:
    assert refused(an_authn_request(attributes='AssertionConsumerServiceIndex="99"')).step == "acs"


def test_an_acs_url_and_an_index_together_are_refused() -> None:
    both = f'AssertionConsumerServiceURL="{ACS}" AssertionConsumerServiceIndex="0"'
    assert refused(an_authn_request(attributes=both)).step == "acs"


def test_http_redirect_as_answer_is_taken_as_post_for_auth0_only() -> None:
    assert accepted(an_authn_request(), auth0=True).acs_url == ACS
    assert refused(an_authn_request(), auth0=False).step == "response_binding"


@pytest.mark.parametrize("binding", ["urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact", "urn:x", ""])
def test_another_binding_is_refused(binding: str) -> None:
    assert refused(an_authn_request(binding=binding)).step == "response_binding"


@pytest.mark.parametrize("binding", ["urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST", None])
def test_http_post_or_no_binding_is_accepted(binding: str | None) -> None:
    assert accepted(an_authn_request(binding=binding), auth0=False).acs_url == ACS


@pytest.mark.parametrize(
    ("written", "meant"), [("true", True), ("1", True), (" 1 ", True), ("false", False), ("0", False)]
)
def test_booleans_are_read_in_every_spelling(written: str, meant: bool) -> None:
    found = accepted(an_authn_request(attributes=f'ForceAuthn="{written}" IsPassive="{written}"'))
    assert (found.force_authn, found.is_passive) == (meant, meant)


def test_absent_booleans_are_false() -> None:
    found = accepted(an_authn_request())
    assert (found.force_authn, found.is_passive, found.allow_create) == (False, False, False)


def test_name_id_policy_subject_and_contexts_are_read() -> None:
    children = (
        '<s:Subject xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion"><s:NameID Format="urn:f">u-1</s:NameID></s:Subject>'
        '<samlp:NameIDPolicy Format="urn:g" SPNameQualifier="q" AllowCreate="1"/>'
        '<samlp:RequestedAuthnContext Comparison="minimum">'
        '<s:AuthnContextClassRef xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion"> urn:c </s:AuthnContextClassRef>'
        "</samlp:RequestedAuthnContext>"
    )
    found = accepted(an_authn_request(children=children))
    assert found.subject == RequestedSubject("u-1", "urn:f")
    assert (found.name_id_format, found.sp_name_qualifier, found.allow_create) == ("urn:g", "q", True)
    assert found.authn_contexts is not None
    assert (found.authn_contexts.comparison, found.authn_contexts.classes) == ("minimum", ("urn:c",))


def test_optional_content_that_we_lack_is_ignored() -> None:
    provider = "界" * 200 + "&#9;&#10;" + "𝔘" * 50
    found = accepted(
        an_authn_request(
            attributes=f'ProviderName="{provider}" Consent="urn:c" AttributeConsumingServiceIndex="3"',
            children=(
                "<samlp:Extensions><x:y xmlns:x='urn:x'/></samlp:Extensions>"
                '<s:Conditions xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion" NotBefore="2020-01-01T00:00:00Z"/>'
                '<samlp:Scoping ProxyCount="0"><samlp:IDPList><samlp:IDPEntry ProviderID="urn:p"/>'
                "</samlp:IDPList></samlp:Scoping>"
            ),
        )
    )
    assert found.id == REQUEST_ID


def test_an_application_that_requires_signatures_and_has_no_certificate_is_not_ready() -> None:
    """S31: no downgrade to unsigned requests."""
    for certificates in ((), ("garbage",)):
        bare = an_sp(certificates=certificates)
        for message in (from_redirect(sign_redirect(an_authn_request())), unsigned(an_authn_request())):
            with pytest.raises(Refusal) as caught:
                checked(message, bare)
            assert (caught.value.step, caught.value.code) == ("registered_key", "sp_not_verified")
            assert caught.value.status == 422
            assert caught.value.guidance is not None
            assert "press Verify" in caught.value.guidance


def test_an_unsigned_request_is_refused_where_signatures_are_required() -> None:
    for message in (unsigned(an_authn_request()), from_post(post(an_authn_request()))):
        with pytest.raises(Refusal) as caught:
            checked(message)
        assert (caught.value.step, caught.value.status) == ("signed", 401)


def test_refusals_tell_people_nothing_that_came_with_the_request_and_the_log_both_values() -> None:
    mark = "marked-7f3a"
    hostile = [
        an_authn_request(version=mark),
        an_authn_request(issuer=an_issuer(mark)),
        an_authn_request(destination=f"https://{mark}.example/"),
        an_authn_request(attributes=f'AssertionConsumerServiceURL="https://{mark}.example/"'),
        an_authn_request(binding=f"urn:{mark}"),
    ]
    for xml in hostile:
        found: Failure = refused(xml)
        assert mark not in f"{found}{found.detail}{found.guidance}{found.title}"
        assert found.private is not None
        assert mark in found.private
        assert "expected" in found.private


def test_what_the_log_gets_is_cleaned_and_bounded() -> None:
    found = refused(
        an_authn_request(issuer=an_issuer("\u202e\u009b" + "&lt;x>&#10;FAKE LOG LINE" + "y" * 5000))
    )
    assert found.private is not None
    assert found.private.isascii()
    assert found.private.isprintable()
    assert len(found.private) < 600

"""S32: a LogoutRequest is signed by a registered key or does nothing; its answer goes to a registered address only."""

import base64
import secrets
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import etree

from passwordless.errors import Unavailable
from passwordless.login.metadata import signed_metadata
from passwordless.model.applications import Application
from passwordless.saml.bindings import from_redirect
from passwordless.saml.certificates import base64_der
from passwordless.saml.signature import verify_query
from passwordless.store.browser_sessions import BrowserSessions
from passwordless.web import SESSION_COOKIE, expired_cookie
from tests.calls import Answer, complete
from tests.house import House
from tests.single_sign_on import (
    EXTENSION,
    SignedIn,
    come_again,
    finished,
    first_login,
    kept,
    lasting,
    log_out_by_post,
    log_out_by_redirect,
    logout_request,
    open_login,
)
from tests.told import failure, found, status_codes
from tests.unit.saml.builders import (
    RELAY_STATE,
    an_issuer,
    enveloped,
    key_pair,
    post,
    redirect,
    sign_post,
    sign_redirect,
)
from tests.unit.saml.forgery import ENVELOPED, EXCLUSIVE, Recipe, forge
from tests.witness import Witness, events_of, nothing_written

MALLORY = key_pair("mallory.example.com")
SLO = "https://acme.auth0.com/v2/logout?returned=1"
ASYNCHRONOUS = f'<samlp:Extensions><a:Asynchronous xmlns:a="{EXTENSION}"/></samlp:Extensions>'


def leaving(house: House, *, slo_url: str | None = SLO, by_post: bool = False) -> Application:
    """Store an application with sessions and an address for LogoutResponses."""
    mark, plain = secrets.token_hex(4), lasting(house)
    sp = replace(
        plain.sp,
        entity_id=f"{plain.sp.entity_id}-{mark}",
        acs_urls=(f"{plain.sp.acs_urls[0]}-{mark}",),
        slo_url=slo_url,
        slo_by_post=by_post,
    )
    return lasting(house, sp=sp)


def certificate(house: House, application: Application) -> str:
    """Return the certificate that the application knows us by."""
    key = house.wiring.stores.signing_keys.get(application.tenant, application.idp.signing_key_id)
    assert key is not None
    return base64_der(key.certificate_pem)


def answered(house: House, application: Application, answer: Answer) -> tuple[etree._Element, str | None]:
    """Return the LogoutResponse of a redirect and its RelayState, once its signature has held."""
    assert answer.status == 303, answer.body
    location = answer.headers["location"]
    assert location.startswith(SLO)
    query = parse_qs(urlsplit(location).query, strict_parsing=True)
    signed = from_redirect(
        urlsplit(location).query.removeprefix("returned=1&").replace("SAMLResponse", "SAMLRequest")
    )
    assert signed.query_signature is not None
    octets = signed.query_signature.octets.replace(b"SAMLRequest", b"SAMLResponse")
    verify_query(replace(signed.query_signature, octets=octets), (certificate(house, application),))
    xml = zlib.decompress(base64.b64decode(query["SAMLResponse"][0]), -zlib.MAX_WBITS)
    return etree.fromstring(xml), query.get("RelayState", [None])[0]


def ended(house: House, before: SignedIn) -> bool:
    """Tell whether a browser's session with us is over."""
    return kept(house, before.cookies) is None


def leave(house: House, application: Application, before: SignedIn, *indexes: str, **changes: Any) -> Answer:
    """Sign out by a signed redirect that carries no cookie."""
    xml = logout_request(house, application, before.name_id, *indexes, **changes)
    return log_out_by_redirect(house, application, sign_redirect(xml))


def test_a_signed_request_ends_the_session_and_is_answered_signed(house: House) -> None:
    application = leaving(house)
    before = first_login(house, application, house.person())

    xml = logout_request(house, application, before.name_id, before.session_index, request_id="_out1")
    root, relay_state = answered(
        house, application, log_out_by_redirect(house, application, sign_redirect(xml))
    )

    assert ended(house, before)
    assert root.tag == "{urn:oasis:names:tc:SAML:2.0:protocol}LogoutResponse"
    assert status_codes(root) == ["Success"]
    assert found(root, "/*/@InResponseTo") == ["_out1"]
    assert found(root, "/*/@Destination") == [SLO]
    assert found(root, "/*/a:Issuer/text()") == [application.idp.entity_id]
    assert relay_state == RELAY_STATE
    told = [event["type"] for event in events_of(house, application.application_id)]
    assert told.count("logout.completed") == 1


def test_after_it_the_next_login_needs_a_scan(house: House) -> None:
    application = leaving(house)
    before = first_login(house, application, house.person())
    leave(house, application, before, before.session_index)
    page = open_login(house, come_again(house, application), before.cookies)
    assert 'data-status="pending"' in page.body


def test_a_login_that_the_session_approved_does_not_outlive_it(house: House) -> None:
    application = leaving(house)
    before = first_login(house, application, house.person())
    browser = come_again(house, application)
    open_login(house, browser, before.cookies)
    leave(house, application, before, before.session_index)
    assert complete(house, browser).status == 303
    assert house.stored(browser).refusal == "session"


def test_by_post_it_is_answered_by_post(house: House) -> None:
    application = leaving(house, by_post=True)
    before = first_login(house, application, house.person())
    xml = logout_request(house, application, before.name_id, before.session_index)

    answer = log_out_by_post(house, application, sign_post(xml))

    assert ended(house, before)
    assert f'action="{SLO}"' in answer.body
    root = etree.fromstring(base64.b64decode(answer.field("SAMLResponse")))
    assert status_codes(root) == ["Success"]
    assert (root.tag, found(root, "/*/@Destination")) == (
        "{urn:oasis:names:tc:SAML:2.0:protocol}LogoutResponse",
        [SLO],
    )
    assert found(root, "/*/ds:Signature//ds:X509Certificate/text()") == [certificate(house, application)]


@pytest.mark.parametrize("deflate", [True, False])
def test_one_that_lands_on_the_sign_in_address_is_answered(house: House, *, deflate: bool) -> None:
    """Auth0 sends it there unless told another address, deflated or not."""
    application = leaving(house)
    before = first_login(house, application, house.person())
    xml = logout_request(house, application, before.name_id, destination=application.idp.sso_url)
    query = sign_redirect(xml) if deflate else redirect(enveloped(xml), deflate=False)
    root, _ = answered(house, application, log_out_by_redirect(house, application, query, at_sso=True))
    assert (status_codes(root), ended(house, before)) == (["Success"], True)


def unsigned(xml: bytes) -> str:
    return redirect(xml)


def by_mallory(xml: bytes) -> str:
    return sign_redirect(xml, pair=MALLORY)


def with_inner_signature_deflated(xml: bytes) -> str:
    return redirect(enveloped(xml))


def cut(xml: bytes) -> str:
    return sign_redirect(xml) + "AAAA"


UNPROVEN: dict[str, Callable[[bytes], str]] = {
    "unsigned": unsigned,
    "another key": by_mallory,
    "signed inside what was deflated": with_inner_signature_deflated,
    "a signature with a tail": cut,
}


@pytest.mark.parametrize("at_sso", [False, True])
@pytest.mark.parametrize("how", UNPROVEN)
def test_an_unproven_request_ends_nothing_on_either_address(house: House, how: str, *, at_sso: bool) -> None:
    application = leaving(house)
    before = first_login(house, application, house.person())
    destination = application.idp.sso_url if at_sso else application.idp.slo_url
    xml = logout_request(house, application, before.name_id, destination=destination)

    witness = Witness.of(house)
    with nothing_written(house):
        answer = log_out_by_redirect(house, application, UNPROVEN[how](xml), before.cookies, at_sso=at_sso)

    assert failure(answer)[0] in {400, 401}
    assert (ended(house, before), witness.signatures) == (False, 0)


def test_an_application_without_a_certificate_ends_nothing(house: House) -> None:
    """S31: even where AuthnRequests need no signature."""
    plain = leaving(house)
    sp = replace(
        plain.sp,
        entity_id=f"{plain.sp.entity_id}-bare",
        acs_urls=(f"{plain.sp.acs_urls[0]}-bare",),
        certificates=(),
        require_signed_requests=False,
    )
    application = lasting(house, sp=sp)
    xml = logout_request(house, application, "someone")
    assert failure(log_out_by_redirect(house, application, redirect(xml))) == (422, "sp_not_verified")


def test_a_request_signed_for_another_index_ends_nothing(house: House) -> None:
    application = leaving(house)
    before = first_login(house, application, house.person())
    signed = enveloped(logout_request(house, application, before.name_id, "_other"))
    forged = signed.replace(b"_other", before.session_index.encode())
    answer = log_out_by_post(house, application, post(forged))
    assert failure(answer) == (401, "saml_signature_invalid")
    assert not ended(house, before)


def test_a_transform_that_empties_what_is_covered_ends_nothing(house: House) -> None:
    application = leaving(house)
    before = first_login(house, application, house.person())
    path = '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>false()</ds:XPath></ds:Transform>'
    xml = logout_request(house, application, before.name_id)
    forged = forge(xml, Recipe(transforms=(ENVELOPED, path, EXCLUSIVE), covered=b""))
    assert failure(log_out_by_post(house, application, post(forged))) == (401, "saml_signature_invalid")
    assert not ended(house, before)


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "another path": ({"destination": "{sso}"}, "saml_destination_mismatch"),
    "another host": ({"destination": "https://idp.example.com/slo"}, "saml_destination_mismatch"),
    "another application": ({"issuer": an_issuer("urn:auth0:acme:other")}, "saml_issuer_unknown"),
    "from the future": ({"instant": "2026-02-09T12:30:00Z"}, "saml_request_from_future"),
    "too old": ({"instant": "2026-02-09T11:40:00Z"}, "saml_request_expired"),
    "over": ({"attributes": 'NotOnOrAfter="2026-02-09T11:50:00Z"'}, "saml_request_expired"),
    "another version": ({"version": "3.0"}, "saml_version_unsupported"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_signed_request_that_is_not_for_us_now_ends_nothing(house: House, case: str) -> None:
    application = leaving(house)
    before = first_login(house, application, house.person())
    changes, code = WRONG[case]
    filled = {name: value.format(sso=application.idp.sso_url) for name, value in changes.items()}
    assert failure(leave(house, application, before, **filled))[1] == code
    assert not ended(house, before)


def test_a_replayed_request_ends_nothing_again(house: House) -> None:
    application, person = leaving(house), house.person()
    before = first_login(house, application, person)
    query = sign_redirect(logout_request(house, application, before.name_id))
    log_out_by_redirect(house, application, query)
    again = first_login(house, application, person)
    assert failure(log_out_by_redirect(house, application, query)) == (409, "request_replayed")
    assert not ended(house, again)


def test_a_session_index_ends_its_session_and_no_other(house: House) -> None:
    application, person = leaving(house), house.person()
    one, other = (first_login(house, application, person) for _ in range(2))
    leave(house, application, one, one.session_index)
    assert (ended(house, one), ended(house, other)) == (True, False)


def test_without_a_session_index_all_of_the_users_sessions_end(house: House) -> None:
    application, person = leaving(house), house.person()
    logins = [first_login(house, application, person) for _ in range(2)]
    leave(house, application, logins[0])
    assert [ended(house, login) for login in logins] == [True, True]


@pytest.mark.parametrize(
    "naming",
    [
        {"name_attributes": 'Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"'},
        {"name_attributes": 'SPNameQualifier="urn:somebody:else"'},
    ],
)
def test_a_name_of_another_kind_ends_nothing(house: House, naming: dict[str, str]) -> None:
    application = leaving(house)
    before = first_login(house, application, house.person())
    leave(house, application, before, before.session_index, **naming)
    assert not ended(house, before)


def test_another_users_name_ends_nothing(house: House) -> None:
    application = leaving(house)
    mine, theirs = (first_login(house, application, house.person()) for _ in range(2))
    xml = logout_request(house, application, theirs.name_id, mine.session_index)
    log_out_by_redirect(house, application, sign_redirect(xml), mine.cookies)
    assert (ended(house, mine), ended(house, theirs)) == (False, False)


def test_another_applications_name_and_index_end_nothing(house: House) -> None:
    one, other = leaving(house), leaving(house, slo_url="https://other.example.com/slo")
    before = first_login(house, one, house.person())
    leave(house, other, before, before.session_index)
    assert not ended(house, before)


def test_the_browsers_own_session_ends_with_an_older_one_of_the_same_person(house: House) -> None:
    """The person signs out in this browser; a newer approval there must not keep it signed in."""
    application, person = leaving(house), house.person()
    older, newer = (first_login(house, application, person) for _ in range(2))
    xml = logout_request(house, application, older.name_id, older.session_index)
    answer = log_out_by_redirect(house, application, sign_redirect(xml), newer.cookies)
    assert (ended(house, older), ended(house, newer)) == (True, True)
    assert answer.cookies == (expired_cookie(SESSION_COOKIE),)


def test_other_applications_of_the_session_are_told_of_as_partial(house: House) -> None:
    application, other, person = leaving(house), lasting(house), house.person()
    before = first_login(house, application, person)
    browser = come_again(house, other)
    open_login(house, browser, before.cookies)
    finished(complete(house, browser))

    root, _ = answered(house, application, leave(house, application, before, before.session_index))

    assert status_codes(root) == ["Success", "PartialLogout"]
    assert ended(house, before)


def test_an_identifier_that_we_never_give_is_answered_as_unknown(house: House) -> None:
    application = leaving(house)
    before = first_login(house, application, house.person())
    base = '<saml:BaseID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xsi="urn:x"/>'
    xml = logout_request(house, application, before.name_id)
    start, end = xml.index(b"<saml:NameID"), xml.index(b"</saml:NameID>") + len(b"</saml:NameID>")
    hostile = xml[:start] + base.encode() + xml[end:]
    answer = log_out_by_redirect(house, application, sign_redirect(hostile))
    assert (answer.status, ended(house, before)) == (400, False)


def test_a_name_qualified_for_another_is_answered_with_requester(house: House) -> None:
    application = leaving(house)
    before = first_login(house, application, house.person())
    answer = leave(house, application, before, name_attributes='SPNameQualifier="urn:somebody:else"')
    assert status_codes(answered(house, application, answer)[0]) == ["Requester", "UnknownPrincipal"]


def test_without_a_registered_address_a_page_says_so_and_nothing_is_sent(house: House) -> None:
    application = leaving(house, slo_url=None)
    before = first_login(house, application, house.person())
    witness = Witness.of(house)
    answer = leave(house, application, before, before.session_index)
    assert (answer.status, ended(house, before), witness.signatures) == (200, True, 0)
    assert "Signed out" in answer.body
    assert "SAMLResponse" not in answer.body


def test_an_asynchronous_request_is_carried_out_and_not_answered(house: House) -> None:
    application = leaving(house)
    before = first_login(house, application, house.person())
    answer = leave(house, application, before, before.session_index, extensions=ASYNCHRONOUS)
    assert (answer.status, ended(house, before)) == (200, True)
    assert "Signed out" in answer.body


def broken(*_: object) -> None:
    raise Unavailable("store_unavailable", "Our database did not answer.", retry_after=2)


@pytest.mark.parametrize("slo_url", [SLO, None])
def test_a_session_that_could_not_end_is_told_as_an_error(
    house: House, monkeypatch: pytest.MonkeyPatch, slo_url: str | None
) -> None:
    application = leaving(house, slo_url=slo_url)
    before = first_login(house, application, house.person())
    monkeypatch.setattr(BrowserSessions, "end", broken)
    answer = leave(house, application, before, before.session_index)
    if slo_url is None:
        assert failure(answer) == (503, "logout_failed")
    else:
        assert status_codes(answered(house, application, answer)[0]) == ["Responder"]


def test_a_logout_is_offered_in_our_metadata_only_with_an_address_to_answer_to(house: House) -> None:
    for slo_url in (None, SLO):
        application = leaving(house, slo_url=slo_url)
        told = etree.fromstring(
            signed_metadata(house.wiring, application.application_id, "REFERENCE").encode()
        )
        assert found(told, "//*[local-name()='SingleLogoutService']/@Location") == (
            [] if slo_url is None else [application.idp.slo_url] * 2
        )

"""Single logout: who may end a session, what ends, and what is answered."""

import base64
import secrets
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from functions.sso import handler as sso
from passwordless.errors import Unavailable
from passwordless.model.applications import Application
from passwordless.saml.certificates import rsa_key
from passwordless.saml.names import BINDING_REDIRECT as REDIRECT_BINDING
from passwordless.saml.parsing import schema
from passwordless.store.browser_sessions import BrowserSessions
from tests.calls import Answer, call, cookie_lines
from tests.conformance.lab import (
    KEEPING,
    Kept,
    Posted,
    a_generic_application,
    a_kept_login,
    assert_local,
    come_again,
    posted,
)
from tests.conformance.sp_metadata import a_document, a_key, registered
from tests.house import House
from tests.logout_rounds import REFUSAL, SUCCESS, Sent, end_session, sent, signs_out
from tests.sign_in import by_redirect
from tests.told import found, status_codes
from tests.unit.saml.builders import (
    enveloped,
    key_pair,
    post,
    redirect,
    sign_redirect,
)
from tests.unit.saml.forgery import Recipe, forge
from tests.unit.saml.test_request_signatures import XPATH

ASYNCHRONOUS = (
    "<samlp:Extensions><aslo:Asynchronous "
    'xmlns:aslo="urn:oasis:names:tc:SAML:2.0:protocol:ext:async-slo"/></samlp:Extensions>'
)


def slo_url(mark: str = "") -> str:
    """Return where a service provider takes LogoutResponses."""
    return f"https://sp.example.com/slo{mark}?own=1"


def an_application(house: House, *, by_post: bool = False, address: str | None = slo_url()) -> Application:
    """Store an application that keeps sessions and has a logout endpoint."""
    return a_generic_application(house, policy=KEEPING, slo_url=address, slo_by_post=by_post)


def a_logout_request(house: House, kept: Kept, **changes: Any) -> bytes:
    """Write the LogoutRequest of the service provider that a login was for."""
    to, told = kept.login.application, kept.login.posted
    given: dict[str, Any] = {
        "request_id": f"_{secrets.token_hex(16)}",
        "destination": to.idp.slo_url,
        "version": "2.0",
        "issuer": to.sp.entity_id,
        "name_id": told.one("//a:NameID/text()"),
        "indexes": told.all("//a:AuthnStatement/@SessionIndex"),
        "extensions": "",
        **changes,
    }
    instant = f"{house.wiring.now_utc:%Y-%m-%dT%H:%M:%SZ}"
    indexes = "".join(f"<samlp:SessionIndex>{each}</samlp:SessionIndex>" for each in given["indexes"])
    name = "" if given["name_id"] is None else f"<saml:NameID>{given['name_id']}</saml:NameID>"
    return (
        '<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
        f'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{given["request_id"]}" '
        f'Version="{given["version"]}" IssueInstant="{instant}" Destination="{given["destination"]}">'
        f"<saml:Issuer>{given['issuer']}</saml:Issuer>{given['extensions']}{name}{indexes}</samlp:LogoutRequest>"
    ).encode()


def by_query(house: House, kept: Kept, query: str) -> Answer:
    """Bring a LogoutRequest by HTTP-Redirect, in the browser of the login."""
    return _call(house, kept, "GET_slo", rawQueryString=query)


def by_form(house: House, kept: Kept, body: bytes) -> Answer:
    """Bring a LogoutRequest by HTTP-POST; a cross-site form carries no Lax cookie."""
    encoded = base64.b64encode(body).decode()
    return _call(house, replace(kept, cookies={}), "POST_slo", body=encoded, isBase64Encoded=True)


def _call(house: House, kept: Kept, name: str, **changes: Any) -> Answer:
    parameters = {"application_id": kept.login.application.application_id}
    cookies = cookie_lines(kept.cookies)
    return call(house, sso.handler, name, pathParameters=parameters, cookies=cookies, **changes)


def log_out(house: House, kept: Kept, **changes: Any) -> Answer:
    """Log out by a signed redirect."""
    return by_query(house, kept, sign_redirect(a_logout_request(house, kept, **changes)))


def lives(house: House, kept: Kept) -> bool:
    """Tell whether the session still spares a scan."""
    return "SAMLResponse" in come_again(house, kept.login.application, kept.cookies).body


@dataclass(frozen=True)
class Told:
    """A LogoutResponse that came by HTTP-Redirect: its parameters, its XML."""

    url: str
    parameters: dict[str, str]
    root: etree._Element

    @property
    def codes(self) -> list[str]:
        """Return the status codes, the top one first."""
        return status_codes(self.root)


def told(house: House, kept: Kept, answer: Answer) -> Told:
    """Read a LogoutResponse off its redirect, its signature verified and its schema kept."""
    assert answer.status == 303, answer.status
    url, _, query = answer.headers["location"].rpartition("SAMLResponse=")
    octets, _, signature = f"SAMLResponse={query}".partition("&Signature=")
    row = house.wiring.stores.signing_keys.get(
        kept.login.application.tenant, kept.login.application.idp.signing_key_id
    )
    assert row is not None
    key = rsa_key(row.certificate_pem)
    assert key is not None
    key.verify(base64.b64decode(unquote(signature)), octets.encode(), PKCS1v15(), SHA256())
    read = {name: values[0] for name, values in parse_qs(octets, keep_blank_values=True).items()}
    xml = zlib.decompress(base64.b64decode(read["SAMLResponse"]), -zlib.MAX_WBITS)
    root = etree.fromstring(xml)
    schema("saml-schema-protocol-2.0.xsd").assertValid(root)
    return Told(url.rstrip("?&"), read, root)


def test_iip_idp17_a_a_logout_request_is_processed_and_answered(house: House) -> None:
    kept = a_kept_login(house, an_application(house))
    assert lives(house, kept)
    assert told(house, kept, log_out(house, kept)).codes == ["Success"]
    assert not lives(house, kept)


def test_iip_sso01_l1_the_session_index_of_a_login_works_in_a_logout_request(house: House) -> None:
    kept = a_kept_login(house, an_application(house))
    assert len(kept.login.posted.all("//a:AuthnStatement/@SessionIndex")) == 1
    log_out(house, kept, indexes=["_another"])
    assert lives(house, kept)
    log_out(house, kept)
    assert not lives(house, kept)


def test_iip_idp18_a_requests_and_responses_go_by_redirect(house: House) -> None:
    kept = a_kept_login(house, an_application(house))
    answer = told(house, kept, log_out(house, kept))
    assert answer.url == slo_url()
    assert answer.root.get("Destination") == slo_url()


def test_iip_idp17_p_the_sender_is_authenticated_before_a_session_is_touched(house: House) -> None:
    kept = a_kept_login(house, an_application(house))
    neighbour = key_pair("neighbour.example.com")
    a_generic_application(house, certificates=(neighbour.certificate,))
    xml = a_logout_request(house, kept)
    for answer in (
        by_query(house, kept, redirect(xml)),
        by_form(house, kept, post(xml)),
        by_query(house, kept, sign_redirect(xml, pair=neighbour)),
        by_form(house, kept, post(enveloped(xml, pair=neighbour))),
    ):
        assert_local(answer)
        assert lives(house, kept)
    log_out(house, kept)
    assert not lives(house, kept)


def test_iip_idp17_d_name_id_and_session_index_decide_what_ends(house: House) -> None:
    application, person = an_application(house), house.person()
    first, second = (a_kept_login(house, application, person) for _ in range(2))
    other = a_kept_login(house, application)
    elsewhere = replace(second, cookies={})
    told(house, first, log_out(house, elsewhere, indexes=first.login.posted.all("//@SessionIndex")))
    assert (lives(house, first), lives(house, second), lives(house, other)) == (False, True, True)
    log_out(house, elsewhere, name_id="nobody-known")
    assert lives(house, second)
    log_out(house, elsewhere, indexes=[])
    assert (lives(house, second), lives(house, other)) == (False, True)


def test_iip_idp17_e_the_session_ends_and_success_is_told(house: House) -> None:
    kept = a_kept_login(house, an_application(house))
    answer = log_out(house, kept)
    assert told(house, kept, answer).codes == ["Success"]
    assert any("Max-Age=0" in line for line in answer.cookies)
    assert not lives(house, kept)


def test_iip_idp17_o_a_session_that_could_not_end_is_told_as_an_error(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = a_kept_login(house, an_application(house))

    def failing(*_: object) -> None:
        raise Unavailable("store_unavailable", "The store does not answer.", retry_after=1)

    with monkeypatch.context() as patched:
        patched.setattr(BrowserSessions, "end", failing)
        assert told(house, kept, log_out(house, kept)).codes[0] == "Responder"
    assert lives(house, kept)


def test_iip_idp17_x_a_wrong_destination_is_dropped(house: House) -> None:
    kept = a_kept_login(house, an_application(house))
    own = kept.login.application.idp.slo_url
    for destination in (own + "/", own.replace("/slo", "/sso"), "https://idp.example.com/slo"):
        assert_local(log_out(house, kept, destination=destination))
        assert lives(house, kept)
    log_out(house, kept)
    assert not lives(house, kept)


ALTERED: dict[str, Callable[[bytes], bytes]] = {
    "nothing": enveloped,
    "SessionIndex": lambda xml: enveloped(xml).replace(b"<samlp:SessionIndex>_", b"<samlp:SessionIndex>_0"),
    "NameID": lambda xml: enveloped(xml).replace(b"<saml:NameID>", b"<saml:NameID>a"),
    "emptying XPath": lambda xml: forge(xml, Recipe(transforms=(*Recipe().transforms, XPATH), covered=b"")),
}


@pytest.mark.parametrize("name", ALTERED)
def test_iip_idp17_y_a_signature_is_verified_and_hides_nothing(house: House, name: str) -> None:
    kept = a_kept_login(house, an_application(house))
    answer = by_form(house, kept, post(ALTERED[name](a_logout_request(house, kept))))
    if name != "nothing":
        assert_local(answer)
    assert lives(house, kept) == (name != "nothing")


@pytest.mark.parametrize("changes", [{"name_id": None}, {"version": "3.0"}, {"request_id": "1:x"}])
def test_iip_idp17_ad_an_invalid_request_is_not_answered_and_ends_nothing(
    house: House, changes: dict[str, Any]
) -> None:
    kept = a_kept_login(house, an_application(house))
    assert_local(log_out(house, kept, **changes))
    assert lives(house, kept)


def test_iip_idp17_f_the_response_has_our_issuer_and_is_signed(house: House) -> None:
    """By Redirect its query signature is verified by `told`; by POST it is enveloped."""
    kept = a_kept_login(house, an_application(house))
    assert found(told(house, kept, log_out(house, kept)).root, "//a:Issuer/text()") == [
        kept.login.application.idp.entity_id
    ]
    by_post = a_kept_login(house, an_application(house, by_post=True, address=slo_url("2")))
    page = log_out(house, by_post)
    assert page.status == 200
    root = etree.fromstring(base64.b64decode(page.field("SAMLResponse")))
    assert found(root, "/p:LogoutResponse/ds:Signature//ds:Reference/@URI") == [f"#{root.get('ID')}"]
    assert found(root, "//a:Issuer/@*") == []


def test_iip_idp17_w_the_response_answers_its_request_with_a_fresh_id(house: House) -> None:
    ids = set()
    for number in range(2):
        kept = a_kept_login(house, an_application(house))
        answer = told(house, kept, log_out(house, kept, request_id=f"_logout{number}{secrets.token_hex(4)}"))
        assert answer.root.get("InResponseTo", "").startswith(f"_logout{number}")
        assert answer.codes[0] in ("Success", "Requester", "Responder", "VersionMismatch")
        ids.add(answer.root.get("ID"))
    assert len(ids) == 2


def test_iip_idp17_b_an_asynchronous_request_is_processed_and_not_answered(house: House) -> None:
    kept = a_kept_login(house, an_application(house))
    answer = log_out(house, kept, extensions=ASYNCHRONOUS)
    assert (answer.status, "location" in answer.headers) == (200, False)
    assert "SAMLResponse" not in answer.body
    assert "Signed out" in answer.body
    assert not lives(house, kept)


def both_ways(house: House, begin: Callable[[House, Kept], Answer]) -> list[tuple[Posted, Sent]]:
    """Sign in at two applications and begin a logout; return what the second was told and asked, by either binding."""
    seen = []
    for by_post in (False, True):
        first, second = an_application(house), an_application(house, by_post=by_post, address=slo_url("2"))
        kept = a_kept_login(house, first)
        login = posted(come_again(house, second, kept.cookies))
        asked = sent(house, second, ends_the_first(house, first, begin(house, kept)))
        seen.append((login, asked))
    return seen


def ends_the_first(house: House, first: Application, answer: Answer) -> Answer:
    """Have the first application answer, should it have been asked before the second."""
    if slo_url("2").partition("?")[0] in answer.headers.get("location", "") + answer.body:
        return answer
    return signs_out(house, first, sent(house, first, answer))


def at_the_provider(house: House, kept: Kept) -> Answer:
    """End the session on our own page."""
    return end_session(house, kept.cookies)


def at_another(house: House, kept: Kept) -> Answer:
    """End the session at the other service provider."""
    return log_out(house, kept)


BEGINNINGS = [at_the_provider, at_another]


@pytest.mark.parametrize("begin", BEGINNINGS)
def test_iip_idp17_m_a_logout_request_of_ours_is_signed(
    house: House, begin: Callable[[House, Kept], Answer]
) -> None:
    """`sent` verifies the query's or the message's signature with the key of our metadata, and the schema."""
    for _, asked in both_ways(house, begin):
        assert (asked.kind, asked.url) == ("LogoutRequest", slo_url("2"))


@pytest.mark.parametrize("begin", BEGINNINGS)
def test_iip_idp17_m_it_names_the_person_as_the_assertion_did(
    house: House, begin: Callable[[House, Kept], Answer]
) -> None:
    """IIP-IDP17.n: value, Format and qualifiers are those of the assertion, and so is the SessionIndex."""
    for login, asked in both_ways(house, begin):
        for path in ("//a:NameID/text()", "//a:NameID/@Format"):
            assert asked.one(path) == login.one(path)
        assert found(asked.root, "//a:NameID/@NameQualifier | //a:NameID/@SPNameQualifier") == login.all(
            "//a:NameID/@NameQualifier | //a:NameID/@SPNameQualifier"
        )
        assert asked.one("//p:SessionIndex/text()") == login.one("//a:AuthnStatement/@SessionIndex")


@pytest.mark.parametrize("begin", BEGINNINGS)
def test_iip_idp17_m_it_leaves_time_for_an_answer(
    house: House, begin: Callable[[House, Kept], Answer]
) -> None:
    """IIP-IDP17.t, .u: NotOnOrAfter is there and allows for a slow way and for clocks that differ."""
    for _, asked in both_ways(house, begin):
        issued, ends = (
            datetime.fromisoformat(asked.one(f"/*/@{name}")) for name in ("IssueInstant", "NotOnOrAfter")
        )
        assert timedelta(minutes=3) <= ends - issued <= timedelta(minutes=10)


def three(house: House) -> tuple[Kept, list[Application]]:
    """Sign in at three applications; the two others are returned in the order in which they are asked."""
    first, *others = (an_application(house, address=slo_url(mark)) for mark in ("", "2", "3"))
    kept = a_kept_login(house, first)
    for other in others:
        assert posted(come_again(house, other, kept.cookies)).codes == ["Success"]
    return kept, sorted(others, key=lambda one: one.application_id)


def test_iip_idp17_s_all_are_asked_and_success_is_told_when_all_succeed(house: House) -> None:
    kept, (second, third) = three(house)
    answer = signs_out(house, second, sent(house, second, log_out(house, kept)))
    answer = signs_out(house, third, sent(house, third, answer))
    assert told(house, kept, answer).codes == ["Success"]


@pytest.mark.parametrize("fails", [0, 1])
def test_iip_idp17_s_when_one_fails_the_rest_is_asked_and_partial_is_told(house: House, fails: int) -> None:
    kept, others = three(house)
    answer = log_out(house, kept)
    for place, other in enumerate(others):
        code = REFUSAL if place == fails else SUCCESS
        answer = signs_out(house, other, sent(house, other, answer), code=code)
    assert told(house, kept, answer).codes == ["Success", "PartialLogout"]


def test_iip_idp17_s_one_that_cannot_be_asked_is_told_as_partial(house: House) -> None:
    first, second = an_application(house), a_generic_application(house, policy=KEEPING)
    kept = a_kept_login(house, first)
    assert posted(come_again(house, second, kept.cookies)).codes == ["Success"]
    assert told(house, kept, log_out(house, kept)).codes == ["Success", "PartialLogout"]
    alone = a_kept_login(house, an_application(house))
    assert told(house, alone, log_out(house, alone)).codes == ["Success"]


def test_iip_idp17_a_at_an_application_without_an_endpoint_the_session_ends_on_our_page(
    house: House,
) -> None:
    kept = a_kept_login(house, an_application(house, address=None))
    answer = log_out(house, kept)
    assert (answer.status, "location" in answer.headers) == (200, False)
    assert not lives(house, kept)


def test_iip_idp17_a_a_request_that_lands_on_the_sso_address_is_answered(house: House) -> None:
    kept = a_kept_login(house, an_application(house))
    to = kept.login.application
    xml = a_logout_request(house, kept, destination=to.idp.sso_url)
    assert told(house, kept, by_redirect(house, to.application_id, sign_redirect(xml))).codes == ["Success"]


def test_iip_idp20_a_the_endpoint_and_the_key_come_from_the_metadata(house: House) -> None:
    own, stranger = key_pair("own.example.com"), key_pair("stranger.example.com")
    for place in ("first", "second"):
        address = f"https://{place}.example.com/slo"
        service = f'<md:SingleLogoutService Binding="{REDIRECT_BINDING}" Location="{address}"/>'
        document = a_document(keys=a_key(own.certificate), logout=service)
        kept = a_kept_login(house, registered(house, document, KEEPING), pair=own)
        xml = a_logout_request(house, kept)
        assert_local(by_query(house, kept, sign_redirect(xml, pair=stranger)))
        answer = told(house, kept, by_query(house, kept, sign_redirect(xml, pair=own)))
        assert answer.url == answer.root.get("Destination") == address

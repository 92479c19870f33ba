"""Whatever arrives ends in an AuthnRequest or in a refusal by a named step, soon and in little memory."""

import base64
from contextlib import suppress
from datetime import timedelta
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from passwordless.model.applications import ServiceProvider
from passwordless.saml.bindings import ReceivedMessage, from_post, from_redirect
from passwordless.saml.names import BINDING_POST as POST_BINDING
from passwordless.saml.names import BINDING_REDIRECT as REDIRECT_BINDING
from passwordless.saml.refusals import Refusal
from passwordless.saml.request import STEP_NAMES, AuthnRequest
from tests.cpu_time import within
from tests.unit.saml.builders import (
    ACS,
    ENDPOINT,
    ISSUER,
    NOW,
    RSA_SHA256,
    an_authn_request,
    an_issuer,
    an_sp,
    checked,
    deflated,
    enveloped,
    node_escaped,
    post,
    redirect,
    sign_redirect,
)

SPS = (an_sp(), an_sp(require_signed_requests=False), an_sp(certificates=()), an_sp(acs_urls=()))
QUERY = sign_redirect(an_authn_request())
SIGNED = enveloped(an_authn_request())
MAX_SECONDS = 0.25
slow = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def outcome(message: ReceivedMessage, sp: ServiceProvider) -> AuthnRequest | str:
    try:
        found = within(MAX_SECONDS, lambda: checked(message, sp))
    except Refusal as refusal:
        check_refusal(refusal)
        return refusal.step
    assert (found.issuer, found.acs_url) == (ISSUER, ACS)
    assert found.signed or not sp.require_signed_requests
    return found


def check_refusal(refusal: Refusal) -> None:
    assert 400 <= refusal.status < 500
    assert refusal.step in STEP_NAMES
    assert refusal.code
    assert refusal.detail
    assert refusal.guidance
    assert refusal.private is None or (refusal.private.isascii() and len(refusal.private) < 1024)


def queries(raw: str) -> None:
    try:
        message = from_redirect(raw)
    except Refusal as refusal:
        check_refusal(refusal)
    else:
        for sp in SPS:
            outcome(message, sp)


def bodies(raw: bytes) -> None:
    try:
        message = from_post(raw)
    except Refusal as refusal:
        check_refusal(refusal)
    else:
        for sp in SPS:
            outcome(message, sp)


@slow
@given(st.text(st.characters(), max_size=300), st.binary(max_size=300))
def test_raw_noise(text: str, octets: bytes) -> None:
    queries(text)
    bodies(octets)
    queries("SAMLRequest=" + quote(octets))
    queries(redirect(octets, relay_state=None))
    queries(redirect(octets, relay_state=None, deflate=False))
    bodies(post(octets))
    bodies(b"SAMLRequest=" + octets + b"&RelayState=" + text.encode("utf-8", "surrogatepass"))


@slow
@given(st.integers(0, len(QUERY)), st.integers(0, 40), st.text(max_size=10))
def test_a_mutated_signed_query_is_never_taken_for_another_one(start: int, length: int, put: str) -> None:
    mutated = QUERY[:start] + put + QUERY[start + length :]
    with suppress(Refusal):
        message = from_redirect(mutated)
        found = outcome(message, an_sp())
        if isinstance(found, AuthnRequest):
            assert message.query_signature == from_redirect(QUERY).query_signature
    queries(mutated)


@slow
@given(st.integers(0, len(SIGNED)), st.integers(0, 60), st.binary(max_size=12))
@example(0, 0, b"\xef\xbb\xbf")
def test_a_mutated_signed_message_says_what_was_signed_or_is_refused(
    start: int, length: int, put: bytes
) -> None:
    mutated = SIGNED[:start] + put + SIGNED[start + length :]
    original = checked(from_post(post(SIGNED)))
    found = outcome(ReceivedMessage(mutated, original.relay_state, "post"), an_sp())
    assert isinstance(found, str) or found == original
    outcome(ReceivedMessage(mutated, None, "post"), SPS[1])


TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
MARKUP = st.sampled_from(
    [
        "",
        "<!-- c -->",
        "<![CDATA[x]]>",
        "&lt;",
        "&#x41;",
        "&#0;",
        "<x/>",
        "]]>",
        "<?p i?>",
        "<samlp:Extensions/>",
        "<samlp:NameIDPolicy Format='urn:x'/>",
        "<samlp:NameIDPolicy AllowCreate='maybe'/>",
        "<s:Subject xmlns:s='urn:oasis:names:tc:SAML:2.0:assertion'><s:BaseID/></s:Subject>",
        "<samlp:RequestedAuthnContext/>",
        "<ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'/>",
    ]
)
NAMES = st.sampled_from(
    [
        "ForceAuthn",
        "IsPassive",
        "AssertionConsumerServiceURL",
        "AssertionConsumerServiceIndex",
        "ProviderName",
        "Consent",
        "xml:id",
        "xmlns",
        "xmlns:saml",
    ]
)
VALUES = TEXT | st.sampled_from(["true", "1", "0", ACS, ISSUER, "65536", "-1", "+1", " 0 ", "é", "\t"])


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


@slow
@given(
    attributes=st.dictionaries(NAMES, VALUES, max_size=4),
    children=st.lists(MARKUP | TEXT.map(escaped), max_size=3),
    issuer=st.just(ISSUER) | TEXT.map(escaped) | MARKUP,
    request_id=st.just("_a") | TEXT.map(escaped),
    instant=st.sampled_from(
        ["2026-02-09T11:56:42Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"]
    )
    | st.datetimes().map(lambda when: when.isoformat() + "Z")
    | TEXT.map(escaped),
    destination=st.just(ENDPOINT) | st.none() | TEXT.map(escaped),
    version=st.just("2.0") | TEXT.map(escaped),
    way=st.sampled_from(["redirect", "plain", "post", "signed"]),
)
def test_structured_requests(
    attributes: dict[str, str],
    children: list[str],
    issuer: str,
    request_id: str,
    instant: str,
    destination: str | None,
    version: str,
    way: str,
) -> None:
    xml = an_authn_request(
        request_id=request_id,
        issuer=an_issuer(issuer),
        instant=instant,
        destination=destination,
        version=version,
        attributes=" ".join(f'{name}="{escaped(value)}"' for name, value in attributes.items()),
        children="".join(children),
    )
    if way == "post":
        bodies(post(xml))
    elif way == "signed":
        queries(sign_redirect(xml))
    else:
        queries(redirect(xml, deflate=way == "redirect"))


BOOLEANS = st.sampled_from(["true", "false", "1", "0"])
URLS = st.sampled_from([ACS, ACS + "x", "https://attacker.example/"]).map(escaped)
VALID_ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "ForceAuthn": BOOLEANS,
        "IsPassive": BOOLEANS,
        "AssertionConsumerServiceURL": URLS,
        "AssertionConsumerServiceIndex": st.integers(0, 3).map(str),
        "AttributeConsumingServiceIndex": st.integers(0, 65535).map(str),
        "ProviderName": st.text(st.characters(categories=["L", "N", "S"]), max_size=30).map(escaped),
    },
)
ORDERED = [
    "<samlp:Extensions><x:y xmlns:x='urn:x'/></samlp:Extensions>",
    "<s:Subject xmlns:s='urn:oasis:names:tc:SAML:2.0:assertion'><s:NameID>u</s:NameID></s:Subject>",
    "<samlp:NameIDPolicy Format='urn:x' AllowCreate='1'/>",
    "<s:Conditions xmlns:s='urn:oasis:names:tc:SAML:2.0:assertion'/>",
    (
        "<samlp:RequestedAuthnContext><s:AuthnContextClassRef xmlns:s='urn:oasis:names:tc:SAML:2.0:assertion'>"
        "urn:c</s:AuthnContextClassRef></samlp:RequestedAuthnContext>"
    ),
    "<samlp:Scoping/>",
]


@slow
@given(
    attributes=VALID_ATTRIBUTES,
    chosen=st.sets(st.integers(0, len(ORDERED) - 1)),
    issuer=st.sampled_from([ISSUER] * 5 + ["urn:auth0:other:x"]),
    offset=st.sampled_from([0] * 5 + [-400, 400]),
    destination=st.sampled_from([ENDPOINT] * 5 + [None, "https://login.example.com/other"]),
    binding=st.sampled_from([POST_BINDING, REDIRECT_BINDING, None, "urn:x"]),
    way=st.sampled_from(["redirect", "plain", "post", "signed redirect", "signed post"]),
)
def test_valid_requests(
    attributes: dict[str, str],
    chosen: set[int],
    issuer: str,
    offset: int,
    destination: str | None,
    binding: str | None,
    way: str,
) -> None:
    xml = an_authn_request(
        issuer=an_issuer(issuer),
        instant=f"{NOW + timedelta(seconds=offset):%Y-%m-%dT%H:%M:%SZ}",
        destination=destination,
        binding=binding,
        attributes=" ".join(f'{name}="{value}"' for name, value in attributes.items()),
        children="".join(ORDERED[number] for number in sorted(chosen)),
    )
    message = {
        "redirect": lambda: from_redirect(redirect(xml)),
        "plain": lambda: from_redirect(redirect(xml, deflate=False)),
        "post": lambda: from_post(post(xml)),
        "signed redirect": lambda: from_redirect(sign_redirect(xml)),
        "signed post": lambda: from_post(post(enveloped(xml))),
    }[way]()
    for sp in SPS:
        found = outcome(message, sp)
        assert found != "xml"
        if isinstance(found, AuthnRequest):
            assert found.signed == way.startswith("signed")
            assert found.force_authn == (attributes.get("ForceAuthn") in {"true", "1"})
            assert (found.subject is not None) == (1 in chosen)
            assert (issuer, offset) == (ISSUER, 0)
            assert destination == ENDPOINT or (destination is None and not found.signed)


@slow
@given(algorithm=TEXT | st.just(RSA_SHA256), value=st.binary(max_size=300), relay_state=TEXT)
def test_signature_parameters(algorithm: str, value: bytes, relay_state: str) -> None:
    encoded = base64.b64encode(value).decode()
    for escape in (quote, quote_plus, node_escaped):
        queries(
            f"{redirect(an_authn_request(), relay_state=relay_state)}"
            f"&SigAlg={escape(algorithm)}&Signature={escape(encoded)}"
        )


HOSTILE = {
    "wide": b"<a>" + b"<b/>" * 15000 + b"</a>",
    "deep": b"<a>" * 15000,
    "attributes": b"<a " + b" ".join(b'a%d=""' % n for n in range(6000)) + b"/>",
    "namespaces": b"<a " + b" ".join(b'xmlns:a%d="u"' % n for n in range(3500)) + b"/>",
    "references": b"<a>" + b"&amp;" * 12000 + b"</a>",
    "text": b"<a>" + b"x" * 60000 + b"</a>",
    "many errors": an_authn_request(children="<samlp:B/>" * 5000),
    "many extensions": an_authn_request(
        children="<samlp:Extensions>" + "<x:a xmlns:x='u'/>" * 3000 + "</samlp:Extensions>"
    ),
    "many classes": an_authn_request(
        children="<samlp:RequestedAuthnContext>"
        + '<s:AuthnContextClassRef xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion"/>' * 700
        + "</samlp:RequestedAuthnContext>"
    ),
    "many signatures": an_authn_request(
        children="<samlp:Extensions>"
        + '<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"/>' * 800
        + "</samlp:Extensions>"
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_large_documents_cost_little_time(name: str) -> None:
    message = from_redirect(redirect(HOSTILE[name]))
    assert len(message.xml) > 40_000
    outcome(message, SPS[1])


def test_no_hostile_document_is_too_large_for_its_test() -> None:
    assert all(len(deflated(xml)) < 24 * 1024 for xml in HOSTILE.values())

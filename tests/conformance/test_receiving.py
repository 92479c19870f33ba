"""Receiving AuthnRequests: what is read, what is proved, what is dropped."""

import base64
import hmac
import re
import zlib
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from lxml import etree

from passwordless.config import Config
from tests.calls import Answer, complete
from tests.conformance.lab import (
    FOREIGN,
    POST_BINDING,
    Way,
    a_generic_application,
    a_request,
    asked,
    assert_local,
    is_begun,
    login,
    name_id_policy,
    posted,
    send,
    send_unsigned,
)
from tests.house import House, config
from tests.sign_in import begun, by_post, by_redirect
from tests.told import failure
from tests.unit.saml import test_request_signatures as wrapping
from tests.unit.saml.builders import (
    an_issuer,
    enveloped,
    key_pair,
    node_escaped,
    post,
    redirect,
    sign_post,
    sign_redirect,
)
from tests.unit.saml.forgery import Recipe, canonical, forge, key_info, rsa_sha256, signature
from tests.witness import nothing_written

WAYS: tuple[Way, ...] = ("redirect", "post")
EXTENSIONS = "<samlp:Extensions>{}</samlp:Extensions>"


@pytest.mark.parametrize("way", WAYS)
def test_iip_sso02_a_a_login_works_end_to_end_by_either_binding(house: House, way: Way) -> None:
    assert login(house, way=way).posted.codes == ["Success"]


def test_bnd_3_4_4_1_a_a_redirect_payload_is_base64_of_raw_deflate(house: House) -> None:
    application = a_generic_application(house)

    def begins(payload: bytes, encoding: str = "") -> bool:
        query = f"SAMLRequest={node_escaped(base64.b64encode(payload).decode())}{encoding}"
        return is_begun(by_redirect(house, application.application_id, query))

    def raw() -> bytes:
        compressing = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        return compressing.compress(a_request(house, application)) + compressing.flush()

    deflate = node_escaped("urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE")
    assert begins(raw())
    assert begins(raw(), f"&SAMLEncoding={deflate}")
    assert not begins(raw(), "&SAMLEncoding=urn%3Ax")
    assert not begins(zlib.compress(a_request(house, application)))


def test_bnd_3_5_4_a_a_post_payload_is_plain_base64_in_the_form(house: House) -> None:
    application = a_generic_application(house)
    to = application.application_id
    assert is_begun(by_post(house, to, post(a_request(house, application))))
    assert is_begun(by_post(house, to, post(a_request(house, application), wrap=True)))
    in_the_query = post(a_request(house, application), wrap=True).decode()
    assert not is_begun(by_redirect(house, to, in_the_query))
    deflated = redirect(a_request(house, application)).encode()
    assert not is_begun(by_post(house, to, deflated))


@pytest.mark.parametrize("way", WAYS)
def test_bnd_3_4_5_1_a_pages_that_carry_messages_are_not_cached(house: House, way: Way) -> None:
    application = a_generic_application(house)
    answer = send(house, application, a_request(house, application, attributes='IsPassive="1"'), way)
    assert posted(answer).codes == ["Responder", "NoPassive"]
    directives = {part.strip() for part in answer.headers["cache-control"].split(",")}
    assert directives >= {"no-cache", "no-store"}
    assert answer.headers["pragma"] == "no-cache"


@pytest.mark.parametrize("size", [80, 81, 1_000_000])
@pytest.mark.parametrize("way", WAYS)
def test_bnd_3_4_3_a_a_long_relay_state_is_kept_whole_or_refused(house: House, way: Way, size: int) -> None:
    application, state = a_generic_application(house), "r" * (size - 1) + "."
    xml = a_request(house, application, attributes='IsPassive="1"')
    if way == "post":
        answer = by_post(house, application.application_id, sign_post(xml, relay_state=state))
    else:
        answer = by_redirect(house, application.application_id, sign_redirect(xml, relay_state=state))
    if size <= 81:
        assert posted(answer).fields["RelayState"] == state
    else:
        assert_local(answer)


@pytest.mark.parametrize(
    "fault", ["none", "twin", "response beside it", "bomb", "cut stream", "trailing bytes"]
)
def test_own_input_no_twins_and_inflating_is_bounded_and_complete(house: House, fault: str) -> None:
    application = a_generic_application(house)
    xml = a_request(house, application)
    query = redirect(xml, relay_state=None)
    stream = _stream_of(query)
    queries = {
        "none": query,
        "twin": f"{query}&{query}",
        "response beside it": f"{query}&SAMLResponse=PGEvPg==",
        "bomb": redirect(xml.replace(b"<saml:Issuer", b" " * 7_000_000 + b"<saml:Issuer")),
        "cut stream": _query(stream[:-3]),
        "trailing bytes": _query(stream + b"x"),
    }
    assert is_begun(by_redirect(house, application.application_id, queries[fault])) == (fault == "none")


def _stream_of(query: str) -> bytes:
    escaped = query.removeprefix("SAMLRequest=")
    return base64.b64decode(re.sub("%([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), escaped))


def _query(stream: bytes) -> str:
    return f"SAMLRequest={node_escaped(base64.b64encode(stream).decode())}"


CANARY = "http://canary.example/x"
DOCUMENT_TYPES = {
    "none": "",
    "bare": "<!DOCTYPE a>",
    "entity bomb": '<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY c "&b;&b;&b;">]>',
    "external entity": f'<!DOCTYPE a [<!ENTITY b SYSTEM "{CANARY}">]>',
    "external subset": f'<!DOCTYPE a SYSTEM "{CANARY}">',
}


@pytest.mark.parametrize("name", DOCUMENT_TYPES)
@pytest.mark.parametrize("way", WAYS)
def test_iip_g03_b_a_message_with_a_document_type_is_refused(house: House, name: str, way: Way) -> None:
    application = a_generic_application(house)
    xml = DOCUMENT_TYPES[name].encode() + a_request(house, application)
    assert is_begun(send_unsigned(house, application, xml, way)) == (name == "none")


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda xml: xml,
    "no ID": lambda xml: re.sub(rb' ID="[^"]*"', b"", xml),
    "empty ID": lambda xml: re.sub(rb' ID="[^"]*"', b' ID=""', xml),
    "ID that is no NCName": lambda xml: re.sub(rb' ID="[^"]*"', b' ID="1:a"', xml),
    "two IDs": lambda xml: xml.replace(b" ID=", b' ID="_x" ID=', 1),
    "no Version": lambda xml: xml.replace(b'Version="2.0"', b""),
    "no IssueInstant": lambda xml: re.sub(rb'IssueInstant="[^"]*"', b"", xml),
    "malformed IssueInstant": lambda xml: re.sub(rb'IssueInstant="[^"]*"', b'IssueInstant="today"', xml),
    "wrong order": lambda xml: re.sub(rb"(<saml:Issuer.*?</saml:Issuer>)", rb"<samlp:Extensions/>\1", xml),
    "two Issuers": lambda xml: re.sub(rb"(<saml:Issuer.*?</saml:Issuer>)", rb"\1\1", xml),
    "unknown child": lambda xml: xml.replace(b"</samlp:Auth", b"<samlp:Unknown/></samlp:Auth"),
    "unknown attribute": lambda xml: xml.replace(b" ID=", b' Unknown="1" ID=', 1),
    "another root": lambda xml: xml.replace(b"samlp:AuthnRequest", b"samlp:AttributeQuery"),
    "not well-formed": lambda xml: xml[:-3],
}


@pytest.mark.parametrize("name", BROKEN)
def test_cor_3_2_1_a_a_request_that_breaks_the_schema_is_refused(house: House, name: str) -> None:
    application = a_generic_application(house)
    xml = BROKEN[name](a_request(house, application))
    assert is_begun(send_unsigned(house, application, xml)) == (name == "nothing")


@pytest.mark.parametrize(
    "content",
    [
        '<x:y xmlns:x="urn:x"/>',
        '<x:y xmlns:x="urn:x" a="1"><x:z><w xmlns="urn:w">text</w></x:z></x:y>',
        f'<x:y xmlns:x="urn:x">{"large " * 2500}</x:y>',
        '<x:y xmlns:x="urn:x"/><z xmlns="urn:z"/>',
    ],
    ids=["foreign", "nested", "large", "several"],
)
@pytest.mark.parametrize("way", WAYS)
def test_iip_ext01_a_unknown_extensions_never_break_a_login(house: House, content: str, way: Way) -> None:
    application = a_generic_application(house)
    xml = a_request(house, application, children=EXTENSIONS.format(content))
    assert is_begun(send(house, application, xml, way))


def test_iip_sso07_b_1_optional_content_that_we_lack_is_ignored(house: House) -> None:
    application = a_generic_application(house)
    conditions = '<s:Conditions xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion"/>'
    optional = 'ProviderName="Some name" Consent="urn:oasis:names:tc:SAML:2.0:consent:obtained"'
    for xml in (
        a_request(house, application, children=conditions),
        a_request(house, application, attributes=optional),
        a_request(house, application, attributes='AttributeConsumingServiceIndex="0"'),
    ):
        assert is_begun(send(house, application, xml))


LEGAL = {
    "ascii": "a",
    "CJK": "\u8a9e",
    "combining": "e\u0301",
    "astral": "\U0001d11e",
}


@pytest.mark.parametrize("length", [255, 256])
@pytest.mark.parametrize("name", LEGAL)
def test_iip_g02_a_strings_of_256_characters_pass_without_error_or_cut(
    house: House, name: str, length: int
) -> None:
    text = (LEGAL[name] * length)[:length]
    entity_id = f"urn:x:{text}"[:length]
    application = a_generic_application(house, entity_id=entity_id)
    request_id = f"_{application.application_id}".ljust(length, "a")

    answer = login(house, application, request_id=request_id).posted

    assert answer.one("/p:Response/@InResponseTo") == request_id
    assert answer.one("//a:Audience/text()") == entity_id


def test_iip_g02_a_tab_and_line_feed_references_pass(house: House) -> None:
    application = a_generic_application(house)
    xml = a_request(house, application, attributes='ProviderName="a&#9;b&#10;c"')
    assert is_begun(send(house, application, xml))


@pytest.mark.parametrize(
    ("seconds", "taken"), [(0, True), (180, True), (-180, True), (600, False), (-600, False)]
)
def test_iip_g01_a_time_checks_leave_room_for_clock_skew(house: House, seconds: int, taken: bool) -> None:
    application = a_generic_application(house)
    instant = f"{house.wiring.now_utc + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"
    xml = a_request(house, application, instant=instant)
    assert is_begun(send(house, application, xml)) == taken


@pytest.mark.parametrize(("version", "taken"), [("2.0", True), ("1.1", False), ("3.0", False)])
def test_iip_sso01_em_an_unsupported_major_version_is_refused(
    house: House, version: str, taken: bool
) -> None:
    application = a_generic_application(house)
    assert is_begun(send(house, application, a_request(house, application, version=version))) == taken


ENTITY = 'Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity"'


def test_prf_4_1_4_1_a_the_issuer_is_a_registered_entity(house: House) -> None:
    application = a_generic_application(house)
    own = application.sp.entity_id

    def begins(issuer: str) -> bool:
        return is_begun(send(house, application, a_request(house, application, issuer=issuer)))

    assert begins(an_issuer(own))
    assert begins(an_issuer(own, ENTITY))
    assert not begins("")
    assert not begins(an_issuer("https://unknown.example.com"))
    assert not begins(an_issuer(own, 'Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"'))
    assert not begins(an_issuer(a_generic_application(house).sp.entity_id))


@pytest.mark.parametrize(
    "alter",
    [
        str,
        str.upper,
        lambda text: text + " ",
        lambda text: " " + text,
        lambda text: text + "/",
        lambda text: text.replace("e", "%65", 1),
    ],
    ids=["same", "upper case", "space after", "space before", "slash", "escape"],
)
def test_iip_sso01_ea_names_and_urls_compare_byte_for_byte(house: House, alter: Callable[[str], str]) -> None:
    application = a_generic_application(house)
    url = alter(application.sp.acs_urls[0])
    acs = f'AssertionConsumerServiceURL="{url.replace("&", "&amp;")}"'
    as_it_is = alter is str

    named = send(
        house, application, a_request(house, application, issuer=an_issuer(alter(application.sp.entity_id)))
    )
    answered = send(house, application, a_request(house, application, attributes=acs))

    assert (is_begun(named), is_begun(answered)) == (as_it_is, as_it_is)


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("fault", ["none", "value", "content", "key"])
def test_iip_sso01_ai_a_signature_is_verified_required_or_not(
    house: House, required: bool, fault: str
) -> None:
    application = a_generic_application(house, hosts=("one", "two"), require_signed_requests=required)
    other = application.sp.acs_urls[1].replace("&", "&amp;")
    named = f'AssertionConsumerServiceURL="{application.sp.acs_urls[0].replace("&", "&amp;")}"'
    pair = key_pair("stranger.example.com") if fault == "key" else key_pair()

    def altered(xml: bytes) -> bytes:
        return xml.replace(b"https://one.", b"https://two.") if fault == "content" else xml

    query = sign_redirect(a_request(house, application, attributes=named), pair=pair)
    in_xml = altered(enveloped(a_request(house, application, attributes=named), pair=pair))
    if fault == "content":
        swapped = a_request(house, application, attributes=f'AssertionConsumerServiceURL="{other}"')
        query = f"{redirect(swapped)}&{query[query.index('SigAlg=') :]}"
    if fault == "value":
        query = query[:-6] + ("AA%3D%3D" if query.endswith("%3D%3D") else "AAAAAA")
        in_xml = re.sub(rb"(SignatureValue>)[A-Za-z0-9+/]{4}", rb"\1AAAA", in_xml)

    answers = (
        by_redirect(house, application.application_id, query),
        by_post(house, application.application_id, post(in_xml)),
    )

    assert [is_begun(answer) for answer in answers] == [fault == "none"] * 2


@pytest.mark.parametrize("required", [True, False])
def test_iip_sso01_ak_a_bad_signature_meets_an_error_page(house: House, required: bool) -> None:
    application = a_generic_application(house, require_signed_requests=required)
    query = sign_redirect(a_request(house, application), pair=key_pair("stranger.example.com"))
    with nothing_written(house):
        answer = by_redirect(house, application.application_id, query)
    assert_local(answer)
    assert failure(answer) == (401, "saml_signature_invalid")


def test_iip_sso01_al_the_signing_key_is_the_issuer_s(house: House) -> None:
    neighbours = key_pair("neighbour.example.com")
    application = a_generic_application(house)
    a_generic_application(house, certificates=(neighbours.certificate,))
    for pair, taken in ((neighbours, False), (key_pair(), True)):
        query = sign_redirect(a_request(house, application), pair=pair)
        body = sign_post(a_request(house, application), pair=pair)
        assert is_begun(by_redirect(house, application.application_id, query)) == taken
        assert is_begun(by_post(house, application.application_id, body)) == taken


def test_iip_sso01_e_an_unsigned_request_adds_nothing_to_the_registration(house: House) -> None:
    application = a_generic_application(house)
    foreign = f'AssertionConsumerServiceURL="https://{FOREIGN}/acs"'
    assert is_begun(send_unsigned(house, application, a_request(house, application)))
    assert not is_begun(send_unsigned(house, application, a_request(house, application, attributes=foreign)))
    qualifier = name_id_policy(f'SPNameQualifier="https://{FOREIGN}"')
    answer = send_unsigned(house, application, a_request(house, application, children=qualifier))
    assert posted(answer).codes == ["Requester", "InvalidNameIDPolicy"]
    stored = house.wiring.stores.applications.get(application.application_id)
    assert stored is not None
    assert stored.sp == application.sp


@pytest.mark.parametrize("way", WAYS)
def test_sdp_idp04_an_unsigned_request_is_refused_where_signatures_are_required(
    house: House, way: Way
) -> None:
    strict, lenient = (a_generic_application(house, require_signed_requests=flag) for flag in (True, False))
    assert not is_begun(send_unsigned(house, strict, a_request(house, strict), way))
    assert is_begun(send(house, strict, a_request(house, strict), way))
    assert is_begun(send_unsigned(house, lenient, a_request(house, lenient), way))


ALTERED_QUERIES: dict[str, Callable[[str], str]] = {
    "none": str,
    "another order": lambda query: "&".join(reversed(query.split("&"))),
    "an own parameter": lambda query: f"own=1&{query}",
    "other escapes": lambda query: query.replace("%2F", "%2f"),
    "escaped again": lambda query: query.replace("!", "%21"),
    "RelayState dropped": lambda query: re.sub("&RelayState=[^&]*", "", query),
    "algorithm renamed": lambda query: query.replace("rsa-sha256", "rsa-sha512"),
}
KEEPS_THE_OCTETS = {"none", "another order", "an own parameter"}


@pytest.mark.parametrize("name", ALTERED_QUERIES)
def test_bnd_3_4_4_1_b_a_query_signature_covers_the_octets_as_received(house: House, name: str) -> None:
    application = a_generic_application(house)
    query = ALTERED_QUERIES[name](sign_redirect(a_request(house, application)))
    answer = by_redirect(house, application.application_id, query)
    assert is_begun(answer) == (name in KEEPS_THE_OCTETS)


def test_bnd_3_4_4_1_b_a_relay_state_added_after_signing_is_refused(house: House) -> None:
    application = a_generic_application(house)
    query = sign_redirect(a_request(house, application), relay_state=None)
    assert not is_begun(by_redirect(house, application.application_id, f"{query}&RelayState=x"))
    assert is_begun(by_redirect(house, application.application_id, query))


def test_bnd_3_4_4_1_c_signature_and_algorithm_come_together_and_a_deflated_one_is_no_proof(
    house: House,
) -> None:
    application = a_generic_application(house, require_signed_requests=True)
    query = sign_redirect(a_request(house, application))
    for name in ("SigAlg", "Signature"):
        alone = re.sub(f"&{name}=[^&]*", "", query)
        assert not is_begun(by_redirect(house, application.application_id, alone))
    inside = redirect(enveloped(a_request(house, application)))
    assert not is_begun(by_redirect(house, application.application_id, inside))
    assert is_begun(by_redirect(house, application.application_id, query))


@pytest.mark.parametrize("way", WAYS)
def test_bnd_3_4_5_2_a_a_signed_request_names_its_destination(house: House, way: Way) -> None:
    application = a_generic_application(house)
    without = a_request(house, application, destination=None)
    assert not is_begun(send(house, application, without, way))
    assert is_begun(send_unsigned(house, application, without, way))
    assert is_begun(send(house, application, a_request(house, application), way))


def test_iip_sso01_ag_a_request_for_another_endpoint_is_dropped(house: House) -> None:
    application, other = a_generic_application(house), a_generic_application(house)
    own = application.idp.sso_url
    aims = [
        other.idp.sso_url,
        "https://idp.example.com/sso",
        own.replace("http:", "https:"),
        own + "/",
        own.upper(),
        own.replace("abcdef12", "bbcdef12"),
    ]
    for way in WAYS:
        for destination in aims:
            xml = a_request(house, application, destination=destination)
            with nothing_written(house):
                assert not is_begun(send(house, application, xml, way))
                assert not is_begun(send_unsigned(house, application, xml, way))
        assert is_begun(send(house, application, a_request(house, application), way))


ATTACKS = (
    wrapping.xsw_1,
    wrapping.xsw_2,
    wrapping.xsw_3,
    wrapping.xsw_4,
    wrapping.xsw_5,
    wrapping.xsw_6,
    wrapping.xsw_7,
    wrapping.xsw_8,
)


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("attack", ATTACKS)
def test_cor_5_4_2_a_signature_wrapping_is_refused(attack: Callable[[], bytes], required: bool) -> None:
    """On the request check itself: the wrapped messages are those of the unit tests, made for a fixed endpoint."""
    sp = wrapping.BOTH_ACS if required else wrapping.UNREQUIRED
    assert wrapping.by_post(enveloped(wrapping.XML), sp).signed
    wrapping.refused(lambda: wrapping.by_post(attack(), sp), "xml", "signature")


@pytest.mark.parametrize(
    "recipe",
    [Recipe(), Recipe(references=2), Recipe(uri=""), Recipe(uri="#_other")],
    ids=["plain", "two references", "empty URI", "another ID"],
)
def test_cor_5_4_2_a_one_reference_to_the_root_s_id(house: House, recipe: Recipe) -> None:
    application = a_generic_application(house)
    xml = forge(a_request(house, application), recipe)
    assert is_begun(by_post(house, application.application_id, post(xml))) == (recipe == Recipe())


def test_cor_5_4_2_a_a_doubled_id_is_refused(house: House) -> None:
    application = a_generic_application(house)
    inner = '<x:y xmlns:x="urn:x" ID="{}"/>'
    for doubled in (True, False):
        request_id = f"_{application.application_id}{doubled}"
        extension = EXTENSIONS.format(inner.format(request_id if doubled else "_inner"))
        xml = a_request(house, application, request_id=request_id, children=extension)
        root = etree.fromstring(xml)
        root.insert(1, signature(Recipe(), f"#{request_id}", canonical(root)))
        assert is_begun(by_post(house, application.application_id, post(etree.tostring(root)))) != doubled


TRANSFORMS = {
    "enveloped and exclusive": Recipe(),
    "xpath": Recipe(transforms=(*Recipe().transforms, wrapping.XPATH), covered=b""),
    "xpath filter": Recipe(transforms=(*Recipe().transforms, wrapping.XPATH_FILTER), covered=b""),
    "xslt": Recipe(transforms=(*Recipe().transforms, wrapping.XSLT), covered=b""),
    "xpath alone": Recipe(transforms=(wrapping.XPATH,), covered=b""),
}


@pytest.mark.parametrize("name", TRANSFORMS)
def test_iip_sso01_fk_a_transform_that_could_hide_something_is_refused(house: House, name: str) -> None:
    application = a_generic_application(house)
    xml = forge(a_request(house, application), TRANSFORMS[name])
    taken = is_begun(by_post(house, application.application_id, post(xml)))
    assert taken == (name == "enveloped and exclusive")


@pytest.mark.parametrize("objects", ["", '<ds:Object Id="_o">x</ds:Object>'])
def test_iip_sso01_fu_a_signature_with_an_object_is_refused(house: House, objects: str) -> None:
    application = a_generic_application(house)
    xml = forge(a_request(house, application), Recipe(objects=objects))
    assert is_begun(by_post(house, application.application_id, post(xml))) == (not objects)


def test_own_keyinfo_the_verifying_key_comes_from_the_registration_alone(house: House) -> None:
    application, attacker = a_generic_application(house), key_pair(FOREIGN)

    def begins(recipe: Recipe) -> bool:
        xml = forge(a_request(house, application), recipe)
        return is_begun(by_post(house, application.application_id, post(xml)))

    assert begins(Recipe())
    assert begins(Recipe(key_info=key_info(attacker)))
    assert not begins(Recipe(sign=rsa_sha256(attacker), key_info=key_info(attacker)))
    assert not begins(Recipe(sign=rsa_sha256(attacker), key_info=key_info(key_pair())))


def test_own_keyinfo_hmac_keyed_with_the_certificate_is_refused(house: House) -> None:
    application, secret = a_generic_application(house), key_pair().certificate_pem.encode()
    method = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"
    recipe = Recipe(sign=lambda data: hmac.digest(secret, data, "sha256"), method=method)
    xml = forge(a_request(house, application), recipe)
    assert not is_begun(by_post(house, application.application_id, post(xml)))

    octets = f"{redirect(a_request(house, application))}&SigAlg={node_escaped(method)}"
    value = base64.b64encode(hmac.digest(secret, octets.encode(), "sha256")).decode()
    query = f"{octets}&Signature={node_escaped(value)}"
    assert not is_begun(by_redirect(house, application.application_id, query))


def test_own_replay_a_request_is_taken_once_for_each_issuer(house: House) -> None:
    application, other = a_generic_application(house), a_generic_application(house)
    xml = a_request(house, application, request_id="_again")
    assert is_begun(send(house, application, xml, "redirect"))
    for way in WAYS:
        assert not is_begun(send(house, application, xml, way))
    assert is_begun(send(house, other, a_request(house, other, request_id="_again")))


def test_own_replay_a_login_is_finished_once(house: House) -> None:
    """The form may be posted again for a minute by its own browser and then holds the same bytes."""
    done = login(house)
    assert posted(complete(house, done.browser)).xml == done.posted.xml
    house.clock.forward(61)
    assert_local(complete(house, done.browser))


def test_iip_idp12_a_url_or_index_picks_the_endpoint_and_both_are_refused(house: House) -> None:
    application = a_generic_application(house, hosts=("one", "two", "three"))
    for place, url in enumerate(application.sp.acs_urls):
        named = f'AssertionConsumerServiceURL="{url.replace("&", "&amp;")}"'
        indexed = f'AssertionConsumerServiceIndex="{place}"'
        passive = ' IsPassive="1"'
        assert asked(house, application, attributes=named + passive).action == url
        assert asked(house, application, attributes=indexed + passive, binding=None).action == url
        both = a_request(house, application, attributes=f"{named} {indexed}", binding=None)
        assert not is_begun(send(house, application, both))


def test_iip_idp12_b_nothing_goes_to_an_acs_that_is_not_registered(house: House) -> None:
    application, other = a_generic_application(house), a_generic_application(house)
    own = application.sp.acs_urls[0]
    foreign = (
        f"https://{FOREIGN}/acs",
        other.sp.acs_urls[0],
        own.partition("?")[0],
        own + "&d=e",
        own + ".evil",
        own.replace("https://", f"https://{FOREIGN}@"),
        "",
    )
    for url in foreign:
        named = f'AssertionConsumerServiceURL="{url.replace("&", "&amp;")}"'
        for way in WAYS:
            xml = a_request(house, application, attributes=named)
            assert not is_begun(send(house, application, xml, way))
            assert not is_begun(send_unsigned(house, application, xml, way))
    assert is_begun(send(house, application, a_request(house, application)))


def test_iip_idp12_c_without_an_acs_the_default_one_is_used(house: House) -> None:
    application = a_generic_application(house, hosts=("one", "two"))
    turned = replace(application.sp, entity_id=f"{application.sp.entity_id}2")
    other = a_generic_application(house, hosts=("two", "one"), entity_id=turned.entity_id)
    for to in (application, other):
        assert asked(house, to, attributes='IsPassive="1"').action == to.sp.acs_urls[0]
    assert application.sp.acs_urls[0].startswith("https://one.")
    assert other.sp.acs_urls[0].startswith("https://two.")


def test_iip_idp12_d_a_bad_index_is_an_error_and_nothing_else(house: House) -> None:
    application = a_generic_application(house)
    indexed = 'AssertionConsumerServiceIndex="{}"'
    bad = a_request(house, application, attributes=indexed.format(99), binding=None)
    good = a_request(house, application, attributes=indexed.format(0), binding=None)
    assert not is_begun(send(house, application, bad))
    assert is_begun(send(house, application, good))


def test_iip_idp12_f_the_protocol_binding_is_honoured_or_an_error(house: House) -> None:
    generic, auth0 = a_generic_application(house), house.application()
    redirecting = POST_BINDING.replace("POST", "Redirect")

    def begins(to: object, binding: str | None) -> Answer:
        application = auth0 if to is auth0 else generic
        return send(house, application, a_request(house, application, binding=binding))

    assert is_begun(begins(generic, POST_BINDING))
    assert is_begun(begins(generic, None))
    assert not is_begun(begins(generic, "urn:x"))
    assert not is_begun(begins(generic, redirecting))
    begun(house, begins(auth0, redirecting))
    passive = a_request(house, auth0, binding=redirecting, attributes='IsPassive="1"')
    assert posted(send(house, auth0, passive)).action == auth0.sp.acs_urls[0]


def test_iip_sso01_ad_our_addresses_are_https_outside_of_a_local_stack() -> None:
    """API Gateway serves no plain http at all; what we print is our origin, which is https or a local stack's."""
    local = {field.name.upper(): getattr(config(), field.name) for field in fields(Config)}
    deployed = {**local, "STAGE": "prod", "PUBLIC_ORIGIN": "https://login.example.com"}
    assert Config.from_env(deployed).public_origin.startswith("https://")
    with pytest.raises(ValueError, match="https"):
        Config.from_env({**deployed, "PUBLIC_ORIGIN": "http://login.example.com"})

"""Issuing Responses: how they travel, what they say, how they are signed."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from passwordless.login.answer import new_ending
from passwordless.model.attribute_services import EntityAttribute
from passwordless.model.attributes import AttributeRule, Release, Source
from passwordless.saml import names
from passwordless.saml.parsing import parse
from passwordless.saml.refusals import MalformedMessage
from passwordless.saml.response import Attribute, success
from passwordless.saml.signing import sign
from tests.calls import complete
from tests.conformance.lab import (
    FORMATS,
    KEEPING,
    Login,
    Posted,
    a_generic_application,
    a_kept_login,
    a_request,
    asked,
    authn_context,
    come_again,
    is_begun,
    login,
    name_id_policy,
    posted,
    send,
    send_unsigned,
)
from tests.conformance.sp_metadata import a_document, a_service, an_acs, entity_attribute, registered
from tests.house import House
from tests.sign_in import approve, begun, by_redirect
from tests.told import found
from tests.unit.saml.answers import an_envelope, claims, needs_xmlsec1, verified, xmlsec1_accepts
from tests.unit.saml.builders import KeyPair, key_pair, sign_redirect

DS = "http://www.w3.org/2000/09/xmldsig#"
NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(\.\d+)?Z")


def errors(house: House) -> list[Posted]:
    """Return one error Response of each kind that a request can cause at once."""
    return [
        asked(house, attributes='IsPassive="1"'),
        asked(house, children=name_id_policy(f'Format="{FORMATS}x"')),
        asked(house, children=authn_context("urn:x")),
        asked(house, children=authn_context("urn:x", comparison="better")),
    ]


def moment(written: str) -> datetime:
    """Read an instant of ours."""
    assert INSTANT.fullmatch(written), written
    return datetime.fromisoformat(written).astimezone(UTC)


def certificate(house: House, done: Login) -> KeyPair:
    """Return the registered public half of an application's key as a pair whose private half is not used."""
    row = house.wiring.stores.signing_keys.get("acme", done.application.idp.signing_key_id)
    assert row is not None
    return KeyPair(key_pair().key, row.certificate_pem, "")


def test_iip_sso03_a_a_response_travels_by_post_and_never_by_redirect(house: House) -> None:
    application, person = a_generic_application(house), house.person()
    query = sign_redirect(a_request(house, application))
    first = by_redirect(house, application.application_id, query)
    browser = begun(house, first)
    approve(house, person, browser)
    answer = complete(house, browser)
    assert posted(answer).codes == ["Success"]
    for each in (first, answer):
        assert "SAMLResponse" not in each.headers.get("location", "")
    assert "location" not in answer.headers


def test_bnd_3_5_4_b_the_form_is_posted_to_the_acs_and_works_without_scripts(house: House) -> None:
    application, person = a_generic_application(house), house.person()
    browser = begun(house, send(house, application, a_request(house, application)))
    approve(house, person, browser)
    answer = complete(house, browser)
    assert posted(answer).action == application.sp.acs_urls[0]
    assert set(posted(answer).fields) == {"SAMLResponse", "RelayState"}
    assert re.search(r"<button[^>]*>[^<]+</button>\s*</form>", answer.body)


@pytest.mark.parametrize(
    "state", ["plain", "\u00fc\u8a9e\U0001d11e", "\"'<b>&amp;</b>", "a+b c%2B", "", "x" * 80, None]
)
def test_bnd_3_1_1_a_relay_state_comes_back_exactly(house: House, state: str | None) -> None:
    application = a_generic_application(house)
    query = sign_redirect(a_request(house, application, attributes='IsPassive="1"'), relay_state=state)
    fields = posted(by_redirect(house, application.application_id, query)).fields
    assert fields.get("RelayState") == state


def test_bnd_3_5_5_2_a_a_signed_response_names_the_form_s_action_as_destination(house: House) -> None:
    for answer in (login(house).posted, asked(house, attributes='IsPassive="1"')):
        assert "?" in answer.action
        assert answer.root.find(f"{{{DS}}}Signature") is not None
        assert answer.one("/p:Response/@Destination") == answer.action


def test_iip_sso01_dv_responses_and_assertions_obey_the_schemas(house: House) -> None:
    """`posted` holds each against the OASIS schema; what is read here is the version."""
    for answer in (login(house).posted, *errors(house)):
        assert set(answer.all("/p:Response/@Version | //a:Assertion/@Version")) == {"2.0"}


def test_iip_sso01_dv_the_schema_would_refuse_a_broken_response(house: House) -> None:
    xml = login(house).posted.xml
    assert parse(xml, "Response").get("Version") == "2.0"
    with pytest.raises(MalformedMessage):
        parse(xml.replace(b"InResponseTo", b"InReplyTo"), "Response")


def test_iip_g03_a_no_message_of_ours_has_a_document_type(house: House) -> None:
    for answer in (login(house).posted, *errors(house)):
        assert b"<!DOCTYPE" not in answer.xml
        assert answer.root.getroottree().docinfo.internalDTD is None


def _ids(root: etree._Element) -> list[str]:
    return found(root, "//@ID")


def test_iip_sso01_ao_ids_are_never_reused(house: House) -> None:
    """1,000 endings of logins, made as `complete` makes them, and ten whole documents."""
    seen: list[str] = []
    for _ in range(1000):
        ending = new_ending(house.wiring)
        seen += [ending.response_id, ending.assertion_id, ending.session_index]
    application = a_generic_application(house)
    for _ in range(5):
        seen += _ids(login(house, application).posted.root)
        seen += _ids(asked(house, application, attributes='IsPassive="1"').root)
    assert len(seen) == len(set(seen)) == 3015


def test_iip_sso01_cd_ids_carry_160_random_bits(house: House) -> None:
    sample = [new_ending(house.wiring).response_id for _ in range(1000)]
    assert all(re.fullmatch("_[0-9a-f]{40}", each) for each in sample)
    spread = {position: {each[position] for each in sample} for position in range(1, 41)}
    assert all(len(letters) == 16 for letters in spread.values())


def test_iip_sso01_ap_in_response_to_is_the_request_s_id_in_both_places(house: House) -> None:
    application, person = a_generic_application(house), house.person()
    browsers = [
        begun(house, send(house, application, a_request(house, application, request_id=name)))
        for name in ("_first", "_second")
    ]
    for browser in browsers:
        approve(house, person, browser)
    for browser, name in zip(browsers, ("_first", "_second"), strict=True):
        assert posted(complete(house, browser)).all("//@InResponseTo") == [name, name]


def test_iip_sso01_gi_a_request_without_an_id_gets_no_response(house: House) -> None:
    application = a_generic_application(house)
    xml = re.sub(rb' ID="[^"]*"', b"", a_request(house, application, attributes='IsPassive="1"'))
    assert not is_begun(send_unsigned(house, application, xml))


def test_iip_sso01_g_a_success_holds_one_assertion_with_one_authn_statement(house: House) -> None:
    answer = login(house).posted
    assert answer.codes == ["Success"]
    assert len(answer.root.findall("{*}Assertion")) == 1
    assert len(list(answer.root.iter("{*}AuthnStatement"))) == 1


def test_iip_sso01_h_both_issuers_are_our_entity_id(house: House) -> None:
    done = login(house)
    assert done.posted.all("//a:Issuer/text()") == [done.application.idp.entity_id] * 2
    assert done.posted.all("//a:Issuer/@*") == []


def test_iip_sso01_j_the_subject_has_a_bearer_confirmation(house: House) -> None:
    assert login(house).posted.all("//a:SubjectConfirmation/@Method") == [
        "urn:oasis:names:tc:SAML:2.0:cm:bearer"
    ]


def test_iip_sso01_k_the_confirmation_has_the_acs_as_recipient_and_an_end(house: House) -> None:
    application = a_generic_application(house, hosts=("one", "two"))
    for place, url in enumerate(application.sp.acs_urls):
        indexed = f'AssertionConsumerServiceIndex="{place}"'
        answer = login(house, application, attributes=indexed, binding=None).posted
        assert answer.action == answer.one("//a:SubjectConfirmationData/@Recipient") == url
        end = moment(answer.one("//a:SubjectConfirmationData/@NotOnOrAfter"))
        assert 0 < (end - house.wiring.now_utc).total_seconds() <= 300


def test_iip_sso01_k1_the_confirmation_has_no_not_before(house: House) -> None:
    assert login(house).posted.all("//a:SubjectConfirmationData/@NotBefore") == []


def test_iip_sso01_db_the_confirmation_s_window_lies_inside_the_assertion_s(house: House) -> None:
    answer = login(house).posted
    inner = moment(answer.one("//a:SubjectConfirmationData/@NotOnOrAfter"))
    assert inner <= moment(answer.one("//a:Conditions/@NotOnOrAfter"))


def test_iip_sso01_m_the_first_audience_is_the_sp_s_entity_id(house: House) -> None:
    done = login(house)
    assert done.posted.all("//a:Audience/text()") == [done.application.sp.entity_id]


def test_iip_sso01_cn_the_conditions_have_a_window_and_nothing_twice(house: House) -> None:
    answer = login(house).posted
    start, end = (moment(answer.one(f"//a:Conditions/@{name}")) for name in ("NotBefore", "NotOnOrAfter"))
    assert start < house.wiring.now_utc < end
    for name in ("OneTimeUse", "ProxyRestriction", "Conditions"):
        assert len(list(answer.root.iter(f"{{*}}{name}"))) <= 1


def test_iip_sso01_l_the_authn_instant_is_the_moment_of_the_approval(house: House) -> None:
    application, person = a_generic_application(house), house.person()
    browser = begun(house, send(house, application, a_request(house, application)))
    house.clock.forward(20)
    approve(house, person, browser)
    approved = house.wiring.now_utc
    house.clock.forward(30)
    answer = posted(complete(house, browser))
    assert moment(answer.one("//a:AuthnStatement/@AuthnInstant")) == approved
    assert moment(answer.one("/p:Response/@IssueInstant")) == house.wiring.now_utc


def test_iip_sso01_de_session_indexes_do_not_link_a_user_across_sps(house: House) -> None:
    person = house.person()
    indexes = [login(house, None, person).posted.one("//a:AuthnStatement/@SessionIndex") for _ in range(3)]
    assert len(set(indexes)) == 3
    assert all(re.fullmatch("_[0-9a-f]{40}", each) for each in indexes)


@pytest.mark.parametrize(
    ("name", "name_format"),
    [
        ("urn:oid:0.9.2342.19200300.100.1.3", "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"),
        ("mail", "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"),
        ("A plain text: name", "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified"),
        ("x", "urn:example:unknown-format"),
    ],
)
def test_iip_idp01_a_any_attribute_name_and_format_can_be_issued(name: str, name_format: str) -> None:
    root = success(an_envelope(), claims(attributes=(Attribute(name, ("v",), name_format),)))
    assert found(root, "//a:Attribute/@Name") == [name]
    assert found(root, "//a:Attribute/@NameFormat") == [name_format]


def test_iip_sso01_dj_no_value_empty_null_and_several_have_their_own_forms() -> None:
    """No value leaves the attribute out."""
    given: tuple[Attribute, ...] = (
        Attribute("urn:none", ()),
        Attribute("urn:empty", ("",)),
        Attribute("urn:null", (None,)),
        Attribute("urn:several", ("a", "b")),
    )
    root = success(an_envelope(), claims(attributes=given))
    assert found(root, "//a:Attribute/@Name") == ["urn:empty", "urn:null", "urn:several"]
    values = {
        name: [
            (value.text, value.get("{http://www.w3.org/2001/XMLSchema-instance}nil"))
            for value in root.iterfind(f".//{{*}}Attribute[@Name='{name}']/{{*}}AttributeValue")
        ]
        for name in ("urn:empty", "urn:null", "urn:several")
    }
    assert values["urn:empty"] in ([("", None)], [(None, None)])
    assert values["urn:null"] == [(None, "true")]
    assert values["urn:several"] == [("a", None), ("b", None)]


def test_cor_8_2_2_a_every_attribute_name_fits_its_format(house: House) -> None:
    answer = login(house).posted
    names, formats = (answer.all(f"//a:Attribute/@{each}") for each in ("Name", "NameFormat"))
    assert names
    for name, name_format in zip(names, formats, strict=True):
        assert name_format.rpartition(":")[2] in ("uri", "basic")
        fits = re.compile(r"[a-z][a-z0-9+.-]*:\S+") if name_format.endswith("uri") else NCNAME
        assert fits.fullmatch(name), name


URIS = ("Destination", "Recipient", "Method", "Format", "NameFormat", "Algorithm", "Value")


def test_iip_sso01_dz_no_string_is_blank_and_uris_are_absolute(house: House) -> None:
    for answer in (login(house).posted, *errors(house)):
        for element in answer.root.iter():
            assert all(value.strip() for value in element.attrib.values()), element.tag
            assert len(element) or (element.text or "").strip() or element.attrib, element.tag
            for name in URIS:
                value = element.get(name)
                assert value is None or re.match(r"[a-z][a-z0-9+.-]*:\S+$", value), value


def test_iip_sso01_eg_times_are_utc_and_no_leap_seconds(house: House) -> None:
    answer = login(house).posted
    written = answer.all("//@IssueInstant | //@NotBefore | //@NotOnOrAfter | //@AuthnInstant")
    assert len(written) == 6
    assert all(INSTANT.fullmatch(each) for each in written)


def test_iip_sso01_cy_there_are_no_qualifiers_without_meaning(house: House) -> None:
    """Auth0 wants none; those of a persistent NameID would only repeat Issuer and Audience."""
    done = login(house)
    assert done.posted.all("//a:Issuer/@NameQualifier | //a:Issuer/@SPNameQualifier") == []
    assert done.posted.all("//@Address") == []
    assert set(done.posted.all("//a:NameID/@SPNameQualifier")) <= {done.application.sp.entity_id}


HOSTILE = ("<b>&lt;</b>", "]]>", "a\rb", "\x07bell", '"><script>alert(1)</script>', "</saml:AttributeValue>")


@pytest.mark.parametrize("text", HOSTILE)
def test_own_inject_neither_user_data_nor_relay_state_can_inject(house: House, text: str) -> None:
    application, person = a_generic_application(house), house.person()
    state = text.replace("\x07", "").replace("\r", "")
    xml = a_request(house, application, attributes='IsPassive="1"')
    answer = by_redirect(house, application.application_id, sign_redirect(xml, relay_state=state))
    assert posted(answer).fields["RelayState"] == state
    assert "<script>alert" not in answer.body

    root = success(
        an_envelope(), claims(attributes=(Attribute("urn:a", (text,)), Attribute(f"urn:{text}", ("v",))))
    )
    read = etree.fromstring(sign(root, key_pair().key, key_pair().certificate_pem))
    assert len(found(read, "//a:AttributeValue/text()")) == 2
    assert b"\r" not in etree.tostring(read)
    assert person.user.email


def test_iip_sso01_v_every_assertion_is_covered_by_its_own_and_the_response_s_signature(
    house: House,
) -> None:
    done = login(house)
    pair = certificate(house, done)
    outer = verified(done.posted.xml, pair)
    inner = verified(done.posted.xml, pair, "./{urn:oasis:names:tc:SAML:2.0:assertion}Assertion/")
    assert etree.fromstring(outer).tag.endswith("Response")
    assert etree.fromstring(inner).tag.endswith("Assertion")
    assert b"Assertion" in outer


def test_iip_sso01_er_signatures_are_enveloped_with_one_reference_to_their_parent(house: House) -> None:
    for answer, count in ((login(house).posted, 2), (asked(house, attributes='IsPassive="1"'), 1)):
        signatures = list(answer.root.iter(f"{{{DS}}}Signature"))
        assert len(signatures) == count
        for each in signatures:
            parent = each.getparent()
            assert parent is not None
            assert parent[1] is each
            (reference,) = each.iter(f"{{{DS}}}Reference")
            assert reference.get("URI") == f"#{parent.get('ID')}"


def test_iip_sso01_ew_signatures_are_exclusive_without_other_transforms_or_objects(house: House) -> None:
    for answer in (login(house).posted, asked(house, attributes='IsPassive="1"')):
        exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
        assert set(answer.all("//ds:CanonicalizationMethod/@Algorithm")) == {exclusive}
        assert set(answer.all("//ds:Transform/@Algorithm")) == {exclusive, DS + "enveloped-signature"}
        for transforms in answer.root.iter(f"{{{DS}}}Transforms"):
            assert len(transforms) == 2
        assert list(answer.root.iter(f"{{{DS}}}Object")) == []


@needs_xmlsec1
def test_iip_alg01_a_what_we_sign_is_rsa_sha256_and_xmlsec1_verifies_it(house: House, tmp_path: Path) -> None:
    done = login(house)
    pair = certificate(house, done)
    more = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    assert set(done.posted.all("//ds:SignatureMethod/@Algorithm")) == {more}
    assert set(done.posted.all("//ds:DigestMethod/@Algorithm")) == {"http://www.w3.org/2001/04/xmlenc#sha256"}
    for parent in ("Response", "Assertion"):
        assert xmlsec1_accepts(done.posted.xml, pair, tmp_path, parent)
        altered = done.posted.xml.replace(b'Version="2.0"', b'Version="2.1"')
        assert not xmlsec1_accepts(altered, pair, tmp_path, parent)


def test_cor_2_7_2_a_a_reused_session_keeps_its_authn_instant(house: House) -> None:
    first, second = (a_generic_application(house, policy=KEEPING) for _ in range(2))
    kept = a_kept_login(house, first)
    house.clock.forward(90)
    answer = posted(come_again(house, second, kept.cookies))
    path = "//a:AuthnStatement/@AuthnInstant"
    assert answer.one(path) == kept.login.posted.one(path)
    assert answer.one("/p:Response/@IssueInstant") != kept.login.posted.one("/p:Response/@IssueInstant")
    assert answer.one("//a:AuthnStatement/@SessionIndex") != kept.login.posted.one(
        "//a:AuthnStatement/@SessionIndex"
    )


def test_iip_idp02_a_release_depends_on_the_service_provider(house: House) -> None:
    uri = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
    person = house.person()
    rules = (
        AttributeRule("urn:oid:0.9.2342.19200300.100.1.3", uri, Source.EMAIL),
        AttributeRule("urn:example:plan", uri, constant="gold"),
    )
    for released in (rules, rules[:1], ()):
        application = a_generic_application(house, attributes=released)
        answer = login(house, application, person).posted
        assert answer.all("//a:Attribute/@Name") == [rule.name for rule in released]
    assert "gold" not in login(house, None, person).posted.all("//a:AttributeValue/text()")


MAIL, PLAN, ROLE = "urn:oid:0.9.2342.19200300.100.1.3", "urn:example:plan", "urn:example:role"
CATEGORY = "http://macedir.org/entity-category"
RESEARCH = EntityAttribute(CATEGORY, "http://refeds.org/category/research-and-scholarship")


def a_rule(name: str, **more: Any) -> AttributeRule:
    """Map an attribute to a constant."""
    return AttributeRule(name, names.ATTRIBUTE_URI, constant="gold", **more)


def told(house: House, document: bytes, *rules: AttributeRule, index: int | None = None) -> list[str]:
    """Return the names of what the service provider of a document is told, by these rules."""
    application = registered(house, document, attributes=rules)
    chosen = "" if index is None else f'AttributeConsumingServiceIndex="{index}"'
    return login(house, application, attributes=chosen).posted.all("//a:Attribute/@Name")


def test_iip_idp03_a_release_depends_on_requested_attributes_where_the_document_lists_any(
    house: House,
) -> None:
    rules = (a_rule(MAIL), a_rule(PLAN), a_rule(ROLE, release=Release.ALWAYS))
    wanting = a_document(services=an_acs() + a_service(0, f'Name="{PLAN}"'))
    assert told(house, a_document(), *rules) == [MAIL, PLAN, ROLE]
    assert told(house, wanting, *rules) == [PLAN, ROLE]


@pytest.mark.parametrize(("flag", "released"), [("true", [MAIL]), ("1", [MAIL]), ("false", []), (None, [])])
def test_iip_idp03_a_release_depends_on_is_required(
    house: House, flag: str | None, released: list[str]
) -> None:
    written = "" if flag is None else f'isRequired="{flag}"'
    document = a_document(services=an_acs() + a_service(0, f'Name="{MAIL}" {written}'))
    rule = a_rule(MAIL, release=Release.REQUIRED)
    assert told(house, document, rule) == released
    assert told(house, a_document(), rule) == []


@pytest.mark.parametrize(
    ("value", "released"), [(RESEARCH.value, [MAIL]), ("http://refeds.org/category/x", []), (None, [])]
)
def test_iip_idp03_a_release_depends_on_entity_attributes(
    house: House, value: str | None, released: list[str]
) -> None:
    before = "" if value is None else entity_attribute(CATEGORY, "urn:example:other", value)
    assert told(house, a_document(before=before), a_rule(MAIL, only_for=RESEARCH)) == released


@pytest.mark.parametrize(
    ("written", "released"),
    [
        (names.ATTRIBUTE_URI, [MAIL]),
        (names.ATTRIBUTE_UNSPECIFIED, [MAIL]),
        (names.ATTRIBUTE_BASIC, []),
    ],
)
def test_iip_idp03_a_an_attribute_is_known_by_name_and_format(
    house: House, written: str, released: list[str]
) -> None:
    service = a_service(0, f'Name="{MAIL}" NameFormat="{written}"')
    assert told(house, a_document(services=an_acs() + service), a_rule(MAIL)) == released


@pytest.mark.parametrize(
    ("index", "released"), [(None, [ROLE]), (0, [MAIL]), (1, [ROLE]), (2, [PLAN]), (9, [ROLE])]
)
def test_iip_idp04_b_the_index_selects_the_set_and_else_the_default_counts(
    house: House, index: int | None, released: list[str]
) -> None:
    services = (
        a_service(0, f'Name="{MAIL}"')
        + a_service(1, f'Name="{ROLE}"', default="true")
        + a_service(2, f'Name="{PLAN}"')
    )
    rules = (a_rule(MAIL), a_rule(PLAN), a_rule(ROLE))
    assert told(house, a_document(services=an_acs() + services), *rules, index=index) == released


def test_iip_idp04_b_an_index_chooses_nothing_where_no_service_is_listed(house: House) -> None:
    assert told(house, a_document(), a_rule(MAIL), index=3) == [MAIL]

"""The content of Responses: every rule of the profile, and no way to inject anything into them."""

import re
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from passwordless.errors import Unprocessable
from passwordless.saml import status
from passwordless.saml.names import (
    ATTRIBUTE_BASIC,
    ATTRIBUTE_UNSPECIFIED,
    BEARER,
    MOBILE_TWO_FACTOR_CONTRACT,
    PERSISTENT,
)
from passwordless.saml.response import Attribute, clean, failure, new_id, serialize, success
from tests.unit.saml.answers import EMAIL, IDP, NS, an_envelope, claims, found, valid
from tests.unit.saml.builders import ACS, ISSUER, NOW, REQUEST_ID

DECLINED = replace(status.DENIED, message="You declined <b>it</b>\r\n& so on.")


def built(*attributes: Attribute) -> etree._Element:
    return valid(serialize(success(an_envelope(), claims(attributes=attributes))))


def one(root: etree._Element, path: str) -> etree._Element:
    elements = root.findall(path, NS)
    assert len(elements) == 1, path
    return elements[0]


def test_there_is_one_assertion_with_one_authn_statement() -> None:
    root = built(Attribute(EMAIL, ("user@example.com",)))
    one(root, "saml:Assertion")
    one(root, ".//saml:AuthnStatement")
    assert one(root, "samlp:Status/samlp:StatusCode").get("Value") == status.SUCCESS


def test_issuer_destination_recipient_and_audience_are_exact() -> None:
    root = built()
    assert [element.text for element in root.iterfind(".//saml:Issuer", NS)] == [IDP, IDP]
    assert (root.get("Destination"), root.get("InResponseTo")) == (ACS, REQUEST_ID)
    assert [element.text for element in root.iterfind(".//saml:Audience", NS)] == [ISSUER]
    data = one(root, ".//saml:SubjectConfirmationData")
    assert (data.get("Recipient"), data.get("InResponseTo")) == (ACS, REQUEST_ID)
    assert one(root, ".//saml:SubjectConfirmation").get("Method") == BEARER


def test_an_unsolicited_response_has_no_in_response_to() -> None:
    root = valid(serialize(success(an_envelope(in_response_to=None), claims())))
    assert not root.xpath("//@InResponseTo")


def test_the_windows_are_short_and_not_before_is_in_conditions_only() -> None:
    root = built()
    conditions = one(root, ".//saml:Conditions")
    assert conditions.get("NotBefore") == "2026-02-09T11:55:42Z"
    assert conditions.get("NotOnOrAfter") == "2026-02-09T12:01:42Z"
    assert one(root, ".//saml:SubjectConfirmationData").get("NotOnOrAfter") == "2026-02-09T12:01:42Z"
    assert root.xpath("count(//@NotBefore)") == 1


def test_the_authentication_is_told_as_it_was() -> None:
    statement = one(built(), ".//saml:AuthnStatement")
    assert statement.get("AuthnInstant") == "2026-02-09T11:56:32Z"
    assert statement.get("SessionIndex") == claims().session_index
    assert statement.findtext(".//saml:AuthnContextClassRef", namespaces=NS) == MOBILE_TWO_FACTOR_CONTRACT


def test_name_ids_have_their_format_and_no_qualifiers() -> None:
    name = one(built(), ".//saml:NameID")
    assert (name.text, dict(name.items())) == ("u4ymvy3k", {"Format": PERSISTENT})


def test_instants_are_utc_with_z_whatever_zone_they_come_in() -> None:
    east = timezone(timedelta(hours=9))
    envelope = replace(an_envelope(), issue_instant=NOW.astimezone(east).replace(microsecond=999999))
    root = valid(serialize(success(envelope, replace(claims(), authn_instant=NOW.astimezone(east)))))
    assert root.get("IssueInstant") == "2026-02-09T11:56:42Z"
    instants = found(root, "//@IssueInstant | //@NotBefore | //@NotOnOrAfter | //@AuthnInstant")
    assert len(instants) == 6
    assert all(re.fullmatch(r"2026-02-09T1[12]:\d\d:\d\dZ", instant) for instant in instants)


def test_no_attributes_make_no_statement() -> None:
    assert not built().findall(".//saml:AttributeStatement", NS)
    assert not built(Attribute(EMAIL, ())).findall(".//saml:AttributeStatement", NS)


def test_no_value_empty_nil_and_several_each_have_their_form() -> None:
    root = built(
        Attribute("none", ()),
        Attribute("empty", ("",)),
        Attribute("nil", (None,)),
        Attribute("several", ("a", "b")),
        Attribute("blank", (" \t ",)),
    )
    written = {
        element.get("Name"): [(value.text, dict(value.items())) for value in element]
        for element in root.iterfind(".//saml:Attribute", NS)
    }
    assert written == {
        "empty": [(None, {})],
        "nil": [(None, {"{http://www.w3.org/2001/XMLSchema-instance}nil": "true"})],
        "several": [("a", {}), ("b", {})],
        "blank": [(None, {})],
    }


def test_any_name_and_name_format_can_be_told() -> None:
    attribute = Attribute("Department", ("R&D",), "urn:example:format", friendly_name="dept")
    element = one(built(attribute, replace(attribute, name_format=ATTRIBUTE_BASIC)), ".//saml:Attribute[1]")
    assert dict(element.items()) == {
        "Name": "Department",
        "NameFormat": "urn:example:format",
        "FriendlyName": "dept",
    }
    assert built(replace(attribute, name_format=ATTRIBUTE_UNSPECIFIED)) is not None


@pytest.mark.parametrize(
    "hostile",
    [
        "</saml:AttributeValue><saml:AttributeValue>admin",
        "]]><!-- --><?x y?>&amp;&lt;",
        '" onload="x',
        "<!DOCTYPE x>",
        "admin\r\nrole",
        "\u202eevil",
    ],
)
def test_xml_cannot_be_injected_through_attributes(hostile: str) -> None:
    attribute = Attribute(hostile, (hostile, hostile), friendly_name=hostile)
    root = built(attribute)
    element = one(root, ".//saml:Attribute")
    assert [value.text for value in element] == [clean(hostile)] * 2
    assert element.get("Name") == clean(hostile)
    assert not root.xpath("//comment() | //processing-instruction()")


def test_xml_cannot_be_injected_through_the_request_id_or_any_other_field() -> None:
    hostile = '_a" x="1"/><evil>&\r'
    envelope = replace(an_envelope(), in_response_to=hostile, audience=hostile, issuer=hostile)
    xml = serialize(success(envelope, replace(claims(), session_index=hostile)))
    root = etree.fromstring(xml)
    assert root.get("InResponseTo") == hostile.replace("\r", " ")
    assert not root.xpath("//*[local-name()='evil']")


def test_control_characters_go_and_breaks_become_a_space() -> None:
    assert clean("a\x00b\x1bc\x7fd\x85e\ufffff\ud800g") == "abcd efg"
    assert clean("line\r\nline\tline\u2028line") == "line line line line"
    assert clean("Zoë 界 𝔘 é") == "Zoë 界 𝔘 é"


@pytest.mark.parametrize("name_id", ["", "a\x00b", "a\rb", "a\nb", "x" * 257, "\ud800"])
def test_a_name_id_that_would_change_is_refused_rather_than_cleaned(name_id: str) -> None:
    with pytest.raises(Unprocessable, match="name_id_invalid"):
        success(an_envelope(), claims(name_id=name_id))


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Attribute,
            name=st.text(max_size=40),
            values=st.lists(st.none() | st.text(st.characters(), max_size=40), max_size=3).map(tuple),
            friendly_name=st.none() | st.text(st.characters(), max_size=10),
        ),
        max_size=4,
    )
)
def test_whatever_a_user_is_called_the_response_is_valid_and_says_just_that(
    attributes: list[Attribute],
) -> None:
    xml = serialize(success(an_envelope(), claims(attributes=tuple(attributes))))
    assert b"\r" not in xml
    assert b"<!" not in xml
    root = valid(xml)
    told = [attribute for attribute in attributes if attribute.values]
    elements = root.findall(".//saml:Attribute", NS)
    assert [element.get("Name") for element in elements] == [clean(attribute.name) for attribute in told]
    assert [len(element) for element in elements] == [len(attribute.values) for attribute in told]


def test_a_failure_has_two_levels_a_message_and_no_assertion() -> None:
    root = valid(serialize(failure(an_envelope(), DECLINED)))
    code = one(root, "samlp:Status/samlp:StatusCode")
    assert code.get("Value") == status.RESPONDER
    assert one(code, "samlp:StatusCode").get("Value") == DECLINED.second
    assert root.findtext(".//samlp:StatusMessage", namespaces=NS) == "You declined <b>it</b> & so on."
    assert not root.findall(".//saml:Assertion", NS)
    assert (root.get("InResponseTo"), root.get("Destination")) == (REQUEST_ID, ACS)


def test_a_failure_may_have_one_level_and_no_message() -> None:
    root = valid(serialize(failure(an_envelope(), status.SamlStatus(status.REQUESTER))))
    assert len(one(root, "samlp:Status")) == 1


def test_ids_are_160_random_bits_as_an_ncname() -> None:
    assert new_id(bytes(20)) == "_" + "0" * 40
    for size in (16, 21):
        with pytest.raises(ValueError, match="20 random bytes"):
            new_id(bytes(size))

"""Signed Responses: both signatures in their place, accepted by two other implementations, the same bytes each time."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from passwordless.errors import Unavailable
from passwordless.saml import names, status
from passwordless.saml.parsing import parse
from passwordless.saml.response import Attribute, failure, serialize, success
from passwordless.saml.signing import sign
from tests.unit.saml.answers import (
    NS,
    an_envelope,
    claims,
    found,
    needs_xmlsec1,
    readable,
    valid,
    verified,
    xmlsec1_accepts,
)
from tests.unit.saml.builders import key_pair

IDP_KEY = key_pair("idp")
GOLDEN = Path(__file__).parent / "golden" / "response.xml"
IN_ASSERTION = "./{urn:oasis:names:tc:SAML:2.0:assertion}Assertion/"


def signed(*attributes: Attribute) -> bytes:
    return sign(success(an_envelope(), claims(attributes=attributes)), IDP_KEY.key, IDP_KEY.certificate_pem)


def signed_failure() -> bytes:
    return sign(failure(an_envelope(), status.DENIED), IDP_KEY.key, IDP_KEY.certificate_pem)


def test_a_response_is_the_golden_one() -> None:
    """What depends on the key is left out; change the file only together with the rule that changed it."""
    response = sign(success(an_envelope(), claims()), IDP_KEY.key, IDP_KEY.certificate_pem)
    assert readable(response) == GOLDEN.read_bytes()


def test_assertion_and_response_are_signed_right_after_their_issuers() -> None:
    root = valid(signed())
    for element in (root, root.find("saml:Assertion", NS)):
        assert element is not None
        assert [element[0].tag, element[1].tag] == [
            names.assertion("Issuer"),
            names.signature("Signature"),
        ]
        reference = element[1].find("ds:SignedInfo/ds:Reference", NS)
        assert reference is not None
        assert reference.get("URI") == f"#{element.get('ID')}"
    assert len(list(root.iter(names.signature("Signature")))) == 2


def test_signatures_use_the_one_combination_that_every_reader_takes() -> None:
    root = valid(signed())
    one = [names.EXCLUSIVE_C14N, names.RSA_SHA256, names.ENVELOPED, names.EXCLUSIVE_C14N, names.SHA256]
    assert found(root, "//ds:Signature//@Algorithm") == one + one
    certificates = [element.text for element in root.iter(names.signature("X509Certificate"))]
    assert certificates == [IDP_KEY.certificate] * 2
    assert not root.xpath("//ds:KeyValue | //ds:Object", namespaces=NS)


def test_signxml_accepts_both_signatures() -> None:
    response = signed(Attribute("name", ("Zoë",)))
    assert b"StatusCode" in verified(response, IDP_KEY)
    covered = verified(response, IDP_KEY, IN_ASSERTION)
    assert b"Zo\xc3\xab" in covered
    assert b"StatusCode" not in covered


@needs_xmlsec1
def test_xmlsec1_accepts_both_signatures_and_no_altered_one(tmp_path: Path) -> None:
    response = signed(Attribute("name", ("Zoë <&> ]]>",)))
    for parent in ("Response", "Assertion"):
        assert xmlsec1_accepts(response, IDP_KEY, tmp_path, parent)
        assert not xmlsec1_accepts(response.replace(b"u4ymvy3k", b"u4ymvy3x"), IDP_KEY, tmp_path, parent)
        assert not xmlsec1_accepts(response, key_pair(), tmp_path, parent)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(), max_size=60), st.text(st.characters(), max_size=60))
@needs_xmlsec1
def test_hostile_values_verify_everywhere(tmp_path: Path, name: str, value: str) -> None:
    response = signed(Attribute(name, (value, None, "")))
    valid(response)
    assert b"\r" not in response
    for location, parent in (("./", "Response"), (IN_ASSERTION, "Assertion")):
        assert verified(response, IDP_KEY, location)
        assert xmlsec1_accepts(response, IDP_KEY, tmp_path, parent)


@needs_xmlsec1
def test_a_failure_is_signed_once(tmp_path: Path) -> None:
    response = signed_failure()
    assert len(list(valid(response).iter(names.signature("Signature")))) == 1
    assert verified(response, IDP_KEY)
    assert xmlsec1_accepts(response, IDP_KEY, tmp_path)


@pytest.mark.parametrize("make", [signed, signed_failure])
def test_the_same_input_gives_the_same_bytes(make: Callable[[], bytes]) -> None:
    assert make() == make()


def test_signing_leaves_its_argument_as_it_was() -> None:
    root = success(an_envelope(), claims())
    before = serialize(root)
    sign(root, IDP_KEY.key, IDP_KEY.certificate_pem)
    assert serialize(root) == before


def test_a_certificate_of_another_key_is_never_sent_along() -> None:
    """S02: a Response under one tenant's key must not carry another's certificate."""
    with pytest.raises(Unavailable, match="signing_failed"):
        sign(success(an_envelope(), claims()), IDP_KEY.key, key_pair("tenant-b").certificate_pem)


def test_metadata_is_signed_with_the_same_function() -> None:
    document = etree.fromstring(
        '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="_1" entityID="urn:e">'
        '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        '<md:SingleSignOnService Binding="urn:b" Location="https://login.example.com/sso"/>'
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    )
    xml = sign(document, IDP_KEY.key, IDP_KEY.certificate_pem)
    assert parse(xml, "EntityDescriptor")[0].tag == names.signature("Signature")
    assert b"IDPSSODescriptor" in verified(xml, IDP_KEY)

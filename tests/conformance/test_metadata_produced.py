"""Metadata produced: valid, true, and enough to set up a service provider."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import saml2
from lxml import etree
from signxml.exceptions import InvalidSignature
from signxml.verifier import SignatureConfiguration, XMLVerifier

from functions.sso import handler as sso
from passwordless.model.applications import Application
from passwordless.saml import names
from passwordless.saml.certificates import base64_der, load, rsa_key
from passwordless.saml.parsing import parse
from tests.calls import Answer, call
from tests.conformance.lab import (
    Posted,
    a_generic_application,
    a_request,
    asked,
    is_begun,
    login,
    name_id_policy,
    send,
    send_unsigned,
)
from tests.house import House
from tests.sign_in import by_redirect
from tests.unit.saml.builders import sign_redirect

SPACES = {"md": names.METADATA, "ds": names.SIGNATURE}


def fetched(house: House, application: Application) -> Answer:
    """Fetch the metadata of an application."""
    return call(
        house, sso.handler, "GET_metadata", pathParameters={"application_id": application.application_id}
    )


def metadata(house: House, application: Application) -> etree._Element:
    """Return the metadata of an application, valid against the OASIS schema."""
    answer = fetched(house, application)
    assert answer.status == 200, answer.body
    return parse(answer.body.encode(), "EntityDescriptor")


def listed(root: etree._Element, path: str) -> list[str]:
    """Return the strings at a path; the prefixes are md and ds."""
    found = root.xpath(path, namespaces=SPACES)
    assert isinstance(found, list)
    return [str(each) for each in found]


def certificates(root: etree._Element) -> set[str]:
    """Return the certificates of our role as base64 DER."""
    path = "/md:EntityDescriptor/md:IDPSSODescriptor/md:KeyDescriptor//ds:X509Certificate/text()"
    return {base64_der(text) for text in listed(root, path)}


def test_iip_md05_b_our_metadata_obeys_its_schema(house: House) -> None:
    application = a_generic_application(house)
    answer = fetched(house, application)
    assert answer.headers["content-type"].startswith("application/samlmetadata+xml")
    assert "<!DOCTYPE" not in answer.body
    assert metadata(house, application).tag == f"{{{names.METADATA}}}EntityDescriptor"


def test_iip_md05_a4_the_root_says_how_long_it_is_valid(house: House) -> None:
    root = metadata(house, a_generic_application(house))
    assert root.get("validUntil") or root.get("cacheDuration")
    assert listed(root, "//md:IDPSSODescriptor/@validUntil | //md:IDPSSODescriptor/@cacheDuration") == []


def test_met_2_2_1_a_the_entity_id_is_an_absolute_uri_and_one_of_a_kind(house: House) -> None:
    done, other = login(house), house.application("globex")
    entity_id = metadata(house, done.application).get("entityID", "")
    assert re.fullmatch(r"https?://\S{1,1016}", entity_id)
    assert set(done.posted.all("//a:Issuer/text()")) == {entity_id}
    assert metadata(house, other).get("entityID") != entity_id


def test_iip_md05_a9_the_role_lists_the_protocol_and_plain_endpoints(house: House) -> None:
    root = metadata(house, a_generic_application(house))
    (protocols,) = listed(root, "//md:IDPSSODescriptor/@protocolSupportEnumeration")
    assert names.PROTOCOL in protocols.split()
    assert listed(root, "//md:SingleSignOnService/@ResponseLocation") == []


def test_sdp_md04_every_endpoint_binding_and_format_that_is_listed_works(house: House) -> None:
    application = a_generic_application(house)
    root = metadata(house, application)
    assert set(listed(root, "//md:SingleSignOnService/@Location")) == {application.idp.sso_url}
    bindings = set(listed(root, "//md:SingleSignOnService/@Binding"))
    assert bindings == {names.BINDING_REDIRECT, names.BINDING_POST}
    for way in ("redirect", "post"):
        assert is_begun(send(house, application, a_request(house, application), way))
    formats = listed(root, "//md:IDPSSODescriptor/md:NameIDFormat/text()")
    assert formats
    for each in formats:
        policy = name_id_policy(f'Format="{each}"')
        assert login(house, application, children=policy).posted.one("//a:NameID/@Format") == each


def test_iip_md05_c3_every_key_in_use_is_listed(house: House) -> None:
    done = login(house)
    status = asked(house, done.application, attributes='IsPassive="1"')
    known = certificates(metadata(house, done.application))
    for answer in (done.posted, status):
        used = {base64_der(text) for text in answer.all("//ds:X509Certificate/text()")}
        assert used
        assert used <= known


def test_iip_md05_c8_each_key_has_its_own_descriptor_with_one_certificate(house: House) -> None:
    root = metadata(house, a_generic_application(house))
    descriptors = root.findall(f".//{{{names.METADATA}}}KeyDescriptor")
    assert descriptors
    for each in descriptors:
        assert each.get("use") == "signing"
        (text,) = listed(each, ".//ds:X509Certificate/text()")
        certificate = load(base64_der(text))
        assert certificate.not_valid_after_utc > house.wiring.now_utc + timedelta(days=365)


@pytest.mark.parametrize("required", [True, False])
def test_prf_4_1_6_a_want_authn_requests_signed_tells_the_truth(house: House, required: bool) -> None:
    application = a_generic_application(house, require_signed_requests=required)
    told = metadata(house, application).find("{*}IDPSSODescriptor")
    assert told is not None
    wanted = told.get("WantAuthnRequestsSigned", "false") in ("true", "1")
    assert wanted == required
    assert is_begun(send_unsigned(house, application, a_request(house, application))) != wanted


def test_iip_md05_ae_the_key_info_of_a_signature_tells_the_exact_key(house: House) -> None:
    done = login(house)
    for answer in (done.posted, asked(house, done.application, attributes='IsPassive="1"')):
        assert _each_signature_names_its_key(answer)


def _each_signature_names_its_key(answer: Posted) -> bool:
    (text,) = answer.all("/p:Response/ds:Signature//ds:X509Certificate/text()")
    certificate = load(base64_der(text))
    configuration = SignatureConfiguration(location="./", verification_time=certificate.not_valid_before_utc)
    verifier = XMLVerifier()
    return bool(
        verifier.verify(answer.xml, x509_cert=certificate, id_attribute="ID", expect_config=configuration)
    )


def test_sdp_md06_our_key_has_at_least_2048_bits(house: House) -> None:
    for certificate in certificates(metadata(house, a_generic_application(house))):
        key = rsa_key(certificate)
        assert key is not None
        assert key.key_size >= 2048


def test_sdp_md12_an_error_url_if_listed_is_https(house: House) -> None:
    """None is listed: the local page names the next step and a reference instead."""
    root = metadata(house, a_generic_application(house))
    assert [each for each in listed(root, "//@errorURL") if not each.startswith("https://")] == []


def test_iip_md05_f1_texts_for_people_if_listed_are_in_the_role_and_not_empty(house: House) -> None:
    """None are listed: the application's own button has the administrator's words."""
    root = metadata(house, a_generic_application(house))
    infos = list(root.iter("{urn:oasis:names:tc:SAML:metadata:ui}UIInfo"))
    assert len(infos) <= 1
    for info in infos:
        grandparent = info.getparent().getparent()  # type: ignore[union-attr]
        assert grandparent is not None
        assert grandparent.tag == f"{{{names.METADATA}}}IDPSSODescriptor"
        assert all((each.text or "").strip() for each in info)


def test_iip_md05_ag_the_signature_of_our_metadata_is_enveloped_over_its_root(house: House) -> None:
    application = a_generic_application(house)
    text = fetched(house, application).body
    root = metadata(house, application)
    (written, *_) = listed(root, "/md:EntityDescriptor/ds:Signature//ds:X509Certificate/text()")
    certificate = load(base64_der(written))
    configuration = SignatureConfiguration(
        location="./", expect_references=1, verification_time=certificate.not_valid_before_utc
    )

    def verify(document: str) -> bool:
        XMLVerifier().verify(
            document.encode(), x509_cert=certificate, id_attribute="ID", expect_config=configuration
        )
        return True

    assert verify(text)
    with pytest.raises(InvalidSignature):
        verify(text.replace("/sso", "/evil"))
    assert listed(root, "//ds:Reference/@URI") == [f"#{root.get('ID')}"]
    exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
    assert listed(root, "//ds:Transform/@Algorithm") == [names.ENVELOPED, exclusive]
    assert base64_der(written) in certificates(root)


ALGORITHMS = "urn:oasis:names:tc:SAML:metadata:algsupport"
ALGORITHM_SCHEMA = Path(saml2.__file__).parent / "data/schemas/sstc-saml-metadata-algsupport-v1.0.xsd"


def algorithms(root: etree._Element, name: str) -> list[str]:
    """Return the algorithms of one kind that our metadata lists for the entity."""
    path = f"{names.metadata('Extensions')}/{{{ALGORITHMS}}}{name}"
    return [element.get("Algorithm", "") for element in root.iterfind(path)]


def test_iip_md09_a_our_algorithms_are_published_in_order_of_preference(house: House) -> None:
    done = login(house)
    root = metadata(house, done.application)
    signatures, digests = algorithms(root, "SigningMethod"), algorithms(root, "DigestMethod")
    assert signatures == [names.RSA_SHA256, names.RSA_SHA384, names.RSA_SHA512]
    assert digests == [names.SHA256, names.SHA384, names.SHA512]
    assert set(done.posted.all("//ds:SignatureMethod/@Algorithm")) == {signatures[0]}
    assert set(done.posted.all("//ds:DigestMethod/@Algorithm")) == {digests[0]}
    schema = etree.XMLSchema(etree.parse(ALGORITHM_SCHEMA))
    for each in root.iterfind(f"{names.metadata('Extensions')}/*"):
        schema.assertValid(etree.fromstring(etree.tostring(each)))


def test_iip_md09_a_every_signature_algorithm_that_is_published_is_accepted(house: House) -> None:
    application = a_generic_application(house, require_signed_requests=True)
    for each in algorithms(metadata(house, application), "SigningMethod"):
        query = sign_redirect(a_request(house, application), algorithm=each)
        assert is_begun(by_redirect(house, application.application_id, query))

"""Metadata: ours is valid, stable and true; a hostile or useless one of a service provider is refused (S33)."""

import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from passwordless.errors import Unprocessable
from passwordless.saml import names
from passwordless.saml.logout_endpoint import LogoutEndpoint
from passwordless.saml.metadata import SpMetadata, identity_provider, read_service_provider
from passwordless.saml.parsing import parse
from tests.cpu_time import within
from tests.unit.saml.answers import IDP, found
from tests.unit.saml.builders import ACS, ENDPOINT, ISSUER, NOW, SECOND_ACS, key_pair

PAIR, NEXT = key_pair("idp"), key_pair("idp-next")
POST, REDIRECT = names.BINDING_POST, names.BINDING_REDIRECT
KEY = key_pair().certificate


def ours(*, want_signed: bool = True) -> bytes:
    return identity_provider(
        IDP, ENDPOINT, (PAIR.certificate_pem, NEXT.certificate), (names.PERSISTENT,), want_signed
    )


def a_key(certificate: str = KEY, use: str = 'use="signing"') -> str:
    return (
        f'<md:KeyDescriptor {use}><ds:KeyInfo xmlns:ds="{names.SIGNATURE}"><ds:X509Data>'
        f"<ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )


def an_acs(url: str = ACS, index: int = 0, default: str = "", binding: str = POST) -> str:
    shown = f'isDefault="{default}"' if default else ""
    location = url.replace("&", "&amp;")
    return f'<md:AssertionConsumerService Binding="{binding}" Location="{location}" index="{index}" {shown}/>'


def theirs(
    *,
    entity_id: str = ISSUER,
    keys: str = "",
    services: str = "",
    role_attributes: str = "",
    protocols: str = names.PROTOCOL,
    prolog: str = "",
    after: str = "",
) -> bytes:
    """Write metadata in the form in which Auth0 serves it."""
    return (
        f'{prolog}<md:EntityDescriptor entityID="{entity_id}" xmlns:md="{names.METADATA}">'
        f'<md:SPSSODescriptor protocolSupportEnumeration="{protocols}" {role_attributes}>{keys or a_key()}'
        f'<md:SingleLogoutService Binding="{REDIRECT}" Location="https://acme.auth0.com/logout"/>'
        f"<md:NameIDFormat>{names.UNSPECIFIED}</md:NameIDFormat><md:NameIDFormat>{names.PERSISTENT}</md:NameIDFormat>"
        f"{services or an_acs()}</md:SPSSODescriptor>{after}</md:EntityDescriptor>"
    ).encode()


def refused(xml: bytes) -> Unprocessable:
    with pytest.raises(Unprocessable) as caught:
        read_service_provider(xml)
    assert (caught.value.code, caught.value.status) == ("sp_metadata_invalid", 422)
    assert caught.value.guidance
    return caught.value


def test_our_metadata_is_valid_and_the_same_bytes_each_time() -> None:
    assert ours() == ours()
    root = parse(ours(), "EntityDescriptor")
    assert (root.get("entityID"), root.get("cacheDuration")) == (IDP, "PT6H")
    assert root.get("ID") != parse(ours(want_signed=False), "EntityDescriptor").get("ID")


def test_our_metadata_lists_both_bindings_and_every_key_by_itself() -> None:
    root = parse(ours(), "EntityDescriptor")
    bindings = [
        (element.get("Binding"), element.get("Location"), element.get("ResponseLocation"))
        for element in root.iter(names.metadata("SingleSignOnService"))
    ]
    assert bindings == [(REDIRECT, ENDPOINT, None), (POST, ENDPOINT, None)]
    assert found(root, "//ds:X509Certificate/text()") == [PAIR.certificate, NEXT.certificate]
    assert [element.get("use") for element in root.iter(names.metadata("KeyDescriptor"))] == ["signing"] * 2
    assert root.findtext(f".//{names.metadata('NameIDFormat')}") == names.PERSISTENT


@pytest.mark.parametrize(("want_signed", "told"), [(True, "true"), (False, "false")])
def test_our_metadata_tells_the_truth_about_signed_requests(want_signed: bool, told: str) -> None:
    root = parse(ours(want_signed=want_signed), "EntityDescriptor")
    role = root.find(names.metadata("IDPSSODescriptor"))
    assert role is not None
    assert role.get("WantAuthnRequestsSigned") == told
    assert role.get("protocolSupportEnumeration") == names.PROTOCOL


def test_auth0s_metadata_is_read() -> None:
    assert read_service_provider(theirs()) == SpMetadata(
        entity_id=ISSUER,
        acs_urls=(ACS,),
        certificates=(KEY,),
        acs_indexes=(0,),
        signs_requests=False,
        name_id_formats=(names.UNSPECIFIED, names.PERSISTENT),
        logout=LogoutEndpoint("https://acme.auth0.com/logout", by_post=False),
    )


@pytest.mark.parametrize("attribute", ['AuthnRequestsSigned="true"', 'AuthnRequestsSigned="1"'])
def test_the_promise_to_sign_requests_is_read(attribute: str) -> None:
    assert read_service_provider(theirs(role_attributes=attribute)).signs_requests


@pytest.mark.parametrize(
    ("first", "second", "default"),
    [
        ("", "", ACS),
        ("", "true", SECOND_ACS),
        ("false", "", SECOND_ACS),
        ("false", "false", ACS),
        ("1", "1", ACS),
    ],
)
def test_the_default_service_comes_first(first: str, second: str, default: str) -> None:
    services = an_acs(ACS, 3, first) + an_acs(SECOND_ACS, 7, second)
    read = read_service_provider(theirs(services=services))
    assert read.acs_urls[0] == default
    assert dict(zip(read.acs_indexes, read.acs_urls, strict=True)) == {3: ACS, 7: SECOND_ACS}


def test_services_of_other_bindings_are_left_out() -> None:
    artifact = an_acs(SECOND_ACS, 1, "true", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact")
    assert read_service_provider(theirs(services=artifact + an_acs(ACS, 2))).acs_urls == (ACS,)
    assert "HTTP-POST" in refused(theirs(services=artifact)).detail


def test_keys_count_by_their_use() -> None:
    other, third = key_pair("sp-2").certificate, key_pair("sp-3").certificate
    keys = a_key(KEY, "") + a_key(other, 'use="encryption"') + a_key(third)
    assert read_service_provider(theirs(keys=keys)).certificates == (KEY, third)


def test_a_wrapped_certificate_is_read_as_one_line() -> None:
    wrapped = "\n".join(KEY[start : start + 64] for start in range(0, len(KEY), 64))
    assert read_service_provider(theirs(keys=a_key(f"\n\t{wrapped}\n"))).certificates == (KEY,)


def test_twenty_services_and_ten_certificates_are_the_most() -> None:
    services = [an_acs(f"https://sp.example.com/acs/{n}", n) for n in range(21)]
    assert len(read_service_provider(theirs(services="".join(services[:20]))).acs_urls) == 20
    refused(theirs(services="".join(services)))
    assert read_service_provider(theirs(keys=a_key() * 10)).certificates == (KEY,)
    refused(theirs(keys=a_key() * 11))


def test_weak_foreign_or_broken_keys_are_refused() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    curve = x509.CertificateBuilder(name, name, key.public_key(), 7, NOW, NOW).sign(key, SHA256())
    for certificate in (
        key_pair("weak", bits=1024).certificate,
        base64.b64encode(curve.public_bytes(Encoding.DER)).decode(),
        "QUJD",
        KEY[:-8],
    ):
        refused(theirs(keys=a_key(certificate)))


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"not xml",
        b"<html>A login page</html>",
        theirs(prolog="<!DOCTYPE x [<!ENTITY e 'x'>]>"),
        theirs(prolog="<!-- c -->"),
        theirs(prolog="<?xml version='1.0' encoding='UTF-16'?>"),
        theirs(protocols="urn:oasis:names:tc:SAML:1.1:protocol"),
        theirs(entity_id="urn:x" * 300),
        theirs(entity_id=f" {ISSUER}"),
        theirs(after="<md:SPSSODescriptor/>"),
        ours(),
        f'<md:EntitiesDescriptor xmlns:md="{names.METADATA}">{theirs().decode()}</md:EntitiesDescriptor>'.encode(),
        theirs().replace(b"entityID", b"entityId"),
        theirs().decode().encode("utf-16"),
    ],
)
def test_hostile_or_useless_metadata_is_refused(xml: bytes) -> None:
    refused(xml)


def test_two_service_provider_roles_are_refused() -> None:
    role = theirs().decode().split("<md:SPSSODescriptor", 1)[1].split("</md:EntityDescriptor>")[0]
    refused(theirs(after=f"<md:SPSSODescriptor{role}"))


def test_metadata_is_bounded_at_256_kb() -> None:
    padding = f"<md:Organization>{'x' * 256 * 1024}</md:Organization>"
    assert "256 kB" in refused(theirs(after=padding)).detail


def test_an_entity_expansion_is_refused_quickly() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = theirs(prolog=f'<!DOCTYPE r [<!ENTITY e0 "x">{levels}]>', entity_id="&e9;")
    within(0.05, lambda: refused(bomb))


def test_refusals_repeat_nothing_of_the_metadata() -> None:
    refusal = refused(theirs(after="<md:marked-7f3a/>"))
    assert "marked" not in f"{refusal.detail}{refusal.guidance}"
    assert refusal.private is not None
    assert "marked" in refusal.private


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_upload_is_read_or_refused(upload: bytes) -> None:
    for xml in (upload, theirs() + upload, theirs()[:200] + upload + theirs()[200:]):
        try:
            read_service_provider(xml)
        except Unprocessable as refusal:
            assert refusal.status == 422  # noqa: PT017  either outcome is right, a third one is not

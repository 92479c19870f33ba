"""What the double shows to everyone: configuration, metadata, certificates; and to whom it listens."""

import base64
import socket
from urllib.parse import urlsplit

import pytest
import requests
from cryptography import x509
from lxml import etree

from tests.integration.auth0_double.calls import a_body, create, get, some_options
from tests.integration.auth0_double.idp_response import NS
from tests.integration.auth0_double.process import Double

MD = "{urn:oasis:names:tc:SAML:2.0:metadata}"


def test_it_listens_on_the_loopback_address_only(double: Double) -> None:
    port = urlsplit(double.url).port or 0
    with socket.create_connection(("127.0.0.1", port), timeout=2):
        pass
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=2)


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1:1", "acme.auth0.com"])
def test_a_foreign_host_is_refused_by_tenant_and_application(double: Double, host: str) -> None:
    for base in (double.url, double.app_url):
        assert requests.get(base + "/", headers={"Host": host}, timeout=10).status_code == 403


def test_the_issuer_is_the_canonical_domain(double: Double) -> None:
    document = get(double, "/.well-known/openid-configuration").json()
    assert document["issuer"] == "https://acme.auth0.com/"
    assert document["authorization_endpoint"] == f"{double.url}/authorize"


def test_metadata_names_entity_id_acs_and_certificate(double: Double) -> None:
    create(double, a_body(double))
    root = etree.fromstring(get(double, "/samlp/metadata?connection=acme-x2k4").content)
    certificates = root.findall(f".//{MD}KeyDescriptor[@use='signing']//{{{NS['ds']}}}X509Certificate")
    acs = root.find(f".//{MD}AssertionConsumerService")
    assert root.get("entityID") == "urn:auth0:acme:acme-x2k4"
    assert acs is not None
    assert acs.get("Location") == double.acs("acme-x2k4")
    shown = x509.load_der_x509_certificate(base64.b64decode(certificates[0].text or ""))
    assert shown == x509.load_pem_x509_certificate(get(double, "/rawpem?cert=connection").content)
    assert shown != x509.load_pem_x509_certificate(get(double, "/pem").content)


def test_an_entity_id_of_ones_own_replaces_the_default(double: Double) -> None:
    create(double, a_body(double, options=some_options(entityId="urn:acme:sp")))
    assert b'entityID="urn:acme:sp"' in get(double, "/samlp/metadata?connection=acme-x2k4").content


def test_metadata_of_an_unknown_connection_is_not_found(double: Double) -> None:
    assert get(double, "/samlp/metadata?connection=nobody").status_code == 404
    assert get(double, "/rawpem?cert=other").status_code == 404


def test_metadata_can_differ_and_its_key_can_be_rotated(double: Double) -> None:
    create(double, a_body(double))
    path = "/samlp/metadata?connection=acme-x2k4"
    before = get(double, path).content
    double.fault("metadata", entity_id="urn:other", acs_url="https://other.example/acs", certificates="none")
    spoilt = get(double, path).content
    assert b'entityID="urn:other"' in spoilt
    assert b'Location="https://other.example/acs"' in spoilt
    assert b"KeyDescriptor" not in spoilt
    double.settings(faults={"metadata": None}, rotate_sp_key=True)
    assert get(double, path).content != before

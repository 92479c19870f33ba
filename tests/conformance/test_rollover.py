"""Key rollover: a service provider that does nothing but read our metadata again never loses a login."""

import secrets
from dataclasses import dataclass, field

import pytest
from signxml.verifier import SignatureConfiguration, XMLVerifier

from passwordless.model.applications import Application
from passwordless.model.signing_keys import REST
from passwordless.saml import names
from passwordless.saml.certificates import base64_der, pem
from passwordless.saml.parsing import parse
from tests.conformance.lab import a_generic_application, login
from tests.house import House, Person
from tests.rotation import fetch_metadata, listed, make_next, move, rotate, with_keys_function

HOURS = 3600
AT_ROOT = SignatureConfiguration(location="./", expect_references=1)


@dataclass
class Reader:
    """A service provider that trusts the certificates of our metadata and reads it again after cacheDuration."""

    house: House
    application: Application
    person: Person
    trusted: set[str] = field(default_factory=set)
    read_at: float = 0

    def read(self) -> set[str]:
        """Read the metadata and trust what it lists."""
        answer = fetch_metadata(self.house, self.application)
        root = parse(answer.body.encode(), "EntityDescriptor")
        role = root.find(names.metadata("IDPSSODescriptor"))
        assert role is not None
        self.trusted = {base64_der(each.text or "") for each in role.iter(names.signature("X509Certificate"))}
        self.read_at = self.house.clock.now
        return self.trusted

    def sign_in(self) -> str:
        """Sign the person in, verify the Response by a trusted certificate alone, and return that certificate."""
        if self.house.clock.now - self.read_at >= 6 * HOURS:
            self.read()
        posted = login(self.house, self.application, self.person).posted
        (used,) = set(posted.all("//ds:X509Certificate/text()"))
        assert base64_der(used) in self.trusted
        XMLVerifier().verify(posted.xml, x509_cert=pem(used), expect_config=AT_ROOT)
        return base64_der(used)


@pytest.fixture
def reader(house: House) -> Reader:
    """A service provider of a tenant of its own."""
    acting = with_keys_function(house)
    tenant = f"rollover-{secrets.token_hex(4)}"
    return Reader(acting, a_generic_application(acting, tenant=tenant), acting.person(tenant))


def certificate_of(house: House, tenant: str, key_id: str) -> str:
    """Return the certificate of a key as base64 DER."""
    (pem_text,) = [k["certificate_pem"] for k in listed(house, tenant) if k["key_id"] == key_id]
    return base64_der(pem_text)


def test_iip_md05_c4_the_next_key_is_listed_ahead_and_no_login_is_lost_at_any_step(reader: Reader) -> None:
    acting, application = reader.house, reader.application
    tenant, old_id = application.tenant, application.idp.signing_key_id
    old = certificate_of(acting, tenant, old_id)
    reader.read()
    assert reader.sign_in() == old

    new_id = make_next(acting, tenant)
    new = certificate_of(acting, tenant, new_id)
    assert reader.sign_in() == old
    acting.clock.forward(6 * HOURS)
    assert reader.sign_in() == old
    assert reader.trusted == {old, new}

    assert rotate(acting, tenant, "promote", new_id).status == 200
    assert reader.sign_in() == old
    assert move(acting, application, new_id).status == 200
    assert reader.sign_in() == new
    assert move(acting, application, old_id).status == 200
    assert reader.sign_in() == old
    assert move(acting, application, new_id).status == 200
    acting.clock.forward(REST + 1)
    assert rotate(acting, tenant, "retire", old_id).status == 200
    assert reader.sign_in() == new
    acting.clock.forward(6 * HOURS)
    assert reader.sign_in() == new
    assert reader.trusted == {new}


def test_iip_md05_c3_every_key_in_use_by_the_tenant_is_listed_to_each_application(reader: Reader) -> None:
    acting, tenant = reader.house, reader.application.tenant
    other = Reader(acting, a_generic_application(acting, tenant=tenant), reader.person)
    new_id = make_next(acting, tenant)
    rotate(acting, tenant, "promote", new_id)
    assert move(acting, other.application, new_id).status == 200
    for one in (reader, other):
        one.read()
        one.sign_in()
        assert one.trusted == {base64_der(key["certificate_pem"]) for key in listed(acting, tenant)}


def test_iip_md05_c6_a_leaked_key_leaves_the_metadata_with_its_retirement(reader: Reader) -> None:
    acting, application = reader.house, reader.application
    leaked_id = application.idp.signing_key_id
    leaked = certificate_of(acting, application.tenant, leaked_id)
    new_id = make_next(acting, application.tenant)
    move(acting, application, new_id)
    rotate(acting, application.tenant, "promote", new_id)
    acting.clock.forward(REST + 1)
    assert leaked in reader.read()
    assert rotate(acting, application.tenant, "retire", leaked_id).status == 200
    assert leaked not in reader.read()


def test_iip_md05_c6_a_leaked_next_key_leaves_the_metadata_at_once(reader: Reader) -> None:
    acting, tenant = reader.house, reader.application.tenant
    leaked_id = make_next(acting, tenant)
    leaked = certificate_of(acting, tenant, leaked_id)
    assert leaked in reader.read()
    assert rotate(acting, tenant, "retire", leaked_id).status == 200
    assert leaked not in reader.read()


def test_iip_md05_ag_the_signature_is_enveloped_with_one_reference_to_the_root(reader: Reader) -> None:
    answer = fetch_metadata(reader.house, reader.application)
    root = parse(answer.body.encode(), "EntityDescriptor")
    (signature,) = root.iter(names.signature("Signature"))
    assert signature.getparent() is root
    (reference,) = signature.iter(names.signature("Reference"))
    assert reference.get("URI") == f"#{root.get('ID')}"
    transforms = [each.get("Algorithm") for each in reference.iter(names.signature("Transform"))]
    assert transforms == [names.ENVELOPED, names.EXCLUSIVE_C14N]
    own = certificate_of(reader.house, reader.application.tenant, reader.application.idp.signing_key_id)
    XMLVerifier().verify(answer.body.encode(), x509_cert=pem(own), expect_config=AT_ROOT)

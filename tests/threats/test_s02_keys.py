"""S02: a signing key is one tenant's; a service provider's names are one application's."""

import base64
from dataclasses import replace

import pytest
from signxml.exceptions import InvalidSignature
from signxml.verifier import XMLVerifier

from passwordless.model.applications import Application, ServiceProvider
from passwordless.model.signing_keys import SigningKey
from tests.acts import remove
from tests.calls import complete
from tests.house import House
from tests.sign_in import approve, sign_in
from tests.told import failure
from tests.witness import Witness, rows


def key_of(house: House, application: Application) -> SigningKey:
    key = house.wiring.stores.signing_keys.get(application.tenant, application.idp.signing_key_id)
    assert key is not None
    return key


def add(house: House, application: Application, sp: ServiceProvider) -> frozenset[int]:
    """Try to add another application; return the places of what was refused: 1 the entity id, then the ACS URLs."""
    other = replace(application, application_id="app_aaaaaaaaaaaaaaaaaaaa", tenant="globex", sp=sp)
    return house.wiring.stores.commit(*house.wiring.stores.applications.adding(other))


def test_an_entity_id_and_an_acs_url_belong_to_one_application_of_the_deployment(house: House) -> None:
    owner = house.application("acme")
    free = ServiceProvider("urn:free", ("https://free.example.com/acs",))
    before = rows(house)

    assert add(house, owner, owner.sp) == {1, 2}
    assert add(house, owner, replace(free, entity_id=owner.sp.entity_id)) == {1}
    assert add(house, owner, replace(free, acs_urls=(*free.acs_urls, *owner.sp.acs_urls))) == {3}
    assert rows(house) == before


def test_another_application_of_the_same_tenant_cannot_have_them_either(house: House) -> None:
    owner = house.application()
    second = replace(owner, application_id="app_bbbbbbbbbbbbbbbbbbbb")
    assert house.wiring.stores.commit(*house.wiring.stores.applications.adding(second)) == {1, 2}


def test_the_names_are_free_again_once_their_application_is_removed(house: House) -> None:
    owner = house.application()
    remove(house, owner)
    assert add(house, owner, owner.sp) == frozenset()
    remove(house, replace(owner, application_id="app_aaaaaaaaaaaaaaaaaaaa", tenant="globex"))


def test_each_tenant_has_a_key_of_its_own(house: House) -> None:
    acme, globex = (key_of(house, house.application(tenant)) for tenant in ("acme", "globex"))
    assert acme.kms_key != globex.kms_key
    assert acme.certificate_pem != globex.certificate_pem


def test_two_applications_of_a_tenant_share_its_key(house: House) -> None:
    assert key_of(house, house.application()) == key_of(house, house.application())


def test_an_application_that_is_pinned_to_another_tenant_s_key_gets_no_signature(house: House) -> None:
    foreign = house.application("globex").idp.signing_key_id
    plain, person = house.application("acme"), house.person("acme")
    pinned = replace(plain, idp=replace(plain.idp, signing_key_id=foreign))
    remove(house, plain)
    assert not house.wiring.stores.commit(*house.wiring.stores.applications.adding(pinned))
    browser = house.browser(pinned)
    approve(house, person, browser)
    witness = Witness.of(house)

    answer = complete(house, browser)

    assert failure(answer) == (503, "signing_key_missing")
    assert witness.signatures == 0


def test_the_pointer_to_the_current_key_is_no_key(house: House) -> None:
    house.application("acme")
    assert house.wiring.stores.signing_keys.get("acme", "current") is None


def test_a_response_verifies_with_its_own_tenant_s_certificate_only(house: House) -> None:
    acme, globex = house.application("acme"), house.application("globex")
    xml = base64.b64decode(sign_in(house, house.person("acme"), house.browser(acme)).field("SAMLResponse"))
    assert XMLVerifier().verify(xml, x509_cert=key_of(house, acme).certificate_pem, id_attribute="ID")
    with pytest.raises(InvalidSignature):
        XMLVerifier().verify(xml, x509_cert=key_of(house, globex).certificate_pem, id_attribute="ID")

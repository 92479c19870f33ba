"""Keys and rollover: every registered key is tried, and nothing in a certificate but its key counts."""

import base64
import secrets
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier
from lxml import etree

from passwordless.errors import Unprocessable
from passwordless.model.applications import Application
from passwordless.model.signing_keys import REST
from passwordless.saml.metadata import read_service_provider
from tests.conformance.lab import a_generic_application, a_request, is_begun, login, send
from tests.conformance.sp_metadata import a_document, a_key, registered
from tests.house import House, Person
from tests.rotation import fetch_metadata, make_next, move, rotate, with_keys_function
from tests.sign_in import by_post, by_redirect
from tests.unit.saml.builders import ALGORITHMS, NOW, KeyPair, key_pair, post, sign_post, sign_redirect
from tests.unit.saml.forgery import SHA1_URI, Recipe, forge

SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"


def verifies(house: House, application: Application, pair: KeyPair) -> bool:
    """Tell whether a signature by this key is taken, in a query and in XML alike."""
    query = sign_redirect(a_request(house, application), pair=pair)
    body = sign_post(a_request(house, application), pair=pair)
    answers = [
        is_begun(by_redirect(house, application.application_id, query)),
        is_begun(by_post(house, application.application_id, body)),
    ]
    assert len(set(answers)) == 1
    return answers[0]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_iip_md07_a_every_registered_key_is_tried(house: House, count: int) -> None:
    pairs = [key_pair(f"key-{number}.example.com") for number in range(count)]
    application = registered(house, a_document(keys="".join(a_key(pair.certificate) for pair in pairs)))
    assert all(verifies(house, application, pair) for pair in pairs)
    assert not verifies(house, application, key_pair("stranger.example.com"))


def test_iip_md07_a_without_any_key_a_signed_request_is_refused(house: House) -> None:
    application = registered(house, a_document(keys=""))
    assert not verifies(house, application, key_pair())


def test_iip_md11_a_a_key_without_use_serves_for_signing(house: House) -> None:
    pair = key_pair("useless.example.com")
    application = registered(house, a_document(keys=a_key(pair.certificate, use=None)))
    assert verifies(house, application, pair)


def issued(
    pair: KeyPair,
    *,
    start: datetime = NOW - timedelta(days=1),
    end: datetime = NOW + timedelta(days=365),
    issuer: str = "Unknown CA",
    extension: x509.ExtensionType | None = None,
    by: KeyPair | None = None,
) -> str:
    """Issue a certificate for a key and return it as base64 DER."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sp.example.com")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(pair.key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
    )
    if extension is not None:
        builder = builder.add_extension(extension, critical=True)
    return base64.b64encode(builder.sign((by or pair).key, SHA256()).public_bytes(Encoding.DER)).decode()


CONTENTS: dict[str, dict[str, object]] = {
    "self-signed": {},
    "20 years": {"end": NOW + timedelta(days=7300)},
    "expired": {"start": NOW - timedelta(days=20), "end": NOW - timedelta(days=10)},
    "future": {"start": NOW + timedelta(days=10)},
    "epoch": {"start": datetime(1970, 1, 2, tzinfo=UTC), "end": datetime(1971, 1, 1, tzinfo=UTC)},
    "critical extension": {
        "extension": x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")
    },
}


@pytest.mark.parametrize("name", CONTENTS)
def test_iip_md12_a_nothing_in_a_certificate_but_its_key_counts(house: House, name: str) -> None:
    pair = key_pair("contents.example.com")
    certificate = issued(pair, **CONTENTS[name])  # type: ignore[arg-type]
    application = registered(house, a_document(keys=a_key(certificate)))
    assert verifies(house, application, pair)


def test_iip_md06_a5_neither_chain_nor_revocation_is_checked(house: House) -> None:
    pair = key_pair("chain.example.com")
    point = x509.DistributionPoint(
        [x509.UniformResourceIdentifier("http://crl.invalid/list")], None, None, None
    )
    for certificate in (
        issued(pair, by=key_pair("unknown-ca.example.com")),
        issued(pair, extension=x509.CRLDistributionPoints([point])),
        issued(pair, issuer="Another CA"),
    ):
        assert verifies(house, registered(house, a_document(keys=a_key(certificate))), pair)


@pytest.mark.parametrize("algorithm", sorted(ALGORITHMS))
def test_iip_alg01_a_sha_256_and_better_are_verified(house: House, algorithm: str) -> None:
    application = a_generic_application(house)
    query = sign_redirect(a_request(house, application), algorithm=algorithm)
    assert is_begun(by_redirect(house, application.application_id, query)) == (algorithm != SHA1)


def test_iip_alg08_a_weak_algorithms_are_banned(house: House) -> None:
    application = a_generic_application(house)
    more = "http://www.w3.org/2001/04/xmldsig-more#"

    def begins(recipe: Recipe) -> bool:
        xml = forge(a_request(house, application), recipe)
        return is_begun(by_post(house, application.application_id, post(xml)))

    def by_md5(data: bytes) -> bytes:
        return key_pair().key.sign(data, PKCS1v15(), SHA256())

    assert begins(Recipe())
    assert not begins(Recipe(digest=SHA1_URI))
    assert not begins(Recipe(method=f"{more}rsa-md5", sign=by_md5))
    assert not begins(Recipe(digest=f"{more}md5"))


def test_sdp_md06_a_service_provider_s_key_has_at_least_2048_bits(house: House) -> None:
    weak = key_pair("weak.example.com", bits=1024)
    with pytest.raises(Unprocessable):
        read_service_provider(a_document(keys=a_key(weak.certificate)))
    strong = registered(house, a_document())
    assert is_begun(send(house, strong, a_request(house, strong)))


def signs_with_a_listed_key(house: House, application: Application, person: Person) -> str:
    """Sign in, and return the certificate of the signatures, which our metadata lists at that moment."""
    stored = house.wiring.stores.applications.get(application.application_id)
    assert stored is not None
    answer = login(house, stored, person).posted
    (used,) = set(answer.all("//ds:X509Certificate/text()"))
    assert used in listed_certificates(house, application)
    return used


def listed_certificates(house: House, application: Application) -> list[str]:
    """Return the certificates of our role, as our metadata lists them now."""
    role = etree.fromstring(fetch_metadata(house, application).body.encode()).find("{*}IDPSSODescriptor")
    assert role is not None
    return [
        element.text or "" for element in role.iter("{http://www.w3.org/2000/09/xmldsig#}X509Certificate")
    ]


def test_iip_md05_c4_a_rotation_loses_no_login_at_any_step(house: House) -> None:
    acting, tenant = with_keys_function(house), f"keys-{secrets.token_hex(4)}"
    application, person = a_generic_application(acting, tenant), acting.person(tenant)
    first = signs_with_a_listed_key(acting, application, person)
    following = make_next(acting, tenant)
    assert signs_with_a_listed_key(acting, application, person) == first
    assert len(listed_certificates(acting, application)) == 2
    assert move(acting, application, following).status == 200
    second = signs_with_a_listed_key(acting, application, person)
    assert second != first
    assert rotate(acting, tenant, "promote", following).status == 200
    assert signs_with_a_listed_key(acting, application, person) == second
    acting.clock.forward(REST + 1)
    assert rotate(acting, tenant, "retire", application.idp.signing_key_id).status == 200
    assert signs_with_a_listed_key(acting, application, person) == second


def test_iip_md05_c6_a_key_leaves_our_metadata_when_it_is_retired(house: House) -> None:
    acting, tenant = with_keys_function(house), f"keys-{secrets.token_hex(4)}"
    application = a_generic_application(acting, tenant)
    (old,) = listed_certificates(acting, application)
    following = make_next(acting, tenant)
    move(acting, application, following)
    rotate(acting, tenant, "promote", following)
    assert old in listed_certificates(acting, application)
    acting.clock.forward(REST + 1)
    assert rotate(acting, tenant, "retire", application.idp.signing_key_id).status == 200
    (left,) = listed_certificates(acting, application)
    assert left != old

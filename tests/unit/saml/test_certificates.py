"""Certificates change their form without changing, and carry a key."""

import base64
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from passwordless.saml.certificates import (
    base64_der,
    carrier,
    load,
    pem,
    rsa_key,
    self_signed,
    sha1_thumbprint,
)
from tests.unit.saml.builders import NOW, key_pair

PAIR = key_pair()


def test_pem_and_base64_der_are_two_forms_of_one_certificate() -> None:
    assert pem(PAIR.certificate) == PAIR.certificate_pem
    assert base64_der(PAIR.certificate_pem) == base64_der(f" {PAIR.certificate}\r\n") == PAIR.certificate
    assert "\n" not in PAIR.certificate


@pytest.mark.parametrize("text", ["not base64!", "QUJD=", "é"])
def test_what_is_not_base64_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        base64_der(text)


@pytest.mark.parametrize("text", ["", "QUJD", "not base64!"])
def test_what_is_no_certificate_has_no_key(text: str) -> None:
    assert rsa_key(text) is None


def test_a_certificate_with_another_kind_of_key_has_no_rsa_key() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 7, NOW, NOW + timedelta(days=1))
        .sign(key, SHA256())
        .public_bytes(Encoding.DER)
    )
    assert rsa_key(base64.b64encode(made).decode()) is None


def test_the_thumbprint_is_that_of_the_der_form() -> None:
    expected = load(PAIR.certificate).fingerprint(SHA1()).hex()  # noqa: S303  what Auth0 shows
    assert sha1_thumbprint(PAIR.certificate_pem) == sha1_thumbprint(PAIR.certificate) == expected


def test_a_self_signed_certificate_says_what_it_was_told() -> None:
    made = load(self_signed(PAIR.key, "acme key_1", 2**120, NOW, NOW + timedelta(days=3652)))
    assert made.subject == made.issuer
    assert made.subject.rfc4514_string() == "CN=acme key_1"
    assert made.serial_number == 2**120
    assert (made.not_valid_before_utc, made.not_valid_after_utc) == (NOW, NOW + timedelta(days=3652))
    made.verify_directly_issued_by(made)


def test_a_long_name_is_cut_to_what_a_certificate_holds() -> None:
    made = load(self_signed(PAIR.key, "t" * 63 + " key_1", 7, NOW, NOW))
    assert made.subject.rfc4514_string() == "CN=" + "t" * 63 + "\\ "


def test_a_bare_key_is_read_and_carried_as_a_certificate_would_be() -> None:
    key = PAIR.key.public_key()
    bare = base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    assert rsa_key(bare) == key
    assert carrier(bare).public_key() == key
    assert carrier(PAIR.certificate) == load(PAIR.certificate)


def test_what_is_neither_a_certificate_nor_a_key_is_carried_by_nothing() -> None:
    assert rsa_key("AAAA") is None
    with pytest.raises(ValueError):
        carrier("AAAA")

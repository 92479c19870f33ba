"""A key that lives elsewhere signs Responses and its own certificate, and no bad signature gets out."""

import copy
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, PSS, PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from passwordless.errors import Unavailable
from passwordless.saml.certificates import rsa_key, self_signed
from passwordless.saml.external_key import ExternalRsaKey
from passwordless.saml.response import success
from passwordless.saml.signing import sign
from tests.unit.saml.answers import an_envelope, claims, verified
from tests.unit.saml.builders import NOW, key_pair
from tests.unit.saml.forgery import rsa_sha256

IDP_KEY = key_pair("idp")


class Elsewhere:
    """A signing service that counts its calls."""

    def __init__(self, answer: Callable[[bytes], bytes] | None = None) -> None:
        self.messages: list[bytes] = []
        self.answer = answer or rsa_sha256(IDP_KEY)

    def __call__(self, message: bytes) -> bytes:
        self.messages.append(message)
        return self.answer(message)


def external(elsewhere: Callable[[bytes], bytes]) -> ExternalRsaKey:
    return ExternalRsaKey(IDP_KEY.key.public_key(), elsewhere)


def test_a_response_is_signed_with_two_calls_and_the_same_bytes_as_a_local_key() -> None:
    elsewhere, response = Elsewhere(), success(an_envelope(), claims())
    xml = sign(response, external(elsewhere), IDP_KEY.certificate_pem)
    assert verified(xml, IDP_KEY)
    assert xml == sign(response, IDP_KEY.key, IDP_KEY.certificate_pem)
    assert len(elsewhere.messages) == 2
    assert all(len(message) <= 4096 for message in elsewhere.messages)


def test_it_signs_its_own_certificate() -> None:
    elsewhere = Elsewhere()
    pem = self_signed(external(elsewhere), "acme key_1", 7, NOW, NOW)
    certificate = x509.load_pem_x509_certificate(pem.encode())
    certificate.verify_directly_issued_by(certificate)
    assert rsa_key(pem) == IDP_KEY.key.public_key()
    assert len(elsewhere.messages) == 1
    assert len(elsewhere.messages[0]) <= 4096


@pytest.mark.parametrize(
    "answer",
    [
        lambda message: b"",
        lambda message: bytes(256),
        rsa_sha256(key_pair("another")),
        lambda message: rsa_sha256(IDP_KEY)(message + b" "),
        lambda message: IDP_KEY.key.sign(message, PKCS1v15(), SHA512()),
    ],
)
def test_a_signature_that_does_not_verify_never_leaves(answer: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Unavailable) as caught:
        sign(success(an_envelope(), claims()), external(answer), IDP_KEY.certificate_pem)
    assert (caught.value.code, caught.value.status) == ("signing_failed", 503)


def test_a_failure_elsewhere_comes_through_unchanged() -> None:
    def throttled(message: bytes) -> bytes:
        raise Unavailable("signing_unavailable", "The signing service did not answer.")

    with pytest.raises(Unavailable, match="signing_unavailable"):
        sign(success(an_envelope(), claims()), external(throttled), IDP_KEY.certificate_pem)


def test_another_padding_or_hash_is_refused_before_anything_is_signed() -> None:
    elsewhere = Elsewhere()
    key = external(elsewhere)
    with pytest.raises(ValueError, match="PKCS #1"):
        key.sign(b"x", PSS(MGF1(SHA256()), 32), SHA256())
    with pytest.raises(ValueError, match="PKCS #1"):
        key.sign(b"x", PKCS1v15(), SHA512())
    assert elsewhere.messages == []


def test_it_neither_decrypts_nor_exports() -> None:
    key = external(Elsewhere())
    with pytest.raises(NotImplementedError):
        key.decrypt(b"x", OAEP(MGF1(SHA256()), SHA256(), None))
    with pytest.raises(NotImplementedError):
        key.private_numbers()
    with pytest.raises(NotImplementedError):
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_it_is_an_rsa_key_like_any_other() -> None:
    key = external(Elsewhere())
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 2048
    assert copy.deepcopy(key) is copy.copy(key) is key

"""X.509 certificates as carriers of RSA keys: forms, thumbprint, and the one that a key signs for itself.

A service provider can also register a bare key, as base64 DER of its SubjectPublicKeyInfo.

Nothing in a service provider's certificate but its key counts (SAML Metadata Interoperability Profile, 2.6.1): no
expiry, chain, extension or signature is looked at.
"""

import base64
import binascii
import hashlib
from datetime import UTC, datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from cryptography.x509.oid import NameOID

_BEGIN = "-----BEGIN CERTIFICATE-----"
_END = "-----END CERTIFICATE-----"
_MAX_COMMON_NAME = 64


def base64_der(certificate: str) -> str:
    """Return base64 DER on one line, from PEM or from base64 with any line breaks.

    Raises ValueError when it is not base64.
    """
    body = certificate.strip().removeprefix(_BEGIN).removesuffix(_END)
    joined = "".join(body.split())
    try:
        binascii.a2b_base64(joined, strict_mode=True)
    except binascii.Error as error:
        raise ValueError("not a base64 certificate") from error
    return joined


def pem(certificate: str) -> str:
    """Return PEM from base64 DER."""
    encoded = base64_der(certificate)
    lines = [encoded[start : start + 64] for start in range(0, len(encoded), 64)]
    return "\n".join((_BEGIN, *lines, _END, ""))


@lru_cache(maxsize=256)
def load(certificate: str) -> x509.Certificate:
    """Return a certificate from PEM or base64 DER. Raises ValueError when it is none."""
    return x509.load_der_x509_certificate(base64.b64decode(base64_der(certificate)))


@lru_cache(maxsize=256)
def rsa_key(certificate: str) -> rsa.RSAPublicKey | None:
    """Return the RSA key of a certificate (PEM or base64 DER), or a bare one (base64 DER).

    None when it cannot be read or is another kind of key.
    """
    try:
        key = load(certificate).public_key()
    except UnsupportedAlgorithm:
        return None
    except ValueError:
        return _bare_key(certificate)
    return key if isinstance(key, rsa.RSAPublicKey) else None


@lru_cache(maxsize=256)
def carrier(certificate: str) -> x509.Certificate:
    """Return a certificate that carries a registered key, for a library that takes a key in no other form.

    Around a bare key one is made up; its own signature proves nothing. Raises ValueError when there is no key.
    """
    key = _bare_key(certificate)
    if key is None:
        return load(certificate)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(x509.Name([]))
        .public_key(key)
        .serial_number(1)
        .not_valid_before(datetime(2000, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .sign(Ed25519PrivateKey.from_private_bytes(bytes(32)), None)
    )


def _bare_key(encoded: str) -> rsa.RSAPublicKey | None:
    try:
        key = load_der_public_key(base64.b64decode(base64_der(encoded)))
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, rsa.RSAPublicKey) else None


def sha1_thumbprint(certificate: str) -> str:
    """Return the lower-case hex SHA-1 of a certificate: a name that Auth0 shows, not a protection."""
    der = base64.b64decode(base64_der(certificate))
    return hashlib.sha1(der, usedforsecurity=False).hexdigest()


def sha256_thumbprint(certificate: str) -> str:
    """Return the lower-case hex SHA-256 of a certificate."""
    return hashlib.sha256(base64.b64decode(base64_der(certificate))).hexdigest()


def self_signed(
    key: rsa.RSAPrivateKey, common_name: str, serial: int, not_before: datetime, not_after: datetime
) -> str:
    """Return a certificate, as PEM, that a key signs for itself; the key may live elsewhere (`ExternalRsaKey`).

    `serial` is positive and below 2**159; a common name is cut at 64 characters, its bound in RFC 5280.
    """
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:_MAX_COMMON_NAME])])
    public = key.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(serial)
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_DIGITAL_SIGNATURE, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM).decode("ascii")


_DIGITAL_SIGNATURE = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)

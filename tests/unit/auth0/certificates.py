"""Certificates, a signing key, and the metadata that carries them."""

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from passwordless.model.signing_keys import SigningKey, SigningKeyStatus


@cache
def certificate(name: str = "idp") -> str:
    """Return a certificate that a fresh RSA key signed for itself, as PEM."""
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 1, start, start + timedelta(9999))
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


def base64_der(pem: str) -> str:
    """Return a certificate's base64 without lines around or in it."""
    return "".join(pem.split("\n")[1:-2])


def signing_key(tenant: str = "local") -> SigningKey:
    """Return a tenant's key."""
    return SigningKey(
        "key_1",
        tenant,
        "arn:aws:kms:key",
        certificate(),
        SigningKeyStatus.CURRENT,
        1_800_000_000,
        2_100_000_000,
    )


def sp_metadata(entity_id: str, acs_url: str, certificates: tuple[str, ...] | None = None) -> bytes:
    """Return an Auth0 tenant's public metadata as service provider."""
    keys = "".join(
        '<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>'
        f"<X509Certificate>{base64_der(pem)}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
        for pem in (certificates if certificates is not None else (certificate("sp"),))
    )
    return (
        f'<EntityDescriptor entityID="{entity_id}" xmlns="urn:oasis:names:tc:SAML:2.0:metadata">'
        '<SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        f"{keys}<AssertionConsumerService "
        'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" '
        f'Location="{acs_url}" index="0" isDefault="true"/></SPSSODescriptor></EntityDescriptor>'
    ).encode()

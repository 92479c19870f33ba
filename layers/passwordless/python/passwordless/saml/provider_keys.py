"""The signing keys in a service provider's metadata, as certificates or bare (MD Interoperability Profile, 2.6)."""

import base64
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree

from passwordless.saml.certificates import base64_der, rsa_key
from passwordless.saml.names import metadata
from passwordless.saml.names import signature as ds

MAX_KEYS = 10
MIN_RSA_BITS = 2048
MAX_RSA_BITS = 16384  # OpenSSL verifies nothing with a larger one


def signing_keys(role: etree._Element) -> tuple[str, ...]:
    """Return a role's keys for signing, each once, as base64 DER: certificates, then SubjectPublicKeyInfos.

    A KeyValue counts where no certificate has its key. Raises ValueError, with a sentence for the administrator, when
    there are too many or one is not RSA of at least MIN_RSA_BITS.
    """
    carriers = list(_written(role))
    if len(carriers) > MAX_KEYS:
        raise ValueError(f"The metadata lists more than {MAX_KEYS} signing certificates.")
    certificates = dict.fromkeys(_certificate(one) for one in carriers if one.tag == ds("X509Certificate"))
    known = [rsa_key(certificate) for certificate in certificates]
    bare = (_key_value(one) for one in carriers if one.tag == ds("KeyValue"))
    return (*certificates, *dict.fromkeys(key for key in bare if rsa_key(key) not in known))


def _written(role: etree._Element) -> Iterator[etree._Element]:
    for descriptor in role.findall(metadata("KeyDescriptor")):
        if descriptor.get("use", "signing") == "signing":
            yield from descriptor.iter(ds("X509Certificate"), ds("KeyValue"))


def _certificate(element: etree._Element) -> str:
    try:
        certificate = base64_der(element.text or "")
    except ValueError:
        raise ValueError("A signing certificate is not valid base64.") from None
    _check_size(rsa_key(certificate), "certificate")
    return certificate


def _key_value(element: etree._Element) -> str:
    """Return the SubjectPublicKeyInfo of an RSAKeyValue (XML Signature, 4.5.2.2)."""
    value = element.find(ds("RSAKeyValue"))
    key = None if value is None else _public_key(value)
    if key is None:
        raise _too_small("key")
    _check_size(key, "key")
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(spki).decode("ascii")


def _public_key(value: etree._Element) -> rsa.RSAPublicKey | None:
    modulus, exponent = (_number(value.findtext(ds(name), "")) for name in ("Modulus", "Exponent"))
    if modulus.bit_length() > MAX_RSA_BITS:
        return None
    try:
        return rsa.RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError:
        return None


def _number(text: str) -> int:
    try:
        return int.from_bytes(base64.b64decode(base64_der(text)))
    except ValueError:
        raise ValueError("A signing key is not valid base64.") from None


def _check_size(key: rsa.RSAPublicKey | None, what: str) -> None:
    if key is None or not MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS:
        raise _too_small(what)


def _too_small(what: str) -> ValueError:
    return ValueError(f"A signing {what} has no RSA key of at least {MIN_RSA_BITS} bits.")

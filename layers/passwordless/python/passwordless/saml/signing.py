"""Signing what we say: the Assertion, then the message around it (facts: the one combination that every reader takes).

RSA PKCS #1 v1.5 with SHA-256, exclusive canonicalization, the certificate embedded, the signature right after Issuer
(SAML Core, 5.4). The same input gives the same bytes.
"""

import copy

from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from signxml.algorithms import (
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.signer import XMLSigner

from passwordless.errors import Unavailable
from passwordless.saml import names
from passwordless.saml.certificates import base64_der, rsa_key
from passwordless.saml.names import assertion
from passwordless.saml.names import signature as ds
from passwordless.saml.response import serialize

_NAMESPACES = {"ds": names.SIGNATURE}


def sign(root: etree._Element, key: rsa.RSAPrivateKey, certificate_pem: str) -> bytes:
    """Sign the Assertion, if there is one, then the message; return UTF-8 bytes. `root` stays as it is.

    `key` may be an ExternalRsaKey: it is asked once for each signature. Metadata is signed in the same way.
    Raises Unavailable `signing_failed` when the certificate is not of this key.
    """
    if rsa_key(certificate_pem) != key.public_key():
        raise Unavailable(
            "signing_failed",
            "The answer could not be signed.",
            guidance="Tell your administrator.",
            private="the certificate does not belong to the signing key",
        )
    message = copy.deepcopy(root)
    if message.find(assertion("Assertion")) is not None:
        message = _signed(message, assertion("Assertion"), key, certificate_pem)
    return serialize(_signed(message, ".", key, certificate_pem))


def _signed(
    message: etree._Element, path: str, key: rsa.RSAPrivateKey, certificate_pem: str
) -> etree._Element:
    element = message.find(path)
    if element is None:
        raise ValueError("there is nothing to sign")
    _reserve_place(element)
    signer = XMLSigner(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm=SignatureMethod.RSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    return signer.sign(
        message,
        key=key,
        key_info=_key_info(certificate_pem),
        reference_uri=f"#{element.get('ID')}",
        id_attribute="ID",
    )


def _reserve_place(element: etree._Element) -> None:
    placeholder = etree.Element(ds("Signature"), nsmap=_NAMESPACES)
    placeholder.set("Id", "placeholder")
    issuer = element.find(assertion("Issuer"))
    element.insert(0 if issuer is None else element.index(issuer) + 1, placeholder)


def _key_info(certificate_pem: str) -> etree._Element:
    info = etree.Element(ds("KeyInfo"), nsmap=_NAMESPACES)
    data = etree.SubElement(info, ds("X509Data"))
    etree.SubElement(data, ds("X509Certificate")).text = base64_der(certificate_pem)
    return info

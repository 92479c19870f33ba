"""Signing what we say: the Assertion, then the message around it (facts: the one combination that every reader takes).

RSA PKCS #1 v1.5 with SHA-256, exclusive canonicalization, the certificate embedded, the signature right after Issuer
(SAML Core, 5.4). The same input gives the same bytes.
"""

import copy

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree
from signxml.algorithms import (
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.signer import XMLSigner

from passwordless.saml import names
from passwordless.saml.certificates import base64_der, rsa_key
from passwordless.saml.external_key import ExternalRsaKey
from passwordless.saml.names import assertion
from passwordless.saml.names import signature as ds
from passwordless.saml.response import serialize

_NAMESPACES = {"ds": names.SIGNATURE}


def sign(root: etree._Element, key: rsa.RSAPrivateKey, certificate_pem: str) -> bytes:
    """Sign the Assertion, if there is one, then the message; return UTF-8 bytes. `root` stays as it is.

    `key` may be an ExternalRsaKey: it is asked once for each signature. Metadata is signed in the same way.
    Raises Unavailable `signing_failed` when a signature does not verify with the certificate, and so never sends along
    the certificate of another key.
    """
    public = rsa_key(certificate_pem)
    if public is None:
        raise ValueError("the certificate carries no RSA key")
    checked = ExternalRsaKey(public, lambda message: key.sign(message, PKCS1v15(), SHA256()))
    message = copy.deepcopy(root)
    for inner in message.findall(assertion("Assertion")):
        message.replace(inner, _signed(inner, checked, certificate_pem))
    return serialize(_signed(message, checked, certificate_pem))


def _signed(element: etree._Element, key: rsa.RSAPrivateKey, certificate_pem: str) -> etree._Element:
    _reserve_place(element)
    signer = XMLSigner(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm=SignatureMethod.RSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    return signer.sign(element, key=key, key_info=_key_info(certificate_pem))


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

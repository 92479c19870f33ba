"""Signatures made by hand: any algorithm, transform, reference and key, as an attacker would write them."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from tests.unit.saml.builders import RSA_SHA256, KeyPair, key_pair

DS = "http://www.w3.org/2000/09/xmldsig#"
ENVELOPED = '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'
EXCLUSIVE = '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'
SHA256_URI = "http://www.w3.org/2001/04/xmlenc#sha256"
SHA1_URI = "http://www.w3.org/2000/09/xmldsig#sha1"

type Sign = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What goes into a signature; the defaults make one that is accepted."""

    sign: Sign | None = None
    method: str = RSA_SHA256
    canonicalization: str = "http://www.w3.org/2001/10/xml-exc-c14n#"
    transforms: Sequence[str] = (ENVELOPED, EXCLUSIVE)
    digest: str = SHA256_URI
    uri: str | None = None
    covered: bytes | None = None
    references: int = 1
    key_info: str = ""
    objects: str = ""


def rsa_sha256(pair: KeyPair | None = None) -> Sign:
    """Return a function that signs with RSA-SHA256."""
    key = (pair or key_pair()).key
    return lambda data: key.sign(data, PKCS1v15(), SHA256())


def forge(xml: bytes, recipe: Recipe) -> bytes:
    """Put a signature made by a recipe after the Issuer of a message."""
    root = etree.fromstring(xml)
    covered = canonical(root) if recipe.covered is None else recipe.covered
    uri = f"#{root.get('ID')}" if recipe.uri is None else recipe.uri
    root.insert(1, signature(recipe, uri, covered))
    return etree.tostring(root)


def signature(recipe: Recipe, uri: str, covered: bytes) -> etree._Element:
    """Make a ds:Signature over octets, whatever they are."""
    hashed = hashlib.new(
        "sha1" if recipe.digest == SHA1_URI else "sha256", covered, usedforsecurity=False
    ).digest()
    reference = (
        f'<ds:Reference URI="{uri}"><ds:Transforms>{"".join(recipe.transforms)}</ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{recipe.digest}"/>'
        f"<ds:DigestValue>{base64.b64encode(hashed).decode()}</ds:DigestValue></ds:Reference>"
    )
    element = etree.fromstring(
        f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo>'
        f'<ds:CanonicalizationMethod Algorithm="{recipe.canonicalization}"/>'
        f'<ds:SignatureMethod Algorithm="{recipe.method}"/>{reference * recipe.references}</ds:SignedInfo>'
        f"<ds:SignatureValue/>{recipe.key_info}{recipe.objects}</ds:Signature>"
    )
    value = (recipe.sign or rsa_sha256())(canonical(element[0]))
    element[1].text = base64.b64encode(value).decode()
    return element


def key_info(pair: KeyPair) -> str:
    """Write a KeyInfo that carries a certificate."""
    certificate = f"<ds:X509Certificate>{pair.certificate}</ds:X509Certificate>"
    return f"<ds:KeyInfo><ds:X509Data>{certificate}</ds:X509Data></ds:KeyInfo>"


def canonical(element: etree._Element) -> bytes:
    """Return exclusive canonical XML."""
    return etree.tostring(element, method="c14n", exclusive=True)

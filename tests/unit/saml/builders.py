"""Builders of keys, service providers and AuthnRequests; requests have the shape in which Auth0 sends them."""

import base64
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import quote, quote_plus

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA384, SHA512, HashAlgorithm
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, SignatureConstructionMethod
from signxml.signer import XMLSigner

from passwordless.model.applications import ServiceProvider
from passwordless.saml.bindings import ReceivedMessage
from passwordless.saml.certificates import base64_der, self_signed
from passwordless.saml.request import AuthnRequest, check

NOW = datetime(2026, 2, 9, 11, 56, 42, tzinfo=UTC)
ENDPOINT = "https://login.example.com/saml/app_7/sso"
ISSUER = "urn:auth0:acme:phone-login"
ACS = "https://acme.auth0.com/login/callback?connection=phone-login"
SECOND_ACS = "https://login.acme.example.com/login/callback?connection=phone-login"
REQUEST_ID = "_3f1c0a9d8e7b6a5f4e3d2c1b0a998877"
RELAY_STATE = "eyJhbGc!'()*~.-_ /+=&?#"

_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
ALGORITHMS: dict[str, HashAlgorithm] = {
    _MORE + "rsa-sha256": SHA256(),
    _MORE + "rsa-sha384": SHA384(),
    _MORE + "rsa-sha512": SHA512(),
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1": SHA1(),  # noqa: S303  a hostile request has it
}
RSA_SHA256 = _MORE + "rsa-sha256"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A private key and its certificate, as PEM and as base64 DER."""

    key: rsa.RSAPrivateKey
    certificate_pem: str
    certificate: str


@cache
def key_pair(
    name: str = "acme.auth0.com",
    *,
    bits: int = 2048,
    not_before: datetime = NOW - timedelta(days=1),
    not_after: datetime = NOW + timedelta(days=3650),
) -> KeyPair:
    """Make a key pair, once for each name."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    pem = self_signed(key, name, 7, not_before, not_after)
    return KeyPair(key, pem, base64_der(pem))


def an_sp(
    *,
    entity_id: str = ISSUER,
    acs_urls: tuple[str, ...] = (ACS,),
    certificates: tuple[str, ...] | None = None,
    require_signed_requests: bool = True,
) -> ServiceProvider:
    """Make a registered service provider that has the default key pair's certificate."""
    registered = (key_pair().certificate,) if certificates is None else certificates
    return ServiceProvider(entity_id, acs_urls, registered, require_signed_requests)


def an_issuer(text: str = ISSUER, attributes: str = "") -> str:
    """Write an Issuer element; `text` is XML."""
    return (
        f'<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" {attributes}>{text}</saml:Issuer>'
    )


def an_authn_request(
    *,
    request_id: str = REQUEST_ID,
    issuer: str | None = None,
    instant: str = "2026-02-09T11:56:42Z",
    destination: str | None = ENDPOINT,
    binding: str | None = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
    version: str = "2.0",
    attributes: str = "",
    children: str = "",
    prolog: str = "",
) -> bytes:
    """Write an AuthnRequest with Auth0's white space. `attributes` and `children` are XML, put in as they are."""
    aim = "" if destination is None else f'Destination="{destination}"'
    bound = "" if binding is None else f'ProtocolBinding="{binding}"'
    return (
        f'{prolog}<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"    \t{aim}'
        f'    ID="{request_id}"    IssueInstant="{instant}"    {bound} {attributes} Version="{version}">'
        f"{an_issuer() if issuer is None else issuer}{children}</samlp:AuthnRequest>"
    ).encode()


def deflated(data: bytes) -> bytes:
    """Compress with raw DEFLATE."""
    compressing = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressing.compress(data) + compressing.flush()


def node_escaped(text: str) -> str:
    """Escape as Node's encodeURIComponent does, which leaves !'()* as they are."""
    return quote(text, safe="!'()*-._~")


def redirect(
    xml: bytes,
    *,
    relay_state: str | None = RELAY_STATE,
    deflate: bool = True,
    parameter: str = "SAMLRequest",
) -> str:
    """Write the raw query of an unsigned HTTP-Redirect message."""
    payload = base64.b64encode(deflated(xml) if deflate else xml).decode()
    query = f"{parameter}={node_escaped(payload)}"
    return query if relay_state is None else f"{query}&RelayState={node_escaped(relay_state)}"


def sign_redirect(
    xml: bytes,
    *,
    pair: KeyPair | None = None,
    relay_state: str | None = RELAY_STATE,
    algorithm: str = RSA_SHA256,
    deflate: bool = True,
    parameter: str = "SAMLRequest",
) -> str:
    """Write the raw query of a signed HTTP-Redirect message, signed over the octets that are sent."""
    query = redirect(xml, relay_state=relay_state, deflate=deflate, parameter=parameter)
    octets = f"{query}&SigAlg={node_escaped(algorithm)}"
    key = (pair or key_pair()).key
    signature = key.sign(octets.encode(), PKCS1v15(), ALGORITHMS[algorithm])
    return f"{octets}&Signature={node_escaped(base64.b64encode(signature).decode())}"


def enveloped(xml: bytes, *, pair: KeyPair | None = None) -> bytes:
    """Sign a message as service providers do: enveloped, after Issuer, with the certificate in KeyInfo."""
    signing = pair or key_pair()
    root = etree.fromstring(xml)
    placeholder = etree.Element("{http://www.w3.org/2000/09/xmldsig#}Signature", Id="placeholder")
    root.insert(1, placeholder)
    signer = XMLSigner(
        SignatureConstructionMethod.enveloped,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    signed = signer.sign(
        root, key=signing.key, cert=signing.certificate_pem, reference_uri=f"#{root.get('ID')}"
    )
    return etree.tostring(signed)


def post(
    xml: bytes,
    *,
    relay_state: str | None = RELAY_STATE,
    wrap: bool = False,
    parameter: str = "SAMLRequest",
) -> bytes:
    """Write the form body of an HTTP-POST message; `wrap` breaks the base64 into lines of 76."""
    payload = (base64.encodebytes(xml) if wrap else base64.b64encode(xml)).decode()
    body = f"{parameter}={quote_plus(payload)}"
    return (body if relay_state is None else f"{body}&RelayState={quote_plus(relay_state)}").encode()


def sign_post(
    xml: bytes, *, pair: KeyPair | None = None, relay_state: str | None = RELAY_STATE, wrap: bool = False
) -> bytes:
    """Write the form body of an HTTP-POST message with an enveloped signature."""
    return post(enveloped(xml, pair=pair), relay_state=relay_state, wrap=wrap)


def checked(
    message: ReceivedMessage, sp: ServiceProvider | None = None, *, now: datetime = NOW, auth0: bool = True
) -> AuthnRequest:
    """Check a message at the endpoint it was made for."""
    return check(message, sp or an_sp(), endpoint=ENDPOINT, now=now, auth0=auth0)

"""A small SAML identity provider for tests of the service provider: signed Responses, right and wrong."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha1
from secrets import token_hex

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

ISSUER = "https://idp.example/saml/app"
CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
TWO_FACTORS = "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract"
NS = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
USER = {
    "emailaddress": "pat@example.com",
    "name": "Pat Example",
    "givenname": "Pat",
    "surname": "Example",
}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An RSA key with its self-signed certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        """The certificate in PEM."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def thumbprint(self) -> str:
        """SHA-1 of the certificate, as Auth0 keeps it."""
        return sha1(self.certificate.public_bytes(Encoding.DER), usedforsecurity=False).hexdigest()


@cache
def signing_key(common_name: str) -> SigningKey:
    """A key for the name, made once per test run."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=3650))
    return SigningKey(key, builder.sign(key, hashes.SHA256()))


@dataclass(frozen=True, slots=True)
class Answer:
    """One Response to be built; the defaults make a good one."""

    acs: str
    audience: str
    in_response_to: str | None
    destination: str | None = None
    recipient: str | None = None
    confirmed_in_response_to: str | None = None
    name_id: str = "u-7f3k"
    attributes: dict[str, str] = field(default_factory=lambda: dict(USER))
    minted_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    response_id: str = field(default_factory=lambda: f"_{token_hex(20)}")
    assertion_id: str = field(default_factory=lambda: f"_{token_hex(20)}")


def _instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _element(name: str, *content: etree._Element | str, **attributes: str) -> etree._Element:
    prefix, tag = name.split(":")
    element = etree.Element(f"{{{NS[prefix]}}}{tag}", attributes, nsmap={prefix: NS[prefix]})
    for child in content:
        if isinstance(child, str):
            element.text = child
        else:
            element.append(child)
    return element


def _placeholder() -> etree._Element:
    return _element("ds:Signature", Id="placeholder")


def _subject(answer: Answer) -> etree._Element:
    bearer = _element(
        "saml:SubjectConfirmationData",
        NotOnOrAfter=_instant(answer.minted_at + timedelta(minutes=5)),
        Recipient=answer.recipient or answer.acs,
    )
    request_id = answer.confirmed_in_response_to or answer.in_response_to
    if request_id:
        bearer.set("InResponseTo", request_id)
    method = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
    return _element(
        "saml:Subject",
        _element("saml:NameID", answer.name_id, Format=PERSISTENT),
        _element("saml:SubjectConfirmation", bearer, Method=method),
    )


def _conditions(answer: Answer) -> etree._Element:
    audience = _element("saml:AudienceRestriction", _element("saml:Audience", answer.audience))
    return _element(
        "saml:Conditions",
        audience,
        NotBefore=_instant(answer.minted_at - timedelta(seconds=60)),
        NotOnOrAfter=_instant(answer.minted_at + timedelta(minutes=5)),
    )


def _attribute(name: str, value: str) -> etree._Element:
    return _element("saml:Attribute", _element("saml:AttributeValue", value), Name=f"{CLAIMS}/{name}")


def _authn_statement(answer: Answer) -> etree._Element:
    context = _element("saml:AuthnContextClassRef", TWO_FACTORS)
    return _element(
        "saml:AuthnStatement",
        _element("saml:AuthnContext", context),
        AuthnInstant=_instant(answer.minted_at),
        SessionIndex="_s",
    )


def _assertion(answer: Answer, *signature: etree._Element) -> etree._Element:
    attributes = [_attribute(name, value) for name, value in answer.attributes.items()]
    return _element(
        "saml:Assertion",
        _element("saml:Issuer", ISSUER),
        *signature,
        _subject(answer),
        _conditions(answer),
        _authn_statement(answer),
        _element("saml:AttributeStatement", *attributes),
        ID=answer.assertion_id,
        Version="2.0",
        IssueInstant=_instant(answer.minted_at),
    )


def _response(answer: Answer, *content: etree._Element) -> etree._Element:
    response = _element(
        "samlp:Response",
        _element("saml:Issuer", ISSUER),
        *content,
        ID=answer.response_id,
        Version="2.0",
        IssueInstant=_instant(answer.minted_at),
        Destination=answer.destination or answer.acs,
    )
    if answer.in_response_to:
        response.set("InResponseTo", answer.in_response_to)
    return response


def _status(code: str, message: str | None = None) -> etree._Element:
    value = f"urn:oasis:names:tc:SAML:2.0:status:{code}"
    status = _element("samlp:Status", _element("samlp:StatusCode", Value=value))
    if message is not None:
        status.append(_element("samlp:StatusMessage", message))
    return status


def _signed(element: etree._Element, identifier: str, key: SigningKey) -> etree._Element:
    signer = XMLSigner(
        signature_algorithm=SignatureMethod.RSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    return signer.sign(element, key=key.key, cert=[key.certificate], reference_uri=f"#{identifier}")


def _encoded(element: etree._Element) -> str:
    return base64.b64encode(etree.tostring(element)).decode()


def unsigned_response(answer: Answer) -> str:
    """A Response without any signature, base64."""
    return _encoded(_response(answer, _status("Success"), _assertion(answer)))


def signed_response(answer: Answer, key: SigningKey) -> str:
    """Assertion and Response both signed RSA-SHA256 with exclusive canonicalisation, base64."""
    assertion = _signed(_assertion(answer, _placeholder()), answer.assertion_id, key)
    response = _response(answer, _placeholder(), _status("Success"), assertion)
    return _encoded(_signed(response, answer.response_id, key))


def status_response(answer: Answer, code: str, message: str) -> str:
    """An unsigned Response that tells of a failure, with top-level status `code`, base64."""
    return _encoded(_response(answer, _status(code, message)))

"""Builders of Responses and their oracles: the OASIS schema, signxml and xmlsec1."""

import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier

from passwordless.saml.names import MOBILE_TWO_FACTOR_CONTRACT, PERSISTENT
from passwordless.saml.parsing import parse
from passwordless.saml.response import Attribute, Claims, Envelope, NameId, new_id
from tests.unit.saml.builders import ACS, ISSUER, NOW, REQUEST_ID, KeyPair

IDP = "https://login.example.com/saml/app_7/metadata"
NS = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
EMAIL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
_WITH_ID = ("protocol:Response", "assertion:Assertion")

needs_xmlsec1 = pytest.mark.skipif(
    shutil.which("xmlsec1") is None, reason="the command xmlsec1 is not installed"
)


def an_envelope(
    *, in_response_to: str | None = REQUEST_ID, acs_url: str = ACS, audience: str = ISSUER
) -> Envelope:
    """Make an envelope with fixed ids."""
    return Envelope(
        response_id=new_id(bytes(range(20))),
        assertion_id=new_id(bytes(range(20, 40))),
        issue_instant=NOW,
        issuer=IDP,
        acs_url=acs_url,
        audience=audience,
        in_response_to=in_response_to,
    )


def claims(*, name_id: str = "u4ymvy3k", attributes: tuple[Attribute, ...] | None = None) -> Claims:
    """Make the claims of an approval ten seconds ago."""
    email = Attribute(EMAIL, ("user@example.com",))
    return Claims(
        name_id=NameId(name_id, PERSISTENT),
        attributes=(email,) if attributes is None else attributes,
        authn_instant=NOW - timedelta(seconds=10),
        session_index="_6a09e667f3bcc908b2fb1366ea957d3e3adec175",
        authn_context=MOBILE_TWO_FACTOR_CONTRACT,
    )


def valid(xml: bytes) -> etree._Element:
    """Read a Response back through the strict parser, which holds it against the schema."""
    return parse(xml, "Response")


def verified(xml: bytes, pair: KeyPair, location: str = "./") -> bytes:
    """Verify a signature with signxml and return the signed bytes."""
    config = SignatureConfiguration(location=location, expect_references=1, verification_time=NOW)
    result = XMLVerifier().verify(
        xml, x509_cert=pair.certificate_pem, id_attribute="ID", expect_config=config
    )
    assert isinstance(result, VerifyResult)
    return result.signed_data


def xmlsec1_accepts(xml: bytes, pair: KeyPair, folder: Path, parent: str = "Response") -> bool:
    """Verify with xmlsec1 the signature whose parent has this local name."""
    (folder / "response.xml").write_bytes(xml)
    (folder / "certificate.pem").write_text(pair.certificate_pem)
    ids = [f"--id-attr:ID urn:oasis:names:tc:SAML:2.0:{name}".split(" ") for name in _WITH_ID]
    node = f"//*[local-name()='{parent}']/*[local-name()='Signature']"
    command = ["xmlsec1", "--verify", "--pubkey-cert-pem", "certificate.pem", *ids[0], *ids[1]]
    run = subprocess.run(
        [*command, "--node-xpath", node, "response.xml"], cwd=folder, capture_output=True, check=False
    )
    return run.returncode == 0


def readable(xml: bytes) -> bytes:
    """Indent a Response and replace what depends on the key."""
    pretty = etree.tostring(etree.fromstring(xml), pretty_print=True)
    return re.sub(rb"(<ds:(?:DigestValue|SignatureValue|X509Certificate)>)[^<]+", rb"\1...", pretty)


def found(root: etree._Element, path: str) -> list[str]:
    """Return the strings that an XPath finds."""
    result = root.xpath(path, namespaces=NS)
    assert isinstance(result, list)
    return [str(each) for each in result]

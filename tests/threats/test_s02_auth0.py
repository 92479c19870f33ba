"""S02: one signing key a tenant. Auth0's library never looks at Issuer: the key alone tells tenants apart."""

import base64
import json
import os
import subprocess
from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import etree

from local.layout import Layout
from passwordless.saml.names import PERSISTENT, SIGNATURE
from passwordless.saml.response import Claims, Envelope, NameId, new_id, success
from passwordless.saml.signing import sign
from tests.unit.saml.builders import KeyPair, key_pair

ACS = "https://acme.auth0.com/login/callback?connection=phone-login"
AUDIENCE = "urn:auth0:acme:phone-login"


def response(signer: KeyPair, shown: KeyPair) -> bytes:
    """Return a Response to tenant A's connection, signed by `signer`, with the certificate of `shown` in KeyInfo."""
    now = datetime.now(UTC)
    envelope = Envelope(
        new_id(os.urandom(20)),
        new_id(os.urandom(20)),
        now,
        "https://idp.example/b",
        ACS,
        AUDIENCE,
        "_request",
    )
    claims = Claims(
        NameId("victim", PERSISTENT),
        (),
        now,
        "_session",
        "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract",
    )
    root = etree.fromstring(sign(success(envelope, claims), signer.key, signer.certificate_pem))
    for certificate in root.iter(f"{{{SIGNATURE}}}X509Certificate"):
        certificate.text = shown.certificate
    return etree.tostring(root)


@pytest.fixture
def auth0_says(place: Layout) -> Any:
    """Ask Auth0's library, configured with one certificate, about a Response."""

    def ask(xml: bytes, trusted: KeyPair) -> dict[str, Any]:
        question = {
            "response_b64": base64.b64encode(xml).decode(),
            "cert_pem": trusted.certificate_pem,
            "audience": AUDIENCE,
            "acs_url": ACS,
            "in_response_to": "_request",
        }
        oracle = place.auth0_server.with_name("accept.mjs")
        answer = subprocess.run(
            [place.node, oracle], input=json.dumps(question), capture_output=True, text=True, check=True
        )
        return dict(json.loads(answer.stdout))

    return ask


def test_a_response_under_another_tenants_key_is_refused_whatever_certificate_it_shows(
    auth0_says: Any,
) -> None:
    own, other = key_pair("tenant-a"), key_pair("tenant-b")
    assert auth0_says(response(other, shown=own), trusted=own)["ok"] is False
    assert auth0_says(response(other, shown=other), trusted=own)["ok"] is False


def test_with_a_shared_key_the_same_response_would_be_accepted(auth0_says: Any) -> None:
    """The control: the refusal above comes from the key alone, not from Issuer or anything else."""
    shared = key_pair("shared")
    assert auth0_says(response(shared, shown=shared), trusted=shared)["ok"] is True

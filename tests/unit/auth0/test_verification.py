"""The doctor: Auth0's public metadata against what we know."""

import pytest

from passwordless.auth0.verification import Verification, verify
from passwordless.model.applications import ServiceProvider
from tests.unit.auth0.certificates import base64_der, certificate, sp_metadata

ENTITY_ID = "urn:auth0:acme:portal-abcdef"
ACS = "https://acme.auth0.com/login/callback?connection=portal-abcdef"
KNOWN = ServiceProvider(ENTITY_ID, (ACS,))


def test_metadata_that_agrees_gives_its_certificates() -> None:
    found = verify(KNOWN, sp_metadata(ENTITY_ID, ACS))
    assert found == Verification((base64_der(certificate("sp")),), None)


def test_metadata_that_lists_one_of_several_hosts_agrees() -> None:
    """Auth0 lists the address at the tenant's own domain, not the one at its custom domain."""
    custom = ACS.replace("acme.auth0.com", "login.acme.example")
    known = ServiceProvider(ENTITY_ID, (ACS, custom))
    assert verify(known, sp_metadata(ENTITY_ID, ACS)).reason is None
    assert "another address" in str(verify(known, sp_metadata(ENTITY_ID, ACS + "x")).reason)


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        (None, "could not be read"),
        (b"", "not usable"),
        (b"<html/>", "not usable"),
        (b"x" * 300_000, "not usable"),
        (b"<!DOCTYPE x []>" + sp_metadata(ENTITY_ID, ACS), "not usable"),
        (sp_metadata(ENTITY_ID + "x", ACS), "another entity id"),
        (sp_metadata(ENTITY_ID.upper(), ACS), "another entity id"),
        (sp_metadata(ENTITY_ID, ACS + "x"), "another address"),
        (sp_metadata(ENTITY_ID, ACS.split("?")[0]), "another address"),
        (sp_metadata(ENTITY_ID, ACS, ()), "no certificate"),
    ],
)
def test_metadata_that_does_not_agree_gives_a_reason_and_no_certificate(
    metadata: bytes | None, reason: str
) -> None:
    found = verify(KNOWN, metadata)
    assert found.certificates == ()
    assert reason in str(found.reason)

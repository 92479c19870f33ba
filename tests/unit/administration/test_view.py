"""The JSON of an application, member by member."""

from dataclasses import replace

from passwordless.administration import view
from passwordless.administration.applications import Page
from passwordless.model.applications import Auth0Connection, Rollout, RolloutMode
from passwordless.saml.certificates import sha1_thumbprint
from passwordless.saml.names import ATTRIBUTE_URI
from tests.unit.auth0.certificates import certificate
from tests.unit.auth0.fake_stores import FakeSigningKeys
from tests.unit.auth0.fakes import an_application

CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"


def test_an_application_is_shown_as_documented() -> None:
    application = replace(
        an_application("app_1", "local"),
        auth0=Auth0Connection("acme.auth0.com", "acme", "client", "portal-abcdef", "con_1"),
        rollout=Rollout(RolloutMode.TEST, ("ada@example.com",)),
    )
    keys: object = FakeSigningKeys()
    assert view.application(application, keys) == {  # type: ignore[arg-type]  # a fake
        "application_id": "app_1",
        "name": "Acme Portal",
        "integration": "auth0-saml",
        "status": "connected",
        "auth0": {
            "domain": "acme.auth0.com",
            "tenant": "acme",
            "client_id": "client",
            "connection_name": "portal-abcdef",
            "connection_id": "con_1",
        },
        "sp": {
            "entity_id": "urn:auth0:acme:app_1",
            "acs_urls": ["https://acme.auth0.com/login/callback?connection=app_1"],
            "certificates": ["MIIC"],
            "require_signed_requests": True,
        },
        "saml": {
            "idp_entity_id": "https://login.example.com/saml/app_1/metadata",
            "sso_url": "https://login.example.com/saml/app_1/sso",
            "metadata_url": "https://login.example.com/saml/app_1/metadata",
            "certificate_sha1": sha1_thumbprint(certificate()),
            "certificate_expires_at": "2036-07-18T13:20:00Z",
        },
        "rollout": {"mode": "test", "test_users": ["ada@example.com"]},
        "policy": {
            "session_seconds": 0,
            "idp_initiated": False,
            "name_id_format": "persistent",
            "relay_risk": "step_up",
            "block_beyond_km": 0,
            "one_factor": False,
        },
        "attributes": [
            {
                "name": f"{CLAIMS}/{name}",
                "name_format": ATTRIBUTE_URI,
                "source": source,
                "release": "requested",
            }
            for name, source in (
                ("emailaddress", "email"),
                ("givenname", "given_name"),
                ("name", "name"),
                ("surname", "family_name"),
            )
        ],
        "created_at": "2027-01-15T08:00:00Z",
        "updated_at": "2027-01-15T08:00:00Z",
    }


def test_what_is_not_known_is_left_out() -> None:
    application = an_application("app_1", "local")
    shown = view.application(
        replace(application, auth0=None, idp=replace(application.idp, signing_key_id="gone")),
        FakeSigningKeys(),  # type: ignore[arg-type]  # a fake
    )
    assert "auth0" not in shown
    assert set(shown["saml"]) == {"idp_entity_id", "sso_url", "metadata_url"}


def test_a_page_reads_each_key_once() -> None:
    keys = FakeSigningKeys()
    page = Page([an_application(f"app_{number}", "local") for number in range(3)], "next")
    shown = view.applications(page, keys)  # type: ignore[arg-type]  # a fake
    assert [one["application_id"] for one in shown["applications"]] == ["app_0", "app_1", "app_2"]
    assert (shown["next_page_token"], keys.reads) == ("next", 1)

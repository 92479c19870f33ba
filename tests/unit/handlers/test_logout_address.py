"""The address for LogoutResponses is registered by an administrator, under the rules for every such address (S33)."""

import secrets

import pytest

from passwordless.admin import Admin
from passwordless.administration.changes import change
from passwordless.administration.fields import read_change, read_saml
from passwordless.administration.service_providers import register
from passwordless.auth0.asked import Asked
from passwordless.errors import Unprocessable
from passwordless.model.applications import Application
from passwordless.wiring import Wiring
from tests.house import ORIGIN, House

ASKED = Asked(Admin("acme", "admin", frozenset()), ORIGIN, "A" * 16, "203.0.113.7")
SLO = "https://acme.auth0.com/v2/logout"
BINDINGS = "urn:oasis:names:tc:SAML:2.0:bindings:"


def changed(house: House, application: Application, slo_url: str) -> Application:
    """Change the address and read the application again."""
    house.clock.forward(1)
    change(house.wiring, ASKED, application.application_id, read_change({"slo_url": slo_url}))
    stored = house.wiring.stores.applications.get(application.application_id)
    assert stored is not None
    return stored


def test_an_administrator_registers_the_address_and_takes_it_away(house: House) -> None:
    application = house.application()
    assert changed(house, application, SLO).sp.slo_url == SLO
    assert changed(house, application, "").sp.slo_url is None


@pytest.mark.parametrize(
    "url",
    [
        "http://sp.example.com/slo",
        "https://user@sp.example.com/slo",
        "https://sp.example.com/slo#x",
        "javascript:alert(1)",
        f"{ORIGIN}/saml/x/slo",
        "https://sp.example.com/" + "a" * 2048,
    ],
)
def test_a_hostile_address_is_refused(house: House, url: str) -> None:
    application = house.application()
    with pytest.raises(Unprocessable) as refused:
        changed(house, application, url)
    assert refused.value.code == "endpoint_url_invalid"


def sp_metadata(name: str, slo_url: str) -> str:
    """Write the metadata of a service provider that offers logout."""
    return (
        f'<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://{name}.example.com">'
        '<SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        f'<SingleLogoutService Binding="{BINDINGS}HTTP-POST" Location="{slo_url}"/>'
        f'<AssertionConsumerService Binding="{BINDINGS}HTTP-POST" Location="https://{name}.example.com/acs" index="0"/>'
        "</SPSSODescriptor></EntityDescriptor>"
    )


def added(house: House, monkeypatch: pytest.MonkeyPatch, slo_url: str) -> Application:
    """Add a service provider from its metadata; the tenant has its key already."""
    key = house.wiring.key_maker.current("acme", house.wiring.now_utc, "R")
    monkeypatch.setattr(Wiring, "current_signing_key", lambda *_: key)
    name = f"sp-{secrets.token_hex(4)}"
    body = {"name": name, "integration": "saml", "sp_metadata_xml": sp_metadata(name, slo_url)}
    return register(house.wiring, read_saml(body), ASKED)


def test_metadata_registers_the_address_with_its_binding(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    sp = added(house, monkeypatch, "https://sp.example.com/slo").sp
    assert (sp.slo_url, sp.slo_by_post) == ("https://sp.example.com/slo", True)


def test_metadata_with_a_hostile_address_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unprocessable) as refused:
        added(house, monkeypatch, "http://sp.example.com/slo")
    assert refused.value.code == "endpoint_url_invalid"

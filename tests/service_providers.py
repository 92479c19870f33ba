"""An administrator adds, changes, previews and removes service providers, through connect's handler."""

import json
import secrets
from dataclasses import dataclass, replace
from typing import Any

from functions.connect import handler as connect
from passwordless.model.applications import Application, Integration, ServiceProvider
from passwordless.model.signing_keys import SigningKey
from passwordless.saml import names
from passwordless.wiring import Wiring
from tests.calls import Answer, call
from tests.house import House
from tests.unit.saml.builders import key_pair


@dataclass(frozen=True)
class WithKeys(Wiring):
    """The wiring whose signing keys are made in this process, as the keys function does in its own."""

    def current_signing_key(self, tenant: str, correlation_id: str) -> SigningKey:
        return self.key_maker.current(tenant, self.now_utc, correlation_id)


def with_keys(house: House) -> House:
    """Return the house with keys made in this process."""
    wiring = house.wiring
    return replace(house, wiring=WithKeys(wiring.config, wiring.clock, wiring.randomness, wiring.aws))


def an_application(house: House, **changes: Any) -> Application:
    """Store a service provider of tenant acme with this policy or these attributes."""
    host = a_mark()
    sp = ServiceProvider(f"https://{host}/metadata", (f"https://{host}/acs",), (key_pair().certificate,))
    return house.application(integration=Integration.SAML, auth0=None, sp=sp, **changes)


def a_mark() -> str:
    """Return a host name that no other test uses."""
    return f"sp-{secrets.token_hex(6)}.example.com"


def some_fields(**changes: Any) -> dict[str, Any]:
    """Return a good body for a service provider; a change to None leaves a member out."""
    host = a_mark()
    body = {
        "name": "Acme Wiki",
        "integration": "saml",
        "sp_entity_id": f"https://{host}/metadata",
        "acs_urls": [f"https://{host}/acs"],
        "sp_certificates": [key_pair().certificate],
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def some_metadata(
    host: str, *, role: str = "", formats: tuple[str, ...] = (), certificate: str | None = None
) -> str:
    """Return the metadata of a service provider with the ACS indexes 3 (default) and 7."""
    key = certificate or key_pair().certificate
    listed = "".join(f"<md:NameIDFormat>{name}</md:NameIDFormat>" for name in formats)
    return (
        f'<md:EntityDescriptor xmlns:md="{names.METADATA}" entityID="https://{host}/metadata">'
        f'<md:SPSSODescriptor protocolSupportEnumeration="{names.PROTOCOL}" {role}>'
        f'<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{names.SIGNATURE}"><ds:X509Data>'
        f"<ds:X509Certificate>{key}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>{listed}"
        f'<md:AssertionConsumerService Binding="{names.BINDING_POST}" Location="https://{host}/two" index="7"/>'
        f'<md:AssertionConsumerService Binding="{names.BINDING_POST}" Location="https://{host}/one" index="3" '
        'isDefault="true"/></md:SPSSODescriptor></md:EntityDescriptor>'
    )


def add(house: House, body: dict[str, Any]) -> Answer:
    """Add a service provider."""
    return call(house, connect.handler, "POST_applications", body=json.dumps(body))


def added(house: House, body: dict[str, Any]) -> Application:
    """Add a service provider and return the application that is stored."""
    answer = add(house, body)
    assert answer.status == 201, answer.body
    found = house.wiring.stores.applications.get(answer.json["application"]["application_id"])
    assert found is not None
    return found


def patch(house: House, application: Application, **body: Any) -> Answer:
    """Change an application."""
    return _at(house, "PATCH_application", application, body=json.dumps(body))


def delete(house: House, application: Application) -> Answer:
    """Remove an application."""
    return _at(house, "DELETE_application", application)


def preview(house: House, application: Application, **body: Any) -> Answer:
    """Preview a user's assertion."""
    return _at(house, "POST_preview", application, body=json.dumps(body))


def stored(house: House, application: Application) -> Application:
    """Return an application as it is now."""
    found = house.wiring.stores.applications.get(application.application_id)
    assert found is not None
    return found


def _at(house: House, name: str, application: Application, **changes: Any) -> Answer:
    place = {"application_id": application.application_id}
    return call(house, connect.handler, name, pathParameters=place, **changes)

"""A house whose Auth0 tenant `acme` is a server of the test's own, and an administrator who connects and verifies."""

import json
from dataclasses import replace
from typing import Any

from functions.connect import handler as connect_function
from passwordless.model.applications import (
    Application,
    ApplicationStatus,
    Auth0Connection,
    ServiceProvider,
)
from tests.calls import Answer, call
from tests.house import House, config
from tests.service_providers import WithKeys, a_mark
from tests.unit.auth0.certificates import base64_der, certificate
from tests.unit.auth0.tenant_server import TenantServer

DOMAIN = "acme.auth0.com"
SP_CERTIFICATE = base64_der(certificate("sp"))


def at_tenant(house: House, url: str) -> House:
    """Return the house with `acme.auth0.com` served at `url`."""
    own = house.wiring
    mapped = config(local_auth0_map=f"{DOMAIN}={url}")
    return replace(house, wiring=WithKeys(mapped, own.clock, own.randomness, own.aws))


def an_auth0_application(
    house: House,
    tenant: TenantServer,
    *,
    owner: str = "acme",
    made: bool = True,
    certificates: tuple[str, ...] = (),
    **changes: Any,
) -> Application:
    """Store an application whose connection the tenant has, if it was `made`; it knows these certificates of it.

    `owner` is the tenant of ours that has it.
    """
    name = a_mark().partition(".")[0]
    if made:
        tenant.connections[name] = {"name": name}
    acs = f"{tenant.url}/login/callback?connection={name}"
    fresh = {
        "sp": ServiceProvider(f"urn:auth0:acme:{name}", (acs,), certificates),
        "auth0": Auth0Connection(DOMAIN, "acme", "client0123456789", name, "con_1"),
        "status": ApplicationStatus.UNVERIFIED,
        **changes,
    }
    return house.application(owner, **fresh)


def press_verify(house: House, application_id: str, **changes: Any) -> Answer:
    """Press Verify at an application."""
    place = {"application_id": application_id}
    return call(house, connect_function.handler, "POST_application_verify", pathParameters=place, **changes)


def press_connect(house: House, key: str | None, **changes: Any) -> Answer:
    """Press Connect under an Idempotency-Key."""
    body = {
        "name": "Acme Portal",
        "integration": "auth0-saml",
        "auth0_domain": DOMAIN,
        "auth0_client_id": "client0123456789",
        "auth0_client_secret": "an-example-and-no-secret",
        **changes,
    }
    headers = {"idempotency-key": key}
    return call(house, connect_function.handler, "POST_applications", body=json.dumps(body), headers=headers)


def verified(house: House, application: Application) -> Answer:
    """Press Verify and demand an answer."""
    answer = press_verify(house, application.application_id)
    assert answer.status == 200, answer.body
    return answer


def results(answer: Answer) -> dict[str, str]:
    """Return what each check of a diagnosis came to."""
    assert answer.status == 200, answer.body
    return {one["check"]: one["status"] for one in answer.json["checks"]}


def one_check(answer: Answer, name: str) -> dict[str, str]:
    """Return a check of a diagnosis."""
    (found,) = [one for one in answer.json["checks"] if one["check"] == name]
    return dict(found)

"""The house that connect runs in: stores in memory, a clock that tests move, an Auth0 on loopback."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from passwordless.admin import Admin
from passwordless.auth0.asked import Asked
from passwordless.auth0.client import Auth0Client
from passwordless.auth0.fields import Auth0Fields, ManualFields, read
from passwordless.errors import Failure
from passwordless.model.applications import (
    Application,
    ApplicationStatus,
    IdentityProvider,
    Integration,
    ServiceProvider,
)
from passwordless.model.signing_keys import SigningKey
from passwordless.store.stores import Stores
from passwordless.wiring import Wiring
from tests.house import Clock, config
from tests.unit.auth0.certificates import signing_key
from tests.unit.auth0.fake_stores import FakeStores

ORIGIN = "https://login.example.com"
DOMAIN = "acme.auth0.com"
CLIENT_ID = "client0123456789"
SECRET = "MARK-secret-0123456789"
ADMIN = Admin("local", "admin|1", frozenset({"applications:read", "applications:write"}))
ASKED = Asked(ADMIN, ORIGIN, "CORRELATION", "203.0.113.9")


def a_body(**changes: Any) -> dict[str, Any]:
    """Return a good body of POST /applications; a change to None leaves a field out."""
    body = {
        "name": "Acme Portal",
        "integration": "auth0-saml",
        "auth0_domain": DOMAIN,
        "auth0_client_id": CLIENT_ID,
        "auth0_client_secret": SECRET,
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def some_fields(**changes: Any) -> Auth0Fields:
    """Return a good body as it was read."""
    fields = read(a_body(**changes))
    assert isinstance(fields, Auth0Fields)
    return fields


def manual_fields(**changes: Any) -> ManualFields:
    """Return a good body in manual mode as it was read."""
    fields = read(a_body(mode="manual", auth0_client_secret=None, **changes))
    assert isinstance(fields, ManualFields)
    return fields


@dataclass(frozen=True)
class FakeHouse(Wiring):
    """The wiring with its outside replaced; `key_failures` are raised before the signing key is there."""

    key_failures: Iterator[Failure] = field(default_factory=lambda: iter(()))
    asked_keys: list[str] = field(default_factory=list)

    def current_signing_key(self, tenant: str, correlation_id: str) -> SigningKey:
        self.asked_keys.append(tenant)
        for failure in self.key_failures:
            raise failure
        return signing_key(tenant)

    @property
    def memory(self) -> FakeStores:
        """The stores as what they are."""
        return cast("FakeStores", self.stores)


def a_house(base_url: str = "", *, auth0: Any = None, key_failures: tuple[Failure, ...] = ()) -> FakeHouse:
    """Return a house whose Auth0 tenant `acme` is served at `base_url`."""
    settings = config(public_origin=ORIGIN, local_auth0_map=f"{DOMAIN}={base_url}" if base_url else "")
    house = FakeHouse(settings, clock=Clock(), key_failures=iter(key_failures))
    parts = {"stores": cast("Stores", FakeStores()), "auth0": auth0 or a_client()}
    house.__dict__.update(parts)
    return house


def a_client(**changes: Any) -> Auth0Client:
    """Return a client that may use loopback; the time it thinks it is is the clock's of the tests."""
    return Auth0Client(**{"local": True, "now": Clock(), "sleep": lambda _: None, **changes})


def jwt(claims: bytes) -> str:
    """Return an unsigned token with this payload."""
    encoded = base64.urlsafe_b64encode(claims).decode().rstrip("=")
    return f"eyJhbGciOiJSUzI1NiJ9.{encoded}.c2ln"


def an_application(application_id: str, tenant: str, *, created_at: int = 1_800_000_000) -> Application:
    """Return a connected application."""
    address = f"{ORIGIN}/saml/{application_id}"
    return Application(
        application_id=application_id,
        tenant=tenant,
        name="Acme Portal",
        integration=Integration.AUTH0,
        status=ApplicationStatus.CONNECTED,
        sp=ServiceProvider(
            f"urn:auth0:acme:{application_id}",
            (f"https://{DOMAIN}/login/callback?connection={application_id}",),
            ("MIIC",),
        ),
        idp=IdentityProvider(f"{address}/metadata", f"{address}/sso", "key_1"),
        created_at=created_at,
        updated_at=created_at,
    )

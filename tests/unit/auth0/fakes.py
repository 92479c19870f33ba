"""The house that connect runs in: stores in memory, a signing key, a clock that tests move, an Auth0 on loopback."""

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from passwordless.admin import Admin
from passwordless.auth0.asked import Asked
from passwordless.auth0.client import Auth0Client
from passwordless.auth0.fields import Auth0Fields, read
from passwordless.errors import Failure, Unavailable
from passwordless.model.applications import (
    Application,
    ApplicationStatus,
    IdentityProvider,
    Integration,
    ServiceProvider,
)
from passwordless.model.events import Event
from passwordless.model.signing_keys import SigningKey, SigningKeyStatus
from passwordless.store.attempts import Attempt, AttemptStatus
from passwordless.store.stores import Stores
from passwordless.wiring import Wiring
from tests.house import Clock, config

ORIGIN = "https://login.example.com"
DOMAIN = "acme.auth0.com"
CLIENT_ID = "client0123456789"
SECRET = "MARK-secret-0123456789"
ADMIN = Admin("local", "admin|1", frozenset({"applications:read", "applications:write"}))
ASKED = Asked(ADMIN, ORIGIN, "CORRELATION", "203.0.113.9")

type Part = Callable[[], bool]
"""Part of a fake transaction: tells whether its condition holds; calling it a second time writes."""


@cache
def certificate(name: str = "idp") -> str:
    """Return a certificate that a fresh RSA key signed for itself, as PEM."""
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 1, start, start + timedelta(9999))
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


def base64_der(pem: str) -> str:
    """Return a certificate's base64 without lines around or in it."""
    return "".join(pem.split("\n")[1:-2])


def signing_key(tenant: str = "local") -> SigningKey:
    """Return a tenant's key."""
    return SigningKey(
        "key_1",
        tenant,
        "arn:aws:kms:key",
        certificate(),
        SigningKeyStatus.CURRENT,
        1_800_000_000,
        2_100_000_000,
    )


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
    return read(a_body(**changes))


@dataclass
class FakeApplications:
    """Applications in memory, with the names that they own."""

    rows: dict[str, Application] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)

    def get(self, application_id: str) -> Application | None:
        return self.rows.get(application_id)

    def adding(self, application: Application) -> list[Part]:
        names = [application.sp.entity_id, *application.sp.acs_urls]

        def add() -> bool:
            if any(
                self.owners.get(name, application.application_id) != application.application_id
                for name in names
            ):
                return False
            self.owners |= dict.fromkeys(names, application.application_id)
            self.rows[application.application_id] = application
            return True

        return [add]

    def replacing(self, application: Application) -> Part:
        def change() -> bool:
            if application.application_id not in self.rows:
                return False
            self.rows[application.application_id] = application
            return True

        return change

    def remove(self, application: Application) -> None:
        self.rows.pop(application.application_id, None)
        self.owners = {
            name: owner for name, owner in self.owners.items() if owner != application.application_id
        }

    def of_tenant(
        self, tenant: str, *, limit: int, start: Mapping[str, Any] | None
    ) -> tuple[list[Application], Mapping[str, Any] | None]:
        if start is not None:
            assert start["tenant"] == tenant
        own = sorted((a for a in self.rows.values() if a.tenant == tenant), key=_newest_first)
        ids = [a.application_id for a in own]
        begin = ids.index(start["pk"]) + 1 if start else 0
        found = own[begin : begin + limit]
        if begin + limit >= len(own):
            return found, None
        return found, {"pk": found[-1].application_id, "tenant": tenant, "created_at": found[-1].created_at}


def _newest_first(application: Application) -> tuple[int, str]:
    return -application.created_at, application.application_id


@dataclass
class FakeAttempts:
    """Attempts in memory, with the same condition as the table's."""

    rows: dict[str, Attempt] = field(default_factory=dict)

    def get(self, attempt: str) -> Attempt | None:
        return self.rows.get(attempt)

    def begin(self, attempt: Attempt, now: int) -> bool:
        known = self.rows.get(attempt.attempt_id)
        dead = (
            known is not None
            and known.status is AttemptStatus.RUNNING
            and known.running_until < now
            and known.fingerprint == attempt.fingerprint
        )
        if known is None or dead:
            self.rows[attempt.attempt_id] = attempt
            return True
        return False

    def finish(self, attempt: Attempt, application_id: str) -> None:
        known = self.rows[attempt.attempt_id]
        self.rows[attempt.attempt_id] = replace(
            known, status=AttemptStatus.DONE, application_id=application_id
        )

    def forget(self, attempt: Attempt) -> None:
        self.rows.pop(attempt.attempt_id, None)


@dataclass
class FakeEvents:
    """Events in memory."""

    rows: list[Event] = field(default_factory=list)

    def putting(self, event: Event) -> Part:
        def put() -> bool:
            self.rows.append(event)
            return True

        return put


@dataclass
class FakeSigningKeys:
    """One key for every tenant."""

    reads: int = 0

    def get(self, tenant: str, key_id: str) -> SigningKey | None:
        self.reads += 1
        return signing_key(tenant) if key_id == "key_1" else None


@dataclass
class FakeStores:
    """The stores that connect may use, and no other. `down` makes every commit from that one on fail."""

    applications: FakeApplications = field(default_factory=FakeApplications)
    attempts: FakeAttempts = field(default_factory=FakeAttempts)
    events: FakeEvents = field(default_factory=FakeEvents)
    signing_keys: FakeSigningKeys = field(default_factory=FakeSigningKeys)
    commits: int = 0
    down: int | None = None

    def commit(self, *parts: Part) -> frozenset[int]:
        self.commits += 1
        if self.down is not None and self.commits >= self.down:
            raise Unavailable("store_unavailable", "Our database did not answer.", retry_after=2)
        for place, part in enumerate(parts):
            if not part():
                return frozenset({place})
        return frozenset()


@dataclass(frozen=True)
class FakeHouse(Wiring):
    """The wiring with its outside replaced; `key_failures` are raised before the signing key is there."""

    key_failures: Iterator[Failure] = field(default_factory=lambda: iter(()))
    asked_keys: list[str] = field(default_factory=list)

    def current_signing_key(self, tenant: str) -> SigningKey:
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


def sp_metadata(entity_id: str, acs_url: str, certificates: tuple[str, ...] | None = None) -> bytes:
    """Return an Auth0 tenant's public metadata as service provider."""
    keys = "".join(
        '<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>'
        f"<X509Certificate>{base64_der(pem)}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
        for pem in (certificates if certificates is not None else (certificate("sp"),))
    )
    return (
        f'<EntityDescriptor entityID="{entity_id}" xmlns="urn:oasis:names:tc:SAML:2.0:metadata">'
        '<SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        f"{keys}<AssertionConsumerService "
        'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" '
        f'Location="{acs_url}" index="0" isDefault="true"/></SPSSODescriptor></EntityDescriptor>'
    ).encode()


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

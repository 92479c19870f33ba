"""The house for tests: real tables on the emulator, a clock that tests move, and builders with defaults."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3

from local.phone_simulator import proofs
from local.phone_simulator.jws import public_jwk
from local.phone_simulator.keys import Keys
from passwordless.config import Config
from passwordless.model.applications import (
    Application,
    ApplicationStatus,
    Auth0Connection,
    IdentityProvider,
    Integration,
    Rollout,
    ServiceProvider,
)
from passwordless.model.people import Device, DeviceKey, DeviceStatus, KeyUse, User
from passwordless.model.sessions import LoginSession, SamlRequest
from passwordless.model.tokens import base32, digest, identifier, secret, session_id
from passwordless.phone import consent, frames, proof
from passwordless.web import login_cookie_name
from passwordless.wiring import Wiring
from tests.template import tables
from tests.unit.saml.builders import NOW, key_pair

ROOT = Path(__file__).parent.parent
ORIGIN = "http://abcdef12.execute-api.localhost:4566"
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
STORES = (
    "applications",
    "attempts",
    "users",
    "devices",
    "enrollments",
    "sessions",
    "browser_sessions",
    "replays",
    "metadata",
    "signing_keys",
    "events",
    "ledger",
    "traces",
    "blocks",
)


@dataclass
class Clock:
    """Seconds since 1970, moved by hand."""

    now: float = NOW.timestamp()

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


def make_tables(session: boto3.Session) -> None:
    """Create the template's tables, each under its logical id."""
    client: Any = session.client("dynamodb")
    wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    for name, table in tables().items():
        shape = {key: value for key, value in table.items() if key in wanted}
        client.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **shape)


def config(**changes: str) -> Config:
    """Return settings of a local stack whose tables are called as in the template."""
    names = {f"{store}_table": "".join(w.title() for w in store.split("_")) + "Table" for store in STORES}
    settings = {
        "stage": "local",
        "stack_name": "test",
        "public_origin": ORIGIN,
        "keys_function": "test-keys",
        "read_scope": "applications:read",
        "write_scope": "applications:write",
        "tenant_claim": "tenant",
        "auth0_suffixes": ".auth0.com",
        "local_auth0_map": "",
        "event_retention_days": "400",
        "event_bus": "default",
        "origin_secret": "",
        "jwt_issuer": "https://issuer.example.com/",
        "jwt_audience": "applications",
        "console_client_id": "console",
        **names,
    }
    return Config(**{**settings, **changes})


@dataclass(frozen=True)
class Browser:
    """A login as its browser holds it."""

    session: LoginSession
    cookie: str

    @property
    def cookies(self) -> dict[str, str]:
        """Return the cookie header's pairs."""
        return {login_cookie_name(self.session.session_id): self.cookie}


@dataclass(frozen=True)
class Person:
    """A user with an enrolled phone."""

    user: User
    device: Device
    keys: Keys


@dataclass(frozen=True)
class House:
    """The wiring under test and what a test needs in it."""

    wiring: Wiring
    clock: Clock
    signing_keys: dict[str, str] = field(default_factory=dict)

    @classmethod
    def on(cls, session: boto3.Session | None, clock: Clock, settings: Config) -> "House":
        """Return a house on an emulated account."""
        return cls(Wiring(settings, clock=clock, aws=session), clock)

    def rewound(self) -> "House":
        """Return a house of the same account whose clock stands at the beginning."""
        fresh = House.on(self.wiring.aws, Clock(), self.wiring.config)
        return replace(fresh, signing_keys=self.signing_keys)

    def application(
        self, tenant: str = "acme", *, rollout: Rollout | None = None, **changes: Any
    ) -> Application:
        """Store a connected Auth0 application of a tenant and return it."""
        mark = secrets.token_hex(4)
        application_id = identifier("app", secrets.token_bytes)
        name = f"demo-{mark}"
        plain = Application(
            application_id=application_id,
            tenant=tenant,
            name="Demo",
            integration=Integration.AUTH0,
            status=ApplicationStatus.CONNECTED,
            sp=ServiceProvider(
                f"urn:auth0:{tenant}:{name}",
                (f"https://{tenant}.auth0.com/login/callback?connection={name}",),
                (key_pair().certificate,),
            ),
            idp=IdentityProvider(
                f"{ORIGIN}/saml/{application_id}/metadata",
                f"{ORIGIN}/saml/{application_id}/sso",
                self._signing_key(tenant),
            ),
            created_at=self.wiring.now,
            updated_at=self.wiring.now,
            auth0=Auth0Connection(f"{tenant}.auth0.com", tenant, "client", name, "con_1"),
            rollout=rollout or Rollout(),
        )
        application = replace(plain, **changes)
        assert not self.wiring.stores.commit(*self.wiring.stores.applications.adding(application))
        return application

    def _signing_key(self, tenant: str) -> str:
        """Return the id of the tenant's key, which is made at the first call and lasts as long as the account."""
        if tenant not in self.signing_keys:
            made = self.wiring.key_maker.current(tenant, self.wiring.now_utc, "REFERENCE")
            self.signing_keys[tenant] = made.key_id
        return self.signing_keys[tenant]

    def person(
        self, tenant: str = "acme", *, email: str | None = None, status: DeviceStatus = DeviceStatus.ACTIVE
    ) -> Person:
        """Store a user of a tenant with a phone and return both."""
        keys = Keys.generate()
        assert keys.device is not None
        device_id = identifier("dev", secrets.token_bytes)
        user = User(
            user_id=identifier("usr", secrets.token_bytes),
            tenant=tenant,
            email=email or f"ada-{secrets.token_hex(4)}@example.com",
            pairwise_key=secret(secrets.token_bytes),
            created_at=self.wiring.now,
            given_name="Ada",
            family_name="Example",
            devices=1,
            pending=1 if status is DeviceStatus.PENDING else 0,
            device_ids=frozenset({device_id}),
        )
        device = Device(
            device_id=device_id,
            tenant=tenant,
            user_id=user.user_id,
            name="Phone",
            os="Android",
            status=status,
            created_at=self.wiring.now,
            keys=(
                _public(keys.biometric, KeyUse.APPROVE),
                _public(keys.device, KeyUse.DEVICE),
            ),
        )
        stores = self.wiring.stores
        assert not stores.commit(*stores.users.adding(user), *stores.devices.adding(device))
        return Person(user, device, keys)

    def browser(self, application: Application, **changes: Any) -> Browser:
        """Begin a login at an application, as after a signed AuthnRequest, and return it."""
        now, cookie = self.wiring.now, secret(secrets.token_bytes)
        context = consent.context(
            application=application.name,
            domain="acme.auth0.com",
            user_agent=USER_AGENT,
            ip="203.0.113.7",
            requested_at=now,
        )
        session = LoginSession(
            session_id=session_id(secrets.token_bytes),
            tenant=application.tenant,
            application_id=application.application_id,
            request=SamlRequest(
                f"_{secrets.token_hex(16)}",
                application.sp.entity_id,
                application.sp.acs_urls[0],
                "opaque",
                signed=True,
            ),
            cookie_hash=digest(cookie),
            frame_key=secrets.token_bytes(32),
            context=context,
            context_hash=consent.context_hash(context),
            correlation_id=base32(secrets.token_bytes(10)),
            created_at=now,
            expires_at=now + 600,
            generation_at=now,
        )
        session = replace(session, **changes)
        assert not self.wiring.stores.commit(self.wiring.stores.sessions.starting(session))
        return Browser(session, cookie)

    def stored(self, browser: Browser) -> LoginSession:
        """Return the login's row as it is now."""
        session = self.wiring.stores.sessions.get(browser.session.session_id)
        assert session is not None
        return session

    def token(self, browser: Browser, motion: frames.Motion = frames.Motion.MOVING) -> str:
        """Return what the login page's QR code holds now."""
        session = self.stored(browser)
        frame = frames.frame_at(self.wiring.now, session.generation_at, motion)
        return frames.token(session.session_id, session.frame_key, session.generation, frame, motion)

    def scan_body(self, person: Person, browser: Browser, **overrides: Any) -> dict[str, Any]:
        """Return the body of POST /mobile/scan, by camera if nothing else is said."""
        token = overrides.pop("token", None) or self.token(browser)
        signed = {"via": "camera", **overrides}
        jws = proofs.build_scan_proof(
            person.keys, person.device.device_id, ORIGIN, token, self.wiring.now, **signed
        )
        return {"token": token, "proof": jws}

    def verify_body(
        self,
        person: Person,
        scanned: Mapping[str, Any],
        decision: proofs.Decision = proofs.Decision.APPROVE,
        uv: str | None = "face",
        **overrides: Any,
    ) -> dict[str, Any]:
        """Return the body of POST /mobile/verify for what a scan answered."""
        jws = proofs.build_verify_proof(
            person.keys,
            person.device.device_id,
            ORIGIN,
            scanned["session_id"],
            scanned["nonce"],
            proofs.context_hash(scanned["context"]),
            decision,
            self.wiring.now,
            uv=uv if decision is proofs.Decision.APPROVE else None,
            **overrides,
        )
        return {"session_id": scanned["session_id"], "proof": {"type": "device", "jws": jws}}


def _public(key: Any, use: KeyUse) -> DeviceKey:
    return proof.device_key(public_jwk(key), frozenset({use}))


def event(name: str, **changes: Any) -> dict[str, Any]:
    """Return an event of events/ with top-level members changed."""
    loaded: dict[str, Any] = json.loads((ROOT / "events" / f"{name}.json").read_text())
    return {**loaded, **changes}

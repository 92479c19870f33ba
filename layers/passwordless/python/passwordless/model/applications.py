"""An application: a service provider that one tenant lets its users sign in to."""

from dataclasses import dataclass, field
from enum import StrEnum

from passwordless.model.attribute_services import AttributeService, EntityAttribute, Wants
from passwordless.model.attributes import AttributeRule
from passwordless.model.policies import Policy

RUNNING_SECONDS = 40
"""A call of Connect is over by then: it ends within 30 seconds, or its process was ended."""


class Integration(StrEnum):
    """What kind of service provider stands behind an application."""

    AUTH0 = "auth0-saml"
    SAML = "saml"


class ApplicationStatus(StrEnum):
    """How far the connection with the service provider has come."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    UNVERIFIED = "unverified"
    FAILED = "failed"


class RolloutMode(StrEnum):
    """Who may sign in: only listed users, or every user of the tenant."""

    TEST = "test"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class ServiceProvider:
    """What we trust of the service provider; nothing in a request can add to it.

    `acs_urls` are exact strings, query included, the default one first; `acs_indexes` are their indexes in the same
    order, or empty where the place is the index. `certificates` are base64 DER without line breaks, bare keys
    (SubjectPublicKeyInfo) among them. LogoutResponses go to `slo_url`, by HTTP-Redirect or by HTTP-POST, LogoutRequests
    in the same way to `slo_request_url`, or to `slo_url` without one.
    `attribute_services` have the default one first. From `valid_until` on (seconds since 1970) nothing of this may be
    used; without it there is no end.
    """

    entity_id: str
    acs_urls: tuple[str, ...]
    certificates: tuple[str, ...] = ()
    require_signed_requests: bool = True
    slo_url: str | None = None
    slo_by_post: bool = False
    slo_request_url: str | None = None
    acs_indexes: tuple[int, ...] = ()
    attribute_services: tuple[AttributeService, ...] = ()
    entity_attributes: tuple[EntityAttribute, ...] = ()
    valid_until: int | None = None

    def expired(self, now: int) -> bool:
        """Tell whether the metadata that registered this has come to its end."""
        return self.valid_until is not None and self.valid_until <= now

    @property
    def acs_by_index(self) -> dict[int, str]:
        """Map the indexes that a request can name to the URLs; of a doubled index the first counts."""
        indexes = self.acs_indexes or tuple(range(len(self.acs_urls)))
        return dict(reversed([*zip(indexes, self.acs_urls, strict=False)]))

    def wants(self, service: int | None) -> Wants:
        """Return what a release depends on, for the attribute service of this index, else for the default one."""
        default = self.attribute_services[0] if self.attribute_services else None
        chosen = next((one for one in self.attribute_services if one.index == service), default)
        return Wants(None if chosen is None else chosen.requested, self.entity_attributes)


@dataclass(frozen=True, slots=True)
class Auth0Connection:
    """Where in Auth0 the connection lives. No credential is part of it."""

    domain: str
    tenant: str
    client_id: str
    connection_name: str
    connection_id: str | None = None


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """Our side as it was told to the service provider; frozen when the application is made."""

    entity_id: str
    sso_url: str
    signing_key_id: str

    @property
    def slo_url(self) -> str:
        """Where LogoutRequests are taken, beside the address for AuthnRequests."""
        return f"{self.sso_url.removesuffix('/sso')}/slo"


@dataclass(frozen=True, slots=True)
class Rollout:
    """Who may sign in. `test_users` are normalised e-mail addresses."""

    mode: RolloutMode = RolloutMode.EVERYONE
    test_users: tuple[str, ...] = ()

    def admits(self, email: str) -> bool:
        """Tell whether the user with this normalised e-mail address may sign in."""
        return self.mode is RolloutMode.EVERYONE or email in self.test_users


@dataclass(frozen=True, slots=True)
class Application:
    """One row of the applications table; times are seconds since 1970."""

    application_id: str
    tenant: str
    name: str
    integration: Integration
    status: ApplicationStatus
    sp: ServiceProvider
    idp: IdentityProvider
    created_at: int
    updated_at: int
    auth0: Auth0Connection | None = None
    rollout: Rollout = field(default_factory=Rollout)
    policy: Policy = field(default_factory=Policy)
    attributes: tuple[AttributeRule, ...] | None = None

    @property
    def ready(self) -> bool:
        """Tell whether logins can be served: connected, or at least created at the service provider."""
        return self.status in (ApplicationStatus.CONNECTED, ApplicationStatus.UNVERIFIED)

    def under_way(self, now: int) -> bool:
        """Tell whether the call that connects this can still be running at `now` (seconds)."""
        return self.status is ApplicationStatus.CONNECTING and now < self.created_at + RUNNING_SECONDS

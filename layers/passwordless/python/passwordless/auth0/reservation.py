"""The application as it is reserved before Auth0 is asked: its ids and addresses are frozen here."""

from passwordless.auth0 import connection
from passwordless.auth0.asked import Asked
from passwordless.auth0.domain import Auth0Tenant
from passwordless.auth0.fields import ConnectionFields
from passwordless.errors import Conflict
from passwordless.model.applications import (
    Application,
    ApplicationStatus,
    Auth0Connection,
    IdentityProvider,
    Integration,
    Rollout,
    RolloutMode,
    ServiceProvider,
)
from passwordless.model.events import Event, EventType
from passwordless.model.signing_keys import SigningKey
from passwordless.model.tokens import identifier
from passwordless.wiring import Wiring


def reservation(
    application_id: str,
    fields: ConnectionFields,
    asked: Asked,
    at: Auth0Connection,
    tenant: Auth0Tenant,
    key: SigningKey,
    now: int,
    status: ApplicationStatus = ApplicationStatus.CONNECTING,
) -> Application:
    """Return an application, pinned to the tenant's current signing key."""
    address = f"{asked.origin}/saml/{application_id}"
    return Application(
        application_id=application_id,
        tenant=asked.admin.tenant,
        name=fields.name,
        integration=Integration.AUTH0,
        status=status,
        sp=ServiceProvider(
            entity_id=connection.entity_id(at.tenant, at.connection_name),
            acs_urls=tuple(connection.acs_url(url, at.connection_name) for url in tenant.base_urls),
        ),
        idp=IdentityProvider(f"{address}/metadata", f"{address}/sso", key.key_id),
        created_at=now,
        updated_at=now,
        auth0=at,
        rollout=Rollout(RolloutMode.TEST if fields.test_users else RolloutMode.EVERYONE, fields.test_users),
    )


def added(house: Wiring, asked: Asked, application: Application, **details: str) -> Event:
    """Return the event that an application was added, with its status."""
    return Event(
        event_id=identifier("evt", house.randomness),
        type=EventType.APPLICATION_CONNECTED,
        tenant=application.tenant,
        at=house.now,
        correlation_id=asked.correlation_id,
        application_id=application.application_id,
        actor=asked.admin.subject,
        ip=asked.ip,
        details={"status": application.status.value, **details},
    )


def taken() -> Conflict:
    """Return the failure for names that another application has."""
    return Conflict("application_exists", "Another application has these names.", guidance="Try again.")

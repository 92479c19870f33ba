"""The application as it is reserved before Auth0 is asked: its ids and addresses are frozen here."""

from passwordless.auth0 import connection
from passwordless.auth0.asked import Asked
from passwordless.auth0.fields import Auth0Fields
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
from passwordless.model.signing_keys import SigningKey


def reservation(
    application_id: str,
    fields: Auth0Fields,
    asked: Asked,
    at: Auth0Connection,
    base_url: str,
    key: SigningKey,
    now: int,
) -> Application:
    """Return an application with status `connecting`, pinned to the tenant's current signing key."""
    address = f"{asked.origin}/saml/{application_id}"
    return Application(
        application_id=application_id,
        tenant=asked.admin.tenant,
        name=fields.name,
        integration=Integration.AUTH0,
        status=ApplicationStatus.CONNECTING,
        sp=ServiceProvider(
            entity_id=connection.entity_id(at.tenant, at.connection_name),
            acs_urls=(connection.acs_url(base_url, at.connection_name),),
        ),
        idp=IdentityProvider(f"{address}/metadata", f"{address}/sso", key.key_id),
        created_at=now,
        updated_at=now,
        auth0=at,
        rollout=Rollout(RolloutMode.TEST if fields.test_users else RolloutMode.EVERYONE, fields.test_users),
    )

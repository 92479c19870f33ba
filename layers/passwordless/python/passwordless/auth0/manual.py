"""Manual mode: we reserve the application and say what to create in Auth0, the administrator creates it (S42).

No secret is taken and Auth0's Management API is not called. The one call, to the tenant's public configuration, finds a
mistyped domain before anything is named after it. Verify confirms the connection later.
"""

from collections.abc import Sequence
from typing import Any

from passwordless.auth0 import connection
from passwordless.auth0.asked import Asked
from passwordless.auth0.by_hand import by_hand
from passwordless.auth0.domain import base_url, read_tenant
from passwordless.auth0.fields import ManualFields
from passwordless.auth0.report import Connected, authorize_url
from passwordless.auth0.reservation import added, reservation, taken
from passwordless.auth0.steps import Step, Steps
from passwordless.auth0.tenant_key import signing_key
from passwordless.errors import NotFound
from passwordless.model.applications import Application, ApplicationStatus, Auth0Connection
from passwordless.model.signing_keys import SigningKey
from passwordless.wiring import Wiring

MODE = "manual"


def prepare(
    house: Wiring, fields: ManualFields, asked: Asked, application_id: str, more: Sequence[Any] = ()
) -> Connected:
    """Add an application with status `unverified`, and return what to create; `more` is written with it or not at all.

    Raises a Failure that carries the steps and leaves nothing behind.
    """
    steps = Steps()
    with steps.told():
        with steps.taking(Step.DOMAIN):
            tenant = read_tenant(fields.auth0_domain, fields.custom_domain, house.config, asked.origin)
        name = connection.connection_name(fields.name, tenant.name, house.randomness)
        at = Auth0Connection(tenant.domain, tenant.name, fields.auth0_client_id, name)
        with house.auth0.conversation(tenant, at) as auth0:
            with steps.taking(Step.DOMAIN):
                auth0.preflight()
            key = signing_key(house, asked, auth0.deadline)
        application = reservation(
            application_id, fields, asked, at, tenant, key, house.now, ApplicationStatus.UNVERIFIED
        )
        event = house.stores.events.putting(added(house, asked, application, mode=MODE))
        if house.stores.commit(*house.stores.applications.adding(application), event, *more):
            raise taken()
    return _told(application, at, steps, tenant.base_url, fields, key)


def again(house: Wiring, fields: ManualFields, application: Application, at: Auth0Connection) -> Connected:
    """Return what an earlier call with the same Idempotency-Key prepared, as the application is now.

    Raises NotFound when the key that the application is pinned to is gone.
    """
    key = house.stores.signing_keys.get(application.tenant, application.idp.signing_key_id)
    if key is None:
        raise NotFound("unknown_signing_key", "There is no such signing key.")
    steps = Steps()
    steps.succeed(Step.DOMAIN)
    if application.status is ApplicationStatus.CONNECTED:
        steps.succeed(Step.CONNECTION)
        steps.succeed(Step.VERIFICATION)
    return _told(application, at, steps, base_url(at.domain, house.config), fields, key)


def _told(
    application: Application,
    at: Auth0Connection,
    steps: Steps,
    url: str,
    fields: ManualFields,
    key: SigningKey,
) -> Connected:
    body = connection.creation(application, at, key, fields.email_domains)
    return Connected(
        application,
        steps.report(),
        [],
        authorize_url(url, at, fields.test_redirect_uri),
        by_hand(body, at.domain),
    )

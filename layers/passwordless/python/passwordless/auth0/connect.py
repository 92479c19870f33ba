"""The one-click procedure: an Auth0 connection is made once, confirmed, and recorded as an application (design.md).

The client secret and the token live in the memory of this one call. An answer that is lost after the create call is
never a reason to create again: Auth0's public metadata decides.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from passwordless.auth0 import connection, problems
from passwordless.auth0.asked import Asked
from passwordless.auth0.connection import Created
from passwordless.auth0.domain import Auth0Tenant, read_tenant
from passwordless.auth0.fields import Auth0Fields
from passwordless.auth0.report import Connected, authorize_url, unconfirmed, warnings
from passwordless.auth0.reservation import added, reservation, taken
from passwordless.auth0.steps import Step, Steps
from passwordless.auth0.tenant_key import signing_key
from passwordless.auth0.verification import Verification, verify
from passwordless.errors import Failure
from passwordless.model.applications import Application, ApplicationStatus, Auth0Connection
from passwordless.model.signing_keys import SigningKey
from passwordless.wiring import Wiring

if TYPE_CHECKING:
    from passwordless.auth0.client import Conversation, Grant


@dataclass(frozen=True, slots=True)
class Connect:
    """One run for one call. `point_of_no_return` is called just before Auth0 is asked to make something."""

    house: Wiring
    fields: Auth0Fields
    asked: Asked
    application_id: str
    point_of_no_return: Callable[[], None]
    steps: Steps = field(default_factory=Steps)

    def __call__(self) -> Connected:
        """Connect. Raises a Failure that carries the steps; unless it is OutcomeUnknown, nothing is left behind."""
        with self.steps.told():
            with self.steps.taking(Step.DOMAIN):
                tenant = read_tenant(
                    self.fields.auth0_domain,
                    self.fields.custom_domain,
                    self.house.config,
                    self.asked.origin,
                )
            name = connection.connection_name(self.fields.name, tenant.name, self.house.randomness)
            at = Auth0Connection(tenant.domain, tenant.name, self.fields.auth0_client_id, name)
            with self.house.auth0.conversation(tenant, at) as auth0:
                return self._with(auth0, tenant, at)

    def _with(self, auth0: "Conversation", tenant: Auth0Tenant, at: Auth0Connection) -> Connected:
        with self.steps.taking(Step.DOMAIN):
            auth0.preflight()
        key = signing_key(self.house, self.asked, auth0.deadline)
        with self._reserved(at, tenant, key) as application:
            with self.steps.taking(Step.TOKEN):
                grant = auth0.token(self.fields.auth0_client_secret)
            with self.steps.taking(Step.CONNECTION):
                created = self._create(auth0, grant, application, at, key)
        verification = verify(application.sp, auth0.metadata())
        if created is None and verification.reason is not None:
            raise self._unknown(application, at, verification.reason)
        made = self._record(application, at, created, verification)
        return Connected(
            made,
            self.steps.report(),
            warnings(at, grant.scopes, created, verification),
            authorize_url(tenant.base_url, at, self.fields.test_redirect_uri),
        )

    @contextmanager
    def _reserved(self, at: Auth0Connection, tenant: Auth0Tenant, key: SigningKey) -> Iterator[Application]:
        """Reserve the application, and give the reservation back on a Failure: then Auth0 holds nothing of ours.

        Should the database be away then, the failure is told nevertheless, and Verify settles what stayed.
        """
        applications = self.house.stores.applications
        application = reservation(
            self.application_id, self.fields, self.asked, at, tenant, key, self.house.now
        )
        if self.house.stores.commit(*applications.adding(application)):
            raise taken()
        try:
            yield application
        except Failure:
            with suppress(Failure):
                self.house.stores.commit(*applications.removing(application))
            raise

    def _create(
        self,
        auth0: "Conversation",
        grant: "Grant",
        application: Application,
        at: Auth0Connection,
        key: SigningKey,
    ) -> Created | None:
        """Return what Auth0 made, None when its answer was lost."""
        body = connection.creation(application, at, key, self.fields.email_domains)
        self.point_of_no_return()
        echo = auth0.create(grant, body)
        return None if echo is None else connection.created(body, echo, key)

    def _record(
        self,
        application: Application,
        at: Auth0Connection,
        created: Created | None,
        verification: Verification,
    ) -> Application:
        reason = unconfirmed(created, verification)
        if reason is None:
            self.steps.succeed(Step.VERIFICATION)
        else:
            self.steps.fail(Step.VERIFICATION, reason)
        made = replace(
            application,
            status=ApplicationStatus.CONNECTED if reason is None else ApplicationStatus.UNVERIFIED,
            sp=replace(application.sp, certificates=verification.certificates),
            auth0=replace(at, connection_id=created.connection_id if created else None),
            updated_at=self.house.now,
        )
        event = added(self.house, self.asked, made)
        if not self._stored(made, self.house.stores.events.putting(event)):
            raise self._failure("auth0_connected_not_recorded", at)
        return made

    def _unknown(self, application: Application, at: Auth0Connection, reason: str) -> Failure:
        self.steps.fail(Step.CONNECTION, "Auth0's answer was lost.")
        self.steps.fail(Step.VERIFICATION, reason)
        self._stored(replace(application, status=ApplicationStatus.FAILED, updated_at=self.house.now))
        return self._failure("auth0_outcome_unknown", at)

    def _failure(self, code: str, at: Auth0Connection) -> Failure:
        return problems.unknown_outcome(code, at, self.application_id)

    def _stored(self, application: Application, *more: Any) -> bool:
        """Tell whether an application was written; a database that does not answer is a no."""
        stores = self.house.stores
        try:
            return not stores.commit(stores.applications.replacing(application), *more)
        except Failure:
            return False

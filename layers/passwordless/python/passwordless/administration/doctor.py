"""The doctor: an application is examined, what is found out about it is recorded, and the next step is told.

Of an Auth0 connection the tenant's public metadata is read, which takes no secret. What works stays as it is unless
that document confirms it anew; a connect that died halfway is finished, or found to have failed.
"""

from dataclasses import dataclass, replace

from passwordless.administration.acts import act
from passwordless.administration.applications import one
from passwordless.administration.changes import changed_meanwhile
from passwordless.administration.checkup import ROTATE, expires_soon, own_side, service_provider
from passwordless.administration.last_login import LastLogin, last_login
from passwordless.administration.service_providers import warnings as saml_warnings
from passwordless.auth0 import problems
from passwordless.auth0.answers import Published
from passwordless.auth0.asked import Asked
from passwordless.auth0.domain import base_url, read_domain
from passwordless.auth0.examination import Examination, examine, thumbprints
from passwordless.errors import Conflict
from passwordless.model.applications import (
    RUNNING_SECONDS,
    Application,
    Auth0Connection,
    RolloutMode,
)
from passwordless.model.events import Event, EventType
from passwordless.model.findings import Finding, FindingStatus
from passwordless.model.traces import shown
from passwordless.wiring import Wiring

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """An application as it is now, what was checked, and what the administrator does about it, in order."""

    application: Application
    checks: tuple[Finding, ...]
    last_login: LastLogin | None
    warnings: list[dict[str, str]]

    @property
    def next_steps(self) -> list[str]:
        """What is to be mended, then how to go on."""
        mend = [one.guidance for one in self.checks if one.guidance and one.status is not FindingStatus.OK]
        warned = [warning["guidance"] for warning in self.warnings]
        return list(dict.fromkeys([*mend, *warned, *self._onward()]))

    def _onward(self) -> list[str]:
        if not self.application.ready:
            return []
        if self.last_login is None or not self.last_login.succeeded:
            return ["Sign in at the application with an enrolled phone."]
        if self.application.rollout.mode is RolloutMode.TEST:
            return ["It works for test users: open the application to everyone."]
        return []


def verify(house: Wiring, asked: Asked, application_id: str) -> Diagnosis:
    """Examine an application of the caller's tenant, in whatever status it is.

    Raises NotFound; Conflict `connect_in_progress` while it may still be being connected, `application_changed` when
    others keep changing it; Unprocessable when its domain is not allowed any more.
    """
    published: Published | None = None
    for _ in range(_TRIES):
        application = one(house, asked.admin, application_id)
        _require_over(application, house.now)
        at = application.auth0
        if at is None:
            return _told(house, application, service_provider(house, asked, application), ())
        published = published or _published(house, at)
        examined = examine(application, at, base_url(at.domain, house.config), published)
        if _recorded(house, asked, application, after := _after(house, application, examined)):
            return _told(house, after, examined.checks, _doubts(after, at, examined.checks))
    raise changed_meanwhile()


def _require_over(application: Application, now: int) -> None:
    if application.under_way(now):
        left = application.created_at + RUNNING_SECONDS - now
        raise Conflict(
            "connect_in_progress",
            "This application is being connected.",
            guidance=f"Press Verify again in {left} seconds.",
            retry_after=left,
        )


def _published(house: Wiring, at: Auth0Connection) -> Published:
    with house.auth0.conversation(read_domain(at.domain, house.config), at) as auth0:
        return auth0.published()


def _after(house: Wiring, before: Application, examined: Examination) -> Application:
    """Return the application as it is from now on, the same when nothing changes."""
    after = replace(before, status=examined.status, sp=replace(before.sp, certificates=examined.certificates))
    return before if after == before else replace(after, updated_at=max(house.now, before.updated_at + 1))


def _recorded(house: Wiring, asked: Asked, before: Application, after: Application) -> bool:
    """Write what changed, with its events, unless somebody else changed the application since it was read."""
    if after is before:
        return True
    stores = house.stores
    events = _events(house, asked, before, after)
    return not stores.commit(
        *stores.applications.changing(before, after), *(stores.events.putting(one) for one in events)
    )


def _events(house: Wiring, asked: Asked, before: Application, after: Application) -> list[Event]:
    events = []
    if after.status is not before.status:
        details = {"before": before.status.value, "status": after.status.value}
        events.append(act(house, asked, after, EventType.APPLICATION_VERIFIED, details))
    if after.sp.certificates != before.sp.certificates:
        details = {
            "before": shown(thumbprints(before.sp.certificates)),
            "certificates": shown(thumbprints(after.sp.certificates)),
        }
        events.append(act(house, asked, after, EventType.APPLICATION_CERTIFICATES_REFRESHED, details))
    return events


def _doubts(
    application: Application, at: Auth0Connection, checks: tuple[Finding, ...]
) -> tuple[dict[str, str], ...]:
    """Warn of a connection that may exist without our knowing, when Auth0 could not be asked."""
    if application.ready or checks[0].status is not FindingStatus.UNKNOWN:
        return ()
    return ({"code": "auth0_outcome_unknown", "guidance": problems.unknown_guidance(at)},)


def _told(
    house: Wiring,
    application: Application,
    checks: tuple[Finding, ...],
    doubts: tuple[dict[str, str], ...],
) -> Diagnosis:
    key = house.stores.signing_keys.get(application.tenant, application.idp.signing_key_id)
    latest = last_login(house, application)
    warnings = [*doubts, *_warnings(application, latest)]
    if expires_soon(key, house.now):
        warnings.append({"code": "signing_certificate_expires", "guidance": ROTATE})
    return Diagnosis(application, (*checks, *own_side(house, application, key)), latest, warnings)


def _warnings(application: Application, latest: LastLogin | None) -> list[dict[str, str]]:
    """Warn of what a connection that was never seen whole may lack, until a login has shown that it does not."""
    at = application.auth0
    if at is None:
        return saml_warnings(application)
    unseen = at.connection_id is None and not (latest and latest.succeeded)
    return [problems.warning("needs_enable", at)] if application.ready and unseen else []

"""The JSON that an administrator gets: times are RFC 3339 in UTC, and nothing here was ever secret."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from passwordless.administration import service_providers
from passwordless.administration.activity import Activity
from passwordless.administration.applications import Page
from passwordless.administration.changes import Changed
from passwordless.administration.doctor import Diagnosis
from passwordless.administration.history import History
from passwordless.administration.last_login import LastLogin
from passwordless.auth0.report import Connected
from passwordless.event_view import public
from passwordless.login.identity import rules
from passwordless.model.applications import Application, Auth0Connection, ServiceProvider
from passwordless.model.events import Event
from passwordless.model.signing_keys import SigningKey
from passwordless.model.traces import Trace
from passwordless.saml.certificates import sha1_thumbprint
from passwordless.store.codec import encode
from passwordless.store.signing_keys import SigningKeys


def instant(seconds: int) -> str:
    """Return a time (RFC 3339, UTC) of seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def application(one: Application, keys: SigningKeys) -> dict[str, Any]:
    """Return an application with the certificate of the key it is pinned to."""
    return _application(one, keys.get(one.tenant, one.idp.signing_key_id))


def changed(done: Changed, keys: SigningKeys) -> dict[str, Any]:
    """Return an application after a change, and the warnings about the change."""
    return {**application(done.application, keys), "warnings": done.warnings}


def applications(page: Page, keys: SigningKeys) -> dict[str, Any]:
    """Return a page of applications; each key is read once."""
    pinned = dict.fromkeys((one.tenant, one.idp.signing_key_id) for one in page.applications)
    known = {place: keys.get(*place) for place in pinned}
    return {
        "applications": [
            _application(one, known[one.tenant, one.idp.signing_key_id]) for one in page.applications
        ],
        "next_page_token": page.next_page_token,
    }


def connected(done: Connected, keys: SigningKeys) -> dict[str, Any]:
    """Return what one-click connect answers."""
    return {
        "application": application(done.application, keys),
        "steps": done.steps,
        "warnings": done.warnings,
        "next_steps": done.next_steps,
        "test_url": done.test_url,
        **({} if done.manual is None else {"manual": encode(done.manual)}),
    }


def registered(one: Application, keys: SigningKeys) -> dict[str, Any]:
    """Return what adding a service provider answers: no step of it asks anybody else."""
    return {
        "application": application(one, keys),
        "steps": [],
        "warnings": service_providers.warnings(one),
        "next_steps": service_providers.next_steps(one),
    }


def diagnosis(done: Diagnosis, keys: SigningKeys) -> dict[str, Any]:
    """Return what the doctor found; without a login yet, `last_login` is null."""
    return {
        "application": application(done.application, keys),
        "checks": encode(done.checks),
        "last_login": None if done.last_login is None else _last_login(done.last_login),
        "warnings": done.warnings,
        "next_steps": done.next_steps,
    }


def events(history: History) -> dict[str, Any]:
    """Return a page of what happened."""
    return {
        "events": [_event(event) for event in history.events],
        "next_page_token": history.next_page_token,
    }


def activity(counted: Activity) -> dict[str, Any]:
    """Return how many logins went how, by day."""
    return {
        "days": [{**encode(day), "date": day.date.isoformat()} for day in counted.days],
        "complete": counted.complete,
    }


def transaction(trace: Trace) -> dict[str, Any]:
    """Return how a login went, with its checks in their order."""
    return {
        "correlation_id": trace.correlation_id,
        "application_id": trace.application_id,
        "at": instant(trace.at),
        "outcome": trace.outcome.value,
        "checks": encode(trace.checks),
    }


def _last_login(login: LastLogin) -> dict[str, Any]:
    return {**encode(login), "at": instant(login.at)}


def _event(event: Event) -> dict[str, Any]:
    return {name: value for name, value in public(event).items() if name != "tenant"}


def _application(one: Application, key: SigningKey | None) -> dict[str, Any]:
    return {
        "application_id": one.application_id,
        "name": one.name,
        "integration": one.integration.value,
        "status": one.status.value,
        **({"auth0": _auth0(one.auth0)} if one.auth0 is not None else {}),
        "sp": {
            "entity_id": one.sp.entity_id,
            "acs_urls": list(one.sp.acs_urls),
            "certificates": list(one.sp.certificates),
            "require_signed_requests": one.sp.require_signed_requests,
            **_listed(one.sp),
            **_end(one.sp),
        },
        "saml": {
            "idp_entity_id": one.idp.entity_id,
            "sso_url": one.idp.sso_url,
            "metadata_url": one.idp.entity_id,
            **_certificate(key),
        },
        "rollout": {"mode": one.rollout.mode.value, "test_users": list(one.rollout.test_users)},
        "policy": encode(one.policy),
        "attributes": encode(rules(one)),
        "created_at": instant(one.created_at),
        "updated_at": instant(one.updated_at),
    }


def _listed(sp: ServiceProvider) -> Mapping[str, Any]:
    """Return what metadata says of attributes, where it says something."""
    told = {"attribute_services": sp.attribute_services, "entity_attributes": sp.entity_attributes}
    return {name: encode(listed) for name, listed in told.items() if listed}


def _end(sp: ServiceProvider) -> Mapping[str, str]:
    return {} if sp.valid_until is None else {"metadata_valid_until": instant(sp.valid_until)}


def _auth0(at: Auth0Connection) -> Mapping[str, str]:
    known = {} if at.connection_id is None else {"connection_id": at.connection_id}
    return {
        "domain": at.domain,
        "tenant": at.tenant,
        "client_id": at.client_id,
        "connection_name": at.connection_name,
        **known,
    }


def _certificate(key: SigningKey | None) -> Mapping[str, str]:
    if key is None:
        return {}
    return {
        "certificate_sha1": sha1_thumbprint(key.certificate_pem),
        "certificate_expires_at": instant(key.expires_at),
    }

"""An application is changed or removed, by an administrator of its tenant."""

from dataclasses import dataclass, replace
from typing import Any

from passwordless.administration.acts import act
from passwordless.administration.applications import one
from passwordless.administration.fields import ChangeFields, invalid
from passwordless.administration.service_providers import (
    addresses,
    certificates,
    check_addresses,
    described,
    status_of,
    taken,
    uploaded,
)
from passwordless.auth0 import problems
from passwordless.auth0.asked import Asked
from passwordless.errors import Conflict, Failure, Unprocessable
from passwordless.model.applications import (
    Application,
    ApplicationStatus,
    Integration,
    RolloutMode,
    ServiceProvider,
)
from passwordless.model.events import Event, EventType
from passwordless.model.policies import NameIdFormat, Policy
from passwordless.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Changed:
    """An application as it is after a change, and what its administrator should know."""

    application: Application
    warnings: list[dict[str, str]]


def change(house: Wiring, asked: Asked, application_id: str, fields: ChangeFields) -> Changed:
    """Change what the fields name, unless somebody else changed the application in between.

    Raises NotFound; Conflict `application_connecting`, `application_changed`, `service_provider_exists`; Unprocessable
    `endpoint_url_invalid`, `sp_certificate_invalid`, `change_not_possible`, `sp_metadata_invalid`,
    `sp_metadata_expired`, `sp_metadata_validity`.
    """
    old = one(house, asked.admin, application_id)
    _require_settled(old, house.now)
    new = _changed(house, asked, old, fields)
    stores = house.stores
    warnings = _break_glass(house, old, new, fields)
    confirmed = fields.break_glass_confirmed
    remembering = stores.applications.remembering_break_glass(new.tenant, confirmed=confirmed, now=house.now)
    failed = stores.commit(
        *stores.applications.changing(old, new),
        *(stores.events.putting(event) for event in _events(house, asked, old, new, fields)),
        *([remembering] if warnings or confirmed else []),
    )
    if 0 in failed:
        raise changed_meanwhile()
    if failed:
        raise taken()
    return Changed(new, warnings)


def remove(house: Wiring, asked: Asked, application_id: str) -> list[dict[str, str]]:
    """Remove an application, give its names back, and return warnings.

    Raises NotFound; Conflict `application_connecting`, `application_changed`.
    """
    application = one(house, asked.admin, application_id)
    if application.under_way(house.now):
        raise _connecting()
    stores = house.stores
    failed = stores.commit(
        *stores.applications.removing(application),
        stores.events.putting(act(house, asked, application, EventType.APPLICATION_REMOVED, {})),
    )
    if failed:
        raise changed_meanwhile()
    at = application.auth0
    return [] if at is None else [problems.warning("auth0_connection_stays", at)]


def _changed(house: Wiring, asked: Asked, old: Application, fields: ChangeFields) -> Application:
    sp = _service_provider(house, asked, old, fields)
    changes: dict[str, Any] = {"sp": sp, "policy": _policy(old, fields)}
    if old.integration is Integration.SAML:
        changes["status"] = status_of(sp)
    if fields.name is not None:
        changes["name"] = fields.name
    if fields.rollout is not None:
        changes["rollout"] = fields.rollout
    if "attributes" in fields.model_fields_set:
        changes["attributes"] = fields.attributes
    return replace(old, updated_at=max(house.now, old.updated_at + 1), **changes)


def _service_provider(house: Wiring, asked: Asked, old: Application, fields: ChangeFields) -> ServiceProvider:
    sp = old.sp
    trusts = fields.sp_certificates is not None or fields.require_signed_requests is not None
    if trusts and old.integration is Integration.AUTH0:
        raise _impossible("Auth0 signs its requests, and Verify reads its certificates.")
    if fields.sp_metadata_xml is not None:
        sp = _replaced(house, asked, old, fields.sp_metadata_xml)
    if fields.sp_certificates is not None:
        sp = replace(sp, certificates=certificates(fields.sp_certificates))
    if fields.require_signed_requests is not None:
        sp = replace(sp, require_signed_requests=fields.require_signed_requests)
    if fields.slo_url is not None:
        check_addresses((fields.slo_url,) if fields.slo_url else (), house.config, asked.origin)
        sp = replace(sp, slo_url=fields.slo_url or None, slo_request_url=None)
    if fields.acs_urls is not None:
        check_addresses(fields.acs_urls, house.config, asked.origin)
        sp = replace(sp, acs_urls=fields.acs_urls, acs_indexes=_indexes(sp, fields.acs_urls))
    return sp


def _replaced(house: Wiring, asked: Asked, old: Application, xml: str) -> ServiceProvider:
    """Return what new metadata registers, nothing of the old left.

    A demand for signed requests stays: only an administrator lifts it, by the field of that name (S31).
    """
    if old.integration is Integration.AUTH0:
        raise _impossible("Auth0's metadata is read by Verify.")
    read = uploaded(house, xml)
    if read.entity_id != old.sp.entity_id:
        raise _impossible("The metadata names another entity id, so it describes another service provider.")
    sp = described(read, signed=read.signs_requests or old.sp.require_signed_requests)
    check_addresses(addresses(sp), house.config, asked.origin)
    return sp


def _indexes(sp: ServiceProvider, urls: tuple[str, ...]) -> tuple[int, ...]:
    """Return the indexes of changed URLs: known ones keep theirs, new ones get the next free."""
    known = {url: index for index, url in sp.acs_by_index.items()}
    free = max(known.values(), default=-1) + 1
    new = [url for url in urls if url not in known]
    numbered = known | dict(zip(new, range(free, free + len(new)), strict=True))
    return tuple(numbered[url] for url in urls)


def _policy(old: Application, fields: ChangeFields) -> Policy:
    try:
        policy = replace(old.policy, **(fields.policy or {}))
    except ValueError as error:
        raise invalid("policy", str(error)) from None
    if old.integration is Integration.AUTH0 and policy.name_id_format is not NameIdFormat.PERSISTENT:
        raise _impossible("Auth0 makes user ids out of the NameID, so there it is always persistent.")
    return policy


def _require_settled(application: Application, now: int) -> None:
    if application.under_way(now):
        raise _connecting()
    if application.status is ApplicationStatus.CONNECTING:
        raise Conflict(
            "application_connecting",
            "The call that was to connect this application ended halfway.",
            guidance="Press Verify: it finishes the application, or tells that it failed.",
        )


def _break_glass(
    house: Wiring, old: Application, new: Application, fields: ChangeFields
) -> list[dict[str, str]]:
    """Return the warning at a tenant's first switch to everyone, unless it has confirmed another way into Auth0."""
    opened = old.rollout.mode is RolloutMode.TEST and new.rollout.mode is RolloutMode.EVERYONE
    if not opened or new.auth0 is None or fields.break_glass_confirmed:
        return []
    known = house.stores.applications.knows_break_glass(new.tenant)
    return [] if known else [problems.warning("break_glass_not_confirmed", new.auth0)]


def _events(
    house: Wiring, asked: Asked, old: Application, new: Application, fields: ChangeFields
) -> list[Event]:
    """Return an event for a change of the rollout and one for all others."""
    events = []
    if new.rollout != old.rollout:
        rollout = {"from": old.rollout.mode.value, "to": new.rollout.mode.value}
        rollout["test_users"] = str(len(new.rollout.test_users))
        events.append(act(house, asked, old, EventType.APPLICATION_ROLLOUT_CHANGED, rollout))
    others = sorted(fields.model_fields_set - {"rollout"})
    if others or not events:
        details = {"changed": ",".join(others)}
        events.append(act(house, asked, old, EventType.APPLICATION_CHANGED, details))
    return events


def _connecting() -> Failure:
    return Conflict("application_connecting", "This application is still being connected.", retry_after=30)


def changed_meanwhile() -> Failure:
    """Return the failure for a change of what somebody else changed at the same time."""
    return Conflict(
        "application_changed",
        "Somebody else changed this application at the same time.",
        guidance="Read it again, then repeat what is still needed.",
    )


def _impossible(detail: str) -> Failure:
    return Unprocessable("change_not_possible", detail, guidance="Leave it out.")

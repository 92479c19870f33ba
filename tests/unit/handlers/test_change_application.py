"""PATCH and DELETE of an application: what changes, what stays, who may."""

from dataclasses import replace
from typing import Any

import pytest

from passwordless.admin import Admin
from passwordless.administration import changes
from passwordless.administration.fields import read_change
from passwordless.auth0.asked import Asked
from passwordless.errors import Conflict
from passwordless.model.applications import Application, ApplicationStatus, Rollout, RolloutMode
from passwordless.model.policies import NameIdFormat, RelayRisk
from tests.house import ORIGIN, House
from tests.service_providers import (
    a_mark,
    add,
    added,
    delete,
    patch,
    some_fields,
    some_metadata,
    stored,
    with_keys,
)
from tests.told import failure
from tests.witness import events_of

ASKED = Asked(Admin("acme", "admin|1", frozenset()), ORIGIN, "REFERENCE", "203.0.113.9")


def a_service_provider(house: House, **changed: Any) -> Application:
    """Add a service provider of tenant acme."""
    return added(with_keys(house), some_fields(**changed))


def acts(house: House, application: Application) -> list[str]:
    """Return the types of an application's events; those of one second have no order."""
    return sorted(event["type"] for event in events_of(house, application.application_id))


def test_name_rollout_policy_and_attributes_are_changed_and_nothing_else(house: House) -> None:
    application = a_service_provider(house)
    answer = patch(
        house,
        application,
        name="Wiki",
        rollout={"mode": "test", "test_users": ["Ada@Example.com"]},
        policy={"name_id_format": "transient", "session_seconds": 3600},
        attributes=[{"name": "mail", "source": "email"}],
    )
    now = stored(house, application)
    assert (answer.status, now.name) == (200, "Wiki")
    assert now.rollout == Rollout(RolloutMode.TEST, ("ada@example.com",))
    assert (now.policy.name_id_format, now.policy.session_seconds) == (NameIdFormat.TRANSIENT, 3600)
    assert [rule.name for rule in now.attributes or ()] == ["mail"]
    unchanged = {
        name: getattr(application, name) for name in ("name", "rollout", "policy", "attributes", "updated_at")
    }
    assert replace(now, **unchanged) == application
    assert answer.json["attributes"][0]["source"] == "email"


def test_what_becomes_of_a_relayed_login_is_changed_one_field_at_a_time(house: House) -> None:
    application = a_service_provider(house)
    patch(house, application, policy={"relay_risk": "block", "block_beyond_km": 500})
    answer = patch(house, application, policy={"one_factor": True})
    now = stored(house, application).policy
    assert (now.relay_risk, now.block_beyond_km, now.one_factor) == (RelayRisk.BLOCK, 500, True)
    assert answer.json["policy"]["relay_risk"] == "block"


def test_a_change_leaves_an_event(house: House) -> None:
    application = a_service_provider(house)
    patch(house, application, name="Wiki")
    assert acts(house, application) == ["application.changed", "application.connected"]


def test_attributes_null_brings_back_those_of_the_integration(house: House) -> None:
    application = a_service_provider(house)
    patch(house, application, attributes=[])
    assert stored(house, application).attributes == ()
    patch(house, application, attributes=None)
    assert stored(house, application).attributes is None


def test_a_certificate_that_is_added_makes_an_unverified_application_connected(house: House) -> None:
    application = a_service_provider(house, sp_certificates=[])
    certificates = some_fields()["sp_certificates"]
    assert patch(house, application, sp_certificates=certificates).json["status"] == "connected"
    assert patch(house, application, sp_certificates=[]).json["status"] == "unverified"


def test_changed_addresses_keep_their_indexes_and_new_ones_get_the_next(house: House) -> None:
    host = a_mark()
    body = {"name": "Wiki", "integration": "saml", "sp_metadata_xml": some_metadata(host)}
    application = added(with_keys(house), body)
    patch(house, application, acs_urls=[f"https://{host}/three", f"https://{host}/two"])
    assert stored(house, application).sp.acs_by_index == {
        7: f"https://{host}/two",
        8: f"https://{host}/three",
    }


def test_an_address_that_was_given_up_can_be_taken_by_another(house: House) -> None:
    first, other = a_service_provider(house), some_fields()
    taken = {**other, "acs_urls": list(first.sp.acs_urls)}
    assert failure(add(with_keys(house), taken)) == (409, "service_provider_exists")
    patch(house, first, acs_urls=[f"https://{a_mark()}/acs"])
    assert add(with_keys(house), taken).status == 201


def test_the_address_of_another_application_is_not_taken_by_a_change(house: House) -> None:
    one, other = a_service_provider(house), a_service_provider(house)
    answer = patch(house, one, acs_urls=list(other.sp.acs_urls))
    assert failure(answer) == (409, "service_provider_exists")
    assert stored(house, one) == one


@pytest.mark.parametrize("act", ["patch", "delete"])
def test_another_tenant_s_application_is_unknown(house: House, act: str) -> None:
    foreign = house.application("other")
    answer = patch(house, foreign, name="Mine") if act == "patch" else delete(house, foreign)
    assert failure(answer) == (404, "unknown_application")
    assert stored(house, foreign) == foreign


def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused(house: House) -> None:
    application = a_service_provider(house)
    late = house.wiring.stores.applications.changing(application, replace(application, name="Late"))
    patch(house, application, name="Early")
    assert house.wiring.stores.commit(*late) == {0}
    assert stored(house, application).name == "Early"


def test_an_application_that_is_being_connected_is_not_changed(house: House) -> None:
    application = house.application(status=ApplicationStatus.CONNECTING)
    with pytest.raises(Conflict, match="application_connecting"):
        changes.change(house.wiring, ASKED, application.application_id, read_change({"name": "x"}))
    assert failure(delete(house, application)) == (409, "application_connecting")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": None},
        {"integration": "auth0-saml"},
        {"status": "connected"},
        {"tenant": "other"},
        {"rollout": {"mode": "nobody"}},
        {"rollout": {"mode": "test", "test_users": ["x"]}},
        {"rollout": {"mode": "test", "test_users": False}},
        {"rollout": {"mode": "test", "test_users": ""}},
        {"rollout": {"mode": "test", "test_users": {}}},
        {"policy": {"unknown": 1}},
        {"policy": {"name_id_format": "kerberos"}},
        {"policy": {"authn_context": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"}},
        {"policy": {"session_seconds": True}},
        {"policy": {"session_seconds": 10**6}},
        {"policy": {"relay_risk": "ignore"}},
        {"policy": {"relay_risk": None}},
        {"policy": {"block_beyond_km": -1}},
        {"policy": {"block_beyond_km": 20_101}},
        {"policy": {"block_beyond_km": True}},
        {"policy": {"block_beyond_km": 1.5}},
        {"policy": {"one_factor": "yes"}},
        {"acs_urls": []},
        {"attributes": [{"name": "mail"}]},
        {"break_glass_confirmed": False},
        {"break_glass_confirmed": "true"},
        {"name": "   "},
        {"name": "\u202e\u200b"},
        {"name": "x" * 500},
        {"surprise": 1},
    ],
)
def test_a_change_that_cannot_be_is_malformed(house: House, body: dict[str, Any]) -> None:
    application = a_service_provider(house)
    assert failure(patch(house, application, **body)) == (400, "invalid_field")
    assert stored(house, application) == application


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"policy": {"name_id_format": "emailAddress"}}, "change_not_possible"),
        ({"policy": {"name_id_format": "none"}}, "change_not_possible"),
        ({"require_signed_requests": False}, "change_not_possible"),
        ({"sp_certificates": []}, "change_not_possible"),
        ({"acs_urls": ["http://acme.auth0.com/login/callback"]}, "endpoint_url_invalid"),
    ],
)
def test_what_auth0_relies_on_stays(house: House, body: dict[str, Any], code: str) -> None:
    application = house.application()
    assert failure(patch(house, application, **body)) == (422, code)
    assert stored(house, application) == application


def test_removing_gives_the_names_back(house: House) -> None:
    body = some_fields()
    application = added(with_keys(house), body)
    answer = delete(house, application)
    assert (answer.status, answer.json["warnings"]) == (200, [])
    assert failure(patch(house, application, name="x")) == (404, "unknown_application")
    assert "application.removed" in acts(house, application)
    assert add(with_keys(house), body).status == 201


def test_removing_an_auth0_application_tells_that_the_connection_in_auth0_stays(house: House) -> None:
    application = house.application()
    (warning,) = delete(house, application).json["warnings"]
    assert warning["code"] == "auth0_connection_stays"
    assert application.auth0 is not None
    name = application.auth0.connection_name
    assert f"Authentication > Enterprise > SAML > {name} > Settings > Delete" in warning["guidance"]
    assert "Deleting a connection in Auth0 deletes its users there" in warning["guidance"]

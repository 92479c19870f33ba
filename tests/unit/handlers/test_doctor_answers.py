"""What Verify tells beside the comparison with Auth0: the last login, our own side, service providers, bad calls."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from passwordless.model.applications import Application, Integration, Rollout, RolloutMode, ServiceProvider
from passwordless.model.events import Event, EventType
from passwordless.model.tokens import base32, identifier
from tests.auth0_tenant import (
    an_auth0_application,
    at_tenant,
    one_check,
    press_connect,
    press_verify,
    results,
    verified,
)
from tests.house import House
from tests.service_providers import a_mark
from tests.service_providers import an_application as a_service_provider
from tests.told import failure
from tests.unit.auth0.tenant_server import CREATE, TenantServer, a_tenant, reset
from tests.unit.saml.builders import key_pair
from tests.witness import nothing_written


@pytest.fixture
def tenant() -> Iterator[TenantServer]:
    """A tenant of Auth0 on loopback."""
    with a_tenant() as one:
        yield one


@pytest.fixture
def there(house: House, tenant: TenantServer) -> House:
    """The house with that tenant."""
    return at_tenant(house, tenant.url)


def test_a_connection_of_unknown_settings_is_warned_of_until_somebody_signed_in(
    there: House, tenant: TenantServer
) -> None:
    tenant.answers[CREATE] = lambda handler: made_and_lost(tenant, handler)
    connected = press_connect(there, None).json["application"]
    application = there.wiring.stores.applications.get(connected["application_id"])
    assert application is not None
    assert [one["code"] for one in verified(there, application).json["warnings"]] == ["needs_enable"]
    happened(there, application, EventType.LOGIN_COMPLETED)
    assert verified(there, application).json["warnings"] == []


def made_and_lost(tenant: TenantServer, handler: Any) -> None:
    """Create the connection and lose the answer."""
    tenant.connections[tenant.calls[-1].body["name"]] = tenant.calls[-1].body
    reset(handler)


def happened(
    house: House,
    application: Application,
    kind: EventType,
    *,
    after: float = 1,
    reference: str = "",
    **details: str,
) -> None:
    """Append an event of a login, some seconds later."""
    house.clock.forward(after)
    wiring = house.wiring
    event = Event(
        event_id=identifier("evt", wiring.randomness),
        type=kind,
        tenant=application.tenant,
        at=wiring.now,
        correlation_id=base32(wiring.randomness(10)),
        application_id=application.application_id,
        reference=reference or base32(wiring.randomness(10)),
        details=details,
    )
    assert not wiring.stores.commit(wiring.stores.events.putting(event))


def test_the_last_login_is_the_newest_end_of_one_with_its_reason(there: House, tenant: TenantServer) -> None:
    application = an_auth0_application(there, tenant)
    happened(there, application, EventType.LOGIN_COMPLETED)
    happened(there, application, EventType.LOGIN_REFUSED, reference="REFERENCE7654321", reason="rollout")
    happened(there, application, EventType.LOGIN_RETURNED, reference="REFERENCE7654321")
    at = there.wiring.now_utc
    happened(there, application, EventType.LOGIN_APPROVED)
    happened(there, application, EventType.APPLICATION_CHANGED)
    assert verified(there, application).json["last_login"] == {
        "type": "login.returned",
        "at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "reference": "REFERENCE7654321",
        "reason": "rollout",
    }


def test_once_a_test_user_signed_in_the_next_step_is_everyone(there: House, tenant: TenantServer) -> None:
    some = Rollout(RolloutMode.TEST, ("ada@example.com",))
    application = an_auth0_application(there, tenant, rollout=some)
    happened(there, application, EventType.LOGIN_COMPLETED)
    answer = verified(there, application)
    assert answer.json["next_steps"] == ["It works for test users: open the application to everyone."]
    assert one_check(answer, "rollout")["actual"] == "1 test users"


def test_a_rollout_that_admits_nobody_is_told(there: House, tenant: TenantServer) -> None:
    application = an_auth0_application(there, tenant, rollout=Rollout(RolloutMode.TEST))
    answer = verified(there, application)
    assert results(answer)["rollout"] == "failed"
    assert "Nobody may sign in" in answer.json["next_steps"][0]


@pytest.mark.parametrize(("days_left", "status"), [(89, "ok"), (-1, "failed")])
def test_the_end_of_our_signing_certificate_is_told_in_time(
    there: House, tenant: TenantServer, days_left: int, status: str
) -> None:
    application = an_auth0_application(there, tenant)
    key = there.wiring.stores.signing_keys.get("acme", application.idp.signing_key_id)
    assert key is not None
    there.clock.now = key.expires_at - days_left * 86400.0
    answer = verified(there, application)
    assert results(answer)["signing_certificate"] == status
    assert "signing_certificate_expires" in [one["code"] for one in answer.json["warnings"]]


def test_a_service_provider_is_examined_without_a_call_to_anybody(there: House, tenant: TenantServer) -> None:
    application = a_service_provider(there)
    with nothing_written(there):
        answer = verified(there, application)
    assert results(answer) == dict.fromkeys(
        ("certificates", "metadata_validity", "endpoint_urls", "signing_certificate", "rollout"), "ok"
    )
    assert tenant.connected_peers == 0


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"certificates": ()}, "certificates"),
        ({"valid_until": 1}, "metadata_validity"),
        ({"acs_urls": ("javascript:alert(1)",)}, "endpoint_urls"),
        ({"slo_url": "https://user@sp.example/slo"}, "endpoint_urls"),
    ],
)
def test_what_does_not_hold_of_a_service_provider_is_told_with_what_to_do(
    there: House, change: dict[str, Any], check: str
) -> None:
    host = a_mark()
    sp = ServiceProvider(f"https://{host}/", (f"https://{host}/acs",), (key_pair().certificate,))
    application = there.application(integration=Integration.SAML, auth0=None, sp=replace(sp, **change))
    found = one_check(answer := verified(there, application), check)
    assert found["status"] == "failed"
    assert found["guidance"] in answer.json["next_steps"]


def test_a_foreign_application_is_answered_like_an_unknown_one(there: House, tenant: TenantServer) -> None:
    foreign = an_auth0_application(there, tenant, owner="beta")
    answers = [
        press_verify(there, name) for name in (foreign.application_id, "app_aaaaaaaaaaaaaaaaaaaa", "x")
    ]
    assert {failure(one) for one in answers} == {(404, "unknown_application")}
    assert len({one.json["detail"] for one in answers}) == 1
    assert tenant.connected_peers == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"status": "connected"}', "invalid_field"),
        ("[]", "malformed_json"),
        ("x", "malformed_json"),
        ('{"a": 1, "b"', "malformed_json"),
    ],
)
def test_a_body_is_refused_before_anything_is_asked(
    there: House, tenant: TenantServer, body: str, code: str
) -> None:
    application = an_auth0_application(there, tenant)
    answer = press_verify(there, application.application_id, body=body)
    assert failure(answer) == (400, code)
    assert tenant.connected_peers == 0


@pytest.mark.parametrize("body", ["", "{}", " "])
def test_an_empty_body_is_taken(there: House, tenant: TenantServer, body: str) -> None:
    application = an_auth0_application(there, tenant)
    assert press_verify(there, application.application_id, body=body).status == 200


def test_the_tenants_domain_must_still_be_allowed(there: House, tenant: TenantServer) -> None:
    application = an_auth0_application(there, tenant)
    assert application.auth0 is not None
    moved = an_auth0_application(
        there,
        tenant,
        auth0=replace(application.auth0, domain="127.0.0.1"),
    )
    assert failure(press_verify(there, moved.application_id)) == (422, "auth0_domain_invalid")
    assert tenant.connected_peers == 0

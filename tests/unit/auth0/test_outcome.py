"""How a call that connects ended is told to those who look later, with its code and nothing of what was typed."""

import json

import pytest

from passwordless.auth0 import idempotency
from passwordless.errors import Failure
from passwordless.model.events import EventType
from tests.unit.auth0.fakes import (
    ASKED,
    CLIENT_ID,
    DOMAIN,
    SECRET,
    FakeHouse,
    a_house,
    manual_fields,
    some_fields,
)
from tests.unit.auth0.tenant_server import CREATE, METADATA, TOKEN, Scripted, TenantServer, reset


def counted(text: str) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return [line for line in lines if "_aws" in line]


def fail(house: FakeHouse) -> Failure:
    with pytest.raises(Failure) as caught:
        idempotency.connect(house, some_fields(), ASKED, "some-key-1")
    return caught.value


def test_a_connect_that_fails_leaves_one_event_with_its_code_by_whom_and_from_where(
    tenant: TenantServer,
) -> None:
    tenant.answers[TOKEN] = Scripted(401, {"error": "access_denied", "error_description": "Unauthorized"})
    house = a_house(tenant.url)
    failure = fail(house)
    (event,) = house.memory.events.rows
    assert (event.type, event.application_id) == (EventType.APPLICATION_CONNECT_FAILED, None)
    assert event.details == {"code": failure.code, "mode": "automatic"}
    assert (event.actor, event.ip, event.correlation_id) == ("admin|1", "203.0.113.9", "CORRELATION")
    for typed in (SECRET, DOMAIN, CLIENT_ID, "Acme Portal"):
        assert typed not in str(event)


def test_a_connect_of_which_nobody_knows_how_it_ended_is_told_at_its_application(
    tenant: TenantServer,
) -> None:
    tenant.answers[CREATE] = reset
    tenant.answers[METADATA] = Scripted(404, {})
    house = a_house(tenant.url)
    failure = fail(house)
    (event,) = house.memory.events.rows
    assert event.details["code"] == failure.code
    assert event.application_id in house.memory.applications.rows


def test_a_database_that_is_away_hides_no_failure(tenant: TenantServer) -> None:
    tenant.answers[TOKEN] = Scripted(401, {"error": "access_denied"})
    house = a_house(tenant.url)
    house.memory.down = 1
    assert fail(house).code != "internal_error"


def test_what_is_no_domain_was_no_attempt(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    with pytest.raises(Failure):
        idempotency.connect(house, some_fields(auth0_domain="evil.example"), ASKED, None)
    assert house.memory.events.rows == []


def test_a_connect_is_counted_by_its_outcome(tenant: TenantServer, capfd: pytest.CaptureFixture[str]) -> None:
    idempotency.connect(a_house(tenant.url), some_fields(), ASKED, None)
    idempotency.connect(a_house(tenant.url), manual_fields(), ASKED, None)
    tenant.answers[TOKEN] = Scripted(401, {"error": "access_denied"})
    failure = fail(a_house(tenant.url))
    done, by_hand, failed = counted(capfd.readouterr().out)
    assert (done["ConnectSucceeded"], done["mode"]) == (1, "automatic")
    assert (by_hand["ConnectSucceeded"], by_hand["mode"]) == (1, "manual")
    assert (failed["ConnectFailed"], failed["code"]) == (1, failure.code)

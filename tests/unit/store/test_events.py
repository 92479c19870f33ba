"""Events are appended, never overwritten, and forgotten after the days of the parameter."""

from dataclasses import replace

import pytest

from passwordless.model.events import Event, EventType
from passwordless.model.signatures import Act, LedgerEntry, Purpose
from tests.house import Clock, House, config
from tests.people import a_tenant
from tests.template import template
from tests.witness import events_of


def an_event(tenant: str, **changes: object) -> Event:
    event = Event("evt_1", EventType.USER_CHANGED, tenant, 1_800_000_000, "REFERENCE", user_id="usr_1")
    return replace(event, **changes)  # type: ignore[arg-type]  # names of fields


def test_a_second_event_of_the_same_id_is_refused_and_the_first_stays(house: House) -> None:
    tenant, stores = a_tenant(), house.wiring.stores
    assert not stores.commit(stores.events.putting(an_event(tenant)))
    assert stores.commit(stores.events.putting(an_event(tenant, user_id="usr_2"))) == {0}
    (kept,) = events_of(house, None, tenant)
    assert kept["user_id"] == "usr_1"


def test_a_second_entry_of_the_ledger_of_the_same_id_changes_nothing(house: House) -> None:
    ledger, act = house.wiring.ledger, Act(Purpose.RESPONSE, a_tenant(), "key_1", "REFERENCE")
    ledger.append(LedgerEntry("sig_1", 1_800_000_000, "arn", act, ("a",)))
    ledger.append(LedgerEntry("sig_1", 1_800_000_000, "arn", act, ("forged",)))
    key = {"pk": {"S": "2027-01-15T08"}, "sk": {"S": "001800000000#sig_1"}}
    item = house.wiring.stores.client.get_item(TableName=house.wiring.config.ledger_table, Key=key)["Item"]
    assert item["request_ids"] == {"L": [{"S": "a"}]}


@pytest.mark.parametrize("days", [30, 400])
def test_an_event_is_forgotten_after_the_days_of_the_parameter(house: House, days: int) -> None:
    tenant = a_tenant()
    there = House.on(house.wiring.aws, Clock(), config(event_retention_days=str(days)))
    there.wiring.stores.commit(there.wiring.stores.events.putting(an_event(tenant)))
    (kept,) = events_of(house, None, tenant)
    assert int(kept["ttl"]) == 1_800_000_000 + days * 86400


def test_days_are_bounded_so_that_a_slip_forgets_nothing_at_once() -> None:
    parameter = template()["Parameters"]["EventRetentionDays"]
    assert (parameter["MinValue"], parameter["MaxValue"], parameter["Default"]) == (30, 9999, 400)


def test_only_an_event_with_a_user_is_in_the_index_of_users(house: House) -> None:
    tenant, stores = a_tenant(), house.wiring.stores
    stores.commit(stores.events.putting(an_event(tenant)))
    stores.commit(stores.events.putting(an_event(tenant, event_id="evt_2", user_id=None)))
    found = {event["event_id"]: "by_user" in event for event in events_of(house, None, tenant)}
    assert found == {"evt_1": True, "evt_2": False}

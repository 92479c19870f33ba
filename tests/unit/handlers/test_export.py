"""An event that was written is handed on to a bus of the emulated account, as the SDK takes it."""

from dataclasses import replace

from boto3.dynamodb.types import TypeSerializer

from passwordless.store.codec import encode
from tests.house import House, config
from tests.people import a_tenant, invite
from tests.witness import events_of


def test_a_bus_takes_the_events_of_a_tenant(house: House) -> None:
    tenant = a_tenant()
    invite(house, tenant)
    stores = house.wiring.stores
    (told,), _ = stores.events.of_application(tenant, None, limit=10, after=None)
    assert len(events_of(house, None, tenant)) == 1
    image = {name: TypeSerializer().serialize(value) for name, value in encode(told).items()}
    record = {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "1", "NewImage": image}}
    assert house.wiring.event_bus.export([record]) is None
    elsewhere = replace(house.wiring, config=config(event_bus="no-such-bus"))
    stop = elsewhere.event_bus.export([record])
    assert stop is None or stop.sequence_number == "1"

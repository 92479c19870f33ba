"""An event that was written is handed on to a bus of the emulated account, as the SDK takes it."""

from boto3.dynamodb.types import TypeSerializer

from passwordless.store.codec import encode
from tests.house import House
from tests.people import a_tenant, invite


def test_a_bus_takes_the_events_of_a_tenant(house: House) -> None:
    tenant = a_tenant()
    invite(house, tenant)
    stores = house.wiring.stores
    (told,), _ = stores.events.of_application(tenant, None, limit=10, after=None)
    image = {name: TypeSerializer().serialize(value) for name, value in encode(told).items()}
    record = {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "1", "NewImage": image}}
    assert house.wiring.event_bus.export([record]) is None

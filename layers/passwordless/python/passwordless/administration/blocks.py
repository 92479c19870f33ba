"""Addresses that reports blocked, opened again before the day is over (S18)."""

from typing import Any

from passwordless.enrollment.acting import Actor
from passwordless.errors import NotFound
from passwordless.model.events import EventType
from passwordless.model.networks import blockable
from passwordless.wiring import Wiring


def lift(house: Wiring, by: Actor, address: str) -> dict[str, Any]:
    """End the block of an address for everyone in the tenant, and return what was opened.

    Raises NotFound `unknown_block` for an address that nobody of the tenant reported within a day, or for none at all.
    """
    network = blockable(address)
    if network is None:
        raise _unknown()
    stores = house.stores
    opened = by.event(house, EventType.BLOCK_LIFTED, None, network=network)
    if stores.commit(stores.blocks.lifting(by.tenant, network, house.now), stores.events.putting(opened)):
        raise _unknown()
    return {"network": network, "status": "lifted"}


def _unknown() -> NotFound:
    return NotFound(
        "unknown_block",
        "No sign-ins from this address are stopped.",
        guidance="The event login.reported names the network in its details.",
    )

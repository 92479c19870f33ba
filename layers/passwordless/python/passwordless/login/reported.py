"""A report of an attack: the address of the browser is blocked, for the reporter first, then for the tenant (S18)."""

from collections.abc import Mapping
from typing import Any

from passwordless.errors import Failure, Forbidden
from passwordless.model.blocks import LIFETIME, Block
from passwordless.model.networks import blockable
from passwordless.model.sessions import LoginSession
from passwordless.wiring import Wiring


def is_reported(wiring: Wiring, session: LoginSession, user_id: str) -> bool:
    """Tell whether this user may not sign in to the browser that began a session, because of reports."""
    network = blockable(session.address)
    found = None if network is None else wiring.stores.blocks.get(session.tenant, network)
    return found is not None and found.stops(user_id, wiring.now)


def reporting(wiring: Wiring, session: LoginSession, user_id: str) -> tuple[Any, ...]:
    """Return the part of a transaction that blocks the address of a session's browser; none if it has no address."""
    network = blockable(session.address)
    if network is None:
        return ()
    now, blocks = wiring.now, wiring.stores.blocks
    block = Block(frozenset({user_id}), now + LIFETIME)
    old = blocks.get(session.tenant, network)
    over = old is not None and now >= old.expires_at
    write = blocks.beginning_anew if over else blocks.joining
    return (write(session.tenant, network, block, now),)


def reported_network(session: LoginSession) -> Mapping[str, str]:
    """Return what the event of a report keeps: the network of the browser, which is blocked now."""
    network = blockable(session.address)
    return {} if network is None else {"network": network}


def reported() -> Failure:
    """Return the failure of a phone that would sign in where an attack was reported."""
    return Forbidden(
        "address_reported",
        "Sign-ins from this browser's network were reported as an attack, so they are stopped for a day.",
        guidance="If this is your own browser, tell your administrator or use another network.",
    )

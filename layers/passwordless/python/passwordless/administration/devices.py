"""The phones of a tenant's users: listed, renamed, revoked."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from passwordless.administration import users
from passwordless.enrollment import invite_fields
from passwordless.enrollment.acting import Actor, insist
from passwordless.enrollment.invite_fields import invalid
from passwordless.errors import NotFound
from passwordless.model.events import EventType
from passwordless.model.people import Device, DeviceStatus
from passwordless.wiring import Wiring


def of_user(house: Wiring, tenant: str, user_id: str) -> list[Device]:
    """Return a user's phones, revoked ones included, the newest first. Raises NotFound `unknown_user`."""
    return house.stores.devices.of_user(users.one(house, tenant, user_id))


def rename(house: Wiring, by: Actor, device_id: str, body: Mapping[str, Any]) -> Device:
    """Name a phone by `{name}`. Raises Malformed `invalid_field`; NotFound `unknown_device`; Conflict `user_busy`."""
    invite_fields.only(body, {"name"})
    name = invite_fields.name(body.get("name"), "name")
    if name is None:
        raise invalid("name", "is required")
    return insist(lambda: _rename(house, by, _one(house, by.tenant, device_id), name))


def revoke(house: Wiring, by: Actor, device_id: str) -> Device:
    """Revoke a phone for ever; logins that it scanned or approved end with it (S06). One that is revoked stays so.

    Raises NotFound `unknown_device`; Conflict `user_busy`.
    """
    return insist(lambda: _revoke(house, by, _one(house, by.tenant, device_id)))


def _one(house: Wiring, tenant: str, device_id: str) -> Device:
    found = house.stores.devices.get(device_id)
    if found is None or found.tenant != tenant:
        raise NotFound("unknown_device", "There is no such phone.")
    return found


def _rename(house: Wiring, by: Actor, device: Device, name: str) -> Device | None:
    if device.name == name:
        return device
    stores = house.stores
    failed = stores.commit(
        stores.devices.renaming(device, name),
        stores.events.putting(by.event(house, EventType.DEVICE_RENAMED, device.user_id, device)),
    )
    return None if failed else replace(device, name=name)


def _revoke(house: Wiring, by: Actor, device: Device) -> Device | None:
    if device.status is DeviceStatus.REVOKED:
        return device
    stores = house.stores
    failed = stores.commit(
        stores.devices.revoking(device),
        stores.users.revoking(device),
        stores.events.putting(by.event(house, EventType.DEVICE_REVOKED, device.user_id, device)),
    )
    return None if failed else replace(device, status=DeviceStatus.REVOKED)

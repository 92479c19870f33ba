"""The devices table: phones, and which of them has a key (unique in the deployment, S04)."""

import re
from collections.abc import Iterator
from typing import Any

from boto3.dynamodb.conditions import Attr

from passwordless.model.passkeys import Passkey
from passwordless.model.people import Device, DeviceStatus, User
from passwordless.model.tokens import digest
from passwordless.store.codec import decode, encode
from passwordless.store.table import Change, Table

_ID = re.compile(r"dev_[a-z2-7]{20}")


class Devices:
    """Reads and writes devices."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, device_id: str) -> Device | None:
        """Return the device with this id, whichever tenant it belongs to."""
        item = self._table.get({"pk": device_id}) if _ID.fullmatch(device_id) else None
        return decode(Device, item) if item and "device_id" in item else None

    def by_key(self, kid: str) -> Device | None:
        """Return the device that enrolled the key with this thumbprint."""
        item = self._table.get({"pk": f"kid#{kid}"})
        return self.get(item["owner"]) if item else None

    def by_credential(self, credential_id: str) -> Device | None:
        """Return the device that enrolled the passkey with this id (base64url)."""
        item = self._table.get({"pk": _credential_key(credential_id)})
        return self.get(item["owner"]) if item else None

    def of_user(self, user: User) -> list[Device]:
        """Return the user's devices, revoked ones included, the newest first."""
        found = (self.get(device_id) for device_id in sorted(user.device_ids))
        own = [device for device in found if device is not None and device.user_id == user.user_id]
        return sorted(own, key=lambda device: device.created_at, reverse=True)

    def adding(self, device: Device) -> list[Any]:
        """Return the parts of a transaction that add a device none of whose keys was ever enrolled."""
        free = Attr("pk").not_exists()
        return [
            self._table.putting({"pk": device.device_id, **encode(device)}, free),
            *(self._table.putting({"pk": name, "owner": device.device_id}, free) for name in _names(device)),
        ]

    def renaming(self, device: Device, name: str) -> Any:
        """Return the part of a transaction that renames a device."""
        return self._table.updating(
            {"pk": device.device_id}, Change(put={"name": name}), Attr("tenant").eq(device.tenant)
        )

    def confirming(self, device: Device) -> Any:
        """Return the part of a transaction that activates a device that waits for it."""
        return self._becoming(device, DeviceStatus.ACTIVE)

    def revoking(self, device: Device) -> Any:
        """Return the part of a transaction that revokes a device for ever; its keys and its passkey stay taken."""
        return self._becoming(device, DeviceStatus.REVOKED)

    def erasing(self, device: Device) -> list[Any]:
        """Return the parts of a transaction that remove a device and give its keys and its passkey back."""
        return [
            self._table.deleting({"pk": device.device_id}, Attr("tenant").eq(device.tenant)),
            *(
                self._table.deleting({"pk": name}, Attr("owner").eq(device.device_id))
                for name in _names(device)
            ),
        ]

    def active(self, device_id: str, user_id: str, tenant: str) -> Any:
        """Return the part of a transaction that demands this user's device to be active still (S01, S06)."""
        return self._table.checking({"pk": device_id}, _active(user_id, tenant))

    def counting(self, device_id: str, user_id: str, tenant: str, passkey: Passkey) -> Any:
        """Return the part of a transaction that demands the same, and takes the count of a passkey that counts (S11).

        Fails too if a use with this count, or a higher one, was taken meanwhile.
        """
        lower = Attr("passkey.sign_count").lt(passkey.sign_count)
        change = Change(put={"passkey": encode(passkey)})
        return self._table.updating({"pk": device_id}, change, _active(user_id, tenant) & lower)

    def _becoming(self, device: Device, status: DeviceStatus) -> Any:
        return self._table.updating(
            {"pk": device.device_id},
            Change(put={"status": status.value}),
            Attr("tenant").eq(device.tenant) & Attr("status").eq(device.status.value),
        )


def _active(user_id: str, tenant: str) -> Any:
    return (
        Attr("status").eq(DeviceStatus.ACTIVE.value) & Attr("user_id").eq(user_id) & Attr("tenant").eq(tenant)
    )


def _names(device: Device) -> Iterator[str]:
    """Return the keys of the rows that say whose its keys and its passkey are."""
    yield from (f"kid#{key.kid}" for key in device.keys)
    if device.passkey is not None:
        yield _credential_key(device.passkey.credential_id)


def _credential_key(credential_id: str) -> str:
    """Return the key of a credential's row; an id may be longer than a key of the table (WebAuthn, 4)."""
    return f"credential#{digest(credential_id)}"

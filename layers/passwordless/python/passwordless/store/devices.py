"""The devices table: phones, and which of them has a key (unique in the deployment, S04)."""

from typing import Any

from boto3.dynamodb.conditions import Attr

from passwordless.model.people import Device, DeviceStatus
from passwordless.store.codec import decode, encode
from passwordless.store.table import Table


class Devices:
    """Reads and writes devices."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, device_id: str) -> Device | None:
        """Return the device with this id, whichever tenant it belongs to."""
        item = self._table.get({"pk": device_id})
        return decode(Device, item) if item and "device_id" in item else None

    def by_key(self, kid: str) -> Device | None:
        """Return the device that enrolled the key with this thumbprint."""
        item = self._table.get({"pk": f"kid#{kid}"})
        return self.get(item["owner"]) if item else None

    def adding(self, device: Device) -> list[Any]:
        """Return the parts of a transaction that add a device none of whose keys was ever enrolled."""
        free = Attr("pk").not_exists()
        return [
            self._table.putting({"pk": device.device_id, **encode(device)}, free),
            *(
                self._table.putting({"pk": f"kid#{key.kid}", "owner": device.device_id}, free)
                for key in device.keys
            ),
        ]

    def active(self, device_id: str, user_id: str, tenant: str) -> Any:
        """Return the part of a transaction that demands this user's device to be active still (S01, S06)."""
        return self._table.checking(
            {"pk": device_id},
            Attr("status").eq(DeviceStatus.ACTIVE.value)
            & Attr("user_id").eq(user_id)
            & Attr("tenant").eq(tenant),
        )

"""The devices table: phones, and which of them has a key (unique in the deployment, S04)."""

from typing import Any

from boto3.dynamodb.conditions import Attr

from passwordless.model.passkeys import Passkey
from passwordless.model.people import Device, DeviceStatus
from passwordless.model.tokens import digest
from passwordless.store.codec import decode, encode
from passwordless.store.table import Change, Table


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

    def by_credential(self, credential_id: str) -> Device | None:
        """Return the device that enrolled the passkey with this id (base64url)."""
        item = self._table.get({"pk": _credential_key(credential_id)})
        return self.get(item["owner"]) if item else None

    def adding(self, device: Device) -> list[Any]:
        """Return the parts of a transaction that add a device none of whose keys was ever enrolled."""
        free = Attr("pk").not_exists()
        names = [f"kid#{key.kid}" for key in device.keys]
        if device.passkey is not None:
            names.append(_credential_key(device.passkey.credential_id))
        return [
            self._table.putting({"pk": device.device_id, **encode(device)}, free),
            *(self._table.putting({"pk": name, "owner": device.device_id}, free) for name in names),
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


def _active(user_id: str, tenant: str) -> Any:
    return (
        Attr("status").eq(DeviceStatus.ACTIVE.value) & Attr("user_id").eq(user_id) & Attr("tenant").eq(tenant)
    )


def _credential_key(credential_id: str) -> str:
    """Return the key of a credential's row; an id may be longer than a key of the table (WebAuthn, 4)."""
    return f"credential#{digest(credential_id)}"

"""The users table: people, and which of them has an e-mail address in a tenant."""

import re
from collections.abc import Mapping
from typing import Any

from boto3.dynamodb.conditions import Attr

from passwordless.model.people import Device, DeviceStatus, Enrollment, User, UserStatus
from passwordless.model.tokens import digest
from passwordless.store.codec import decode, encode
from passwordless.store.table import Change, Table

TENANT_INDEX = "by-tenant"
_ID = re.compile(r"usr_[a-z2-7]{20}")
_INVITE = ["open_enrollment", "invited_until"]


class Users:
    """Reads and writes users."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, user_id: str) -> User | None:
        """Return the user with this id, whichever tenant the person belongs to."""
        item = self._table.get({"pk": user_id}) if _ID.fullmatch(user_id) else None
        return decode(User, item) if item and "user_id" in item else None

    def by_email(self, tenant: str, email: str) -> User | None:
        """Return the tenant's user with this normalised e-mail address."""
        item = self._table.get({"pk": _email_key(tenant, email)})
        return self.get(item["owner"]) if item else None

    def of_tenant(
        self, tenant: str, *, limit: int, start: Mapping[str, Any] | None
    ) -> tuple[list[User], Mapping[str, Any] | None]:
        """Return a page of a tenant's users, newest first, and where the next page starts.

        It comes from the index, which is about a second behind the table.
        """
        items, following = self._table.query(TENANT_INDEX, "tenant", tenant, limit=limit, start=start)
        return [decode(User, item) for item in items], following

    def adding(self, user: User) -> list[Any]:
        """Return the parts of a transaction that add a user whose e-mail address is still free in the tenant."""
        free = Attr("pk").not_exists()
        item = {"pk": user.user_id, **encode(user), "device_ids": user.device_ids}
        if not user.device_ids:  # DynamoDB has no empty sets
            del item["device_ids"]
        return [
            self._table.putting(item, free),
            self._table.putting({"pk": _email_key(user.tenant, user.email), "owner": user.user_id}, free),
        ]

    def inviting(self, user: User, enrollment: Enrollment) -> Any:
        """Return the part of a transaction that makes one invite the user's only valid one (S07)."""
        return self._table.updating({"pk": user.user_id}, Change(put=_invite(enrollment)), _active(user))

    def inviting_anew(self, user: User, enrollment: Enrollment) -> Any:
        """Return the part of a transaction that does the same once all phones that were read are revoked."""
        return self._table.updating(
            {"pk": user.user_id},
            Change(put={**_invite(enrollment), "devices": 0, "pending": 0}),
            _active(user) & _same_devices(user),
        )

    def withdrawing(self, user: User, enrollment_id: str) -> Any:
        """Return the part of a transaction that makes the user's open invite void."""
        return self._table.updating(
            {"pk": user.user_id},
            Change(remove=_INVITE),
            Attr("tenant").eq(user.tenant) & Attr("open_enrollment").eq(enrollment_id),
        )

    def enrolling(self, user: User, enrollment_id: str, device: Device) -> Any:
        """Return the part of a transaction that spends the open invite and counts one more device."""
        expected = (
            _active(user) & Attr("open_enrollment").eq(enrollment_id) & Attr("devices").eq(user.devices)
        )
        ids = frozenset({device.device_id})
        more: dict[str, int | frozenset[str]] = {"devices": 1, "device_ids": ids, **_waiting(device, 1)}
        return self._table.updating({"pk": user.user_id}, Change(remove=_INVITE, add=more), expected)

    def confirming(self, device: Device) -> Any:
        """Return the part of a transaction that counts one device less that waits, while its user may sign in."""
        return self._table.updating(
            {"pk": device.user_id},
            Change(add=_waiting(device, -1)),
            Attr("status").eq(UserStatus.ACTIVE.value) & Attr("tenant").eq(device.tenant),
        )

    def revoking(self, device: Device) -> Any:
        """Return the part of a transaction that counts one device less."""
        return self._table.updating(
            {"pk": device.user_id},
            Change(add={"devices": -1, **_waiting(device, -1)}),
            Attr("tenant").eq(device.tenant) & Attr("devices").gt(0),
        )

    def changing(self, old: User, new: User) -> Any:
        """Return the part of a transaction that writes what is new, unless somebody else changed the status.

        A user who is disabled loses the open invite by it.
        """
        before, after = encode(old), encode(new)
        put = {name: value for name, value in after.items() if before.get(name) != value}
        gone = before.keys() - after.keys()
        if new.status is UserStatus.DISABLED:
            gone |= set(_INVITE)  # also one that was made since the row was read
        change = Change(put=put, remove=sorted(gone))
        unchanged = Attr("tenant").eq(old.tenant) & Attr("status").eq(old.status.value)
        return self._table.updating({"pk": old.user_id}, change, unchanged)

    def erasing(self, user: User) -> list[Any]:
        """Return the parts of a transaction that remove a user as read, devices considered, and free the address."""
        return [
            self._table.deleting({"pk": user.user_id}, Attr("tenant").eq(user.tenant) & _same_devices(user)),
            self._table.deleting({"pk": _email_key(user.tenant, user.email)}, Attr("owner").eq(user.user_id)),
        ]

    def active(self, user: User, *, approved_at: int | None = None) -> Any:
        """Return the part of a transaction that demands that the user may still sign in.

        An approval made at `approved_at` (seconds) must be younger than the last end of the user's sessions (S06).
        """
        allowed = _active(user)
        if approved_at is not None:
            ended = Attr("sessions_ended_at")
            allowed &= ended.not_exists() | ended.lt(approved_at)
        return self._table.checking({"pk": user.user_id}, allowed)


def _active(user: User) -> Any:
    return Attr("status").eq(UserStatus.ACTIVE.value) & Attr("tenant").eq(user.tenant)


def _same_devices(user: User) -> Any:
    """Demand the devices that were read: an id is added to the set and never taken away, so their number tells."""
    ids = Attr("device_ids")
    same_ids = ids.size().eq(len(user.device_ids)) if user.device_ids else ids.not_exists()
    return same_ids & Attr("devices").eq(user.devices)


def _invite(enrollment: Enrollment) -> dict[str, Any]:
    return {"open_enrollment": enrollment.enrollment_id, "invited_until": enrollment.expires_at}


def _waiting(device: Device, change: int) -> dict[str, int]:
    return {"pending": change} if device.status is DeviceStatus.PENDING else {}


def _email_key(tenant: str, email: str) -> str:
    return f"email#{tenant}#{digest(email)}"

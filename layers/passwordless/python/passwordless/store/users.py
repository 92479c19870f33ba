"""The users table: people, and which of them has an e-mail address in a tenant."""

from typing import Any

from boto3.dynamodb.conditions import Attr

from passwordless.model.people import User, UserStatus
from passwordless.model.tokens import digest
from passwordless.store.codec import decode, encode
from passwordless.store.table import Change, Table


class Users:
    """Reads and writes users."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, user_id: str) -> User | None:
        """Return the user with this id, whichever tenant the person belongs to."""
        item = self._table.get({"pk": user_id})
        return decode(User, item) if item and "user_id" in item else None

    def by_email(self, tenant: str, email: str) -> User | None:
        """Return the tenant's user with this normalised e-mail address."""
        item = self._table.get({"pk": _email_key(tenant, email)})
        return self.get(item["owner"]) if item else None

    def adding(self, user: User) -> list[Any]:
        """Return the parts of a transaction that add a user whose e-mail address is still free in the tenant."""
        free = Attr("pk").not_exists()
        return [
            self._table.putting({"pk": user.user_id, **encode(user)}, free),
            self._table.putting({"pk": _email_key(user.tenant, user.email), "owner": user.user_id}, free),
        ]

    def inviting(self, user: User, enrollment_id: str) -> Any:
        """Return the part of a transaction that makes one invite the user's only valid one (S07)."""
        return self._table.updating(
            {"pk": user.user_id}, Change(put={"open_enrollment": enrollment_id}), _active(user)
        )

    def enrolling(self, user: User, enrollment_id: str) -> Any:
        """Return the part of a transaction that spends the open invite and counts one more device."""
        expected = (
            _active(user) & Attr("open_enrollment").eq(enrollment_id) & Attr("devices").eq(user.devices)
        )
        return self._table.updating(
            {"pk": user.user_id}, Change(remove=["open_enrollment"], add={"devices": 1}), expected
        )

    def active(self, user: User) -> Any:
        """Return the part of a transaction that demands that the user may still sign in."""
        return self._table.checking({"pk": user.user_id}, _active(user))


def _active(user: User) -> Any:
    return Attr("status").eq(UserStatus.ACTIVE.value) & Attr("tenant").eq(user.tenant)


def _email_key(tenant: str, email: str) -> str:
    return f"email#{tenant}#{digest(email)}"

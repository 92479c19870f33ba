"""The enrollments table: invites, found by the hash of their token."""

from typing import Any

from boto3.dynamodb.conditions import Attr

from passwordless.model.people import Enrollment, EnrollmentStatus
from passwordless.store.codec import decode, encode
from passwordless.store.table import Change, Table

KEPT_AFTER_END = 30 * 86400


class Enrollments:
    """Reads and writes invites."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, enrollment_id: str) -> Enrollment | None:
        """Return the invite with this id, whichever tenant it belongs to."""
        item = self._table.get({"pk": enrollment_id})
        return decode(Enrollment, item) if item else None

    def adding(self, enrollment: Enrollment) -> Any:
        """Return the part of a transaction that adds an invite."""
        item = {
            "pk": enrollment.enrollment_id,
            "ttl": enrollment.expires_at + KEPT_AFTER_END,
            **encode(enrollment),
        }
        return self._table.putting(item, Attr("pk").not_exists())

    def using(self, enrollment: Enrollment, device_id: str, now: int) -> Any:
        """Return the part of a transaction that uses an invite once, before its end."""
        return self._table.updating(
            {"pk": enrollment.enrollment_id},
            Change(put={"status": EnrollmentStatus.USED.value, "device_id": device_id}),
            Attr("status").eq(EnrollmentStatus.OPEN.value) & Attr("expires_at").gt(now),
        )

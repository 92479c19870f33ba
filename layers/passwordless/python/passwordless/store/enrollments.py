"""The enrollments table: invites, found by the hash of their token."""

import re
from typing import Any

from boto3.dynamodb.conditions import Attr

from passwordless.model.people import MAX_CHECKS, Enrollment, EnrollmentStatus
from passwordless.store.codec import decode, encode
from passwordless.store.table import Change, Table

KEPT_AFTER_END = 30 * 86400
_ID = re.compile(r"enr_[a-z2-7]{20}")


class Enrollments:
    """Reads and writes invites."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, enrollment_id: str) -> Enrollment | None:
        """Return the invite with this id, whichever tenant it belongs to."""
        item = self._table.get({"pk": enrollment_id}) if _ID.fullmatch(enrollment_id) else None
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

    def spend_check(self, enrollment: Enrollment) -> Enrollment | None:
        """Count one more check that was typed for the phone; None when no more may be, or the phone does not wait."""
        left = Attr("status").eq(EnrollmentStatus.USED.value) & Attr("checks").lt(MAX_CHECKS)
        item = self._table.update({"pk": enrollment.enrollment_id}, Change(add={"checks": 1}), left)
        return decode(Enrollment, item) if item else None

    def confirming(self, enrollment: Enrollment) -> Any:
        """Return the part of a transaction that ends a used invite well."""
        return self._becoming(enrollment, EnrollmentStatus.USED, EnrollmentStatus.CONFIRMED)

    def withdrawing(self, enrollment: Enrollment) -> Any:
        """Return the part of a transaction that ends an invite as it was read, used or not."""
        return self._becoming(enrollment, enrollment.status, EnrollmentStatus.WITHDRAWN)

    def _becoming(self, enrollment: Enrollment, old: EnrollmentStatus, new: EnrollmentStatus) -> Any:
        return self._table.updating(
            {"pk": enrollment.enrollment_id},
            Change(put={"status": new.value}),
            Attr("tenant").eq(enrollment.tenant) & Attr("status").eq(old.value),
        )

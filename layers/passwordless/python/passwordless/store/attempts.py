"""The attempts table: calls of Connect under an Idempotency-Key.

A row is keyed by (tenant, subject, route, key) and holds a fingerprint over named fields none of which is secret; it
never holds a request, a secret or an answer (S41).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from boto3.dynamodb.conditions import Attr

from passwordless.model.tokens import digest
from passwordless.store.codec import decode, encode
from passwordless.store.table import Change, Table

KEPT = 86400


class AttemptStatus(StrEnum):
    """Whether the call is still running."""

    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call; `running_until` (seconds) ends the claim of a call that died."""

    attempt_id: str
    tenant: str
    fingerprint: str
    status: AttemptStatus
    running_until: int
    application_id: str | None = None


def attempt_id(tenant: str, subject: str, route: str, key: str) -> str:
    """Return the id of the attempt for a caller's key on a route."""
    return digest("\n".join((tenant, subject, route, key)))


class Attempts:
    """Reads and writes attempts."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, attempt: str) -> Attempt | None:
        """Return the attempt with this id."""
        item = self._table.get({"pk": attempt})
        return decode(Attempt, item) if item else None

    def begin(self, attempt: Attempt, now: int) -> bool:
        """Begin an attempt unless one of this id is running or done; return whether it began."""
        free = Attr("pk").not_exists() | (
            Attr("status").eq(AttemptStatus.RUNNING.value)
            & Attr("running_until").lt(now)
            & Attr("fingerprint").eq(attempt.fingerprint)
        )
        return self._table.put({"pk": attempt.attempt_id, "ttl": now + KEPT, **encode(attempt)}, free)

    def finish(self, attempt: Attempt, application_id: str) -> None:
        """Remember which application the attempt made."""
        self._table.update({"pk": attempt.attempt_id}, _done(application_id), Attr("pk").exists())

    def finishing(self, attempt: Attempt, application_id: str) -> Any:
        """Return the part of a transaction that remembers which application the attempt made."""
        return self._table.updating({"pk": attempt.attempt_id}, _done(application_id), Attr("pk").exists())

    def forget(self, attempt: Attempt) -> None:
        """Forget an attempt that failed before anything was created, so that the same key may try again."""
        self._table.delete({"pk": attempt.attempt_id})


def _done(application_id: str) -> Change:
    return Change(put={"status": AttemptStatus.DONE.value, "application_id": application_id})

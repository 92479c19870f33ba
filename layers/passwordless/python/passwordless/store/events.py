"""The events table: append-only, a tenant's application in every key."""

from typing import Any

from boto3.dynamodb.conditions import Attr

from passwordless.model.events import Event
from passwordless.store.codec import decode, encode
from passwordless.store.table import Table


class Events:
    """Writes events, mostly as a part of the transaction that they tell of, and reads those of an application."""

    def __init__(self, table: Table, retention_days: int) -> None:
        self._table = table
        self._retention = retention_days * 86400

    def putting(self, event: Event) -> Any:
        """Return the part of a transaction that appends an event."""
        item = {
            "pk": _partition(event.tenant, event.application_id),
            "sk": f"{event.at:012d}#{event.event_id}",
            "ttl": event.at + self._retention,
            **encode(event),
        }
        return self._table.putting(item, Attr("pk").not_exists())

    def of_application(
        self, tenant: str, application_id: str, *, limit: int, after: str | None
    ) -> tuple[list[Event], str | None]:
        """Return a page of events, newest first, and the sort key after which the next page starts."""
        pk = _partition(tenant, application_id)
        start = {"pk": pk, "sk": after} if after else None
        items, following = self._table.query(None, "pk", pk, limit=limit, start=start)
        return [decode(Event, item) for item in items], str(following["sk"]) if following else None


def _partition(tenant: str, application_id: str | None) -> str:
    return f"{tenant}#{application_id or '-'}"

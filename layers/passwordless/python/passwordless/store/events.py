"""The events table: append-only, a tenant's application in every key."""

from typing import Any

from boto3.dynamodb.conditions import Attr

from passwordless.model.events import Event
from passwordless.store.codec import encode
from passwordless.store.table import Table


class Events:
    """Writes events, mostly as a part of the transaction that they tell of."""

    def __init__(self, table: Table, retention_days: int) -> None:
        self._table = table
        self._retention = retention_days * 86400

    def putting(self, event: Event) -> Any:
        """Return the part of a transaction that appends an event."""
        item = {
            "pk": f"{event.tenant}#{event.application_id or '-'}",
            "sk": f"{event.at:012d}#{event.event_id}",
            "ttl": event.at + self._retention,
            **encode(event),
        }
        return self._table.putting(item, Attr("pk").not_exists())

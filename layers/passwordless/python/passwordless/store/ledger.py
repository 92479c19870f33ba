"""The ledger of signatures: append-only, no function reads it; rows are found by the hour of the act, in UTC."""

from datetime import UTC, datetime

from boto3.dynamodb.conditions import Attr

from passwordless.model.signatures import LedgerEntry
from passwordless.store.codec import encode
from passwordless.store.table import Table


class Ledger:
    """Appends entries."""

    def __init__(self, table: Table, retention_days: int) -> None:
        self._table = table
        self._retention = retention_days * 86400

    def append(self, entry: LedgerEntry) -> None:
        """Append an entry, by one write that is no part of a transaction. Raises Unavailable."""
        item = {
            "pk": hour(entry.at),
            "sk": f"{entry.at:012d}#{entry.entry_id}",
            "ttl": entry.at + self._retention,
            **encode(entry),
        }
        self._table.put(item, Attr("pk").not_exists())


def hour(at: int) -> str:
    """Return the partition of a time in seconds."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H")

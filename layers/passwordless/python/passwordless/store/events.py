"""The events table: append-only, a tenant in every key, then an application or, in the index, a user."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.conditions import Attr

from passwordless.model.events import Event, EventType
from passwordless.store.codec import Item, decode, encode
from passwordless.store.table import Table

USER_INDEX = "by-user"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of events ends: the keys of its last row."""

    pk: str
    sk: str


@dataclass(frozen=True, slots=True)
class Glimpse:
    """Of an event what is counted: its kind, when it was (seconds), and how a login that it ended stood."""

    type: EventType
    at: int
    outcome: str | None


class Events:
    """Writes events, mostly as a part of the transaction that they tell of, and reads them by application or user."""

    def __init__(self, table: Table, retention_days: int) -> None:
        self._table = table
        self._retention = retention_days * 86400

    def putting(self, event: Event) -> Any:
        """Return the part of a transaction that appends an event."""
        item = {
            "pk": _partition(event.tenant, event.application_id),
            "sk": f"{_instant(event.at)}#{event.event_id}",
            "ttl": event.at + self._retention,
            **({"by_user": f"{event.tenant}#{event.user_id}"} if event.user_id else {}),
            **encode(event),
        }
        return self._table.putting(item, Attr("pk").not_exists())

    def of_application(
        self, tenant: str, application_id: str | None, *, limit: int, after: Place | None
    ) -> tuple[list[Event], Place | None]:
        """Return a page of an application's events, or of those of none, newest first, and where it ends."""
        pk = _partition(tenant, application_id)
        start = {"pk": pk, "sk": after.sk} if after else None
        return _page(self._table.query(None, "pk", pk, limit=limit, start=start))

    def of_user(
        self, tenant: str, user_id: str, *, limit: int, after: Place | None
    ) -> tuple[list[Event], Place | None]:
        """Return a page of a user's events at whichever application, newest first, and where it ends.

        The index may be a second late.
        """
        value = f"{tenant}#{user_id}"
        start = {"by_user": value, "pk": after.pk, "sk": after.sk} if after else None
        return _page(self._table.query(USER_INDEX, "by_user", value, limit=limit, start=start))

    def glimpses(
        self, tenant: str, application_id: str, *, since: int, limit: int, after: Place | None
    ) -> tuple[list[Glimpse], Place | None]:
        """Return what is counted of an application's events since a time, newest first, and where the page ends."""
        pk = _partition(tenant, application_id)
        items, end = self._table.query(
            None,
            "pk",
            pk,
            limit=limit,
            start={"pk": pk, "sk": after.sk} if after else None,
            least=("sk", _instant(since)),
            only=("type", "at", "details.outcome"),
        )
        return [_glimpse(item) for item in items], _place(end)


def _page(answer: tuple[list[Item], Mapping[str, Any] | None]) -> tuple[list[Event], Place | None]:
    items, end = answer
    return [decode(Event, item) for item in items], _place(end)


def _place(end: Mapping[str, Any] | None) -> Place | None:
    return Place(str(end["pk"]), str(end["sk"])) if end else None


def _glimpse(item: Item) -> Glimpse:
    return Glimpse(EventType(item["type"]), int(item["at"]), item.get("details", {}).get("outcome"))


def _partition(tenant: str, application_id: str | None) -> str:
    return f"{tenant}#{application_id or '-'}"


def _instant(at: int) -> str:
    return f"{at:012d}"

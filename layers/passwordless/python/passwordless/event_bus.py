"""The export of events: rows of the stream of the events table go to an EventBridge bus, each at least once.

What leaves is what administrators see, and the tenant. Rows that were removed, by time or otherwise, are no events.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import BotoCoreError, ClientError

from passwordless.event_view import public
from passwordless.model.events import Event
from passwordless.store.codec import decode

SOURCE = "passwordless"
AT_ONCE = 10
"""Entries in one call of EventBridge."""

_deserialize = TypeDeserializer().deserialize


@dataclass(frozen=True, slots=True)
class Stop:
    """Where an export stopped: at the record with this sequence number, because of this code."""

    sequence_number: str
    code: str


@dataclass(frozen=True, slots=True)
class EventBus:
    """A bus of this account."""

    client: Any
    name: str

    def export(self, records: Iterable[Mapping[str, Any]]) -> Stop | None:
        """Put the events that records of the stream tell of; return where it stopped, None at the end.

        The stream gives everything from there on again, so an event may come twice: its `event_id` tells.
        """
        new = [record for record in records if record["eventName"] == "INSERT"]
        for group in batched(new, AT_ONCE, strict=False):
            entries, unreadable = self._entries(group)
            stop = self._put(entries) or unreadable
            if stop is not None:
                return stop
        return None

    def _entries(self, records: Iterable[Mapping[str, Any]]) -> tuple[list[tuple[str, Any]], Stop | None]:
        """Return an entry for each record with its sequence number, until one that cannot be read."""
        entries: list[tuple[str, Any]] = []
        for record in records:
            place = record["dynamodb"]["SequenceNumber"]
            try:
                event = _event(record["dynamodb"]["NewImage"])
            except (KeyError, TypeError, ValueError) as error:
                return entries, Stop(place, type(error).__name__)
            entries.append((place, self._entry(event)))
        return entries, None

    def _entry(self, event: Event) -> Any:
        return {
            "Source": SOURCE,
            "DetailType": event.type.value,
            "Detail": json.dumps(public(event), ensure_ascii=False, separators=(",", ":")),
            "EventBusName": self.name,
            "Time": event.at,
        }

    def _put(self, entries: Sequence[tuple[str, Any]]) -> Stop | None:
        if not entries:
            return None
        try:
            answer = self.client.put_events(Entries=[entry for _, entry in entries])
        except ClientError as error:
            return Stop(entries[0][0], error.response["Error"]["Code"])
        except BotoCoreError as error:
            return Stop(entries[0][0], type(error).__name__)
        return next(_refused(entries, answer["Entries"]), None)


def _refused(entries: Iterable[tuple[str, Any]], results: Iterable[Mapping[str, Any]]) -> Iterator[Stop]:
    for (place, _), result in zip(entries, results, strict=True):
        if result.get("ErrorCode"):
            yield Stop(place, result["ErrorCode"])


def _event(image: Mapping[str, Any]) -> Event:
    return decode(Event, {name: _deserialize(value) for name, value in image.items()})

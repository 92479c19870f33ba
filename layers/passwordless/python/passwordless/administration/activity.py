"""How many logins of an application began, and how they went, by day: counted out of its events."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from passwordless.admin import Admin
from passwordless.administration import paging
from passwordless.administration.applications import one
from passwordless.errors import Malformed
from passwordless.model.events import EventType
from passwordless.store.events import Glimpse, Place
from passwordless.wiring import Wiring

DEFAULT_DAYS = 14
MAX_DAYS = 31
MAX_READ = 10_000
READ_AT_ONCE = 1000
_COUNTED = {
    EventType.LOGIN_STARTED: "started",
    EventType.LOGIN_APPROVED: "approved",
    EventType.LOGIN_DENIED: "declined",
    EventType.LOGIN_REPORTED: "declined",
    EventType.LOGIN_REFUSED: "failed",
}
_KINDS = ("started", "approved", "declined", "failed")
_FAILED_AT_RETURN = frozenset({"expired", "unanswerable"})
"""A login that was denied or refused left an event of that, and is counted once."""


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on a day, in UTC."""

    date: date
    started: int = 0
    approved: int = 0
    declined: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Activity:
    """A day without gaps each, the oldest first; not `complete`: the oldest of them count at least so many."""

    days: tuple[Day, ...]
    complete: bool


def activity(
    house: Wiring,
    admin: Admin,
    application_id: str,
    query: str,
    *,
    most: int = MAX_READ,
    at_once: int = READ_AT_ONCE,
) -> Activity:
    """Return the last days of an application by the query's `days`, today included.

    At most `most` events are read, `at_once` by one call.

    Raises NotFound for an unknown application and another tenant's alike; Malformed `invalid_days`, `invalid_query`.
    """
    days = _days(query)
    one(house, admin, application_id)
    today = house.now_utc.date()
    listed = [today - timedelta(days=back) for back in reversed(range(days))]
    since = int(datetime.combine(listed[0], time(), UTC).timestamp())
    counts: Counter[tuple[date, str]] = Counter()
    after: Place | None = None
    for _ in range(most // at_once):
        found, after = house.stores.events.glimpses(
            admin.tenant, application_id, since=since, limit=at_once, after=after
        )
        counts.update(_counted(found))
        if after is None:
            break
    return Activity(tuple(_day(each, counts) for each in listed), complete=after is None)


def _counted(events: Iterable[Glimpse]) -> Iterator[tuple[date, str]]:
    """Yield day and outcome of each event that counts."""
    for event in events:
        kind = _kind(event)
        if kind is not None:
            yield datetime.fromtimestamp(event.at, UTC).date(), kind


def _day(of: date, counts: Mapping[tuple[date, str], int]) -> Day:
    return Day(of, **{kind: counts.get((of, kind), 0) for kind in _KINDS})


def _kind(event: Glimpse) -> str | None:
    if event.type is EventType.LOGIN_RETURNED:
        return "failed" if event.outcome in _FAILED_AT_RETURN else None
    return _COUNTED.get(event.type)


def _days(query: str) -> int:
    given = paging.read(query).get("days", str(DEFAULT_DAYS))
    if not given.isascii() or not given.isdecimal() or len(given) > 2 or not 1 <= int(given) <= MAX_DAYS:
        raise Malformed("invalid_days", f"days must be a whole number from 1 to {MAX_DAYS}.")
    return int(given)

"""What a house asked of AWS while somebody watched, told by the SDK's own events."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import boto3

from tests.house import Browser, House

_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"})


@dataclass
class Journal:
    """The operations that were called, and the writes among them that took effect."""

    called: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    def before(self, model: Any, **_: Any) -> None:
        """Note a call that is about to be made."""
        self.called.append(model.name)

    def after(self, model: Any, parsed: Any, **_: Any) -> None:
        """Note a write that took effect."""
        if model.name in _WRITES and parsed["ResponseMetadata"]["HTTPStatusCode"] == 200:
            self.written.append(model.name)


class WatchedSession(boto3.Session):
    """A session with a journal; it makes each client once, for making one costs more than most tests."""

    def __init__(self, session: boto3.Session) -> None:
        super().__init__(botocore_session=session._session)
        self.journal = Journal()
        self._clients: dict[str, Any] = {}
        self._lock = Lock()

    def client(self, service_name: str, *args: Any, **kwargs: Any) -> Any:
        """Return the client of a service."""
        with self._lock:
            if service_name not in self._clients:
                made: Any = super().client(service_name, *args, **kwargs)  # type: ignore[call-overload]
                made.meta.events.register("before-call", self.journal.before)
                made.meta.events.register("after-call", self.journal.after)
                self._clients[service_name] = made
            return self._clients[service_name]


@dataclass(frozen=True)
class Witness:
    """What happened since the witness came."""

    journal: Journal
    calls_before: int
    writes_before: int

    @classmethod
    def of(cls, house: House) -> "Witness":
        """Watch a house from now on."""
        assert isinstance(house.wiring.aws, WatchedSession)
        journal = house.wiring.aws.journal
        return cls(journal, len(journal.called), len(journal.written))

    @property
    def called(self) -> list[str]:
        """Return the operations that were called."""
        return self.journal.called[self.calls_before :]

    @property
    def written(self) -> list[str]:
        """Return the writes that took effect."""
        return self.journal.written[self.writes_before :]

    @property
    def signatures(self) -> int:
        """Return how often KMS was asked to sign."""
        return self.called.count("Sign")


@contextmanager
def nothing_written(house: House, *logins: Browser) -> Iterator[None]:
    """Fail if a write takes effect inside, in whichever table, or one of these logins has another row afterwards."""
    before = [house.stored(login) for login in logins]
    witness = Witness.of(house)
    yield
    assert witness.written == []
    assert [house.stored(login) for login in logins] == before


@contextmanager
def just_before_the_write(
    house: House, act: Callable[[], object], operation: str = "TransactWriteItems"
) -> Iterator[None]:
    """Act once between the last look of the step inside and its write, of this kind, as somebody else might."""
    with _meanwhile(house, act, f"before-call.dynamodb.{operation}"):
        yield


@contextmanager
def right_after_the_write(
    house: House, act: Callable[[], object], operation: str = "TransactWriteItems"
) -> Iterator[None]:
    """Act once between the first write, of this kind, of the step inside and what follows it."""
    with _meanwhile(house, act, f"after-call.dynamodb.{operation}"):
        yield


@contextmanager
def _meanwhile(house: House, act: Callable[[], object], name: str) -> Iterator[None]:
    events = house.wiring.stores.client.meta.events
    acted: list[object] = []

    def interfere(**_: object) -> None:
        if not acted:
            acted.append(None)
            act()

    events.register(name, interfere)
    try:
        yield
    finally:
        events.unregister(name, interfere)
    assert acted


def rows(house: House) -> set[str]:
    """Return every row of every table, each as one text."""
    pages = house.wiring.stores.client.get_paginator("scan")
    return {
        json.dumps([store, item], sort_keys=True, default=repr)
        for store, table in house.wiring.config.tables.items()
        for page in pages.paginate(TableName=table)
        for item in page["Items"]
    }


def events_of(
    house: House, application_id: str | None, tenant: str = "acme", kind: str | None = None
) -> list[dict[str, Any]]:
    """Return an application's events, of one `kind` if it is given, the oldest first; None: of no application."""
    answer = house.wiring.stores.client.query(
        TableName=house.wiring.config.events_table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"{tenant}#{application_id or '-'}"}},
    )
    found = [{name: next(iter(value.values())) for name, value in item.items()} for item in answer["Items"]]
    return [one for one in found if kind in (None, one["type"])]


@contextmanager
def between_reads(house: House, number: int, act: Callable[[], object]) -> Iterator[None]:
    """Act once before the read of this number inside, counted from 1, as somebody else might."""
    events, name = house.wiring.stores.client.meta.events, "before-call.dynamodb.GetItem"
    reads: list[object] = []

    def interfere(**_: object) -> None:
        reads.append(None)
        if len(reads) == number:
            act()

    events.register(name, interfere)
    try:
        yield
    finally:
        events.unregister(name, interfere)
    assert len(reads) >= number

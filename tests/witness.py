"""What a house asked of AWS while somebody watched, told by the SDK's own events."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.house import Browser, House

_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"})


@dataclass
class Witness:
    """The operations that were called since the witness came, and the writes among them that took effect."""

    called: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, house: House) -> "Witness":
        """Watch the database and the signing service of a house from now on."""
        witness = cls()
        for client in (house.wiring.stores.client, house.wiring.signer.client):
            client.meta.events.register("before-call", witness._before)
            client.meta.events.register("after-call", witness._after)
        return witness

    @property
    def signatures(self) -> int:
        """Return how often KMS was asked to sign."""
        return self.called.count("Sign")

    @property
    def reads(self) -> int:
        """Return how many items were read."""
        return self.called.count("GetItem")

    def _before(self, model: Any, **_: Any) -> None:
        self.called.append(model.name)

    def _after(self, model: Any, parsed: Any, **_: Any) -> None:
        if model.name in _WRITES and parsed["ResponseMetadata"]["HTTPStatusCode"] == 200:
            self.written.append(model.name)


@contextmanager
def nothing_written(house: House, *logins: Browser) -> Iterator[None]:
    """Fail if a write takes effect inside, in whichever table, or one of these logins has another row afterwards."""
    before = [house.stored(login) for login in logins]
    witness = Witness.of(house)
    yield
    assert witness.written == []
    assert [house.stored(login) for login in logins] == before


def rows(house: House) -> set[str]:
    """Return every row of every table, each as one text."""
    pages = house.wiring.stores.client.get_paginator("scan")
    return {
        json.dumps([store, item], sort_keys=True, default=repr)
        for store, table in house.wiring.config.tables.items()
        for page in pages.paginate(TableName=table)
        for item in page["Items"]
    }


def events_of(house: House, application_id: str | None, tenant: str = "acme") -> list[dict[str, Any]]:
    """Return the type, session and details of an application's events, the oldest first; None: of no application."""
    answer = house.wiring.stores.client.query(
        TableName=house.wiring.config.events_table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"{tenant}#{application_id or '-'}"}},
    )
    return [{name: next(iter(value.values())) for name, value in item.items()} for item in answer["Items"]]

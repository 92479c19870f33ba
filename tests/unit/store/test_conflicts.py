"""A transaction that holds the item: DynamoDB rejects the other write, which is tried again and then decided."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError, ConnectTimeoutError

from passwordless.errors import Unavailable
from passwordless.store.table import Change, Table, transact

BUSY = ClientError({"Error": {"Code": "TransactionConflictException", "Message": "busy"}}, "Write")
FAILED = ClientError({"Error": {"Code": "ConditionalCheckFailedException", "Message": "no"}}, "Write")
BROKEN = ClientError({"Error": {"Code": "InternalServerError", "Message": "secret"}}, "Write")
SILENT = ConnectTimeoutError(endpoint_url="http://127.0.0.1")


def cancelled(*codes: str) -> ClientError:
    """Return what DynamoDB answers when it cancels a transaction, with a reason for each part."""
    answer: Any = {
        "Error": {"Code": "TransactionCanceledException", "Message": "cancelled"},
        "CancellationReasons": [{"Code": code} for code in codes],
    }
    return ClientError(answer, "TransactWriteItems")


class Scripted:
    """A database that fails as told, then answers."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.calls = 0

    def write(self, **_: object) -> dict[str, Any]:
        """Fail once more, or answer."""
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        return {"Attributes": {"pk": {"S": "a"}}}

    put_item = update_item = delete_item = transact_write_items = write


type Write = Callable[[Table], object]
HERE = Attr("pk").exists()
WRITES: dict[str, tuple[Write, object, object]] = {
    "put": (lambda table: table.put({"pk": "a"}, HERE), True, False),
    "update": (lambda table: table.update({"pk": "a"}, Change(put={"n": 1}), HERE), {"pk": "a"}, None),
}
writes = pytest.mark.parametrize(("write", "done", "not_done"), WRITES.values(), ids=WRITES)


def table(database: Scripted) -> Table:
    return Table(cast("Any", database), "things")


@writes
def test_a_write_that_meets_a_transaction_is_tried_again(
    write: Write, done: object, not_done: object
) -> None:
    database = Scripted(BUSY, BUSY)
    assert write(table(database)) == done != not_done
    assert database.calls == 3


@writes
def test_after_the_conflict_the_condition_decides(write: Write, done: object, not_done: object) -> None:
    database = Scripted(BUSY, FAILED)
    assert write(table(database)) == not_done != done
    assert database.calls == 2


@writes
@pytest.mark.parametrize("fault", [BROKEN, SILENT], ids=["broken", "silent"])
def test_a_fault_is_not_a_failed_condition(
    write: Write, done: object, not_done: object, fault: Exception
) -> None:
    with pytest.raises(Unavailable, match="store_unavailable") as raised:
        assert write(table(Scripted(fault))) in (done, not_done)
    assert raised.value.__cause__ is None
    assert "secret" not in str(raised.value.private)


def test_a_delete_that_meets_a_transaction_is_tried_again() -> None:
    database = Scripted(BUSY)
    table(database).delete({"pk": "a"})
    assert database.calls == 2


def commit(*failures: Exception) -> tuple[frozenset[int], int]:
    """Commit three parts; return the places that failed and the number of tries."""
    database = Scripted(*failures)
    return transact(cast("Any", database), [{}, {}, {}]), database.calls


def test_a_transaction_that_meets_another_is_tried_again() -> None:
    assert commit(cancelled("None", "TransactionConflict", "None")) == (frozenset(), 2)


def test_a_failed_condition_beside_a_conflict_decides_at_once() -> None:
    assert commit(cancelled("TransactionConflict", "None", "ConditionalCheckFailed")) == (frozenset({2}), 1)


def test_every_failed_condition_is_told() -> None:
    reasons = cancelled("ConditionalCheckFailed", "None", "ConditionalCheckFailed")
    assert commit(reasons) == (frozenset({0, 2}), 1)


@pytest.mark.parametrize("fault", [cancelled("None", "ThrottlingError", "None"), cancelled(), BROKEN, SILENT])
def test_a_transaction_that_fails_otherwise_is_a_fault(fault: Exception) -> None:
    with pytest.raises(Unavailable, match="store_unavailable"):
        commit(fault)

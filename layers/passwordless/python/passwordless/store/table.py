"""One DynamoDB table: reads, conditional writes, and the parts of a transaction.

Conditions are boto3's `Attr(...)` expressions. botocore retries throttling; what is left over is `Unavailable`.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import ConditionBase, ConditionExpressionBuilder, Key
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import BotoCoreError, ClientError

from passwordless.errors import Unavailable
from passwordless.store.codec import Item

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize
_TRIES = 8


@dataclass(frozen=True, slots=True)
class Change:
    """What an update does to an item."""

    put: Mapping[str, Any] = field(default_factory=dict)
    remove: Sequence[str] = ()
    add: Mapping[str, int | frozenset[str]] = field(default_factory=dict)


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the SDK raises for a fault into `Unavailable`; a failed condition or a conflict passes unchanged."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in _OUTCOMES:
            raise
        raise _unavailable(error.response["Error"]["Code"]) from None
    except BotoCoreError as error:
        raise _unavailable(type(error).__name__) from None


class Table:
    """A table with one key attribute or two."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client = client
        self.name = name

    def get(self, key: Mapping[str, str]) -> Item | None:
        """Read one item with a consistent read."""
        with translated():
            answer = self._client.get_item(TableName=self.name, Key=_typed(key), ConsistentRead=True)
        return _plain(answer["Item"]) if "Item" in answer else None

    def put(self, item: Item, condition: ConditionBase) -> bool:
        """Write one item if the condition holds; return whether it did."""
        request = self.putting(item, condition)["Put"]
        with _condition() as outcome:
            _insist(lambda: self._client.put_item(**request))
        return outcome.held

    def update(self, key: Mapping[str, str], change: Change, condition: ConditionBase) -> Item | None:
        """Change one item if the condition holds; return the new item, or None if it did not."""
        answer: Any = {}
        request = self.updating(key, change, condition)["Update"]
        with _condition() as outcome:
            answer = _insist(lambda: self._client.update_item(**request, ReturnValues="ALL_NEW"))
        return _plain(answer["Attributes"]) if outcome.held else None

    def delete(self, key: Mapping[str, str]) -> Item | None:
        """Remove one item, there or not; return what it was."""
        request: Any = {"TableName": self.name, "Key": _typed(key), "ReturnValues": "ALL_OLD"}
        answer = _insist(lambda: self._client.delete_item(**request))
        return _plain(answer["Attributes"]) if answer.get("Attributes") else None

    def query(
        self,
        index: str | None,
        key: str,
        value: str,
        *,
        limit: int,
        start: Mapping[str, Any] | None,
        least: tuple[str, str] | None = None,
        only: Sequence[str] = (),
    ) -> tuple[list[Item], Mapping[str, Any] | None]:
        """Return a page of an index, or of the table itself, newest first, and where the next page starts.

        Args:
            index: its name, None for the table.
            key: the partition key's name.
            value: its value.
            limit: how many items are read at most.
            start: where the page starts, None for the first.
            least: the range key's name, and the value below which nothing is read.
            only: the attributes to return, all of them if empty; a dot leads into a map.
        """
        condition = Key(key).eq(value)
        ranged = condition & Key(least[0]).gte(least[1]) if least else condition
        built = ConditionExpressionBuilder().build_expression(ranged, is_key_condition=True)
        parts = dict.fromkeys(part for path in only for part in path.split("."))
        marks = {part: f"#p{i}" for i, part in enumerate(parts)}
        chosen = ", ".join(".".join(marks[part] for part in path.split(".")) for path in only)
        request: dict[str, Any] = {
            "TableName": self.name,
            **({"IndexName": index} if index else {}),
            **({"ProjectionExpression": chosen} if chosen else {}),
            "KeyConditionExpression": built.condition_expression,
            "ExpressionAttributeNames": {
                **built.attribute_name_placeholders,
                **{mark: part for part, mark in marks.items()},
            },
            "ExpressionAttributeValues": _typed(built.attribute_value_placeholders),
            "Limit": limit,
            "ScanIndexForward": False,
        }
        if start:
            request["ExclusiveStartKey"] = _typed(start)
        with translated():
            answer = self._client.query(**request)
        following = answer.get("LastEvaluatedKey")
        return [_plain(item) for item in answer["Items"]], _plain(following) if following else None

    def items(self, name: str, value: str) -> list[Item]:
        """Return all items whose partition key `name` has this value, by a consistent read."""
        built = ConditionExpressionBuilder().build_expression(Key(name).eq(value), is_key_condition=True)
        request: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": built.condition_expression,
            "ExpressionAttributeNames": built.attribute_name_placeholders,
            "ExpressionAttributeValues": _typed(built.attribute_value_placeholders),
            "ConsistentRead": True,
        }
        found: list[Item] = []
        while True:
            with translated():
                answer = self._client.query(**request)
            found += [_plain(item) for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                return found
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def putting(self, item: Item, condition: ConditionBase) -> Any:
        """Return the part of a transaction that writes an item if the condition holds."""
        return {"Put": {"TableName": self.name, "Item": _typed(item), **_expressed(condition)}}

    def updating(self, key: Mapping[str, str], change: Change, condition: ConditionBase) -> Any:
        """Return the part of a transaction that changes an item if the condition holds."""
        expressed = _expressed(condition)
        names = {f"#u{i}": n for i, n in enumerate([*change.put, *change.remove, *change.add])}
        placeholder = {name: mark for mark, name in names.items()}
        values = {f":u{i}": v for i, v in enumerate([*change.put.values(), *change.add.values()])}
        marks = iter(values)
        clauses = [
            ("SET", [f"{placeholder[n]} = {next(marks)}" for n in change.put]),
            ("ADD", [f"{placeholder[n]} {next(marks)}" for n in change.add]),
            ("REMOVE", [placeholder[n] for n in change.remove]),
        ]
        expressed["ExpressionAttributeNames"] |= names
        expressed["ExpressionAttributeValues"] = expressed.get("ExpressionAttributeValues", {}) | _typed(
            values
        )
        if not expressed["ExpressionAttributeValues"]:
            del expressed["ExpressionAttributeValues"]
        expression = " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses if parts)
        return {
            "Update": {
                "TableName": self.name,
                "Key": _typed(key),
                "UpdateExpression": expression,
                **expressed,
            }
        }

    def deleting(self, key: Mapping[str, str], condition: ConditionBase) -> Any:
        """Return the part of a transaction that removes an item if the condition holds."""
        return {"Delete": {"TableName": self.name, "Key": _typed(key), **_expressed(condition)}}

    def checking(self, key: Mapping[str, str], condition: ConditionBase) -> Any:
        """Return the part of a transaction that changes nothing and demands a condition."""
        return {"ConditionCheck": {"TableName": self.name, "Key": _typed(key), **_expressed(condition)}}


def transact(client: "DynamoDBClient", parts: Sequence[Any]) -> frozenset[int]:
    """Write all parts or none.

    Returns the places of the parts whose condition failed: an empty set means that everything was written. A conflict
    with another transaction is tried again, since afterwards the conditions decide.
    """
    for attempt in range(_TRIES):
        try:
            with translated():
                client.transact_write_items(TransactItems=parts)
        except ClientError as error:
            reasons = [reason.get("Code") for reason in error.response.get("CancellationReasons", [])]
            if failed := frozenset(i for i, code in enumerate(reasons) if code == "ConditionalCheckFailed"):
                return failed
            if not reasons or not set(reasons) <= {"None", None, "TransactionConflict"}:
                raise _unavailable("/".join(str(r) for r in reasons) or "TransactionCanceled") from None
            _pause(attempt)
        else:
            return frozenset()
    raise _unavailable("TransactionConflict")


_CONFLICT = "TransactionConflictException"
_OUTCOMES = frozenset({"ConditionalCheckFailedException", "TransactionCanceledException", _CONFLICT})


def _insist[T](write: Callable[[], T]) -> T:
    """Write one item; DynamoDB rejects the write, and the SDK does not repeat it, while a transaction has the item."""
    for attempt in range(_TRIES):
        try:
            with translated():
                return write()
        except ClientError as error:
            if error.response["Error"]["Code"] != _CONFLICT:
                raise
            _pause(attempt)
    raise _unavailable("TransactionConflict")


def _pause(attempt: int) -> None:
    time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter, not a secret


@dataclass(slots=True)
class _Outcome:
    held: bool = True


@contextmanager
def _condition() -> Iterator[_Outcome]:
    outcome = _Outcome()
    try:
        yield outcome
    except ClientError:
        outcome.held = False


def _expressed(condition: ConditionBase) -> dict[str, Any]:
    built = ConditionExpressionBuilder().build_expression(condition)
    expressed: dict[str, Any] = {
        "ConditionExpression": built.condition_expression,
        "ExpressionAttributeNames": dict(built.attribute_name_placeholders),
    }
    if built.attribute_value_placeholders:
        expressed["ExpressionAttributeValues"] = _typed(built.attribute_value_placeholders)
    return expressed


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _serialize(value) for name, value in values.items()}


def _plain(item: Mapping[str, Any]) -> Item:
    return {name: _deserialize(value) for name, value in item.items()}


def _unavailable(private: str) -> Unavailable:
    return Unavailable(
        "store_unavailable",
        "Our database did not answer.",
        guidance="Try again in a moment.",
        private=private,
        retry_after=2,
    )

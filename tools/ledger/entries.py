"""Entries of the ledger and the keys of a stack: out of the tables, their exports, or the log where a write failed."""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer

from passwordless.model.signatures import LedgerEntry
from passwordless.store.codec import decode
from passwordless.store.ledger import hour
from tools.ledger.cloudtrail import key_id

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_deserialize = TypeDeserializer().deserialize


def of_table(client: "DynamoDBClient", table: str, begin: int, end: int) -> list[LedgerEntry]:
    """Return the entries of the hours between two times (seconds)."""
    pages = client.get_paginator("query")
    found: list[LedgerEntry] = []
    for name in hours(begin, end):
        asked = {"KeyConditionExpression": "pk = :hour", "ExpressionAttributeValues": {":hour": {"S": name}}}
        for page in pages.paginate(TableName=table, **asked):  # type: ignore[arg-type]  # a literal of strings
            found += [_entry(item) for item in page["Items"]]
    return found


def keys_of_table(client: "DynamoDBClient", table: str) -> frozenset[str]:
    """Return the ids of the KMS keys in the table of signing keys."""
    pages = client.get_paginator("scan").paginate(TableName=table)
    return _keys(item for page in pages for item in page["Items"])


def of_export(path: Path) -> list[LedgerEntry]:
    """Return the entries in what `aws dynamodb query` or `scan` printed, or in a file of an export to S3."""
    return [_entry(item) for item in _items(path)]


def keys_of_export(path: Path) -> frozenset[str]:
    """Return the ids of the KMS keys in such a file of the table of signing keys."""
    return _keys(_items(path))


def of_log(path: Path) -> list[LedgerEntry]:
    """Return the entries that a function logged because their write failed.

    The file holds a line of the log each, or what `aws logs filter-log-events` printed.
    """
    return [
        decode(LedgerEntry, line["entry"])
        for line in _lines(path)
        if line.get("message") == "ledger_failed" and "entry" in line
    ]


def hours(begin: int, end: int) -> list[str]:
    """Return the partitions of the hours between two times."""
    first = datetime.fromtimestamp(begin, UTC).replace(minute=0, second=0, microsecond=0)
    count = (end - int(first.timestamp())) // 3600 + 1
    return [hour(int((first + timedelta(hours=more)).timestamp())) for more in range(count)]


def _entry(item: Mapping[str, Any]) -> LedgerEntry:
    return decode(LedgerEntry, {name: _deserialize(value) for name, value in item.items()})


def _keys(items: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    return frozenset(key_id(item["kms_key"]["S"]) for item in items if "kms_key" in item)


def _items(path: Path) -> Iterator[Mapping[str, Any]]:
    for document in _documents(path):
        yield from document["Items"] if "Items" in document else [document["Item"]]


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    for document in _documents(path):
        if "events" in document:
            yield from _objects(event["message"] for event in document["events"])
        else:
            yield document


def _documents(path: Path) -> Iterator[Mapping[str, Any]]:
    """Return a file's one JSON object, or that of each line that is one."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    try:
        yield json.loads(text)
    except ValueError:
        yield from _objects(text.splitlines())


def _objects(lines: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    for line in lines:
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            yield value

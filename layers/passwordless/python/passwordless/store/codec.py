"""Frozen dataclasses to DynamoDB items and back. Absent optional fields are left out of the item."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

type Item = dict[str, Any]


def encode(value: Any) -> Any:
    """Return `value` as what boto3's serializer takes: maps, lists, strings, integers, bytes and booleans."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: encode(v) for f in fields(value) if (v := getattr(value, f.name)) is not None}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {k: encode(v) for k, v in value.items() if v is not None}
    if isinstance(value, (set, frozenset)):
        return sorted(encode(v) for v in value)
    if isinstance(value, (list, tuple)):
        return [encode(v) for v in value]
    return value


def decode[T](kind: type[T], item: Mapping[str, Any]) -> T:
    """Build a dataclass from an item; attributes that the dataclass does not know are passed over.

    Raises TypeError when a required field is missing, ValueError for a value outside its enumeration.
    """
    hints = _hints(cast("Any", kind))
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]  # T is a dataclass wherever this is called
    absent = {name: None for name in known - item.keys() if types.NoneType in get_args(hints[name])}
    return kind(**absent, **{name: _value(hints[name], item[name]) for name in known & item.keys()})


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, raw: Any) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _value(next(a for a in arguments if a is not type(None)), raw)
    if origin in (tuple, frozenset):
        return origin(_value(arguments[0], v) for v in raw)
    if isinstance(hint, type) and is_dataclass(hint):
        return decode(hint, raw)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(raw)
    return _plain(raw)


def _plain(raw: Any) -> Any:
    if isinstance(raw, Decimal):
        return int(raw)
    if isinstance(raw, Mapping):
        return {k: _plain(v) for k, v in raw.items()}
    return raw if isinstance(raw, (str, bool, int)) else _bytes(raw)


def _bytes(raw: Any) -> Any:
    """boto3 wraps binary attributes; everything else stays as it is."""
    value = getattr(raw, "value", raw)
    return bytes(value) if isinstance(value, (bytes, bytearray)) else value

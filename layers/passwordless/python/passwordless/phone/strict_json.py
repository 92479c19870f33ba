"""JSON objects that somebody signed, read so that both sides cannot mean different things."""

import json
from typing import Any


def read_object(raw: bytes) -> dict[str, Any]:
    """Return a JSON object in UTF-8 none of whose members comes twice.

    Raises ValueError for everything else, NaN and nesting without end among it.
    """
    try:
        value = json.loads(raw.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - a value of JSON, not an argument, is wrong
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("duplicate member")
    return result


def _no_constant(_: str) -> None:
    raise ValueError("not JSON")

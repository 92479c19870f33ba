"""CBOR as authenticators write it (CTAP2 canonical form), and nothing beyond: no tags, floats or open lengths."""

from collections.abc import Callable

type Value = int | bytes | str | bool | list[Value] | dict[Value, Value] | None
_MAX_DEPTH = 4
_SIMPLE = {20: False, 21: True, 22: None}


def read(raw: bytes, start: int = 0, depth: int = 0) -> tuple[Value, int]:
    """Return the item that begins at `start`, and where it ends (RFC 8949).

    Raises ValueError when there is none, or one of a kind or depth that no authenticator writes.
    """
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deeply")
    major, detail = divmod(_bytes(raw, start, 1)[0], 32)
    if major == 7:
        if detail not in _SIMPLE:
            raise ValueError("no such simple value here")
        return _SIMPLE[detail], start + 1
    argument, at = _argument(raw, start + 1, detail)
    if major in _READERS:
        return _READERS[major](raw, at, argument, depth)
    if major > 1:
        raise ValueError("tags are not read")
    return (argument if major == 0 else -1 - argument), at


def _argument(raw: bytes, at: int, detail: int) -> tuple[int, int]:
    """Return the number in an item's head, which must be in its shortest form."""
    if detail < 24:
        return detail, at
    if detail > 27:
        raise ValueError("lengths are definite")
    size = 1 << (detail - 24)
    value = int.from_bytes(_bytes(raw, at, size))
    if value < (24 if size == 1 else 1 << (size * 4)):
        raise ValueError("a number is in its shortest form")
    return value, at + size


def _bytes(raw: bytes, at: int, length: int) -> bytes:
    if at + length > len(raw):
        raise ValueError("cut short")
    return raw[at : at + length]


def _byte_string(raw: bytes, at: int, length: int, _: int) -> tuple[Value, int]:
    return _bytes(raw, at, length), at + length


def _text_string(raw: bytes, at: int, length: int, _: int) -> tuple[Value, int]:
    return _bytes(raw, at, length).decode(), at + length


def _array(raw: bytes, at: int, count: int, depth: int) -> tuple[Value, int]:
    values: list[Value] = []
    for _ in range(count):
        value, at = read(raw, at, depth + 1)
        values.append(value)
    return values, at


def _map(raw: bytes, at: int, count: int, depth: int) -> tuple[Value, int]:
    values: dict[Value, Value] = {}
    for _ in range(count):
        key, at = read(raw, at, depth + 1)
        if not isinstance(key, (int, str)) or key in values:
            raise ValueError("the keys of a map are numbers or words, each once")
        values[key], at = read(raw, at, depth + 1)
    return values, at


_READERS: dict[int, Callable[[bytes, int, int, int], tuple[Value, int]]] = {
    2: _byte_string,
    3: _text_string,
    4: _array,
    5: _map,
}

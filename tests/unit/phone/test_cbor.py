"""CBOR: what authenticators write is read to its end; everything else is refused, however it is made."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless.phone import cbor
from tests.authenticator import cbor as encode

LEAVES = (
    st.integers(-(1 << 64), (1 << 64) - 1) | st.binary(max_size=300) | st.text(max_size=40) | st.booleans()
)
KEYS = st.integers(-300, 300) | st.text(max_size=5)


@given(LEAVES | st.lists(LEAVES, max_size=30) | st.dictionaries(KEYS, LEAVES, max_size=30))
def test_what_an_authenticator_writes_is_read_as_it_was(value: Any) -> None:
    raw = encode(value)
    assert cbor.read(raw) == (value, len(raw))


@pytest.mark.parametrize(
    ("raw", "value"),
    [  # RFC 8949, appendix A
        ("00", 0),
        ("17", 23),
        ("1818", 24),
        ("1903e8", 1000),
        ("1a000f4240", 1000000),
        ("1bffffffffffffffff", 18446744073709551615),
        ("3bffffffffffffffff", -18446744073709551616),
        ("20", -1),
        ("3903e7", -1000),
        ("f4", False),
        ("f6", None),
        ("4401020304", b"\x01\x02\x03\x04"),
        ("64f0908591", "\U00010151"),
        ("8301820203820405", [1, [2, 3], [4, 5]]),
        ("a26161016162820203", {"a": 1, "b": [2, 3]}),
    ],
)
def test_the_examples_of_the_specification_are_read(raw: str, value: object) -> None:
    assert cbor.read(bytes.fromhex(raw)) == (value, len(raw) // 2)


@pytest.mark.parametrize(
    ("case", "raw"),
    [
        ("nothing", ""),
        ("a number cut short", "19ff"),
        ("a number longer than need be", "1817"),
        ("a longer number longer than need be", "190018"),
        ("a byte string cut short", "4401"),
        ("a byte string longer than any memory", "5bffffffffffffffff"),
        ("an array of more items than there are", "9bffffffffffffffff00"),
        ("an array without end", "9fff"),
        ("a map without end", "bfff"),
        ("a text that is no UTF-8", "62c328"),
        ("a tag", "c074323031332d30332d32315432303a30343a30305a"),
        ("a float", "fb3ff199999999999a"),
        ("undefined", "f7"),
        ("a simple value", "f0"),
        ("a map with a key twice", "a201000101"),
        ("a map with a list as a key", "a18000"),
        ("a reserved length", "1c"),
        ("a nest", "81" * 6 + "00"),
    ],
)
def test_everything_else_is_refused(case: str, raw: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        cbor.read(bytes.fromhex(raw))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        _, end = cbor.read(raw)
    except ValueError:
        return
    assert 0 < end <= len(raw)

"""Identifiers and secrets: length, alphabet, entropy, and the hash in which they are kept."""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless.model import tokens

MADE: list[tuple[Callable[[tokens.Randomness], str], str, int]] = [
    (tokens.session_id, r"[A-Z2-7]{16}", 80),
    (tokens.invite_token, r"[A-Z2-7]{26}", 130),
    (lambda randomness: tokens.identifier("app", randomness), r"app_[a-z2-7]{20}", 100),
    (tokens.secret, r"[A-Za-z0-9_-]{43}", 256),
]
NAMES = ["session id", "invite token", "identifier", "secret"]
made = pytest.mark.parametrize(("make", "form", "bits"), MADE, ids=NAMES)
type Make = Callable[[tokens.Randomness], str]


def repeating(pattern: bytes) -> tokens.Randomness:
    """Return a source that repeats a pattern."""
    return lambda size: (pattern * size)[:size]


def beginning(raw: bytes) -> tokens.Randomness:
    """Return a source that gives these bytes, then zeros."""
    return lambda size: raw.ljust(size, b"\0")[:size]


@made
def test_it_has_one_length_and_alphabet(make: Make, form: str, bits: int) -> None:
    assert all(re.fullmatch(form, make(secrets.token_bytes)) for _ in range(50))


@made
def test_no_bit_of_what_it_draws_from_is_lost(make: Make, form: str, bits: int) -> None:
    """Each of its `bits` first random bits changes it, so that many bits are in it."""
    size = -(-bits // 8)
    zero = make(repeating(b"\0"))
    flipped = [(1 << (8 * size - 1 - bit)).to_bytes(size) for bit in range(bits)]
    assert zero not in {make(beginning(raw)) for raw in flipped}


@made
def test_the_same_randomness_makes_the_same_value(make: Make, form: str, bits: int) -> None:
    assert make(repeating(b"\x5a\xa5")) == make(repeating(b"\x5a\xa5"))


class TestEncodings:
    @given(st.binary(max_size=40))
    def test_base32_is_that_of_the_standard_without_padding(self, raw: bytes) -> None:
        text = tokens.base32(raw)
        assert re.fullmatch("[A-Z2-7]*", text)
        assert base64.b32decode(text + "=" * (-len(text) % 8)) == raw

    @given(st.binary(max_size=40))
    def test_base64url_is_that_of_the_standard_without_padding(self, raw: bytes) -> None:
        text = tokens.base64url(raw)
        assert re.fullmatch("[A-Za-z0-9_-]*", text)
        assert base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) == raw

    def test_a_hash_is_base64url_sha_256(self) -> None:
        expected = base64.urlsafe_b64encode(hashlib.sha256(b"abc").digest()).decode().rstrip("=")
        assert tokens.digest("abc") == tokens.digest(b"abc") == expected
        assert len(expected) == 43


class TestEnrollmentId:
    def test_the_token_alone_finds_the_invite(self) -> None:
        token = tokens.invite_token(secrets.token_bytes)
        assert re.fullmatch(r"enr_[a-z2-7]{20}", tokens.enrollment_id(token))
        assert tokens.enrollment_id(token) == tokens.enrollment_id(token)

    def test_the_id_tells_nothing_of_the_token_or_its_stored_hash(self) -> None:
        token = tokens.invite_token(secrets.token_bytes)
        shown = tokens.enrollment_id(token).removeprefix("enr_")
        assert shown.upper() not in token
        assert shown != tokens.digest(token)[:20]

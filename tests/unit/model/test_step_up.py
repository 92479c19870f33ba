"""The step-up code: what it looks like, and that it belongs to one login of one user."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless.model.people import User
from passwordless.model.step_up import ALPHABET, LENGTH, code, code_hash, typed_code

ADA = User("usr_ada", "acme", "ada@example.com", "a-random-key", 0)
words = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


def test_it_is_six_letters_that_spell_nothing() -> None:
    made = code(ADA, "A" * 16, "proof")
    assert (len(made), set(made) <= set(ALPHABET)) == (6, True)
    assert (len(set(ALPHABET)), set(ALPHABET) & set("AEIOUY")) == (20, set())


def test_the_same_proof_has_the_same_code_and_any_other_another() -> None:
    honest = code(ADA, "A" * 16, "proof")
    others = {
        code(ADA, "A" * 16, "another proof"),
        code(ADA, "B" * 16, "proof"),
        code(replace(ADA, pairwise_key="another key"), "A" * 16, "proof"),
        code(replace(ADA, user_id="usr_bob"), "A" * 16, "proof"),
        code(replace(ADA, tenant="globex"), "A" * 16, "proof"),
    }
    assert code(ADA, "A" * 16, "proof") == honest
    assert len(others - {honest}) == 5


def test_every_letter_comes_as_often_as_another() -> None:
    counted = Counter(letter for number in range(4000) for letter in code(ADA, "A" * 16, str(number)))
    assert counted.keys() == set(ALPHABET)
    assert max(counted.values()) < 1.2 * min(counted.values())


@given(words, words)
def test_what_is_stored_tells_one_code_from_another(one: str, other: str) -> None:
    same = code_hash(ADA, "A" * 16, one) == code_hash(ADA, "A" * 16, other)
    assert same is (one == other)


def test_what_is_stored_says_nothing_without_the_user_s_key() -> None:
    stored = code_hash(ADA, "A" * 16, "BCDFGH")
    assert stored != code_hash(replace(ADA, pairwise_key="a guess"), "A" * 16, "BCDFGH")
    assert stored != code_hash(ADA, "B" * 16, "BCDFGH")


@pytest.mark.parametrize("typed", ["BCDFGH", "bcdfgh", " bcd fgh ", "BCD-FGH"])
def test_a_code_may_be_typed_in_any_dress(typed: str) -> None:
    assert typed_code(typed) == "BCDFGH"


@pytest.mark.parametrize("typed", ["", "BCDFG", "BCDFGHJ", "BCDFGA", "BCDFG1", "ＢＣＤＦＧＨ", "\x00" * 6])
def test_what_can_be_no_code_is_none(typed: str) -> None:
    assert typed_code(typed) is None

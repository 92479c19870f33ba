"""Pairwise NameIDs: the same for ever at one application, unrelated at two."""

import re

from hypothesis import given
from hypothesis import strategies as st

from passwordless.model.name_ids import pairwise

KEYS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=43)
APPLICATIONS = st.from_regex(r"app_[a-z2-7]{20}", fullmatch=True)


@given(KEYS, APPLICATIONS)
def test_it_is_the_same_each_time(key: str, application: str) -> None:
    assert pairwise(key, application) == pairwise(key, application)


@given(KEYS, APPLICATIONS)
def test_it_has_one_case_so_that_no_service_provider_can_fold_two_users_into_one(
    key: str, application: str
) -> None:
    assert re.fullmatch(r"[a-z2-7]{40}", pairwise(key, application))


@given(KEYS, st.lists(APPLICATIONS, min_size=2, max_size=2, unique=True))
def test_one_user_has_another_name_at_each_application(key: str, applications: list[str]) -> None:
    assert pairwise(key, applications[0]) != pairwise(key, applications[1])


@given(st.lists(KEYS, min_size=2, max_size=2, unique=True), APPLICATIONS)
def test_two_users_have_two_names_at_one_application(keys: list[str], application: str) -> None:
    assert pairwise(keys[0], application) != pairwise(keys[1], application)


def test_it_never_changes_between_releases() -> None:
    """A user's identity at Auth0 contains the NameID: another value would be another person."""
    assert pairwise("key", "app_abcdefghijklmnopqrst") == "6lewsyawgqqu7uqgct5jwmnyrvxhxmi7utqgxxep"


def test_it_contains_neither_key_nor_application() -> None:
    name = pairwise("secretkey", "app_abcdefghijklmnopqrst")
    assert "secretkey" not in name
    assert "abcdefghij" not in name

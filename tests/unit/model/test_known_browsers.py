"""A known browser: the cookie speaks for one user of one tenant, for ninety days."""

import secrets
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless.model.known_browsers import LIFETIME, cookie, knows, remembered
from passwordless.model.people import User

NOW = 1_800_000_000
ADA = User("usr_ada", "acme", "ada@example.com", "a-random-key", 0)


def made() -> str:
    return cookie(ADA, NOW, secrets.token_bytes)


def test_it_is_known_again_for_ninety_days() -> None:
    seen = remembered(made())
    assert knows(ADA, seen, NOW + LIFETIME - 1)
    assert not knows(ADA, seen, NOW + LIFETIME)


@pytest.mark.parametrize(
    "other",
    [
        replace(ADA, user_id="usr_mallory"),
        replace(ADA, tenant="globex"),
        replace(ADA, pairwise_key="another-key"),
    ],
)
def test_it_speaks_for_nobody_else(other: User) -> None:
    assert not knows(other, remembered(made()), NOW)


def test_a_later_date_does_not_make_it_live_longer() -> None:
    _, _, rest = made().partition(".")
    assert not knows(ADA, remembered(f"{NOW + LIFETIME}.{rest}"), NOW)


def test_what_a_login_remembers_is_no_cookie() -> None:
    value = made()
    seen = remembered(value)
    assert seen is not None
    assert seen != value
    assert not knows(ADA, remembered(seen), NOW)


def test_it_names_nobody() -> None:
    assert not {"usr_ada", "acme", "ada@example.com"} & set(made().split("."))
    assert made() != made()


@given(st.text())
def test_what_we_never_made_is_not_even_remembered(value: str) -> None:
    assert remembered(value) is None


@pytest.mark.parametrize(
    "value", ["", "1.x.y", f"{NOW}.{'A' * 22}.{'A' * 42}", f"{'9' * 13}.{'A' * 22}.{'A' * 43}"]
)
def test_what_is_almost_a_cookie_is_not_remembered(value: str) -> None:
    assert remembered(value) is None


def test_a_browser_without_a_cookie_is_unknown() -> None:
    assert not knows(ADA, None, NOW)

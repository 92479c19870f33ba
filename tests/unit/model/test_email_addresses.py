"""E-mail addresses as they are stored and compared."""

import pytest

from passwordless.model.email_addresses import normalised


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("ada@example.com", "ada@example.com"),
        (" Ada.Lovelace+x@Example.COM\n", "ada.lovelace+x@example.com"),
        ("o'brien@sub.example.com", "o'brien@sub.example.com"),
    ],
)
def test_an_address_is_compared_in_lower_case(written: str, stored: str) -> None:
    assert normalised(written) == stored


@pytest.mark.parametrize(
    "written",
    [
        *(None, 7, "", "ada", "@example.com", "ada@", "a b@example.com", "ada@example..com", "a@b@c.example"),
        *("ada@exämple.com", f"{'a' * 65}@example.com", f"a@{'b' * 190}.{'c' * 60}", "ada@example.com\x00"),
    ],
)
def test_what_is_no_address_is_none(written: object) -> None:
    assert normalised(written) is None

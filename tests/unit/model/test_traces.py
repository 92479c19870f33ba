"""Values of unknown origin in a trace."""

import pytest

from passwordless.model.traces import MAX_VALUE, Check, Result, failed, passed, shown


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ""),
        ("urn:example:smartcard", "urn:example:smartcard"),
        ("a\r\nb", r"a\u000d\u000ab"),
        ("<b>", r"\u003cb\u003e"),
        ("\\u003c", r"\u005cu003c"),
        ("\U0001f600", r"\U0001f600"),
        ("x" * 256, "x" * 256),
        ("x" * 257, "x" * 253 + "..."),
    ],
)
def test_a_value_is_escaped_and_cut(value: str, expected: str) -> None:
    assert shown(value) == expected


def test_different_values_that_fit_stay_different() -> None:
    assert shown("\\u0000") != shown("\0")


def test_a_check_that_held_has_a_name_only() -> None:
    assert passed("version", "id") == (Check("version", Result.PASSED), Check("id", Result.PASSED))


def test_a_check_that_failed_says_what_was_expected_and_what_came() -> None:
    check = failed("acs", "a", "b" * 999)
    assert (check.result, check.expected, len(check.actual or "")) == (Result.FAILED, "a", MAX_VALUE)

"""Markup: escaping, placeholders, files that are inlined."""

from pathlib import Path

import pytest

from passwordless.markup import Safe, escape, fill, read_inline


def test_safe_markup_passes_and_stays_safe() -> None:
    assert escape(escape("<")) == "&lt;"
    assert escape(Safe("<b>")) == "<b>"


@pytest.mark.parametrize("values", [{}, {"a": "1", "b": "2"}, {"b": "2"}])
def test_a_missing_or_unknown_value_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="placeholders and values differ: "):
        fill("<p>{{a}}</p>", values)


def test_unknown_words_are_refused() -> None:
    with pytest.raises(KeyError):
        fill("<p>{{no.words}}</p>", {})


def test_a_placeholder_inside_a_value_stays_text() -> None:
    assert fill("{{a}}{{b}}", {"a": "{{b}}", "b": "2"}) == "{{b}}2"


def test_a_file_that_would_end_its_element_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.css").write_text("/* </style><script> */")
    with pytest.raises(ValueError, match=r"page\.css cannot be inlined"):
        read_inline(tmp_path, "page.css")

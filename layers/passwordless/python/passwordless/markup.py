"""HTML from template files: values escaped, placeholders checked, style and script fit to be inlined.

`{{name}}` in a template is a value, `{{code.with.dots}}` words from `texts`.
"""

import base64
import hashlib
import html
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from passwordless import texts

_PLACEHOLDER = re.compile(r"\{\{([a-z_.]+)\}\}")


class Safe(str):
    """Markup that may stand in a page as it is: our own, or already escaped."""

    __slots__ = ()


def escape(value: str) -> Safe:
    """Return `value` as HTML text or attribute value; `Safe` passes unchanged.

    Line breaks become references, because a parser turns a bare CR in an attribute into LF (HTML, 13.2.3.5).
    """
    if isinstance(value, Safe):
        return value
    return Safe(html.escape(value).replace("\r", "&#13;").replace("\n", "&#10;"))


def fill(template: str, values: Mapping[str, str], language: str = texts.DEFAULT_LANGUAGE) -> str:
    """Return `template` with each placeholder replaced, escaped, in one pass: nothing in a value is a placeholder.

    Raises:
        ValueError: a placeholder has no value, or a value has no placeholder.
        KeyError: a code is not in the catalogue.
    """
    names = {name for name in _PLACEHOLDER.findall(template) if "." not in name}
    if mismatch := names ^ values.keys():
        raise ValueError(f"placeholders and values differ: {', '.join(sorted(mismatch))}")

    def replaced(match: re.Match[str]) -> str:
        name = match[1]
        return escape(values[name] if name in values else texts.text(name, values, language))

    return _PLACEHOLDER.sub(replaced, template)


@cache
def read(folder: Path, name: str) -> str:
    """Return a page's file, line ends normalised as an HTML parser does."""
    return (folder / name).read_text(encoding="utf-8")


@cache
def read_inline(folder: Path, name: str) -> Safe:
    """Return a style or script file that can stand inside its element.

    Raises:
        ValueError: it would end the element early.
    """
    content = read(folder, name)
    if "</" in content or "<!--" in content:
        raise ValueError(f"{name} cannot be inlined")
    return Safe(content)


@cache
def source_of(content: str) -> str:
    """Return the CSP source that allows exactly this inline content (CSP level 3, 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"

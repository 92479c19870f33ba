"""A schema in words and HTML: what a member is, within which bounds, and what it means."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from docs.openapi.schema import TIME_PATTERN, Schema

_BOUNDS = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minimum": "from {}",
    "maximum": "to {}",
    "minItems": "at least {}",
    "maxItems": "at most {}",
    "minProperties": "at least {} of them",
    "default": "default {}",
}
_PLAIN = {
    "string": "text",
    "integer": "whole number",
    "boolean": "true or false",
    "object": "object",
    "null": "null",
}


def told(schema: Schema) -> str:
    """Return a schema as HTML; an object as a list of its members."""
    described = marked(str(schema.get("description", "")))
    return " ".join(part for part in (_kind(schema), _bounds(schema), described and f"– {described}") if part)


def marked(description: str) -> str:
    """Return a description as HTML; what stands between backticks is code."""
    parts = escape(description).split("`")
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))


def _kind(schema: Schema) -> str:
    if "$ref" in schema:
        name = escape(str(schema["$ref"]).rpartition("/")[2])
        return f'<a href="#schema-{name}">{name}</a>'
    for choice in ("oneOf", "anyOf", "allOf"):
        if choice in schema:
            between = " and " if choice == "allOf" else " or "
            return between.join(told(one) for one in schema[choice]) + _members(schema)
    if "const" in schema:
        return f"<code>{_value(schema['const'])}</code>"
    if "enum" in schema:
        return ", ".join(f"<code>{_value(word)}</code>" for word in schema["enum"])
    return _typed(schema)


def _typed(schema: Schema) -> str:
    kinds = schema.get("type")
    kinds = [kinds] if isinstance(kinds, str) else list(kinds or [])
    if "array" in kinds:
        return f"list of {told(schema['items'])}{_or_null(kinds)}"
    if "object" in kinds:
        return (_members(schema) or "object") + _or_null(kinds)
    if schema.get("pattern") == TIME_PATTERN:
        return "time (RFC 3339, UTC)"
    return " or ".join(_PLAIN.get(kind, kind) for kind in kinds) or "anything"


def _or_null(kinds: list[str]) -> str:
    return " or null" if "null" in kinds else ""


def _bounds(schema: Schema) -> str:
    found = [words.format(_value(schema[name])) for name, words in _BOUNDS.items() if name in schema]
    if "pattern" in schema and schema["pattern"] != TIME_PATTERN:
        found.append(f"<code>{escape(str(schema['pattern']))}</code>")
    return f"({', '.join(found)})" if found else ""


def _members(schema: Schema) -> str:
    rows = "".join(_rows(schema.get("properties", {}), schema.get("required", [])))
    return f"<dl>{rows}</dl>" if rows else ""


def _rows(properties: Mapping[str, Schema], required: list[str]) -> Iterator[str]:
    for name, member in properties.items():
        optional = "" if name in required else " <small>optional</small>"
        yield f"<dt><code>{escape(name)}</code>{optional}</dt><dd>{told(member)}</dd>"


def _value(value: Any) -> str:
    return escape(value if isinstance(value, str) else json.dumps(value))

"""JSON Schemas (2020-12) in few words; an object has the members that are named and no other."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

type Schema = Mapping[str, Any]

TIME_PATTERN: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"


def text(least: int | None = None, most: int | None = None, **more: Any) -> Schema:
    """Return a string of so many characters."""
    bounds = {"minLength": least, "maxLength": most}
    return {"type": "string", **{name: value for name, value in bounds.items() if value is not None}, **more}


def whole(least: int | None = None, most: int | None = None, **more: Any) -> Schema:
    """Return a whole number within bounds."""
    bounds = {"minimum": least, "maximum": most}
    return {"type": "integer", **{name: value for name, value in bounds.items() if value is not None}, **more}


def flag(**more: Any) -> Schema:
    """Return true or false."""
    return {"type": "boolean", **more}


def words(kind: type[StrEnum], **more: Any) -> Schema:
    """Return one of the words of an enumeration of the code."""
    return {"type": "string", "enum": [word.value for word in kind], **more}


def one_of(*choices: str, **more: Any) -> Schema:
    """Return one of some words."""
    return {"type": "string", "enum": list(choices), **more}


def listed(items: Schema, least: int | None = None, most: int | None = None, **more: Any) -> Schema:
    """Return a list of so many items."""
    bounds = {"minItems": least, "maxItems": most}
    return {
        "type": "array",
        "items": items,
        **{name: value for name, value in bounds.items() if value is not None},
        **more,
    }


def record(members: Mapping[str, Schema], **more: Any) -> Schema:
    """Return an object; a name that ends in `?` is that of a member that may be absent."""
    return {
        "type": "object",
        "properties": {name.removesuffix("?"): schema for name, schema in members.items()},
        "required": [name for name in members if not name.endswith("?")],
        "additionalProperties": False,
        **more,
    }


def table(values: Schema, **more: Any) -> Schema:
    """Return an object whose members are named by data."""
    return {"type": "object", "additionalProperties": values, **more}


def nullable(schema: Schema) -> Schema:
    """Return a schema that null fits, too."""
    if "const" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    if "enum" in schema:
        return {**schema, "type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    if schema.get("type") == "null":
        return schema
    if "type" in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def ref(component: str) -> Schema:
    """Return a reference to a schema that has a name of its own."""
    return {"$ref": f"#/components/schemas/{component}"}


def identifier(prefix: str, **more: Any) -> Schema:
    """Return an opaque id as `model.tokens.identifier` makes them."""
    return text(pattern=f"^{prefix}_[a-z2-7]{{20}}$", examples=[f"{prefix}_abcdefghijklmnopqrst"], **more)


TIME: Final = text(pattern=TIME_PATTERN, format="date-time", examples=["2026-11-27T08:00:00Z"])
CORRELATION_ID: Final = text(pattern="^[A-Z2-7]{16}$", examples=["ABCDEFGHIJKLMNOP"])
APPLICATION_ID: Final = identifier("app")
USER_ID: Final = identifier("usr")
DEVICE_ID: Final = identifier("dev")
ENROLLMENT_ID: Final = identifier("enr")
KEY_ID: Final = identifier("key")
EVENT_ID: Final = identifier("evt")
SESSION_ID: Final = text(pattern="^[A-Z2-7]{16}$", examples=["ABCDEFGHIJKLMNOP"])

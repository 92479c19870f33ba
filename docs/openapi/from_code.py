"""Schemas whose members are those of the code's own classes: what pydantic reads, what `encode` writes."""

import types
from collections.abc import Mapping
from dataclasses import fields as fields_of
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel

from docs.openapi.schema import Schema, nullable, record


def read_by(model: type[BaseModel], schemas: Mapping[str, Schema], **more: Any) -> Schema:
    """Return the object that a model reads; a member that has a default may be absent or null.

    Raises KeyError for a field without a schema.
    """
    members = {
        name if field.is_required() else f"{name}?": schemas[name]
        if field.is_required()
        else nullable(schemas[name])
        for name, field in model.model_fields.items()
    }
    return record(members, **more)


def written_by(kind: type, schemas: Mapping[str, Schema], **more: Any) -> Schema:
    """Return the object that `encode` makes of a dataclass: a member that can be None is absent then.

    Raises KeyError for a field without a schema.
    """
    hints = get_type_hints(kind)
    members = {
        f"{one.name}?" if types.NoneType in get_args(hints[one.name]) else one.name: schemas[one.name]
        for one in fields_of(kind)
    }
    return record(members, **more)

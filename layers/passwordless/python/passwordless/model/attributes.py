"""Attribute mapping: which of a user's fields an application is told, under which names. Data only, never code."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from passwordless.model.people import User


class Source(StrEnum):
    """The fields of a user that an attribute can be made from."""

    EMAIL = "email"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    NAME = "name"
    GROUPS = "groups"
    USER_ID = "user_id"


@dataclass(frozen=True, slots=True)
class AttributeRule:
    """One attribute of an application: its name, and either a user's field or a constant.

    `name_format` is the URI of SAML's attribute name format.
    """

    name: str
    name_format: str
    source: Source | None = None
    constant: str | None = None


@dataclass(frozen=True, slots=True)
class ReleasedAttribute:
    """An attribute as one assertion carries it, with at least one value."""

    name: str
    name_format: str
    values: tuple[str, ...]


def released(rules: Iterable[AttributeRule], user: User) -> tuple[ReleasedAttribute, ...]:
    """Return what an application is told of a user, in the order of its rules; what the user lacks is left out."""
    told = (ReleasedAttribute(rule.name, rule.name_format, _values(rule, user)) for rule in rules)
    return tuple(attribute for attribute in told if attribute.values)


def _values(rule: AttributeRule, user: User) -> tuple[str, ...]:
    if rule.source is None:
        found: tuple[str | None, ...] = (rule.constant,)
    elif rule.source is Source.GROUPS:
        found = tuple(dict.fromkeys(user.groups))
    else:
        found = (_field(rule.source, user),)
    return tuple(value for value in found if value)


def _field(source: Source, user: User) -> str | None:
    fields = {
        Source.EMAIL: user.email,
        Source.GIVEN_NAME: user.given_name,
        Source.FAMILY_NAME: user.family_name,
        Source.NAME: user.display_name,
        Source.USER_ID: user.user_id,
    }
    return fields[source]

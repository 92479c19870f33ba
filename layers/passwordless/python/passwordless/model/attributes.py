"""Attribute mapping: which of a user's fields an application is told, under which names. Data only, never code."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from passwordless.model.attribute_services import NOTHING_LISTED, EntityAttribute, RequestedAttribute, Wants
from passwordless.model.people import User


class Source(StrEnum):
    """The fields of a user that an attribute can be made from."""

    EMAIL = "email"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    NAME = "name"
    GROUPS = "groups"
    USER_ID = "user_id"


class Release(StrEnum):
    """When an application is told of an attribute.

    `requested`: where the service that the request selects asks for it, or the metadata lists no service at all;
    `required`: where that service marks it isRequired; `always`: whatever is asked for.
    """

    ALWAYS = "always"
    REQUESTED = "requested"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class AttributeRule:
    """One attribute of an application: its name, and either a user's field or a constant.

    `name_format` is the URI of SAML's attribute name format. With `only_for`, the service provider's metadata must
    have that entity attribute.
    """

    name: str
    name_format: str
    source: Source | None = None
    constant: str | None = None
    release: Release = Release.REQUESTED
    only_for: EntityAttribute | None = None


@dataclass(frozen=True, slots=True)
class ReleasedAttribute:
    """An attribute as one assertion carries it, with at least one value."""

    name: str
    name_format: str
    values: tuple[str, ...]


def released(
    rules: Iterable[AttributeRule], user: User, wants: Wants = NOTHING_LISTED
) -> tuple[ReleasedAttribute, ...]:
    """Return what an application is told of a user, in the order of its rules; what the user lacks is left out."""
    told = (ReleasedAttribute(rule.name, rule.name_format, _wanted(rule, user, wants)) for rule in rules)
    return tuple(attribute for attribute in told if attribute.values)


def _wanted(rule: AttributeRule, user: User, wants: Wants) -> tuple[str, ...]:
    if rule.only_for is not None and rule.only_for not in wants.entity_attributes:
        return ()
    unasked = wants.requested is None and rule.release is Release.REQUESTED
    if unasked or rule.release is Release.ALWAYS:
        return _values(rule, user)
    asking = wants.asking(rule.name, rule.name_format)
    enough = [one for one in asking if one.required or rule.release is Release.REQUESTED]
    return tuple(value for value in _values(rule, user) if _accepted(value, enough))


def _accepted(value: str, asking: Iterable[RequestedAttribute]) -> bool:
    return any(not one.values or value in one.values for one in asking)


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

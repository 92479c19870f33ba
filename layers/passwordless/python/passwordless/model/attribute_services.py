"""What a service provider's metadata says of the attributes that it asks for, and of its own kind."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestedAttribute:
    """An attribute that a service provider asks for; `values`, if there are any, are the only ones it wants.

    Without a `name_format` the name alone counts.
    """

    name: str
    name_format: str | None = None
    required: bool = False
    values: tuple[str, ...] = ()

    def means(self, name: str, name_format: str) -> bool:
        """Tell whether this is the attribute of that name."""
        return self.name == name and self.name_format in (None, name_format)


@dataclass(frozen=True, slots=True)
class AttributeService:
    """An AttributeConsumingService: what one part of a service provider asks for (SAML Metadata, 2.4.4.1)."""

    index: int
    requested: tuple[RequestedAttribute, ...]


@dataclass(frozen=True, slots=True)
class EntityAttribute:
    """One value of an attribute of the service provider itself, such as an entity category."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Wants:
    """What a release depends on; `requested` is None where the service provider lists no service at all."""

    requested: tuple[RequestedAttribute, ...] | None = None
    entity_attributes: tuple[EntityAttribute, ...] = ()

    def asking(self, name: str, name_format: str) -> tuple[RequestedAttribute, ...]:
        """Return what asks for one attribute."""
        return tuple(one for one in self.requested or () if one.means(name, name_format))


NOTHING_LISTED = Wants()
"""What is known of a service provider that was added without metadata."""

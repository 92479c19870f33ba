"""The attributes that a service provider's metadata asks for, and those that it has itself."""

from collections.abc import Sequence

from lxml import etree

from passwordless.model.attribute_services import AttributeService, EntityAttribute, RequestedAttribute
from passwordless.saml import names
from passwordless.saml.names import assertion, metadata
from passwordless.saml.reading import boolean

MAX_SERVICES = 20
MAX_REQUESTED = 50
MAX_VALUES = 50

_ENTITY_ATTRIBUTES = f"{metadata('Extensions')}/{{{names.ENTITY_ATTRIBUTES}}}EntityAttributes"


def attribute_services(role: etree._Element) -> tuple[AttributeService, ...]:
    """Return the attribute consuming services of a role, the default one first (SAML Metadata, 2.4.4.1).

    Raises ValueError for more than can be kept.
    """
    declared = role.findall(metadata("AttributeConsumingService"))
    _bound(declared, MAX_SERVICES, "attribute consuming services")
    ordered = sorted(declared, key=lambda service: service is not _default(declared))
    return tuple(_service(service) for service in ordered)


def entity_attributes(entity: etree._Element) -> tuple[EntityAttribute, ...]:
    """Return the attributes of an entity itself (SAML Metadata Extension for Entity Attributes, 2.4).

    Raises ValueError for more than can be kept.
    """
    found = [
        EntityAttribute(attribute.get("Name", ""), value)
        for attribute in entity.iterfind(f"{_ENTITY_ATTRIBUTES}/{assertion('Attribute')}")
        for value in _values(attribute)
    ]
    _bound(found, MAX_VALUES, "entity attributes")
    return tuple(dict.fromkeys(found))


def _default(services: Sequence[etree._Element]) -> etree._Element | None:
    """Return the first with isDefault true, else the first that has none, else the first (SAML Metadata, 2.2.3)."""
    chosen = [service for service in services if boolean(service.get("isDefault"))]
    silent = [service for service in services if service.get("isDefault") is None]
    return next(iter([*chosen, *silent, *services]), None)


def _service(service: etree._Element) -> AttributeService:
    requested = service.findall(metadata("RequestedAttribute"))
    _bound(requested, MAX_REQUESTED, "requested attributes in a service")
    return AttributeService(
        index=int(service.get("index", "0")), requested=tuple(_requested(one) for one in requested)
    )


def _requested(one: etree._Element) -> RequestedAttribute:
    name_format = one.get("NameFormat", names.ATTRIBUTE_UNSPECIFIED)
    values = _values(one)
    _bound(values, MAX_VALUES, "values of a requested attribute")
    return RequestedAttribute(
        name=one.get("Name", ""),
        name_format=None if name_format == names.ATTRIBUTE_UNSPECIFIED else name_format,
        required=boolean(one.get("isRequired")),
        values=values,
    )


def _values(attribute: etree._Element) -> tuple[str, ...]:
    return tuple((value.text or "").strip() for value in attribute.iterfind(assertion("AttributeValue")))


def _bound(found: Sequence[object], limit: int, what: str) -> None:
    if len(found) > limit:
        raise ValueError(f"The metadata lists more than {limit} {what}.")

"""An attribute mapping as an administrator writes it, checked: names fit their format (SAML Core, 8.2)."""

import re
from typing import Any

from passwordless.model.attribute_services import EntityAttribute
from passwordless.model.attributes import AttributeRule, Release, Source
from passwordless.saml import names
from passwordless.saml.response import clean

MAX_RULES = 50
MAX_NAME = 512
MAX_CONSTANT = 1024

FORMATS = {
    "uri": names.ATTRIBUTE_URI,
    "basic": names.ATTRIBUTE_BASIC,
    "unspecified": names.ATTRIBUTE_UNSPECIFIED,
}
_MEMBERS = {"name", "name_format", "source", "constant", "release", "only_for"}
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
_START = (
    ":A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_XML_NAME = re.compile(f"[{_START}][{_START}.0-9\xb7\u0300-\u036f\u203f-\u2040-]*")


def attribute_rules(value: object) -> tuple[AttributeRule, ...]:
    """Read a list of `{name, name_format?, source | constant, release?, only_for?}`; nothing in it is ever evaluated.

    `name_format` is uri, basic, unspecified or the URI of another one; without it, it follows from the name.
    Raises ValueError.
    """
    if not isinstance(value, list) or len(value) > MAX_RULES:
        raise ValueError(f"must be a list of at most {MAX_RULES}")
    rules = tuple(_rule(one) for one in value)
    if len({(rule.name, rule.name_format) for rule in rules}) != len(rules):
        raise ValueError("must name each attribute once")
    return rules


def _rule(value: object) -> AttributeRule:
    if not isinstance(value, dict) or value.keys() - _MEMBERS:
        raise ValueError(f"must hold objects with some of {', '.join(sorted(_MEMBERS))}")
    given = {member: one for member, one in value.items() if one is not None}
    if ("source" in given) == ("constant" in given):
        raise ValueError("must give each attribute a source or a constant, and not both")
    name = _text(given.get("name"), MAX_NAME, "name")
    name_format = _name_format(given.get("name_format"), name)
    _check_name(name, name_format)
    return AttributeRule(
        name, name_format, _source(given), _constant(given), _release(given), _entity_attribute(given)
    )


def _name_format(value: object, name: str) -> str:
    if value is None:
        return names.ATTRIBUTE_URI if _URI.fullmatch(name) else names.ATTRIBUTE_BASIC
    known = FORMATS.get(value, value) if isinstance(value, str) else ""
    if not _URI.fullmatch(known) or len(known) > MAX_NAME:
        raise ValueError("must have as name_format uri, basic, unspecified or an absolute URI")
    return known


def _check_name(name: str, name_format: str) -> None:
    if name_format == names.ATTRIBUTE_URI and not _URI.fullmatch(name):
        raise ValueError("must have an absolute URI as name where name_format is uri")
    if name_format == names.ATTRIBUTE_BASIC and not _XML_NAME.fullmatch(name):
        raise ValueError("must have an XML name as name where name_format is basic")


def _source(given: dict[str, Any]) -> Source | None:
    if "source" not in given:
        return None
    if given["source"] not in [source.value for source in Source]:
        raise ValueError(f"must have as source one of {', '.join(Source)}")
    return Source(given["source"])


def _constant(given: dict[str, Any]) -> str | None:
    return _text(given["constant"], MAX_CONSTANT, "constant") if "constant" in given else None


def _release(given: dict[str, Any]) -> Release:
    value = given.get("release", Release.REQUESTED.value)
    if value not in [release.value for release in Release]:
        raise ValueError(f"must have as release one of {', '.join(Release)}")
    return Release(value)


def _entity_attribute(given: dict[str, Any]) -> EntityAttribute | None:
    value = given.get("only_for")
    if value is None:
        return None
    if not isinstance(value, dict) or value.keys() != {"name", "value"}:
        raise ValueError("must have as only_for an object with name and value")
    return EntityAttribute(
        _text(value["name"], MAX_NAME, "only_for"), _text(value["value"], MAX_CONSTANT, "only_for")
    )


def _text(value: object, limit: int, member: str) -> str:
    if (
        not isinstance(value, str)
        or not 0 < len(value) <= limit
        or not value.strip()
        or clean(value) != value
    ):
        raise ValueError(f"must have as {member} 1 to {limit} characters without control characters")
    return value

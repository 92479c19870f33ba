"""Typed values out of a message that is valid against the schema."""

import re
from datetime import UTC, datetime

from lxml import etree

from passwordless.saml.authn_request import RequestedSubject
from passwordless.saml.contexts import Comparison, RequestedContext
from passwordless.saml.names import assertion, protocol

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_XML_SPACE = " \t\r\n"


def text(element: etree._Element | None) -> str | None:
    """Return an element's text exactly, or None without the element."""
    return None if element is None else element.text or ""


def attribute(element: etree._Element | None, name: str) -> str | None:
    """Return an attribute exactly, or None without the attribute or the element."""
    return None if element is None else element.get(name)


def boolean(value: str | None) -> bool:
    """Return an xs:boolean, which may also be written as 0 or 1; absence is false (SAML Core, 3.4.1)."""
    return value is not None and value.strip(_XML_SPACE) in ("true", "1")


def number(value: str | None) -> int | None:
    """Return an xs:unsignedShort, or None without one."""
    return None if value is None else int(value.strip(_XML_SPACE))


def instant(value: str | None) -> datetime | None:
    """Return an xs:dateTime in UTC; without a time zone it is UTC (SAML Core, 1.3.3). None when it is not usable."""
    if value is None or not _INSTANT.fullmatch(value):
        return None
    try:
        read = datetime.fromisoformat(value)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def subject(request: etree._Element) -> RequestedSubject | None:
    """Return the Subject of a request, if there is one (SAML Core, 3.4.1)."""
    element = request.find(assertion("Subject"))
    if element is None:
        return None
    name = element.find(assertion("NameID"))
    return RequestedSubject(
        name_id=text(name),
        name_id_format=attribute(name, "Format"),
        sp_name_qualifier=attribute(name, "SPNameQualifier"),
        confirmed=element.find(assertion("SubjectConfirmation")) is not None,
    )


def contexts(request: etree._Element) -> RequestedContext | None:
    """Return the RequestedAuthnContext of a request; without Comparison it is exact (SAML Core, 3.3.2.2.1)."""
    element = request.find(protocol("RequestedAuthnContext"))
    if element is None:
        return None
    classes = tuple(
        (child.text or "").strip(_XML_SPACE) for child in element.iter(assertion("AuthnContextClassRef"))
    )
    return RequestedContext(Comparison(element.get("Comparison", Comparison.EXACT.value)), classes)

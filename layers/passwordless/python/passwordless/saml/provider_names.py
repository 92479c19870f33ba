"""How a service provider's metadata names the service for people."""

from lxml import etree

from passwordless.saml.names import metadata
from passwordless.saml.reading import boolean

_UI = "{urn:oasis:names:tc:SAML:metadata:ui}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def service_names(role: etree._Element) -> tuple[str, ...]:
    """Return a role's names, the one to show first: mdui:DisplayName, then ServiceName, English before others.

    They are text from outside, to be cleaned before anybody sees them (MDUI, 2.1.2; SAML Metadata, 2.4.4.1).
    """
    displayed = role.findall(f"{metadata('Extensions')}/{_UI}UIInfo/{_UI}DisplayName")
    services = role.findall(metadata("AttributeConsumingService"))
    services.sort(key=lambda service: not boolean(service.get("isDefault")))
    named = (service.findall(metadata("ServiceName")) for service in services)
    ordered = [name for group in (displayed, *named) for name in sorted(group, key=_foreign)]
    return tuple(text for name in ordered if (text := (name.text or "").strip()))


def _foreign(name: etree._Element) -> bool:
    return name.get(_LANGUAGE, "").lower().split("-")[0] != "en"

"""Where a service provider wants its LogoutResponses, by its metadata (SAML Metadata, 2.4.2)."""

from dataclasses import dataclass

from lxml import etree

from passwordless.saml import names
from passwordless.saml.names import metadata

_BINDINGS = (names.BINDING_REDIRECT, names.BINDING_POST)


@dataclass(frozen=True, slots=True)
class LogoutEndpoint:
    """An address, and whether it takes a form (HTTP-POST) instead of a query (HTTP-Redirect)."""

    url: str
    by_post: bool


def logout_endpoint(role: etree._Element) -> LogoutEndpoint | None:
    """Return the endpoint of an SPSSODescriptor for responses, by HTTP-Redirect if it has the choice.

    Its URL still has to pass `check_endpoint_url`. None when it has none that a browser can reach.
    """
    services = role.findall(metadata("SingleLogoutService"))
    usable = [service for service in services if service.get("Binding") in _BINDINGS]
    if not usable:
        return None
    chosen = min(usable, key=lambda service: _BINDINGS.index(service.get("Binding", "")))
    url = chosen.get("ResponseLocation", chosen.get("Location", ""))
    return LogoutEndpoint(url, chosen.get("Binding") == names.BINDING_POST)

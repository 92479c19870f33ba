"""Where a service provider takes what we send about logout, by its metadata (SAML Metadata, 2.4.2)."""

from dataclasses import dataclass

from lxml import etree

from passwordless.saml import names
from passwordless.saml.names import metadata

_BINDINGS = (names.BINDING_REDIRECT, names.BINDING_POST)


@dataclass(frozen=True, slots=True)
class LogoutEndpoint:
    """An address, and whether it takes a form (HTTP-POST) instead of a query (HTTP-Redirect).

    `url` takes LogoutResponses, and LogoutRequests too unless `request_url` does.
    """

    url: str
    by_post: bool
    request_url: str | None = None


def logout_endpoint(role: etree._Element) -> LogoutEndpoint | None:
    """Return the endpoint of an SPSSODescriptor, by HTTP-Redirect if it has the choice.

    Its URLs still have to pass `check_endpoint_url`. None when it has none that a browser can reach.
    """
    services = role.findall(metadata("SingleLogoutService"))
    usable = [service for service in services if service.get("Binding") in _BINDINGS]
    if not usable:
        return None
    chosen = min(usable, key=lambda service: _BINDINGS.index(service.get("Binding", "")))
    location, by_post = chosen.get("Location", ""), chosen.get("Binding") == names.BINDING_POST
    for_responses = chosen.get("ResponseLocation", location)
    return LogoutEndpoint(for_responses, by_post, None if for_responses == location else location)

"""Service providers' metadata as an administrator uploads it, and the application that it registers."""

import secrets

from passwordless.model.applications import Application
from passwordless.model.policies import Policy
from passwordless.saml import names
from passwordless.saml.metadata import read_service_provider
from tests.conformance.lab import PLAIN, a_generic_application
from tests.house import House
from tests.unit.saml.builders import key_pair

ENTITY = "https://sp.example.com/metadata"
ACS = "https://sp.example.com/acs?a=b"


def a_key(*certificates: str, use: str | None = "signing") -> str:
    """Write a KeyDescriptor, by default with the certificate of the default key pair."""
    listed = certificates or (key_pair().certificate,)
    data = "".join(
        f"<ds:X509Data><ds:X509Certificate>{each}</ds:X509Certificate></ds:X509Data>" for each in listed
    )
    attribute = "" if use is None else f'use="{use}"'
    return (
        f'<md:KeyDescriptor {attribute}><ds:KeyInfo xmlns:ds="{names.SIGNATURE}">{data}</ds:KeyInfo>'
        "</md:KeyDescriptor>"
    )


def an_acs(url: str = ACS, index: int = 0, default: str | None = None) -> str:
    """Write an AssertionConsumerService for HTTP-POST."""
    chosen = "" if default is None else f'isDefault="{default}"'
    location = url.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<md:AssertionConsumerService Binding="{names.BINDING_POST}" Location="{location}" '
        f'index="{index}" {chosen}/>'
    )


def a_document(
    *,
    entity_id: str = ENTITY,
    keys: str | None = None,
    services: str | None = None,
    role: str = "",
    entity: str = "",
    before: str = "",
    inside: str = "",
    logout: str = "",
    after: str = "",
) -> bytes:
    """Write an EntityDescriptor; every part is XML, put in as it is."""
    return (
        f'<md:EntityDescriptor xmlns:md="{names.METADATA}" entityID="{entity_id}" {entity}>{before}'
        f'<md:SPSSODescriptor protocolSupportEnumeration="{names.PROTOCOL}" {role}>{inside}'
        f"{a_key() if keys is None else keys}{logout}{an_acs() if services is None else services}"
        f"</md:SPSSODescriptor>{after}</md:EntityDescriptor>"
    ).encode()


def registered(house: House, document: bytes, policy: Policy = PLAIN) -> Application:
    """Store the application that a document alone describes.

    Entity ids and addresses are unique in a deployment: a mark of its own keeps each application apart.
    """
    read, mark = read_service_provider(document), secrets.token_hex(4)
    return a_generic_application(
        house,
        policy=policy,
        entity_id=f"{read.entity_id}?{mark}",
        acs_urls=tuple(url.replace("sp.example.com", f"sp-{mark}.example.com") for url in read.acs_urls),
        acs_indexes=read.acs_indexes,
        certificates=read.certificates,
        require_signed_requests=read.signs_requests,
        slo_url=read.logout.url if read.logout else None,
        slo_by_post=read.logout is not None and read.logout.by_post,
    )

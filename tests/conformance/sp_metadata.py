"""Service providers' metadata as an administrator uploads it, and the application that it registers."""

import base64
import secrets
from typing import Any

from passwordless.model.applications import Application
from passwordless.model.attributes import AttributeRule
from passwordless.model.policies import Policy
from passwordless.saml import names
from passwordless.saml.metadata import read_service_provider
from tests.calls import Answer
from tests.conformance.lab import PLAIN, a_generic_application, a_request, is_begun
from tests.house import House
from tests.service_providers import add, with_keys
from tests.sign_in import by_redirect
from tests.unit.saml.builders import KeyPair, key_pair, sign_redirect

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


def a_key_value(pair: KeyPair, *, before: str = "", exponent: int | None = None) -> str:
    """Write a KeyDescriptor with a bare RSA key; `before` is XML."""
    numbers = pair.key.public_key().public_numbers()
    modulus, public = (
        base64.b64encode(number.to_bytes((number.bit_length() + 7) // 8)).decode()
        for number in (numbers.n, numbers.e if exponent is None else exponent)
    )
    return (
        f'<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{names.SIGNATURE}">{before}<ds:KeyValue>'
        f"<ds:RSAKeyValue><ds:Modulus>\n{modulus}\n</ds:Modulus><ds:Exponent>{public}</ds:Exponent>"
        "</ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo></md:KeyDescriptor>"
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


def a_service(index: int, *requested: str, default: str | None = None) -> str:
    """Write an AttributeConsumingService that asks for attributes, each written as XML attributes."""
    chosen = "" if default is None else f'isDefault="{default}"'
    listed = "".join(f"<md:RequestedAttribute {each}/>" for each in requested)
    return (
        f'<md:AttributeConsumingService index="{index}" {chosen}>'
        f'<md:ServiceName xml:lang="en">Service</md:ServiceName>{listed}</md:AttributeConsumingService>'
    )


def entity_attribute(name: str, *values: str) -> str:
    """Write the Extensions of an entity that has an attribute of its own."""
    listed = "".join(f"<s:AttributeValue>{value}</s:AttributeValue>" for value in values)
    return (
        f'<md:Extensions><x:EntityAttributes xmlns:x="{names.ENTITY_ATTRIBUTES}" xmlns:s="{names.ASSERTION}">'
        f'<s:Attribute Name="{name}" NameFormat="{names.ATTRIBUTE_URI}">{listed}</s:Attribute>'
        "</x:EntityAttributes></md:Extensions>"
    )


def registered(
    house: House,
    document: bytes,
    policy: Policy = PLAIN,
    attributes: tuple[AttributeRule, ...] | None = None,
) -> Application:
    """Store the application that a document alone describes.

    Entity ids and addresses are unique in a deployment: a mark of its own keeps each application apart.
    """
    read, mark = read_service_provider(document), secrets.token_hex(4)
    return a_generic_application(
        house,
        policy=policy,
        attributes=attributes,
        entity_id=f"{read.entity_id}?{mark}",
        acs_urls=tuple(url.replace("sp.example.com", f"sp-{mark}.example.com") for url in read.acs_urls),
        acs_indexes=read.acs_indexes,
        certificates=read.certificates,
        require_signed_requests=read.signs_requests,
        slo_url=read.logout.url if read.logout else None,
        slo_by_post=read.logout is not None and read.logout.by_post,
        attribute_services=read.attribute_services,
        entity_attributes=read.entity_attributes,
    )


def upload(house: House, document: bytes, **fields: Any) -> Answer:
    """Add the service provider that a document describes, as an administrator does."""
    body = {"integration": "saml", "sp_metadata_xml": document.decode(), **fields}
    return add(with_keys(house), body)


def uploaded(house: House, document: bytes, **fields: Any) -> Application:
    """Add the service provider that a document describes and return the application that is stored."""
    answer = upload(house, document, **fields)
    assert answer.status == 201, answer.body
    found = house.wiring.stores.applications.get(answer.json["application"]["application_id"])
    assert found is not None
    return found


def own_document(host: str, paths: tuple[str, ...] = ("acs",), **parts: Any) -> bytes:
    """Write the document of a service provider on this host, with an ACS at each path."""
    services = "".join(an_acs(f"https://{host}/{path}", place) for place, path in enumerate(paths))
    return a_document(**{"entity_id": f"https://{host}/metadata", "services": services, **parts})


def arrives(house: House, application: Application, pair: KeyPair | None = None, acs: str = "") -> bool:
    """Tell whether a signed request, perhaps one that names its ACS, leads to a login."""
    attributes = f'AssertionConsumerServiceURL="{acs}"' if acs else ""
    request = a_request(house, application, attributes=attributes)
    return is_begun(by_redirect(house, application.application_id, sign_redirect(request, pair=pair)))

"""Metadata: ours as the service provider reads it, and a service provider's as an administrator uploads it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from passwordless.errors import Unprocessable
from passwordless.model.attribute_services import AttributeService, EntityAttribute
from passwordless.saml import names
from passwordless.saml.certificates import base64_der
from passwordless.saml.endpoint_url import check_endpoint_url
from passwordless.saml.logout_endpoint import LogoutEndpoint, logout_endpoint
from passwordless.saml.names import metadata
from passwordless.saml.names import signature as ds
from passwordless.saml.parsing import parse
from passwordless.saml.provider_attributes import attribute_services, entity_attributes
from passwordless.saml.provider_keys import signing_keys
from passwordless.saml.provider_names import service_names
from passwordless.saml.provider_validity import earliest_end
from passwordless.saml.reading import boolean
from passwordless.saml.refusals import MalformedMessage, shown

__all__ = ["SpMetadata", "check_endpoint_url", "identity_provider", "read_service_provider"]

CACHE_DURATION = "PT6H"
CACHE_SECONDS = 6 * 3600
MAX_BYTES = 256 * 1024
MAX_ACS = 20

_NAMESPACES = {"md": names.METADATA, "ds": names.SIGNATURE, "alg": names.ALGORITHMS}
_SUPPORTED = [
    *(("DigestMethod", algorithm) for algorithm in names.DIGEST_METHODS),
    *(("SigningMethod", algorithm) for algorithm in names.SIGNING_METHODS),
]


@dataclass(frozen=True, slots=True)
class SpMetadata:
    """What a service provider's metadata registers.

    `acs_urls` are its HTTP-POST services, the default one first, `acs_indexes` their indexes in the same order;
    `certificates` are base64 DER, for signing, the bare keys last. `valid_until` is the earliest end that is written
    anywhere in it, not yet compared with any clock; `names` are for people, the best first, not yet cleaned.
    """

    entity_id: str
    acs_urls: tuple[str, ...]
    certificates: tuple[str, ...]
    acs_indexes: tuple[int, ...] = ()
    signs_requests: bool = False
    name_id_formats: tuple[str, ...] = ()
    logout: LogoutEndpoint | None = None
    valid_until: datetime | None = None
    names: tuple[str, ...] = ()
    attribute_services: tuple[AttributeService, ...] = ()
    entity_attributes: tuple[EntityAttribute, ...] = ()


def identity_provider(
    entity_id: str,
    sso_url: str,
    certificates: Sequence[str],
    name_id_formats: Sequence[str],
    want_signed: bool,  # noqa: FBT001  the metadata's own flag
    valid_until: datetime | None = None,
    slo_url: str | None = None,
) -> bytes:
    """Return our metadata, unsigned: the same bytes for the same arguments (SAML Metadata, 2.4.3).

    `certificates` are PEM or base64 DER, the one in use first; without `slo_url` no logout is
    offered. `signing.sign` can sign what is parsed from it.
    """
    entity = etree.Element(metadata("EntityDescriptor"), nsmap=_NAMESPACES)
    entity.set("entityID", entity_id)
    entity.set("cacheDuration", CACHE_DURATION)
    if valid_until is not None:
        entity.set("validUntil", f"{valid_until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    _supported_algorithms(entity)
    role = etree.SubElement(entity, metadata("IDPSSODescriptor"))
    role.set("protocolSupportEnumeration", names.PROTOCOL)
    role.set("WantAuthnRequestsSigned", "true" if want_signed else "false")
    for certificate in certificates:
        _key_descriptor(role, certificate)
    if slo_url is not None:
        for binding in (names.BINDING_REDIRECT, names.BINDING_POST):
            etree.SubElement(role, metadata("SingleLogoutService"), Binding=binding, Location=slo_url)
    for name_id_format in name_id_formats:
        etree.SubElement(role, metadata("NameIDFormat")).text = name_id_format
    for binding in (names.BINDING_REDIRECT, names.BINDING_POST):
        etree.SubElement(role, metadata("SingleSignOnService"), Binding=binding, Location=sso_url)
    entity.set("ID", "_" + hashlib.sha256(etree.tostring(entity)).hexdigest()[:40])
    return etree.tostring(entity, encoding="UTF-8", xml_declaration=True)


def read_service_provider(xml: bytes) -> SpMetadata:
    """Read a service provider's metadata, uploaded and never fetched (S33).

    Each ACS URL, and the URL for logout, still has to pass `check_endpoint_url`.
    Raises Unprocessable `sp_metadata_invalid`.
    """
    if len(xml) > MAX_BYTES:
        raise _invalid("The metadata is larger than 256 kB.")
    try:
        entity = parse(xml, "EntityDescriptor")
    except MalformedMessage as error:
        raise _invalid(error.detail.replace("message", "metadata"), error.private) from None
    entity_id = entity.get("entityID", "")
    if entity_id != entity_id.strip():
        raise _invalid("The entityID has white space around it.", shown(entity_id))
    role = _role(entity)
    services = _services(role)
    try:
        keys, end = signing_keys(role), earliest_end(entity, role)
        asked, own = attribute_services(role), entity_attributes(entity)
    except ValueError as error:
        raise _invalid(str(error)) from None
    return SpMetadata(
        entity_id=entity_id,
        acs_urls=tuple(service.get("Location", "") for service in services),
        certificates=keys,
        acs_indexes=tuple(int(service.get("index", "0")) for service in services),
        signs_requests=boolean(role.get("AuthnRequestsSigned")),
        name_id_formats=tuple((child.text or "").strip() for child in role.iter(metadata("NameIDFormat"))),
        logout=logout_endpoint(role),
        valid_until=end,
        names=service_names(role),
        attribute_services=asked,
        entity_attributes=own,
    )


def _supported_algorithms(entity: etree._Element) -> None:
    """List what we accept, the preferred first (SAML Metadata Profile for Algorithm Support, 2.3 and 2.4)."""
    extensions = etree.SubElement(entity, metadata("Extensions"))
    for name, algorithm in _SUPPORTED:
        etree.SubElement(extensions, f"{{{names.ALGORITHMS}}}{name}", Algorithm=algorithm)


def _key_descriptor(role: etree._Element, certificate: str) -> None:
    descriptor = etree.SubElement(role, metadata("KeyDescriptor"), use="signing")
    data = etree.SubElement(etree.SubElement(descriptor, ds("KeyInfo")), ds("X509Data"))
    etree.SubElement(data, ds("X509Certificate")).text = base64_der(certificate)


def _role(entity: etree._Element) -> etree._Element:
    roles = [
        role
        for role in entity.findall(metadata("SPSSODescriptor"))
        if names.PROTOCOL in role.get("protocolSupportEnumeration", "").split()
    ]
    if len(roles) != 1:
        raise _invalid("The metadata must describe exactly one SAML 2.0 service provider.")
    return roles[0]


def _services(role: etree._Element) -> list[etree._Element]:
    declared = role.findall(metadata("AssertionConsumerService"))
    if len(declared) > MAX_ACS:
        raise _invalid(f"The metadata lists more than {MAX_ACS} assertion consumer services.")
    by_url = {
        service.get("Location", ""): service
        for service in reversed(declared)
        if service.get("Binding") == names.BINDING_POST
    }
    usable = sorted(by_url.values(), key=declared.index)
    if not usable:
        raise _invalid("The metadata lists no assertion consumer service for HTTP-POST.")
    default = _default(usable)
    return [default, *(service for service in usable if service is not default)]


def _default(services: Sequence[etree._Element]) -> etree._Element:
    """Return the first with isDefault true, else the first that has none, else the first (SAML Metadata, 2.2.3)."""
    chosen = [service for service in services if boolean(service.get("isDefault"))]
    silent = [service for service in services if service.get("isDefault") is None]
    return (chosen or silent or list(services))[0]


def _invalid(detail: str, private: str | None = None) -> Unprocessable:
    return Unprocessable(
        "sp_metadata_invalid",
        detail,
        guidance="Download the metadata from the service provider again and upload the file unchanged.",
        private=private,
    )

"""Metadata: ours as the service provider reads it, and a service provider's as an administrator uploads it."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from passwordless.errors import Unprocessable
from passwordless.saml import names
from passwordless.saml.certificates import base64_der, rsa_key
from passwordless.saml.endpoint_url import check_endpoint_url
from passwordless.saml.logout_endpoint import LogoutEndpoint, logout_endpoint
from passwordless.saml.names import metadata
from passwordless.saml.names import signature as ds
from passwordless.saml.parsing import parse
from passwordless.saml.reading import boolean
from passwordless.saml.refusals import MalformedMessage, shown

__all__ = ["SpMetadata", "check_endpoint_url", "identity_provider", "read_service_provider"]

CACHE_DURATION = "PT6H"
CACHE_SECONDS = 6 * 3600
MAX_BYTES = 256 * 1024
MAX_ACS = 20
MAX_CERTIFICATES = 10
MIN_RSA_BITS = 2048

_NAMESPACES = {"md": names.METADATA, "ds": names.SIGNATURE}


@dataclass(frozen=True, slots=True)
class SpMetadata:
    """What a service provider's metadata registers.

    `acs_urls` are its HTTP-POST services, the default one first, `acs_indexes` their indexes in the same order;
    `certificates` are base64 DER, for signing.
    """

    entity_id: str
    acs_urls: tuple[str, ...]
    certificates: tuple[str, ...]
    acs_indexes: tuple[int, ...] = ()
    signs_requests: bool = False
    name_id_formats: tuple[str, ...] = ()
    logout: LogoutEndpoint | None = None


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
    return SpMetadata(
        entity_id=entity_id,
        acs_urls=tuple(service.get("Location", "") for service in services),
        certificates=_certificates(role),
        acs_indexes=tuple(int(service.get("index", "0")) for service in services),
        signs_requests=boolean(role.get("AuthnRequestsSigned")),
        name_id_formats=tuple((child.text or "").strip() for child in role.iter(metadata("NameIDFormat"))),
        logout=logout_endpoint(role),
    )


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


def _certificates(role: etree._Element) -> tuple[str, ...]:
    written = list(_signing_certificates(role))
    if len(written) > MAX_CERTIFICATES:
        raise _invalid(f"The metadata lists more than {MAX_CERTIFICATES} signing certificates.")
    return tuple(dict.fromkeys(_rsa_certificate(text) for text in written))


def _signing_certificates(role: etree._Element) -> Iterator[str]:
    for descriptor in role.findall(metadata("KeyDescriptor")):
        if descriptor.get("use", "signing") == "signing":
            for element in descriptor.iter(ds("X509Certificate")):
                yield element.text or ""


def _rsa_certificate(text: str) -> str:
    try:
        certificate = base64_der(text)
    except ValueError:
        raise _invalid("A signing certificate is not valid base64.") from None
    key = rsa_key(certificate)
    if key is None or key.key_size < MIN_RSA_BITS:
        raise _invalid(f"A signing certificate has no RSA key of at least {MIN_RSA_BITS} bits.")
    return certificate


def _invalid(detail: str, private: str | None = None) -> Unprocessable:
    return Unprocessable(
        "sp_metadata_invalid",
        detail,
        guidance="Download the metadata from the service provider again and upload the file unchanged.",
        private=private,
    )

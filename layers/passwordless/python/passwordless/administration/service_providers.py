"""Any SAML service provider becomes an application: from its metadata or from fields, without a call to anybody."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from passwordless.administration.fields import SamlFields, invalid
from passwordless.auth0.asked import Asked
from passwordless.config import Config
from passwordless.errors import Conflict, Unprocessable
from passwordless.model.applications import (
    Application,
    ApplicationStatus,
    IdentityProvider,
    Integration,
    Rollout,
    RolloutMode,
    ServiceProvider,
)
from passwordless.model.events import Event, EventType
from passwordless.model.policies import NameIdFormat, Policy
from passwordless.model.tokens import identifier
from passwordless.phone.consent import clean_name
from passwordless.saml import names
from passwordless.saml.certificates import base64_der, rsa_key
from passwordless.saml.endpoint_url import check_endpoint_url
from passwordless.saml.metadata import SpMetadata, read_service_provider
from passwordless.saml.provider_keys import MIN_RSA_BITS
from passwordless.saml.provider_validity import check_validity
from passwordless.saml.refusals import shown
from passwordless.wiring import Wiring

_FORMATS = {
    names.PERSISTENT: NameIdFormat.PERSISTENT,
    names.TRANSIENT: NameIdFormat.TRANSIENT,
    names.EMAIL_ADDRESS: NameIdFormat.EMAIL_ADDRESS,
}


@dataclass(frozen=True, slots=True)
class Registration:
    """What a service provider registers; `default_format` is the NameID format that it prefers."""

    sp: ServiceProvider
    name: str
    default_format: NameIdFormat = NameIdFormat.PERSISTENT


def register(house: Wiring, fields: SamlFields, asked: Asked) -> Application:
    """Add a service provider as an application of the tenant.

    Raises Unprocessable `sp_metadata_invalid`, `sp_metadata_expired`, `sp_metadata_validity`, `endpoint_url_invalid`,
    `sp_certificate_invalid`; Malformed `invalid_field` when metadata has no name that can be shown; Conflict
    `service_provider_exists` when its entity id or an address belongs to another application (S02); Unavailable while
    the tenant's first signing key is being made.
    """
    registration = (
        _from_metadata(house, fields) if fields.sp_metadata_xml is not None else _from_fields(fields)
    )
    check_addresses(addresses(registration.sp), house.config, asked.origin)
    application = _application(house, fields, asked, registration)
    stores = house.stores
    failed = stores.commit(
        *stores.applications.adding(application), stores.events.putting(_event(house, application, asked))
    )
    if failed:
        raise taken()
    return application


def status_of(sp: ServiceProvider) -> ApplicationStatus:
    """Return `connected`, or `unverified` for one that must sign its requests and has no certificate (S31)."""
    usable = sp.certificates or not sp.require_signed_requests
    return ApplicationStatus.CONNECTED if usable else ApplicationStatus.UNVERIFIED


def check_addresses(urls: tuple[str, ...], config: Config, origin: str) -> None:
    """Check ACS URLs (S33). Raises Unprocessable `endpoint_url_invalid`."""
    for url in urls:
        check_endpoint_url(url, public_origin=origin, allow_http_loopback=config.local)


def certificates(given: tuple[str, ...]) -> tuple[str, ...]:
    """Return certificates as base64 DER, each once. Raises Unprocessable `sp_certificate_invalid`."""
    return tuple(dict.fromkeys(_certificate(one) for one in given))


def taken() -> Conflict:
    """Return the failure for an entity id or an ACS URL that another application has, of whichever tenant."""
    return Conflict(
        "service_provider_exists",
        "Another application has this entity id or one of these addresses.",
        guidance="Each service provider can be added once. Change or remove the application that has it.",
    )


def warnings(application: Application) -> list[dict[str, str]]:
    """Return what an administrator should know of a service provider that was added."""
    if application.status is ApplicationStatus.UNVERIFIED:
        return [{"code": "certificate_missing", "guidance": _MISSING}]
    if not application.sp.require_signed_requests:
        return [{"code": "unsigned_requests", "guidance": _UNSIGNED}]
    return []


def next_steps(application: Application) -> list[str]:
    """Return what the administrator does now, in order."""
    return [
        *(one["guidance"] for one in warnings(application) if one["code"] == "certificate_missing"),
        f"At the service provider, add this identity provider by its metadata: {application.idp.entity_id}",
        "Invite a phone, if none is enrolled yet.",
        "Sign in at the application with that phone.",
    ]


_MISSING = (
    "No login works yet: requests must be signed and the service provider's certificate is not known. Add "
    "sp_certificates, or set require_signed_requests to false."
)
_UNSIGNED = (
    "Requests need no signature: anybody can start a login at this application, though not finish one."
)


def addresses(sp: ServiceProvider) -> tuple[str, ...]:
    """Return every address of a service provider that something is sent to."""
    return (*sp.acs_urls, *(url for url in (sp.slo_url, sp.slo_request_url) if url is not None))


def described(read: SpMetadata, *, signed: bool) -> ServiceProvider:
    """Return all that metadata registers, its addresses not yet checked; `signed` demands signed requests."""
    return ServiceProvider(
        entity_id=read.entity_id,
        acs_urls=read.acs_urls,
        certificates=read.certificates,
        require_signed_requests=signed,
        acs_indexes=read.acs_indexes,
        slo_url=read.logout.url if read.logout else None,
        slo_by_post=read.logout is not None and read.logout.by_post,
        slo_request_url=read.logout.request_url if read.logout else None,
        attribute_services=read.attribute_services,
        entity_attributes=read.entity_attributes,
        valid_until=None if read.valid_until is None else int(read.valid_until.timestamp()),
    )


def uploaded(house: Wiring, xml: str) -> SpMetadata:
    """Read metadata that is valid now.

    Raises Unprocessable `sp_metadata_invalid`, `sp_metadata_expired`, `sp_metadata_validity`.
    """
    read = read_service_provider(xml.encode())
    check_validity(read.valid_until, house.now_utc)
    return read


def _from_metadata(house: Wiring, fields: SamlFields) -> Registration:
    read = uploaded(house, fields.sp_metadata_xml or "")
    signed = fields.require_signed_requests
    sp = described(read, signed=read.signs_requests if signed is None else signed)
    return Registration(sp, fields.name or _shown_name(read), _preferred(read))


def _shown_name(read: SpMetadata) -> str:
    """Return the first name that has something to show: of the metadata, else the host of the entity id, else that."""
    cleaned = (clean_name(name) for name in (*read.names, _host(read.entity_id), read.entity_id))
    name = next(filter(None, cleaned), None)
    if name is None:
        raise invalid("name", "is required, for the metadata has none that can be shown")
    return name


def _host(entity_id: str) -> str:
    try:
        return urlsplit(entity_id).hostname or ""
    except ValueError:
        return ""


def _preferred(read: SpMetadata) -> NameIdFormat:
    """Return the first format that is listed and means something to us, else persistent."""
    known = (_FORMATS[name] for name in read.name_id_formats if name in _FORMATS)
    return next(known, NameIdFormat.PERSISTENT)


def _from_fields(fields: SamlFields) -> Registration:
    signed = fields.require_signed_requests
    return Registration(
        ServiceProvider(
            entity_id=fields.sp_entity_id or "",
            acs_urls=fields.acs_urls,
            certificates=certificates(fields.sp_certificates),
            require_signed_requests=True if signed is None else signed,
        ),
        fields.name or "",
    )


def _certificate(text: str) -> str:
    try:
        certificate = base64_der(text)
    except ValueError:
        raise _unusable(text) from None
    key = rsa_key(certificate)
    if key is None or key.key_size < MIN_RSA_BITS:
        raise _unusable(text)
    return certificate


def _unusable(text: str) -> Unprocessable:
    return Unprocessable(
        "sp_certificate_invalid",
        f"A certificate has no RSA key of at least {MIN_RSA_BITS} bits.",
        guidance="Copy the service provider's signing certificate, as PEM or base64.",
        private=shown(text),
    )


def _application(house: Wiring, fields: SamlFields, asked: Asked, registration: Registration) -> Application:
    application_id = identifier("app", house.randomness)
    address = f"{asked.origin}/saml/{application_id}"
    key = house.current_signing_key(asked.admin.tenant, asked.correlation_id)
    return Application(
        application_id=application_id,
        tenant=asked.admin.tenant,
        name=registration.name,
        integration=Integration.SAML,
        status=status_of(registration.sp),
        sp=registration.sp,
        idp=IdentityProvider(f"{address}/metadata", f"{address}/sso", key.key_id),
        created_at=house.now,
        updated_at=house.now,
        rollout=Rollout(RolloutMode.TEST if fields.test_users else RolloutMode.EVERYONE, fields.test_users),
        policy=Policy(name_id_format=registration.default_format),
    )


def _event(house: Wiring, application: Application, asked: Asked) -> Event:
    return Event(
        event_id=identifier("evt", house.randomness),
        type=EventType.APPLICATION_CONNECTED,
        tenant=application.tenant,
        at=house.now,
        correlation_id=asked.correlation_id,
        application_id=application.application_id,
        actor=asked.admin.subject,
        ip=asked.ip,
        details={"status": application.status.value},
    )

"""An Auth0 connection as the tenant shows it to everybody, compared with what we hold of it."""

from dataclasses import dataclass

from passwordless.auth0.answers import Published
from passwordless.auth0.examination_texts import advice
from passwordless.errors import Failure
from passwordless.model.applications import Application, ApplicationStatus, Auth0Connection, ServiceProvider
from passwordless.model.findings import Finding, FindingStatus, finding, judged
from passwordless.saml.certificates import sha1_thumbprint
from passwordless.saml.metadata import SpMetadata, read_service_provider

NOTHING = "nothing"
_METADATA = "metadata_readable"


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found; `status` and `certificates` are those that the application has from now on."""

    checks: tuple[Finding, ...]
    status: ApplicationStatus
    certificates: tuple[str, ...]


def examine(
    application: Application, at: Auth0Connection, base_url: str, published: Published
) -> Examination:
    """Compare; only a document that confirms entity id and addresses and has a certificate changes what we trust.

    An application that works stays as it is, whatever else comes back. One whose connect died becomes `failed` when
    its tenant has no such connection, `unverified` when it has another one than was asked for.
    """
    found = _read(published)
    if found is None:
        return _without_metadata(application, at, published)
    held = application.sp
    entity, addresses = _entity_id(held, found, at), _addresses(held, found, at, base_url)
    agreed = entity.status is addresses.status is FindingStatus.OK
    confirmed = agreed and bool(found.certificates)
    checks = (
        finding(_METADATA, FindingStatus.OK, _document(at), "metadata of a service provider"),
        entity,
        addresses,
        _certificates(held, found, at, agreed=agreed),
    )
    fresh = confirmed and set(found.certificates) != set(held.certificates)
    certificates = found.certificates if fresh else held.certificates
    return Examination(checks, _status(application, confirmed=confirmed), certificates)


def _status(application: Application, *, confirmed: bool) -> ApplicationStatus:
    if confirmed:
        return ApplicationStatus.CONNECTED
    begun = application.status is ApplicationStatus.CONNECTING
    return ApplicationStatus.UNVERIFIED if begun else application.status


def _read(published: Published) -> SpMetadata | None:
    if published.document is None:
        return None
    try:
        return read_service_provider(published.document)
    except Failure:
        return None


def _without_metadata(application: Application, at: Auth0Connection, published: Published) -> Examination:
    told = published.told if published.document is None else "a document that is no metadata"
    status = FindingStatus.FAILED if published.absent else FindingStatus.UNKNOWN
    guidance = advice("absent" if published.absent else "unreadable", at)
    held = application.sp
    unknown = (
        ("entity_id", held.entity_id),
        ("acs_urls", " ".join(held.acs_urls)),
        ("certificates", thumbprints(held.certificates)),
    )
    checks = (
        finding(_METADATA, status, _document(at), told, guidance),
        *(finding(check, FindingStatus.UNKNOWN, expected, NOTHING) for check, expected in unknown),
    )
    dead = application.status is ApplicationStatus.CONNECTING and published.absent
    return Examination(checks, ApplicationStatus.FAILED if dead else application.status, held.certificates)


def _document(at: Auth0Connection) -> str:
    return f"metadata of {at.connection_name} at {at.domain}"


def _entity_id(held: ServiceProvider, found: SpMetadata, at: Auth0Connection) -> Finding:
    same = found.entity_id == held.entity_id
    return judged("entity_id", held.entity_id, found.entity_id, advice("entity_id", at), holds=same)


def _addresses(held: ServiceProvider, found: SpMetadata, at: Auth0Connection, base_url: str) -> Finding:
    """Compare the addresses at the tenant's own domain; its metadata there need not list those of custom domains."""
    own = [url for url in held.acs_urls if url.startswith(f"{base_url}/")]
    holds = bool(own) and set(own) <= set(found.acs_urls)
    expected = " ".join(own) or f"an address at {at.domain}"
    return judged("acs_urls", expected, " ".join(found.acs_urls), advice("acs_urls", at), holds=holds)


def _certificates(held: ServiceProvider, found: SpMetadata, at: Auth0Connection, *, agreed: bool) -> Finding:
    before, now = thumbprints(held.certificates), thumbprints(found.certificates)
    if not found.certificates:
        return finding("certificates", FindingStatus.FAILED, before, now, advice("no_certificate", at))
    if set(found.certificates) == set(held.certificates):
        return finding("certificates", FindingStatus.OK, before, now)
    status = FindingStatus.OK if agreed else FindingStatus.FAILED
    return finding("certificates", status, before, now, advice("refreshed" if agreed else "withheld", at))


def thumbprints(certificates: tuple[str, ...]) -> str:
    """Return the SHA-1 of each certificate, a name and not a protection."""
    return " ".join(sha1_thumbprint(one) for one in certificates) or NOTHING

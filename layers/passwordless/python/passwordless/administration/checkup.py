"""Checks of what we hold of an application by ourselves; nothing here asks anybody else."""

from datetime import UTC, datetime

from passwordless.administration.service_providers import addresses, check_addresses, status_of
from passwordless.auth0.asked import Asked
from passwordless.auth0.examination import NOTHING, thumbprints
from passwordless.errors import Failure
from passwordless.model.applications import Application, ApplicationStatus, RolloutMode
from passwordless.model.findings import Finding, FindingStatus, finding, judged
from passwordless.model.signing_keys import SigningKey
from passwordless.wiring import Wiring

SOON = 90 * 86400
ROTATE = (
    "Make the next signing key, give its certificate to the service provider, then move this application to it, before "
    "the present one ends."
)


def own_side(house: Wiring, application: Application, key: SigningKey | None) -> tuple[Finding, ...]:
    """Return what holds for every application: the certificate of its signing key, and whom it admits."""
    return _signing_certificate(key, house.now), _rollout(application)


def service_provider(house: Wiring, asked: Asked, application: Application) -> tuple[Finding, ...]:
    """Return what is registered of a SAML service provider: certificates, the end of its metadata, its addresses."""
    sp = application.sp
    usable = status_of(sp) is ApplicationStatus.CONNECTED
    return (
        judged(
            "certificates",
            "a certificate, for requests must be signed" if sp.require_signed_requests else "none is needed",
            thumbprints(sp.certificates),
            "Add sp_certificates, or set require_signed_requests to false.",
            holds=usable,
        ),
        judged(
            "metadata_validity",
            f"an end after {_instant(house.now)}, or none",
            NOTHING if sp.valid_until is None else _instant(sp.valid_until),
            "Download fresh metadata from the service provider and set sp_metadata_xml to it.",
            holds=not sp.expired(house.now),
        ),
        _endpoints(house, asked, application),
    )


def expires_soon(key: SigningKey | None, now: int) -> bool:
    """Tell whether a key's certificate ends within 90 days of `now` (seconds)."""
    return key is not None and key.expires_at < now + SOON


def _signing_certificate(key: SigningKey | None, now: int) -> Finding:
    expected = f"an end after {_instant(now)}"
    if key is None:
        return finding("signing_certificate", FindingStatus.UNKNOWN, expected, NOTHING)
    end = _instant(key.expires_at)
    return judged("signing_certificate", expected, end, ROTATE, holds=key.expires_at > now)


def _rollout(application: Application) -> Finding:
    rollout = application.rollout
    everyone = rollout.mode is RolloutMode.EVERYONE
    return judged(
        "rollout",
        "somebody may sign in",
        "everyone" if everyone else f"{len(rollout.test_users)} test users",
        "Nobody may sign in: add test users, or open the application to everyone.",
        holds=everyone or bool(rollout.test_users),
    )


def _endpoints(house: Wiring, asked: Asked, application: Application) -> Finding:
    urls = addresses(application.sp)
    guidance = "Change acs_urls or slo_url to what the service provider's settings show."
    try:
        check_addresses(urls, house.config, asked.origin)
    except Failure as failure:
        expected = "complete https:// addresses of the service provider"
        what = f"{failure.detail} {guidance}"
        return finding("endpoint_urls", FindingStatus.FAILED, expected, " ".join(urls), what)
    return finding("endpoint_urls", FindingStatus.OK, "addresses that may be used", " ".join(urls))


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""The doctor: does Auth0's public metadata say what we asked for?"""

from dataclasses import dataclass

from passwordless.errors import Failure
from passwordless.model.applications import ServiceProvider
from passwordless.saml.metadata import read_service_provider


@dataclass(frozen=True, slots=True)
class Verification:
    """Auth0's certificates for signed requests, or the reason why nothing is confirmed (then there are none)."""

    certificates: tuple[str, ...] = ()
    reason: str | None = None


def verify(expected: ServiceProvider, metadata: bytes | None) -> Verification:
    """Compare metadata, None when it could not be had, with the service provider that we know."""
    if metadata is None:
        return Verification(reason="Auth0's public metadata of the connection could not be read.")
    try:
        found = read_service_provider(metadata)
    except Failure as unreadable:
        return Verification(reason=f"Auth0's public metadata is not usable: {unreadable.detail}")
    if found.entity_id != expected.entity_id:
        return Verification(reason="Auth0's public metadata names another entity id.")
    # Auth0 lists the address at its own domain alone, even where a custom domain serves logins, too.
    if set(expected.acs_urls).isdisjoint(found.acs_urls):
        return Verification(reason="Auth0's public metadata names another address for answers.")
    if not found.certificates:
        return Verification(reason="Auth0's public metadata holds no certificate for signed requests.")
    return Verification(found.certificates)

"""How long a service provider's metadata may be used (SAML Metadata, 2.3.2 and 2.4.1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from passwordless.errors import Unprocessable
from passwordless.saml.reading import instant


@dataclass(frozen=True, slots=True)
class Limits:
    """What a deployment demands of validUntil: that there is one, and how far ahead it may be."""

    required: bool
    longest: timedelta


LIMITS = Limits(required=False, longest=timedelta(days=3653))
"""Most service providers write no validUntil and are uploaded by hand, so a missing one is taken."""

_FRESH = (
    "The application's administrator downloads fresh metadata from the service provider and uploads it here."
)


def earliest_end(*descriptors: etree._Element) -> datetime | None:
    """Return the earliest validUntil of nested descriptors, None without any.

    Raises ValueError, with a sentence for the administrator, when one is no instant.
    """
    written = [one.get("validUntil") for one in descriptors if one.get("validUntil") is not None]
    read = [instant((text or "").strip()) for text in written]
    ends = [end for end in read if end is not None]
    if len(ends) < len(written):
        raise ValueError("A validUntil of the metadata is not a usable instant.")
    return min(ends, default=None)


def check_validity(end: datetime | None, now: datetime, limits: Limits = LIMITS) -> None:
    """Check when metadata being uploaded ends.

    Raises Unprocessable `sp_metadata_expired` or, for an end that is missing or too far, `sp_metadata_validity`.
    """
    if end is None:
        if limits.required:
            raise _refused("The metadata has no validUntil.")
        return
    if end <= now:
        raise expired()
    if end > now + limits.longest:
        raise _refused(f"The metadata is valid for more than {limits.longest.days} days.")


def expired() -> Unprocessable:
    """Return the failure for metadata whose end has come, at its upload or at a login."""
    return Unprocessable(
        "sp_metadata_expired", "The metadata of this application is not valid any more.", guidance=_FRESH
    )


def _refused(detail: str) -> Unprocessable:
    return Unprocessable("sp_metadata_validity", detail, guidance=_FRESH)

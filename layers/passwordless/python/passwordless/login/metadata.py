"""Our metadata for an application: signed once, stored, and signed anew on a change or after a day.

So a GET, which anybody may send, costs at most one signature a day and application (S34). Two at once may both sign;
the first write wins, and both answer its bytes.
"""

from datetime import UTC, datetime

from passwordless.errors import Unavailable
from passwordless.login.answer import signed
from passwordless.login.identity import default_format, offered_formats
from passwordless.login.start import application
from passwordless.model.applications import Application
from passwordless.model.metadata import VALID, MetadataDocument
from passwordless.model.signatures import Purpose
from passwordless.model.signing_keys import SigningKey
from passwordless.model.tokens import digest
from passwordless.saml.metadata import identity_provider
from passwordless.saml.names import UNSPECIFIED
from passwordless.saml.parsing import parse
from passwordless.wiring import Wiring

_TRIES = 3


def signed_metadata(wiring: Wiring, application_id: str, correlation_id: str) -> str:
    """Return the metadata that a service provider needs to trust us (SAML Metadata, 2.3.2 and 3).

    It lists every key that the tenant's applications may sign with, the one that this application is pinned to first.
    Raises NotFound for an unknown application, Conflict while it is not connected, Unavailable without its key.
    """
    to = application(wiring, application_id)
    keys = _keys(wiring, to)
    fingerprint = digest(_unsigned(to, keys, None))
    for _ in range(_TRIES):
        known = wiring.stores.metadata.get(application_id)
        if known is not None and known.serves(fingerprint, wiring.now):
            return known.xml
        xml = _signed(wiring, to, keys, correlation_id)
        made = MetadataDocument(application_id, fingerprint, xml, wiring.now)
        if wiring.stores.metadata.put(made, known):
            return made.xml
    raise Unavailable("metadata_busy", "The metadata is being made anew.", retry_after=1)


def _keys(wiring: Wiring, to: Application) -> tuple[SigningKey, ...]:
    usable = wiring.stores.signing_keys.ring(to.tenant).usable
    pinned = tuple(key for key in usable if key.key_id == to.idp.signing_key_id)
    if not pinned:
        raise Unavailable("signing_key_missing", "The application's signing key is missing.", retry_after=60)
    return pinned + tuple(key for key in usable if key not in pinned)


def _signed(wiring: Wiring, to: Application, keys: tuple[SigningKey, ...], correlation_id: str) -> str:
    until = datetime.fromtimestamp(wiring.now + VALID, UTC)
    root = parse(_unsigned(to, keys, until), "EntityDescriptor")
    return signed(wiring, to, keys[0], root, Purpose.METADATA, correlation_id).decode()


def _unsigned(to: Application, keys: tuple[SigningKey, ...], valid_until: datetime | None) -> bytes:
    return identity_provider(
        to.idp.entity_id,
        to.idp.sso_url,
        [key.certificate_pem for key in keys],
        _formats(to),
        to.sp.require_signed_requests,
        valid_until,
        to.idp.slo_url if to.sp.slo_url is not None else None,
    )


def _formats(to: Application) -> list[str]:
    """Return the formats that a request gets when it names them: `unspecified` gets the default (SAML Core, 8.3.1)."""
    default = default_format(to)
    return [each for each in offered_formats(to) if each != UNSPECIFIED or each == default]

"""The Response of an ended login: built from what was frozen, signed, in the form that the browser posts."""

import base64
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from lxml import etree

from passwordless.errors import Unavailable
from passwordless.metrics import Metric
from passwordless.model.applications import Application
from passwordless.model.sessions import OTHER_PERSON, PASSIVE, Ending, LoginSession, SamlRequest, Status
from passwordless.model.signatures import Act, Purpose
from passwordless.model.signing_keys import SigningKey
from passwordless.saml import response, signing
from passwordless.saml.bindings import Parameter
from passwordless.saml.names import PERSISTENT
from passwordless.saml.response import ID_BYTES, Attribute, Claims, Envelope, NameId, new_id
from passwordless.saml.status import DENIED, FAILED, NO_PASSIVE, UNKNOWN_PRINCIPAL, SamlStatus
from passwordless.wiring import Wiring

_REFUSED = replace(
    DENIED, message="The sign-in is not allowed. The organisation's administrator can tell why."
)
_DAY = 86400
_STATUSES = {Status.DENIED: DENIED, Status.EXPIRED: FAILED, Status.REFUSED: _REFUSED}


@dataclass(frozen=True, slots=True)
class Posting:
    """What the browser posts to a service provider: a message as base64, in the form's field `parameter`.

    `browser_session` is the secret of a session with us that began with this answer, for its cookie; `known_browser`
    the value of the cookie by which this browser is known again.
    """

    url: str
    message: str
    relay_state: str | None
    browser_session: str | None = None
    known_browser: str | None = None
    parameter: Parameter = "SAMLResponse"


def new_ending(wiring: Wiring) -> Ending:
    """Return fresh ids and the instant of a Response, to be frozen before anything is signed."""
    return Ending(
        response_id=new_id(wiring.randomness(ID_BYTES)),
        assertion_id=new_id(wiring.randomness(ID_BYTES)),
        session_index=new_id(wiring.randomness(ID_BYTES)),
        issued_at=wiring.now,
    )


def posting(wiring: Wiring, application: Application, session: LoginSession) -> Posting:
    """Return the Response of a session whose ending is frozen: the same bytes each time.

    Raises Unavailable when the signing service fails; the browser may post again.
    """
    ending = session.ending
    if ending is None:
        raise ValueError("the session has not ended")
    if session.status is not Status.COMPLETED:
        reference = session.correlation_id
        return refusal(wiring, application, session.request, ending, _status(session), reference)
    root = response.success(_envelope(application, session.request, ending), _claims(ending))
    key = signing_key(wiring, application)
    xml = signed(wiring, application, key, root, Purpose.RESPONSE, session.correlation_id)
    wiring.metrics.measure(Metric.CERTIFICATE_DAYS_LEFT, (key.expires_at - wiring.now) // _DAY)
    return _posted(session.request, xml)


def refusal(
    wiring: Wiring,
    application: Application,
    request: SamlRequest,
    ending: Ending,
    status: SamlStatus,
    reference: str,
) -> Posting:
    """Return an error Response, signed only if the request's signature verified: nobody else costs one (S34)."""
    root = response.failure(_envelope(application, request, ending), status)
    if not request.signed:
        return _posted(request, response.serialize(root))
    key = signing_key(wiring, application)
    return _posted(request, signed(wiring, application, key, root, Purpose.ERROR_RESPONSE, reference))


def _status(session: LoginSession) -> SamlStatus:
    special = {OTHER_PERSON: UNKNOWN_PRINCIPAL, PASSIVE: NO_PASSIVE}
    found = special.get(session.refusal or "", _STATUSES[session.status])
    return found.told_as(session.correlation_id)


def _posted(request: SamlRequest, xml: bytes) -> Posting:
    return Posting(request.acs_url, base64.b64encode(xml).decode(), request.relay_state)


def signing_key(wiring: Wiring, application: Application) -> SigningKey:
    """Return the key that an application trusts. Raises Unavailable when it is missing or another tenant's."""
    key = wiring.stores.signing_keys.get(application.tenant, application.idp.signing_key_id)
    if key is None or key.tenant != application.tenant or not key.usable:
        raise Unavailable("signing_key_missing", "The application's signing key is missing.", retry_after=60)
    return key


def signed(
    wiring: Wiring,
    application: Application,
    key: SigningKey,
    root: etree._Element,
    purpose: Purpose,
    correlation_id: str,
) -> bytes:
    """Return a message signed by an application's key, and enter that into the ledger. Raises Unavailable."""
    act = Act(purpose, key.tenant, key.key_id, correlation_id, application.application_id)
    with wiring.signer.signing(key, act) as private:
        return signing.sign(root, private, key.certificate_pem)


def _envelope(application: Application, request: SamlRequest, ending: Ending) -> Envelope:
    return Envelope(
        response_id=ending.response_id,
        assertion_id=ending.assertion_id,
        issue_instant=_time(ending.issued_at),
        issuer=application.idp.entity_id,
        acs_url=request.acs_url,
        audience=application.sp.entity_id,
        in_response_to=request.request_id,
    )


def _claims(ending: Ending) -> Claims:
    if ending.authn_instant is None or ending.authn_context is None:
        raise ValueError("a completed login has an authentication")
    form = ending.name_id_format or PERSISTENT
    return Claims(
        name_id=None if ending.name_id is None else NameId(ending.name_id, form),
        attributes=tuple(Attribute(told.name, told.values, told.name_format) for told in ending.statement),
        authn_instant=_time(ending.authn_instant),
        session_index=ending.session_index,
        authn_context=ending.authn_context,
    )


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

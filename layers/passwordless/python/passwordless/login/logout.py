"""Single logout: a service provider's signed LogoutRequest ends sessions with us and is answered (S32)."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from passwordless.errors import Conflict, Failure, Unavailable
from passwordless.login.answer import Posting, signing_key
from passwordless.login.browser_session import known
from passwordless.login.start import trusted
from passwordless.model.applications import Application
from passwordless.model.browser_sessions import BrowserSession, Participation
from passwordless.model.events import Event, EventType
from passwordless.model.signing_keys import SigningKey
from passwordless.model.tokens import identifier
from passwordless.saml import signing
from passwordless.saml.bindings import ReceivedMessage
from passwordless.saml.logout import LogoutRequest, check_logout, same_format
from passwordless.saml.logout_messages import Address, logout_response, redirect_url
from passwordless.saml.response import ID_BYTES, new_id
from passwordless.saml.status import (
    LOGGED_OUT,
    LOGOUT_FAILED,
    PARTIAL_LOGOUT,
    SUCCESS,
    UNKNOWN_PRINCIPAL,
    SamlStatus,
)
from passwordless.wiring import Wiring


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """How the browser goes on: by a form, by a redirect, or, with neither, not at all.

    `cookie_ended` tells that the browser's own session was among those that ended.
    """

    posting: Posting | None = None
    location: str | None = None
    cookie_ended: bool = False


def log_out(
    wiring: Wiring,
    application_id: str,
    message: ReceivedMessage,
    cookies: Mapping[str, str],
    correlation_id: str,
    *,
    at_sso: bool = False,
) -> LoggedOut:
    """Take a LogoutRequest once, end the sessions that its NameID and SessionIndexes name, and answer it.

    `at_sso` for one that came to the address for AuthnRequests, as Auth0 sends it unless told another. A request that
    nothing may be answered to (no registered address, or asynchronous) ends on a page of ours.

    Raises NotFound, Conflict or Unprocessable for the application, a Refusal for the request, Conflict
    `request_replayed` for one that came before, Unavailable when nothing could be ended.
    """
    to = trusted(wiring, application_id)
    endpoint = to.idp.sso_url if at_sso else to.idp.slo_url
    request = check_logout(message, to.sp, endpoint=endpoint, now=wiring.now_utc)
    key = signing_key(wiring, to)
    taking = wiring.stores.replays.taking(to.application_id, request.issuer, request.id, "", wiring.now)
    if wiring.stores.commit(taking):
        raise _replayed()
    own = known(wiring, cookies)
    status, ended = _ended(wiring, to, request, own, correlation_id)
    return _answer(wiring, to, request, key, status, cookie_ended=own is not None and own.key in ended)


def _ended(
    wiring: Wiring, to: Application, request: LogoutRequest, own: BrowserSession | None, correlation_id: str
) -> tuple[SamlStatus, frozenset[str]]:
    """End what the request names; return how that went, and the keys of what ended."""
    if request.name_id is None:
        return UNKNOWN_PRINCIPAL, frozenset()
    try:
        told = _named(wiring, to, request, request.name_id)
        sessions = _sessions(wiring, told, own)
        _end(wiring, to, told, sessions, correlation_id)
    except Unavailable:
        return LOGOUT_FAILED, frozenset()
    elsewhere = any(session.applications - {to.application_id} for session in sessions)
    return PARTIAL_LOGOUT if elsewhere else LOGGED_OUT, frozenset(session.key for session in sessions)


def _named(wiring: Wiring, to: Application, request: LogoutRequest, name_id: str) -> list[Participation]:
    """Return what the application was told and now names; without a SessionIndex it means all (SAML Core, 3.7.3.2)."""
    return [
        told
        for told in wiring.stores.browser_sessions.participations(to.application_id, name_id)
        if same_format(request, told.name_id_format)
        and (not request.session_indexes or told.session_index in request.session_indexes)
    ]


def _sessions(
    wiring: Wiring, told: Iterable[Participation], own: BrowserSession | None
) -> list[BrowserSession]:
    """Return the sessions to end: those named, and the one of this very browser if it is the same person's."""
    found = {one.browser_session: wiring.stores.browser_sessions.get(one.browser_session) for one in told}
    sessions = {key: session for key, session in found.items() if session is not None}
    if own is not None and any(_same_person(own, session) for session in sessions.values()):
        sessions[own.key] = own
    return list(sessions.values())


def _same_person(one: BrowserSession, other: BrowserSession) -> bool:
    return (one.tenant, one.user_id) == (other.tenant, other.user_id)


def _end(
    wiring: Wiring,
    to: Application,
    told: Iterable[Participation],
    sessions: list[BrowserSession],
    correlation_id: str,
) -> None:
    for session in sessions:
        wiring.stores.browser_sessions.end(session.key)
    for one in told:
        wiring.stores.browser_sessions.forget(one)
    event = Event(
        event_id=identifier("evt", wiring.randomness),
        type=EventType.LOGOUT_COMPLETED,
        tenant=to.tenant,
        at=wiring.now,
        correlation_id=correlation_id,
        application_id=to.application_id,
        user_id=next((session.user_id for session in sessions), None),
        details={"sessions": str(len(sessions))},
    )
    wiring.stores.commit(wiring.stores.events.putting(event))


def _answer(
    wiring: Wiring,
    to: Application,
    request: LogoutRequest,
    key: SigningKey,
    status: SamlStatus,
    *,
    cookie_ended: bool,
) -> LoggedOut:
    if to.sp.slo_url is None or request.asynchronous:
        if status.top != SUCCESS:
            raise _failed()
        return LoggedOut(cookie_ended=cookie_ended)
    message_id = new_id(wiring.randomness(ID_BYTES))
    address = Address(message_id, wiring.now_utc, to.idp.entity_id, to.sp.slo_url)
    root, private = logout_response(address, request.id, status), wiring.signer.private_key(key)
    if not to.sp.slo_by_post:
        location = redirect_url(root, request.relay_state, private)
        return LoggedOut(location=location, cookie_ended=cookie_ended)
    xml = base64.b64encode(signing.sign(root, private, key.certificate_pem)).decode()
    return LoggedOut(Posting(to.sp.slo_url, xml, request.relay_state), cookie_ended=cookie_ended)


def _replayed() -> Failure:
    return Conflict(
        "request_replayed",
        "This sign-out was already carried out once.",
        guidance="Sign out again at your application if you are still signed in there.",
    )


def _failed() -> Failure:
    return Unavailable(
        "logout_failed",
        "The session here could not be ended.",
        guidance="Sign out again at your application, or close the browser.",
        retry_after=2,
    )

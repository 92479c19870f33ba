"""A service provider's signed LogoutRequest ends sessions with us, is passed on and answered (S32)."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace

from passwordless.errors import Conflict, Failure, Unavailable
from passwordless.login.answer import signing_key
from passwordless.login.browser_session import known
from passwordless.login.start import trusted
from passwordless.logout.ending import Ended, end, note, refuse
from passwordless.logout.parties import parties
from passwordless.logout.passing import Onward, go_on, respond
from passwordless.model.applications import Application
from passwordless.model.browser_sessions import BrowserSession, Participation
from passwordless.model.events import Source
from passwordless.model.logout_rounds import Asker, LogoutRound
from passwordless.saml.bindings import ReceivedMessage
from passwordless.saml.logout import LogoutRequest, check_logout, same_format
from passwordless.saml.status import LOGOUT_FAILED, UNKNOWN_PRINCIPAL, SamlStatus
from passwordless.wiring import Wiring


def take_request(
    wiring: Wiring,
    application_id: str,
    message: ReceivedMessage,
    cookies: Mapping[str, str],
    source: Source,
    *,
    at_sso: bool = False,
) -> Onward:
    """Take a LogoutRequest once, end the sessions that its NameID and SessionIndexes name, and pass it on.

    `at_sso` for one that came to the address for AuthnRequests, as Auth0 sends it unless told another. A request that
    nothing may be answered to (no registered address, or asynchronous) ends on a page of ours.

    Raises NotFound, Conflict or Unprocessable for the application, a Refusal for the request, Conflict
    `request_replayed` for one that came before, Unavailable when nothing could be ended.
    """
    to = trusted(wiring, application_id)
    endpoint = to.idp.sso_url if at_sso else to.idp.slo_url
    request = check_logout(message, to.sp, endpoint=endpoint, now=wiring.now_utc)
    signing_key(wiring, to)
    taking = wiring.stores.replays.taking(to.application_id, request.issuer, request.id, "", wiring.now)
    if wiring.stores.commit(taking):
        raise _replayed()
    asker = Asker(to.application_id, request.id, request.relay_state, request.asynchronous)
    if request.name_id is None:
        return _declined(wiring, to, asker, UNKNOWN_PRINCIPAL, source)
    own = known(wiring, cookies)
    try:
        ended = _ended(wiring, to, request, request.name_id, own)
        note(wiring, to.tenant, to.application_id, ended, source)
    except Unavailable:
        return _declined(wiring, to, asker, LOGOUT_FAILED, source)
    others = parties(wiring, to.tenant, ended, but=to.application_id)
    begun = LogoutRound(to.tenant, source.correlation_id, others, asker)
    cookie_ended = own is not None and own.key in {session.key for session in ended.sessions}
    return replace(go_on(wiring, begun, begun), cookie_ended=cookie_ended)


def _ended(
    wiring: Wiring, to: Application, request: LogoutRequest, name_id: str, own: BrowserSession | None
) -> Ended:
    """End what the request names, and the session of this very browser if it is the same person's."""
    named = _named(wiring, to, request, name_id)
    keys = {one.browser_session for one in named}
    if own is not None and own.key not in keys and _same_person(wiring, own, keys):
        keys.add(own.key)
    return end(wiring, keys, named)


def _named(wiring: Wiring, to: Application, request: LogoutRequest, name_id: str) -> list[Participation]:
    """Return what the application was told and now names; without a SessionIndex it means all (SAML Core, 3.7.3.2)."""
    return [
        told
        for told in wiring.stores.browser_sessions.participations(to.application_id, name_id)
        if same_format(request, told.name_id_format)
        and (not request.session_indexes or told.session_index in request.session_indexes)
    ]


def _same_person(wiring: Wiring, own: BrowserSession, keys: Iterable[str]) -> bool:
    sessions = [wiring.stores.browser_sessions.get(key) for key in keys]
    people = {(session.tenant, session.user_id) for session in sessions if session is not None}
    return (own.tenant, own.user_id) in people


def _declined(wiring: Wiring, to: Application, asker: Asker, status: SamlStatus, source: Source) -> Onward:
    """Answer that nothing could be ended, if there is where to; raise Unavailable otherwise."""
    with suppress(Unavailable):  # the answer matters more, and the database may be what failed
        refuse(wiring, to.tenant, to.application_id, status, source)
    if to.sp.slo_url is None or asker.silent:
        raise _failed()
    return respond(wiring, to, asker, status, source.correlation_id)


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

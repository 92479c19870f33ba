"""Step one: a checked AuthnRequest becomes a login session and a browser secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from passwordless.errors import Conflict, Failure, NotFound
from passwordless.login import trace
from passwordless.login.answer import Posting, new_ending, refusal
from passwordless.login.happened import happened
from passwordless.login.identity import asked, offered_contexts, offered_formats
from passwordless.login.own_browser import holds
from passwordless.metrics import Metric
from passwordless.model.applications import Application, Integration
from passwordless.model.events import Event, EventType, Source
from passwordless.model.sessions import LIFETIME, LoginSession, SamlRequest
from passwordless.model.tokens import digest, identifier, secret, session_id
from passwordless.model.traces import Trace
from passwordless.phone import consent
from passwordless.saml.bindings import ReceivedMessage
from passwordless.saml.provider_validity import expired
from passwordless.saml.request import AuthnRequest, answerable, check
from passwordless.saml.status import SamlStatus
from passwordless.viewer import Viewer, viewer
from passwordless.web import Request
from passwordless.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Visitor:
    """The browser that brought the request: what it says of itself, where it is, its login cookies, our reference."""

    user_agent: str
    viewer: Viewer
    cookies: Mapping[str, str]
    correlation_id: str

    @classmethod
    def of(cls, request: Request, origin_secret: str) -> "Visitor":
        """Return the browser that sent a request; `origin_secret` as `viewer` wants it."""
        agent = request.headers.get("user-agent", "")
        return cls(agent, viewer(request, origin_secret), request.cookies, request.correlation_id)


@dataclass(frozen=True, slots=True)
class Begun:
    """A session to show; `cookie` is the browser secret to set, None when the browser has it already."""

    session_id: str
    cookie: str | None


@dataclass(frozen=True, slots=True)
class Unanswerable:
    """A request that can lead to no login: the status goes back to the service provider at once."""

    posting: Posting


def application(wiring: Wiring, application_id: str) -> Application:
    """Return an application that serves logins. Raises NotFound, or Conflict while it is not connected."""
    found = wiring.stores.applications.get(application_id)
    if found is None:
        raise unknown_application()
    if not found.ready:
        raise Conflict(
            "application_not_ready",
            "This application is not connected yet.",
            guidance="Your administrator can press Verify in AdminX.",
        )
    return found


def trusted(wiring: Wiring, application_id: str) -> Application:
    """Return an application that serves logins and whose registration has not come to its end.

    Raises as `application` does, and Unprocessable `sp_metadata_expired`.
    """
    found = application(wiring, application_id)
    if found.sp.expired(wiring.now):
        raise expired()
    return found


def unknown_application() -> Failure:
    """Return the failure of a call for an application that is not there, or not any more."""
    return NotFound(
        "unknown_application",
        "There is no application at this address.",
        guidance="Start again at your application. If this happens again, tell your administrator.",
    )


def begin(
    wiring: Wiring, application_id: str, message: ReceivedMessage, visitor: Visitor
) -> Begun | Unanswerable:
    """Check a request, take it once, and begin its session.

    A request that comes again gets the same session, if the browser still holds its secret (reload, back).
    Raises as `trusted` does for the application, a Refusal for the request, Conflict `request_replayed`.
    """
    to = trusted(wiring, application_id)
    request = check(
        message,
        to.sp,
        endpoint=to.idp.sso_url,
        now=wiring.now_utc,
        auth0=to.integration is Integration.AUTH0,
        acs_indexes=to.sp.acs_by_index,
    )
    status = answerable(
        request,
        name_id_formats=offered_formats(to),
        authn_contexts=offered_contexts(to),
        signed_in=to.policy.session_seconds > 0,
    )
    if status is not None:
        return _refuse(wiring, to, request, status, visitor)
    return _take(wiring, to, request, visitor)


def _take(wiring: Wiring, to: Application, request: AuthnRequest, visitor: Visitor) -> Begun:
    now = wiring.now
    cookie = secret(wiring.randomness)
    session = new_session(wiring, to, asked(to, request), visitor, cookie)
    failed = wiring.stores.commit(
        wiring.stores.replays.taking(to.application_id, request.issuer, request.id, session.session_id, now),
        wiring.stores.sessions.starting(session),
        wiring.stores.traces.putting(trace.started(session)),
        wiring.stores.events.putting(started(wiring, session)),
    )
    if failed:
        return _again(wiring, to, request, visitor)
    wiring.metrics.count(Metric.LOGIN_STARTED, correlation_id=session.correlation_id)
    return Begun(session.session_id, cookie)


def _refuse(
    wiring: Wiring, to: Application, request: AuthnRequest, status: SamlStatus, visitor: Visitor
) -> Unanswerable:
    stores, reference = wiring.stores, visitor.correlation_id
    why = trace.unanswerable(to, request, status, reference, wiring.now)
    taking = stores.replays.taking(to.application_id, request.issuer, request.id, "", wiring.now)
    event = _unanswerable(wiring, to, why, visitor)
    if stores.commit(taking, stores.traces.putting(why), stores.events.putting(event)):
        raise _replayed()
    wiring.metrics.count(Metric.LOGIN_REFUSED, reason=why.checks[-1].name, correlation_id=reference)
    told = status.told_as(reference)
    return Unanswerable(refusal(wiring, to, asked(to, request), new_ending(wiring), told, reference))


def _unanswerable(wiring: Wiring, to: Application, why: Trace, visitor: Visitor) -> Event:
    """Return the event of a request that goes back at once; its reason is the name of the check that failed."""
    return Event(
        event_id=identifier("evt", wiring.randomness),
        type=EventType.LOGIN_RETURNED,
        tenant=to.tenant,
        at=wiring.now,
        correlation_id=visitor.correlation_id,
        application_id=to.application_id,
        reference=visitor.correlation_id,
        ip=visitor.viewer.ip,
        details={"outcome": why.outcome.value, "reason": why.checks[-1].name},
    )


def _again(wiring: Wiring, to: Application, request: AuthnRequest, visitor: Visitor) -> Begun:
    known = wiring.stores.replays.session_of(to.application_id, request.issuer, request.id)
    session = wiring.stores.sessions.get(known) if known else None
    if session is None or not holds(session, visitor.cookies):
        raise _replayed()
    return Begun(session.session_id, None)


def new_session(
    wiring: Wiring, to: Application, request: SamlRequest, visitor: Visitor, cookie: str
) -> LoginSession:
    """Return a login that begins now in the browser that gets `cookie`."""
    now = wiring.now
    context = consent.context(
        application=to.name,
        domain=_domain(to, request.acs_url),
        user_agent=visitor.user_agent,
        ip=visitor.viewer.ip,
        place=visitor.viewer.place,
        requested_at=now,
    )
    return LoginSession(
        session_id=session_id(wiring.randomness),
        tenant=to.tenant,
        application_id=to.application_id,
        request=request,
        cookie_hash=digest(cookie),
        frame_key=wiring.randomness(32),
        context=context,
        context_hash=consent.context_hash(context),
        correlation_id=visitor.correlation_id,
        created_at=now,
        expires_at=now + LIFETIME,
        generation_at=now,
        location=visitor.viewer.location,
    )


def started(wiring: Wiring, session: LoginSession) -> Event:
    """Return the event of a login that begins now; nobody knows yet whose it is."""
    source = Source(session.correlation_id, session.address or None)
    return happened(wiring, session, EventType.LOGIN_STARTED, source)


def _domain(to: Application, acs_url: str) -> str:
    """Return the host that the person saw in the browser: an Auth0 tenant's own, or the custom one of the login."""
    if to.auth0 is not None and acs_url == to.sp.acs_urls[0]:
        return to.auth0.domain
    return urlsplit(acs_url).hostname or ""


def _replayed() -> Failure:
    return Conflict(
        "request_replayed",
        "This sign-in was already started once.",
        guidance="Start again at your application.",
    )

"""What browsers and service providers call.

GET  /saml/{application_id}/metadata    our signed metadata for this application; 304 by its ETag
GET  /saml/{application_id}/sso         AuthnRequest by HTTP-Redirect -> 303 to the login page
POST /saml/{application_id}/sso         AuthnRequest by HTTP-POST     -> 303 to the login page
GET  /login/{session_id}                the login page, for the browser that began the login
POST /sessions/{session_id}/restart     a new QR code for the same login -> 303 to the login page
POST /saml/{application_id}/complete    the page that posts the Response to the service provider
GET  /saml/{application_id}/start       a page with a button to begin a login here, where the application allows it
POST /saml/{application_id}/start       begin it -> 303 to the login page
GET  /saml/{application_id}/slo         LogoutRequest or LogoutResponse by HTTP-Redirect -> on to the next application
                                        of the session, at last the signed LogoutResponse to who asked, or a page
POST /saml/{application_id}/slo         the same by HTTP-POST
GET  /session                           whether this browser has a session with us, and a button to end it
POST /session/end                       end it -> on to the applications that took part in it, at last a page

Failures are pages: a person reads them.
"""

from dataclasses import replace
from pathlib import Path

from passwordless import entry, web
from passwordless.errors import Failure
from passwordless.login import browser_session, idp_initiated, known_browser, start, view
from passwordless.login.carrying import carried
from passwordless.login.finish import Finishing, finish
from passwordless.login.metadata import signed_metadata
from passwordless.login.restart import restart as restart_session
from passwordless.logout import departure
from passwordless.logout.answer import take_answer
from passwordless.logout.here import sign_out
from passwordless.logout.request import take_request
from passwordless.model import polling
from passwordless.model.events import Source
from passwordless.model.sessions import COOKIE_LIFETIME
from passwordless.pages import LoginView, Page, Pages
from passwordless.phone.frames import Motion
from passwordless.saml import bindings
from passwordless.saml.logout import is_logout_request
from passwordless.viewer import viewer
from passwordless.wiring import Wiring

PAGES = Pages(Path(__file__).parent / "page")


def metadata(house: Wiring, request: web.Request) -> web.Reply:
    """Serve our metadata."""
    document = signed_metadata(house, request.parameters["application_id"], request.correlation_id)
    return web.versioned(request, document, "application/samlmetadata+xml")


def sso_by_redirect(house: Wiring, request: web.Request) -> web.Reply:
    """Take an AuthnRequest from the query string."""
    return _begin(house, request, bindings.from_redirect(request.query))


def sso_by_post(house: Wiring, request: web.Request) -> web.Reply:
    """Take an AuthnRequest from a posted form."""
    return _begin(house, request, bindings.from_post(request.body))


def logout_by_redirect(house: Wiring, request: web.Request) -> web.Reply:
    """Take a LogoutRequest, or the answer to one of ours, from the query string."""
    return _log_out(house, request, bindings.from_redirect(request.query, answers=True))


def logout_by_post(house: Wiring, request: web.Request) -> web.Reply:
    """Take a LogoutRequest, or the answer to one of ours, from a posted form."""
    return _log_out(house, request, bindings.from_post(request.body, answers=True))


def show_session(house: Wiring, request: web.Request) -> web.Reply:
    """Tell whether this browser has a session with us."""
    return _page(200, PAGES.notice(departure.session(house, request.cookies)))


def end_session(house: Wiring, request: web.Request) -> web.Reply:
    """End this browser's session with us, if a page of ours asks."""
    web.require_own_page(request, house.config.origin(request.domain_name))
    onward = sign_out(house, request.cookies, _source(house, request))
    if onward is None:
        return _page(200, PAGES.notice(departure.NOBODY))
    return departure.reply(PAGES, onward, request.language, local=house.config.local)


def show_start(house: Wiring, request: web.Request) -> web.Reply:
    """Show the button that begins a login; nothing in the address has a say in it (S24)."""
    notice = idp_initiated.invitation(house, request.parameters["application_id"])
    return _page(200, PAGES.notice(notice))


def start_login(house: Wiring, request: web.Request) -> web.Reply:
    """Begin a login without an AuthnRequest, if a page of ours asks."""
    web.require_own_page(request, house.config.origin(request.domain_name))
    begun = idp_initiated.begin_here(house, request.parameters["application_id"], _visitor(house, request))
    return _to_login(request, begun)


def login(house: Wiring, request: web.Request) -> web.Reply:
    """Show the login page; a request with IsPassive is answered instead, and shows nothing."""
    found = view.seen(house.stores.sessions, request.parameters["session_id"], request.cookies)
    source = _source(house, request)
    session = browser_session.reuse(house, found, request.cookies, source)
    if session.request.is_passive:
        posting = browser_session.answer_passive(house, session, request.cookies, source)
        return carried(PAGES.speaking(request.language), posting, local=house.config.local)
    known_browser.notice(house, session, request.cookies)
    motion = view.motion_of(request.query)
    picture = view.picture(session, house.config.origin(request.domain_name), house.now, motion)
    shown = LoginView(
        session_id=session.session_id,
        application_id=session.application_id,
        application_name=session.context["application"],
        domain=session.context["domain"],
        status=session.status_at(house.now).value,
        frame=picture.frame if picture else 0,
        qr_svg=picture.svg if picture else None,
        qr_path=picture.path if picture else None,
        first_poll_ms=polling.FIRST_MS,
        refusal=session.refusal,
        code_required=session.awaits_code(house.now),
        still=motion is Motion.STILL,
        proceed=session.status is not found.status,
        reference=session.correlation_id,
    )
    return replace(
        _page(200, PAGES.speaking(request.language).login(shown)),
        cookies=web.surplus_logins(request, web.login_cookie_name(session.session_id)),
    )


def restart(house: Wiring, request: web.Request) -> web.Reply:
    """Begin anew with another QR code, if a page of ours asks."""
    web.require_own_page(request, house.config.origin(request.domain_name))
    session = restart_session(house, request.parameters["session_id"], request.cookies)
    return web.see_other(f"/login/{session.session_id}")


def complete(house: Wiring, request: web.Request) -> web.Reply:
    """Answer the page that carries the Response to the service provider."""
    web.require_own_page(request, house.config.origin(request.domain_name))
    form = request.form()
    session_id = form.get("session_id", "")
    finishing = Finishing(request.cookies, _source(house, request), form.get("code"))
    posting = finish(house, request.parameters["application_id"], session_id, finishing)
    if posting is None:
        return web.see_other(f"/login/{session_id}")
    return carried(PAGES.speaking(request.language), posting, local=house.config.local)


def failed(failure: Failure, request: web.Request) -> web.Reply:
    """Show a failure as a page with the words of its problem document."""
    page = PAGES.failure(failure, request.correlation_id, request.language)
    return _page(failure.status, page, web.retry_after(failure))


def _begin(house: Wiring, request: web.Request, message: bindings.ReceivedMessage) -> web.Reply:
    if is_logout_request(message):
        return _log_out(house, request, message, at_sso=True)
    begun = start.begin(house, request.parameters["application_id"], message, _visitor(house, request))
    if isinstance(begun, start.Unanswerable):
        return carried(PAGES.speaking(request.language), begun.posting, local=house.config.local)
    return _to_login(request, begun)


def _visitor(house: Wiring, request: web.Request) -> start.Visitor:
    return start.Visitor.of(request, house.config.origin_secret)


def _source(house: Wiring, request: web.Request) -> Source:
    return Source(request.correlation_id, viewer(request, house.config.origin_secret).ip)


def _to_login(request: web.Request, begun: start.Begun) -> web.Reply:
    cookies: tuple[str, ...] = ()
    if begun.cookie is not None:
        cookies = (
            *web.surplus_logins(request, web.login_cookie_name(begun.session_id)),
            web.login_cookie(begun.session_id, begun.cookie, COOKIE_LIFETIME),
        )
    return web.see_other(f"/login/{begun.session_id}", cookies)


def _log_out(
    house: Wiring, request: web.Request, message: bindings.ReceivedMessage, *, at_sso: bool = False
) -> web.Reply:
    to = request.parameters["application_id"]
    if message.parameter == "SAMLResponse":
        onward = take_answer(house, to, message, _source(house, request).ip)
    else:
        onward = take_request(house, to, message, request.cookies, _source(house, request), at_sso=at_sso)
    return departure.reply(PAGES, onward, request.language, local=house.config.local)


def _page(status: int, page: Page, headers: dict[str, str] | None = None) -> web.Reply:
    return web.page(status, page.body, page.csp, headers)


handler = entry.Entry(
    "sso",
    {
        "GET /saml/{application_id}/metadata": metadata,
        "GET /saml/{application_id}/sso": sso_by_redirect,
        "POST /saml/{application_id}/sso": sso_by_post,
        "GET /login/{session_id}": login,
        "POST /sessions/{session_id}/restart": restart,
        "POST /saml/{application_id}/complete": complete,
        "GET /saml/{application_id}/start": show_start,
        "POST /saml/{application_id}/start": start_login,
        "GET /saml/{application_id}/slo": logout_by_redirect,
        "POST /saml/{application_id}/slo": logout_by_post,
        "GET /session": show_session,
        "POST /session/end": end_session,
    },
    failed,
)

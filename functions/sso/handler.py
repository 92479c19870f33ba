"""What browsers and service providers call.

GET  /saml/{application_id}/metadata    our signed metadata for this application; 304 by its ETag
GET  /saml/{application_id}/sso         AuthnRequest by HTTP-Redirect -> 303 to the login page
POST /saml/{application_id}/sso         AuthnRequest by HTTP-POST     -> 303 to the login page
GET  /login/{session_id}                the login page, for the browser that began the login
POST /sessions/{session_id}/restart     a new QR code for the same login -> 303 to the login page
POST /saml/{application_id}/complete    the page that posts the Response to the service provider
GET  /saml/{application_id}/start       a page with a button to begin a login here, where the application allows it
POST /saml/{application_id}/start       begin it -> 303 to the login page
GET  /saml/{application_id}/slo         LogoutRequest by HTTP-Redirect -> the signed LogoutResponse, or a page
POST /saml/{application_id}/slo         LogoutRequest by HTTP-POST     -> the same

Failures are pages: a person reads them.
"""

from dataclasses import replace
from pathlib import Path

from passwordless import entry, web
from passwordless.errors import Failure, Forbidden
from passwordless.login import browser_session, idp_initiated, start, view
from passwordless.login.answer import Posting
from passwordless.login.finish import finish
from passwordless.login.logout import log_out
from passwordless.login.metadata import signed_metadata
from passwordless.login.restart import restart as restart_session
from passwordless.model import polling
from passwordless.model.sessions import COOKIE_LIFETIME
from passwordless.pages import LoginView, NextStep, Notice, Page, Pages
from passwordless.saml import bindings
from passwordless.saml.logout import is_logout_request
from passwordless.wiring import Wiring

PAGES = Pages(Path(__file__).parent / "page")
MAX_COOKIES = 5
SIGNED_OUT = Notice(
    "Signed out",
    "Your session with this sign-in service is over.",
    guidance="You can close this tab. Other applications may still keep you signed in.",
    tone="calm",
)


def metadata(house: Wiring, request: web.Request) -> web.Reply:
    """Serve our metadata."""
    document = signed_metadata(house, request.parameters["application_id"])
    return web.versioned(request, document, "application/samlmetadata+xml")


def sso_by_redirect(house: Wiring, request: web.Request) -> web.Reply:
    """Take an AuthnRequest from the query string."""
    return _begin(house, request, bindings.from_redirect(request.query))


def sso_by_post(house: Wiring, request: web.Request) -> web.Reply:
    """Take an AuthnRequest from a posted form."""
    return _begin(house, request, bindings.from_post(request.body))


def logout_by_redirect(house: Wiring, request: web.Request) -> web.Reply:
    """Take a LogoutRequest from the query string."""
    return _log_out(house, request, bindings.from_redirect(request.query))


def logout_by_post(house: Wiring, request: web.Request) -> web.Reply:
    """Take a LogoutRequest from a posted form."""
    return _log_out(house, request, bindings.from_post(request.body))


def show_start(house: Wiring, request: web.Request) -> web.Reply:
    """Show the button that begins a login; nothing in the address has a say in it (S24)."""
    to = idp_initiated.startable(house, request.parameters["application_id"])
    step = NextStep("Sign in", f"/saml/{to.application_id}/start", {"begin": "login"})
    notice = Notice(f"Sign in to {to.name}", "You will approve it on your phone.", step=step, tone="calm")
    return _page(200, PAGES.notice(notice))


def start_login(house: Wiring, request: web.Request) -> web.Reply:
    """Begin a login without an AuthnRequest, if a page of ours asks."""
    _require_own_page(house, request)
    begun = idp_initiated.begin_here(house, request.parameters["application_id"], _visitor(request))
    return _to_login(request, begun)


def login(house: Wiring, request: web.Request) -> web.Reply:
    """Show the login page; a request with IsPassive is answered instead, and shows nothing."""
    found = view.seen(house.stores.sessions, request.parameters["session_id"], request.cookies)
    session = browser_session.reuse(house, found, request.cookies, request.correlation_id)
    if session.request.is_passive:
        return _carried(
            house,
            request,
            browser_session.answer_passive(house, session, request.cookies, request.correlation_id),
        )
    picture = view.picture(session, house.config.origin(request.domain_name), house.now)
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
        proceed=session.status is not found.status,
        reference=session.correlation_id,
    )
    return replace(
        _page(200, PAGES.speaking(request.language).login(shown)),
        cookies=_surplus(request, web.login_cookie_name(session.session_id)),
    )


def restart(house: Wiring, request: web.Request) -> web.Reply:
    """Begin anew with another QR code, if a page of ours asks."""
    _require_own_page(house, request)
    session = restart_session(house, request.parameters["session_id"], request.cookies)
    return web.see_other(f"/login/{session.session_id}")


def complete(house: Wiring, request: web.Request) -> web.Reply:
    """Answer the page that carries the Response to the service provider."""
    _require_own_page(house, request)
    session_id = request.form().get("session_id", "")
    posting = finish(
        house, request.parameters["application_id"], session_id, request.cookies, request.correlation_id
    )
    if posting is None:
        return web.see_other(f"/login/{session_id}")
    return _carried(house, request, posting)


def failed(failure: Failure, request: web.Request) -> web.Reply:
    """Show a failure as a page with the words of its problem document."""
    page = PAGES.failure(failure, request.correlation_id, request.language)
    return _page(failure.status, page, web.retry_after(failure))


def _begin(house: Wiring, request: web.Request, message: bindings.ReceivedMessage) -> web.Reply:
    if is_logout_request(message):
        return _log_out(house, request, message, at_sso=True)
    begun = start.begin(house, request.parameters["application_id"], message, _visitor(request))
    if isinstance(begun, start.Unanswerable):
        return _carried(house, request, begun.posting)
    return _to_login(request, begun)


def _visitor(request: web.Request) -> start.Visitor:
    return start.Visitor(
        request.headers.get("user-agent", ""), request.ip, request.cookies, request.correlation_id
    )


def _to_login(request: web.Request, begun: start.Begun) -> web.Reply:
    cookies: tuple[str, ...] = ()
    if begun.cookie is not None:
        cookies = (
            *_surplus(request, web.login_cookie_name(begun.session_id)),
            web.login_cookie(begun.session_id, begun.cookie, COOKIE_LIFETIME),
        )
    return web.see_other(f"/login/{begun.session_id}", cookies)


def _carried(house: Wiring, request: web.Request, posting: Posting) -> web.Reply:
    """Return the page that posts a message to the service provider, and the cookie of a session that began with it."""
    page = PAGES.speaking(request.language).auto_post(
        posting.acs_url, posting.saml_response, posting.relay_state, local=house.config.local
    )
    begun = posting.browser_session
    return replace(_page(200, page), cookies=(web.session_cookie(begun),) if begun else ())


def _log_out(
    house: Wiring, request: web.Request, message: bindings.ReceivedMessage, *, at_sso: bool = False
) -> web.Reply:
    application_id = request.parameters["application_id"]
    done = log_out(house, application_id, message, request.cookies, request.correlation_id, at_sso=at_sso)
    if done.posting is not None:
        reply = _carried(house, request, done.posting)
    elif done.location is not None:
        reply = web.see_other(done.location)
    else:
        reply = _page(200, PAGES.notice(SIGNED_OUT))
    cookies = (web.expired_cookie(web.SESSION_COOKIE),) if done.cookie_ended else ()
    return replace(reply, cookies=cookies)


def _surplus(request: web.Request, kept: str) -> tuple[str, ...]:
    """Return the Set-Cookie values that end the oldest logins of a browser that has more than five.

    A cross-site POST carries no Lax cookie, so this is done at the login page too.
    """
    others = [name for name in web.login_cookies(request) if name != kept]
    return tuple(web.expired_cookie(name) for name in others[: -(MAX_COOKIES - 1)])


def _require_own_page(house: Wiring, request: web.Request) -> None:
    if not request.from_own_page(house.config.origin(request.domain_name)):
        raise Forbidden(
            "foreign_origin",
            "This can only be done from our own page.",
            guidance="Go back to the sign-in page and use its button.",
        )


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
    },
    failed,
)

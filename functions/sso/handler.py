"""What browsers and service providers call.

GET  /saml/{application_id}/metadata    our metadata for this application
GET  /saml/{application_id}/sso         AuthnRequest by HTTP-Redirect -> 303 to the login page
POST /saml/{application_id}/sso         AuthnRequest by HTTP-POST     -> 303 to the login page
GET  /login/{session_id}                the login page, for the browser that began the login
POST /sessions/{session_id}/restart     a new QR code for the same login -> 303 to the login page
POST /saml/{application_id}/complete    the page that posts the Response to the service provider

Failures are pages: a person reads them.
"""

from dataclasses import replace
from pathlib import Path

from passwordless import entry, web
from passwordless.errors import Failure, Forbidden
from passwordless.login import start, view
from passwordless.login.finish import finish
from passwordless.login.restart import restart as restart_session
from passwordless.model import polling
from passwordless.model.sessions import COOKIE_LIFETIME
from passwordless.pages import LoginView, Notice, Page, Pages
from passwordless.saml import bindings
from passwordless.wiring import Wiring

PAGES = Pages(Path(__file__).parent / "page")
MAX_COOKIES = 5


def metadata(house: Wiring, request: web.Request) -> web.Reply:
    """Serve our metadata."""
    return web.document(
        start.metadata(house, request.parameters["application_id"]).decode(), "application/samlmetadata+xml"
    )


def sso_by_redirect(house: Wiring, request: web.Request) -> web.Reply:
    """Take an AuthnRequest from the query string."""
    return _begin(house, request, bindings.from_redirect(request.query))


def sso_by_post(house: Wiring, request: web.Request) -> web.Reply:
    """Take an AuthnRequest from a posted form."""
    return _begin(house, request, bindings.from_post(request.body))


def login(house: Wiring, request: web.Request) -> web.Reply:
    """Show the login page."""
    session = view.seen(house.stores.sessions, request.parameters["session_id"], request.cookies)
    picture = view.picture(session, house.config.origin(request.domain_name), house.now)
    shown = LoginView(
        session_id=session.session_id,
        application_id=session.application_id,
        application_name=session.context["application"],
        domain=session.context["domain"],
        status=session.status_at(house.now).value,
        frame=picture.frame if picture else 0,
        qr_svg=picture.svg if picture else None,
        first_poll_ms=polling.FIRST_MS,
        refusal=session.refusal,
    )
    return replace(
        _page(200, PAGES.login(shown)), cookies=_surplus(request, web.login_cookie_name(session.session_id))
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
    return _page(
        200,
        PAGES.auto_post(
            posting.acs_url, posting.saml_response, posting.relay_state, local=house.config.local
        ),
    )


def failed(failure: Failure, request: web.Request) -> web.Reply:
    """Show a failure as a page with the words of its problem document."""
    notice = Notice(failure.title, failure.detail, failure.guidance, failure.code, request.correlation_id)
    return _page(failure.status, PAGES.notice(notice), web.retry_after(failure))


def _begin(house: Wiring, request: web.Request, message: bindings.ReceivedMessage) -> web.Reply:
    visitor = start.Visitor(request.headers.get("user-agent", ""), request.ip, request.cookies)
    begun = start.begin(house, request.parameters["application_id"], message, visitor)
    if isinstance(begun, start.Unanswerable):
        posting = begun.posting
        return _page(
            200,
            PAGES.auto_post(
                posting.acs_url, posting.saml_response, posting.relay_state, local=house.config.local
            ),
        )
    cookies: tuple[str, ...] = ()
    if begun.cookie is not None:
        cookies = (
            *_surplus(request, web.login_cookie_name(begun.session_id)),
            web.login_cookie(begun.session_id, begun.cookie, COOKIE_LIFETIME),
        )
    return web.see_other(f"/login/{begun.session_id}", cookies)


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
    },
    failed,
)

"""The page that carries a message of ours to a service provider, with the cookies that go with it."""

from passwordless import web
from passwordless.login.answer import Posting
from passwordless.model.known_browsers import LIFETIME
from passwordless.pages import Pages


def carried(pages: Pages, posting: Posting, cookies: tuple[str, ...] = (), *, local: bool) -> web.Reply:
    """Return the page that posts the message; the browser keeps its session with us, and is known again."""
    page = pages.auto_post(
        posting.url, posting.message, posting.relay_state, local=local, parameter=posting.parameter
    )
    begun = (web.session_cookie(posting.browser_session),) if posting.browser_session else ()
    known = (web.known_cookie(posting.known_browser, LIFETIME),) if posting.known_browser else ()
    return web.page(200, page.body, page.csp, cookies=(*begun, *known, *cookies))

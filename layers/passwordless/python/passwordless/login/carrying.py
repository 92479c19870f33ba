"""The page that carries a message of ours to a service provider, with the cookies that go with it."""

from passwordless import web
from passwordless.login.answer import Posting
from passwordless.pages import Pages


def carried(pages: Pages, posting: Posting, cookies: tuple[str, ...] = (), *, local: bool) -> web.Reply:
    """Return the page that posts the message; a session that began with it gets its cookie."""
    page = pages.auto_post(
        posting.url, posting.message, posting.relay_state, local=local, parameter=posting.parameter
    )
    begun = (web.session_cookie(posting.browser_session),) if posting.browser_session else ()
    return web.page(200, page.body, page.csp, cookies=(*begun, *cookies))

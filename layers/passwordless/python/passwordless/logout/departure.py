"""What the browser gets of a logout: the way to the next application, or the page that says how it went."""

from collections.abc import Mapping

from passwordless import web
from passwordless.login.browser_session import known
from passwordless.login.carrying import carried
from passwordless.logout.passing import Onward
from passwordless.model.logout_rounds import LogoutRound
from passwordless.pages import NextStep, Notice, Pages
from passwordless.wiring import Wiring

NOBODY = Notice("Nobody is signed in", "This browser has no session with this sign-in service.", tone="calm")
SOMEBODY = Notice(
    "You are signed in",
    "This browser has a session with this sign-in service, which may spare your next sign-in a scan.",
    guidance="Sign out to end it here and at the applications that it was used for.",
    step=NextStep("Sign out", "/session/end", {"end": "session"}),
    tone="calm",
)
_OVER = "Your session with this sign-in service is over."
_CHECK = NextStep("Check this browser", "/session")


def session(house: Wiring, cookies: Mapping[str, str]) -> Notice:
    """Return the notice that tells whether the browser has a session with us, and ends it by its button."""
    return NOBODY if known(house, cookies) is None else SOMEBODY


def reply(pages: Pages, onward: Onward, language: str, *, local: bool) -> web.Reply:
    """Return the reply that takes the browser on, in its language, or tells it how the logout ended."""
    cookies = (web.expired_cookie(web.SESSION_COOKIE),) if onward.cookie_ended else ()
    if onward.posting is not None:
        return carried(pages.speaking(language), onward.posting, cookies, local=local)
    if onward.location is None:
        page = pages.notice(_ended(onward.round))
    elif onward.resting:
        page = pages.speaking(language).onward(onward.location, local=local)
    else:
        return web.see_other(onward.location, cookies)
    return web.page(200, page.body, page.csp, cookies=cookies)


def _ended(done: LogoutRound | None) -> Notice:
    """Return the notice at the end of a logout that nobody else is told of, with the applications by name."""
    signed_out = done.names(failed=False) if done else ()
    failed = done.names(failed=True) if done else ()
    also = f" You were also signed out of {_listed(signed_out)}." if signed_out else ""
    if done is not None and not done.whole:
        named = _listed(failed) if failed else "Some applications"
        kept = f"{named} did not confirm it: sign out there yourself, or close the browser."
    else:
        kept = "You can close this tab. Other applications may still keep you signed in."
    return Notice("Signed out", _OVER + also, guidance=kept, step=_CHECK, tone="calm")


def _listed(names: tuple[str, ...]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last

"""A logout that a person begins on a page of ours, in the browser that holds a session with us."""

from collections.abc import Mapping
from dataclasses import replace

from passwordless.login.browser_session import known
from passwordless.logout.ending import end, note
from passwordless.logout.parties import parties
from passwordless.logout.passing import Onward, go_on
from passwordless.model.events import Source
from passwordless.model.logout_rounds import LogoutRound
from passwordless.wiring import Wiring


def sign_out(wiring: Wiring, cookies: Mapping[str, str], source: Source) -> Onward | None:
    """End the browser's session with us and pass it on to every application that took part in it.

    None when the browser holds no session, or another call has just ended it. Raises Unavailable.
    """
    own = known(wiring, cookies)
    if own is None:
        return None
    ended = end(wiring, (own.key,))
    if not ended.sessions:
        return None
    note(wiring, own.tenant, None, ended, source)
    begun = LogoutRound(own.tenant, source.correlation_id, parties(wiring, own.tenant, ended))
    onward = go_on(wiring, begun, begun)
    # Our form's policy forbids a redirect to another origin (S21): a page of ours has to lie between.
    return replace(onward, resting=onward.location is not None, cookie_ended=True)

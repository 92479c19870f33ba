"""Whether a browser is the one that began a login."""

from collections.abc import Mapping

from passwordless.model.sessions import LoginSession
from passwordless.model.tokens import digest
from passwordless.web import login_cookie_name, same_secret


def holds(session: LoginSession, cookies: Mapping[str, str]) -> bool:
    """Tell whether the browser holds the session's secret."""
    value = cookies.get(login_cookie_name(session.session_id), "")
    return same_secret(digest(value), session.cookie_hash)

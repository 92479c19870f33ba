"""The step-up code, typed into the browser: one attempt, spent before it is compared, compared before any signature."""

from passwordless.login.refuse import refuse_for
from passwordless.model import step_up
from passwordless.model.events import Source
from passwordless.model.people import User
from passwordless.model.sessions import CODE, LoginSession
from passwordless.web import same_secret
from passwordless.wiring import Wiring


def is_confirmed(
    wiring: Wiring, session: LoginSession, user: User, typed: str | None, source: Source
) -> bool:
    """Tell whether an approved login may be completed: it waits for no code, or this is the one that the phone shows.

    What can be no code at all is no attempt. A wrong code ends the login (S15). The same code typed again is the same
    attempt, so that an answer lost after it was spent, or a second press of the button, loses no login.
    """
    if session.code_hash is None:
        return True
    code = step_up.typed_code(typed or "")
    if code is None:
        return False
    attempt = step_up.code_hash(user, session.session_id, code)
    if not wiring.stores.sessions.spend_code(session, attempt, wiring.now):
        return False
    if same_secret(attempt, session.code_hash):
        return True
    refuse_for(wiring, session, user.user_id, CODE, source)
    return False

"""Step four: the browser that began the login gets its Response, once.

What the Response says is frozen by the write that ends the session; then it is signed, then it is sent. PKCS #1 v1.5 is
deterministic, so the same browser may repeat the post for a minute and gets the same bytes: a fault on the way loses
nothing (S22).
"""

from collections.abc import Mapping
from dataclasses import replace

from passwordless.errors import Conflict, Failure, NotFound
from passwordless.login.answer import Posting, new_ending, posting
from passwordless.login.refuse import refuse
from passwordless.login.start import unknown_application
from passwordless.login.view import seen
from passwordless.model.applications import Application
from passwordless.model.events import Event, EventType
from passwordless.model.name_ids import pairwise
from passwordless.model.people import User
from passwordless.model.sessions import UNSUCCESSFUL, Decision, LoginSession, Status
from passwordless.model.tokens import identifier
from passwordless.saml.names import MOBILE_TWO_FACTOR_CONTRACT
from passwordless.wiring import Wiring

_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"


def finish(
    wiring: Wiring, application_id: str, session_id: str, cookies: Mapping[str, str], correlation_id: str
) -> Posting | None:
    """Return what the browser posts to the service provider: an assertion, or why there is none.

    None when policy ended the login at this very step (S06): the login page says so.

    Raises NotFound unless this browser began this login at this application and it is still there, Conflict before a
    decision and after the end.
    """
    session = seen(wiring.stores.sessions, session_id, cookies)
    if session.application_id != application_id:
        raise _unknown()
    application = wiring.stores.applications.get(application_id)
    ended = _ended(wiring, session, application, correlation_id)
    return None if ended is None or application is None else posting(wiring, application, ended)


def _ended(
    wiring: Wiring, session: LoginSession, application: Application | None, correlation_id: str
) -> LoginSession | None:
    status = session.status_at(wiring.now)
    if status is Status.APPROVED and session.decision is not None:
        return _complete(wiring, session, session.decision, correlation_id)
    if application is None or application.tenant != session.tenant:
        raise unknown_application()
    if session.ending is not None:
        return _again(wiring, session)
    if status in UNSUCCESSFUL:
        return _return(wiring, session, status, correlation_id)
    raise Conflict(
        "not_approved",
        "This sign-in is not approved yet.",
        guidance="Approve it on your phone, then continue.",
    )


def _complete(
    wiring: Wiring, session: LoginSession, decision: Decision, correlation_id: str
) -> LoginSession | None:
    now, stores = wiring.now, wiring.stores
    user = stores.users.get(decision.user_id)
    if user is None or user.tenant != session.tenant:
        refuse(wiring, session, decision.user_id, frozenset({2}), correlation_id)
        return None
    ending = replace(
        new_ending(wiring),
        name_id=pairwise(user.pairwise_key, session.application_id),
        authn_instant=decision.decided_at,
        authn_context=MOBILE_TWO_FACTOR_CONTRACT,
        attributes=_attributes(user),
    )
    failed = stores.commit(
        stores.sessions.completing(session, ending, now),
        stores.devices.active(decision.device_id, user.user_id, session.tenant),
        stores.users.active(user),
        stores.applications.admitting(session.application_id, session.tenant, user.email),
        stores.events.putting(
            _event(wiring, session, EventType.LOGIN_COMPLETED, correlation_id, user.user_id)
        ),
    )
    if 0 in failed:
        return _again(wiring, session)
    if failed:
        refuse(wiring, session, user.user_id, failed, correlation_id)
        return None
    return replace(session, status=Status.COMPLETED, ending=ending, attempts=1)


def _return(
    wiring: Wiring, session: LoginSession, status: Status, correlation_id: str
) -> LoginSession | None:
    """Freeze the error Response of a login that came to nothing."""
    ending, stores = new_ending(wiring), wiring.stores
    failed = stores.commit(
        stores.sessions.returning(session, status, ending, wiring.now),
        stores.events.putting(_event(wiring, session, EventType.LOGIN_RETURNED, correlation_id, None)),
    )
    return _again(wiring, session) if failed else replace(session, status=status, ending=ending, attempts=1)


def _again(wiring: Wiring, session: LoginSession) -> LoginSession:
    repeated = wiring.stores.sessions.answer_again(session, wiring.now)
    if repeated is None:
        raise Conflict(
            "already_finished",
            "This sign-in is finished already.",
            guidance="If you are not signed in, start again at your application.",
        )
    return repeated


def _attributes(user: User) -> dict[str, str]:
    named = {
        "emailaddress": user.email,
        "name": user.display_name,
        "givenname": user.given_name,
        "surname": user.family_name,
    }
    return {f"{_CLAIMS}/{name}": value for name, value in named.items() if value}


def _event(
    wiring: Wiring, session: LoginSession, kind: EventType, correlation_id: str, user_id: str | None
) -> Event:
    return Event(
        event_id=identifier("evt", wiring.randomness),
        type=kind,
        tenant=session.tenant,
        at=wiring.now,
        correlation_id=correlation_id,
        application_id=session.application_id,
        user_id=user_id,
        session_id=session.session_id,
    )


def _unknown() -> Failure:
    return NotFound(
        "unknown_session",
        "There is no such sign-in in this browser.",
        guidance="Start again at your application.",
    )

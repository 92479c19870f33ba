"""Step four: the browser that began the login gets its Response, once.

What the Response says is frozen by the write that ends the session; then it is signed, then it is sent. PKCS #1 v1.5 is
deterministic, so the same browser may repeat the post for a minute and gets the same bytes: a fault on the way loses
nothing (S22).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from passwordless.errors import Conflict, Failure, NotFound
from passwordless.login import code, identity, trace
from passwordless.login.answer import Posting, new_ending, posting
from passwordless.login.happened import happened
from passwordless.login.keep import keeping, key_of_new
from passwordless.login.refuse import refuse
from passwordless.login.start import unknown_application
from passwordless.login.view import seen
from passwordless.metrics import Metric
from passwordless.model import known_browsers
from passwordless.model.applications import Application
from passwordless.model.events import EventType, Source
from passwordless.model.people import User
from passwordless.model.policies import RelayRisk
from passwordless.model.sessions import (
    OTHER_PERSON,
    UNSUCCESSFUL,
    Decision,
    Ending,
    LoginSession,
    SamlRequest,
    Status,
)
from passwordless.model.tokens import digest, secret
from passwordless.saml.authn_request import RequestedSubject
from passwordless.saml.request import wrong_subject
from passwordless.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Finishing:
    """What the browser that finishes brings: its cookies, whence it calls, and what was typed as a step-up code."""

    cookies: Mapping[str, str]
    source: Source
    code: str | None = None


@dataclass(frozen=True, slots=True)
class _Ended:
    session: LoginSession
    user: User | None = None


def finish(wiring: Wiring, application_id: str, session_id: str, finishing: Finishing) -> Posting | None:
    """Return what the browser posts to the service provider: an assertion, or why there is none.

    None when policy ended the login at this very step (S06), or when it waits for its code still: the login page says
    so.

    Raises NotFound unless this browser began this login at this application and it is still there, Conflict before a
    decision and after the end.
    """
    session = seen(wiring.stores.sessions, session_id, finishing.cookies)
    if session.application_id != application_id:
        raise _unknown()
    application = wiring.stores.applications.get(application_id)
    fresh = secret(wiring.randomness)
    ended = _ended(wiring, session, application, finishing, fresh)
    if ended is None or application is None:
        return None
    ending, user = ended.session.ending, ended.user
    begun = ending is not None and ending.browser_session == digest(fresh)
    weighed = user is not None and application.policy.relay_risk is not RelayRisk.OFF
    return replace(
        posting(wiring, application, ended.session),
        browser_session=fresh if begun else None,
        known_browser=known_browsers.cookie(user, wiring.now, wiring.randomness)
        if user and weighed
        else None,
    )


def _ended(
    wiring: Wiring,
    session: LoginSession,
    application: Application | None,
    finishing: Finishing,
    fresh: str,
) -> _Ended | None:
    status = session.status_at(wiring.now)
    if status is Status.APPROVED and session.decision is not None:
        return _complete(wiring, session, application, session.decision, finishing, fresh)
    if application is None or application.tenant != session.tenant:
        raise unknown_application()
    if session.ending is not None:
        return _Ended(_again(wiring, session))
    if status in UNSUCCESSFUL:
        return _Ended(_return(wiring, session, status, finishing.source))
    raise Conflict(
        "not_approved",
        "This sign-in is not approved yet.",
        guidance="Approve it on your phone, then continue.",
    )


def _complete(
    wiring: Wiring,
    session: LoginSession,
    application: Application | None,
    decision: Decision,
    finishing: Finishing,
    fresh: str,
) -> _Ended | None:
    now, stores, source = wiring.now, wiring.stores, finishing.source
    if application is None or application.tenant != session.tenant:
        refuse(wiring, session, decision.user_id, frozenset({3}), source)
        return None
    user = stores.users.get(decision.user_id)
    if user is None or user.tenant != session.tenant:
        refuse(wiring, session, decision.user_id, frozenset({2}), source)
        return None
    if not code.is_confirmed(wiring, session, user, finishing.code, source):
        return _completed_meanwhile(wiring, session)
    ending = replace(
        _success(wiring, session.request, application, user, decision),
        browser_session=key_of_new(application, decision, fresh),
    )
    if _is_another(session.request, ending):
        return _Ended(_disown(wiring, session, user, source))
    failed = stores.commit(
        stores.sessions.completing(session, ending, now),
        stores.devices.active(decision.device_id, user.user_id, session.tenant),
        stores.users.active(user, approved_at=decision.decided_at),
        stores.applications.admitting(session.application_id, session.tenant, user.email, now),
        stores.events.putting(
            happened(
                wiring,
                session,
                EventType.LOGIN_COMPLETED,
                source,
                user_id=user.user_id,
                device_id=decision.device_id,
            )
        ),
        *keeping(wiring, session, application, decision, ending),
        stores.traces.putting(trace.completed(session, now)),
    )
    if 0 in failed:
        return _Ended(_again(wiring, session))
    if failed:
        refuse(wiring, session, user.user_id, failed, source)
        return None
    wiring.metrics.count(Metric.LOGIN_COMPLETED, correlation_id=session.correlation_id)
    return _Ended(replace(session, status=Status.COMPLETED, ending=ending, attempts=1), user)


def _completed_meanwhile(wiring: Wiring, session: LoginSession) -> _Ended | None:
    """Answer again where another post of the same form brought the code first, as a double click does (S22)."""
    moved = wiring.stores.sessions.get(session.session_id)
    completed = moved is not None and moved.status is Status.COMPLETED
    return _Ended(_again(wiring, session)) if completed else None


def _success(
    wiring: Wiring, request: SamlRequest, application: Application, user: User, decision: Decision
) -> Ending:
    """Return what the assertion says, ready to be frozen."""
    form = identity.name_id_format(application, request)
    return replace(
        new_ending(wiring),
        name_id=identity.name_id(form, application, user, wiring.randomness),
        name_id_format=form,
        authn_instant=decision.decided_at,
        authn_context=identity.authn_context(request, decision),
        statement=identity.attributes(application, user, request.attribute_service),
    )


def _is_another(request: SamlRequest, ending: Ending) -> bool:
    """Tell whether a request names another person than the one who signed in (SAML Core, 3.4.1.4)."""
    if request.subject is None:
        return False
    if ending.name_id is None:
        return True
    wanted = RequestedSubject(request.subject, request.subject_format)
    return wrong_subject(wanted, ending.name_id, ending.name_id_format or "") is not None


def _disown(wiring: Wiring, session: LoginSession, user: User, source: Source) -> LoginSession:
    """Freeze the error Response of a login whose request named another person."""
    ending, stores = new_ending(wiring), wiring.stores
    refused = replace(session, status=Status.REFUSED, refusal=OTHER_PERSON, ending=ending, attempts=1)
    why, who = {"reason": OTHER_PERSON}, user.user_id
    failed = stores.commit(
        stores.sessions.disowning(session, ending, wiring.now),
        stores.events.putting(
            happened(wiring, session, EventType.LOGIN_REFUSED, source, user_id=who, details=why)
        ),
        stores.traces.putting(trace.returned(refused, Status.REFUSED, wiring.now)),
    )
    if failed:
        return _again(wiring, session)
    wiring.metrics.count(Metric.LOGIN_REFUSED, **why, correlation_id=session.correlation_id)
    return refused


def _return(wiring: Wiring, session: LoginSession, status: Status, source: Source) -> LoginSession:
    """Freeze the error Response of a login that came to nothing."""
    ending, stores, how = new_ending(wiring), wiring.stores, {"outcome": status.value}
    failed = stores.commit(
        stores.sessions.returning(session, status, ending, wiring.now),
        stores.events.putting(happened(wiring, session, EventType.LOGIN_RETURNED, source, details=how)),
        stores.traces.putting(trace.returned(session, status, wiring.now)),
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


def _unknown() -> Failure:
    return NotFound(
        "unknown_session",
        "There is no such sign-in in this browser.",
        guidance="Start again at your application.",
    )

"""A browser's session with us: begun by a completed login where the application allows it, used by the next (S23)."""

from collections.abc import Mapping
from dataclasses import replace

from passwordless.errors import Unavailable
from passwordless.login.answer import Posting
from passwordless.login.finish import Finishing, finish
from passwordless.login.happened import happened
from passwordless.login.refuse import refuse_for
from passwordless.login.reported import is_reported
from passwordless.metrics import Metric
from passwordless.model.browser_sessions import BrowserSession
from passwordless.model.events import EventType, Source
from passwordless.model.people import User
from passwordless.model.sessions import APPROVED_LIFETIME, PASSIVE, LoginSession, Status
from passwordless.model.tokens import digest
from passwordless.saml.contexts import STRENGTH
from passwordless.saml.names import MOBILE_TWO_FACTOR_CONTRACT
from passwordless.web import SESSION_COOKIE
from passwordless.wiring import Wiring


def known(wiring: Wiring, cookies: Mapping[str, str]) -> BrowserSession | None:
    """Return the living session whose secret the browser holds."""
    secret = cookies.get(SESSION_COOKIE)
    found = wiring.stores.browser_sessions.get(digest(secret)) if secret else None
    return found if found is not None and wiring.now < found.expires_at else None


def reuse(wiring: Wiring, session: LoginSession, cookies: Mapping[str, str], source: Source) -> LoginSession:
    """Return the login, approved if nobody has scanned it and the browser's session with us can speak for it.

    ForceAuthn asks for a new proof and is never spared one. Device, user and rollout are checked in the transaction
    that approves; where one of them fails, the login stays open to a phone, which is told why.
    """
    if session.request.force_authn or session.status_at(wiring.now) is not Status.PENDING:
        return session
    browser = known(wiring, cookies)
    if browser is None or not _fits(wiring, browser, session):
        return session
    user = wiring.stores.users.get(browser.user_id)
    return session if user is None else _approve(wiring, session, browser, user, source)


def answer_passive(
    wiring: Wiring, session: LoginSession, cookies: Mapping[str, str], source: Source
) -> Posting:
    """Return the Response to a request with IsPassive: the person is shown nothing, whatever it says.

    Raises Conflict after the end, Unavailable if the login could not be ended.
    """
    if session.status_at(wiring.now) is Status.PENDING:
        refuse_for(wiring, session, None, PASSIVE, source)
    finishing = Finishing(cookies, source)
    for _ in range(2):  # policy may end the login at its last step; the second Response then says so
        posting = finish(wiring, session.application_id, session.session_id, finishing)
        if posting is not None:
            return posting
    raise Unavailable("login_unfinished", "The sign-in could not be finished.", retry_after=2)


def _fits(wiring: Wiring, browser: BrowserSession, session: LoginSession) -> bool:
    application = wiring.stores.applications.get(session.application_id)
    return (
        application is not None
        and browser.spares_a_scan(tenant=session.tenant, policy=application.policy, now=wiring.now)
        and _as_strong(browser.authn_context, session.request.authn_context or MOBILE_TWO_FACTOR_CONTRACT)
        and not is_reported(wiring, session, browser.user_id)
    )


def _as_strong(recorded: str, promised: str) -> bool:
    """Tell whether what the browser's session records is at least what the Response will say."""
    if recorded == promised:
        return True
    return recorded in STRENGTH and promised in STRENGTH and STRENGTH[recorded] >= STRENGTH[promised]


def _approve(
    wiring: Wiring, session: LoginSession, browser: BrowserSession, user: User, source: Source
) -> LoginSession:
    now, stores, decision = wiring.now, wiring.stores, browser.decision()
    expires_at = session.end_after(APPROVED_LIFETIME, now)
    event = happened(
        wiring,
        session,
        EventType.LOGIN_APPROVED,
        source,
        user_id=decision.user_id,
        device_id=decision.device_id,
        details={"by": "browser_session"},
    )
    failed = stores.commit(
        stores.sessions.reusing(session, decision, expires_at=expires_at, now=now),
        stores.devices.active(browser.device_id, user.user_id, session.tenant),
        stores.users.active(user, approved_at=browser.authn_instant),
        stores.applications.admitting(session.application_id, session.tenant, user.email, now),
        stores.browser_sessions.living(browser.key, now),
        stores.events.putting(event),
    )
    if 0 in failed:
        return stores.sessions.get(session.session_id) or session
    if failed:
        return session
    wiring.metrics.count(Metric.LOGIN_APPROVED, correlation_id=session.correlation_id)
    return replace(session, status=Status.APPROVED, decision=decision, expires_at=expires_at)

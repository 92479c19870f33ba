"""What a completed login leaves in the browser: a session with us, where the application allows one (S23)."""

from typing import Any

from passwordless.model.applications import Application
from passwordless.model.browser_sessions import BrowserSession, Participation
from passwordless.model.sessions import Decision, Ending, LoginSession
from passwordless.model.tokens import digest
from passwordless.wiring import Wiring


def key_of_new(application: Application, decision: Decision, secret: str) -> str | None:
    """Return the key of the session that begins under this secret, None if none begins.

    None begins after step-up, whose answer proves this one login only, none on the strength of the phone alone, and
    none where a session already spoke.
    """
    strong = decision.uv is not None and not decision.stepped_up
    allowed = application.policy.session_seconds > 0 and strong
    return digest(secret) if allowed and decision.browser_session is None else None


def keeping(
    wiring: Wiring, session: LoginSession, application: Application, decision: Decision, ending: Ending
) -> tuple[Any, ...]:
    """Return the parts of the transaction that completes a login: the session begins, or is joined if it still lives.

    So that SessionIndex links nobody across service providers, each is told its own, kept here for its LogoutRequest.
    """
    store, joined = wiring.stores.browser_sessions, decision.browser_session
    if ending.browser_session is not None:
        begun = _begun(session, application, decision, ending, ending.browser_session)
        return store.starting(begun), *_participating(wiring, session, ending, begun.key)
    if joined is None:
        return ()
    return (
        store.joining(joined, session.application_id, wiring.now),
        *_participating(wiring, session, ending, joined),
    )


def _participating(wiring: Wiring, session: LoginSession, ending: Ending, key: str) -> tuple[Any, ...]:
    """Remember what the application was told; without a NameID no LogoutRequest could name it (SAML Core, 3.7.1)."""
    if ending.name_id is None:
        return ()
    told = Participation(
        application_id=session.application_id,
        name_id=ending.name_id,
        name_id_format=ending.name_id_format or "",
        session_index=ending.session_index,
        browser_session=key,
    )
    return wiring.stores.browser_sessions.participating(told, wiring.now)


def _begun(
    session: LoginSession, application: Application, decision: Decision, ending: Ending, key: str
) -> BrowserSession:
    return BrowserSession(
        key=key,
        tenant=session.tenant,
        user_id=decision.user_id,
        device_id=decision.device_id,
        authn_instant=decision.decided_at,
        authn_context=ending.authn_context or "",
        expires_at=decision.decided_at + application.policy.session_seconds,
        applications=frozenset({session.application_id}),
        uv=decision.uv,
        relay_risk=application.policy.relay_risk,
        block_beyond_km=application.policy.block_beyond_km,
    )

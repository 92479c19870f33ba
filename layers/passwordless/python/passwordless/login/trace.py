"""What is kept of a login so that an administrator can see why it ended: its checks, none of a person's data (S51).

Only a request that passed the checks before the replay check gets here; nothing else of it is ever kept.
"""

from passwordless.login.identity import offered_contexts, offered_formats
from passwordless.model.applications import Application
from passwordless.model.sessions import (
    CODE,
    OTHER_PERSON,
    PASSIVE,
    REPORTED,
    RISK,
    LoginSession,
    Status,
)
from passwordless.model.traces import Check, Outcome, Trace, failed, passed
from passwordless.saml import status as saml
from passwordless.saml.authn_request import AuthnRequest
from passwordless.saml.request import STEP_NAMES
from passwordless.saml.status import SamlStatus

REPLAY = "replay"
ANSWERABLE = {
    "name_id_policy": saml.INVALID_NAME_ID_POLICY,
    "subject_confirmation": saml.REQUEST_UNSUPPORTED,
    "subject": saml.UNKNOWN_PRINCIPAL,
    "authn_context": saml.NO_AUTHN_CONTEXT,
    PASSIVE: saml.NO_PASSIVE,
}
IN_TIME, DECISION = "in_time", "decision"
POLICY = {
    "device": ("an active phone of the user's", "a phone that may not be used any more"),
    "user": ("an active user", "a user who is disabled or was removed"),
    "rollout": (
        "a connected application that is open to the user",
        "an application that is closed to the user, not connected or removed",
    ),
    "session": ("a browser session that is still alive", "a browser session that has ended"),
}
RELAY = {
    RISK: ("a login that does not look relayed", "what the event names as signals"),
    REPORTED: ("an address that nobody reported", "one that was reported as an attacker's"),
    CODE: ("the code that the phone shows", "another code"),
}
SUCCESS = (IN_TIME, DECISION, *POLICY, OTHER_PERSON)
_OUTCOMES = {
    Status.DENIED: Outcome.DENIED,
    Status.EXPIRED: Outcome.EXPIRED,
    Status.REFUSED: Outcome.REFUSED,
}


def unanswerable(
    to: Application, request: AuthnRequest, status: SamlStatus, correlation_id: str, now: int
) -> Trace:
    """Return the trace of a request that is answered at once with this status."""
    names = list(ANSWERABLE)
    name = next(name for name, answer in ANSWERABLE.items() if answer == status)
    checks = passed(*STEP_NAMES, REPLAY, *names[: names.index(name)])
    why = failed(name, *_asked_and_offered(name, to, request))
    return Trace(correlation_id, to.tenant, to.application_id, now, Outcome.UNANSWERABLE, (*checks, why))


def started(session: LoginSession) -> Trace:
    """Return the trace of a login that has just begun."""
    return _trace(session, session.created_at, Outcome.STARTED, ())


def completed(session: LoginSession, now: int) -> Trace:
    """Return the trace of a login that succeeded."""
    spoken = session.decision is not None and session.decision.browser_session is not None
    passive = (PASSIVE,) if session.request.is_passive else ()
    names = [*passive, *(name for name in SUCCESS if name != "session" or spoken)]
    return _trace(session, now, Outcome.COMPLETED, passed(*names))


def returned(session: LoginSession, status: Status, now: int) -> Trace:
    """Return the trace of a login that came to nothing and goes back to its application."""
    return _trace(session, now, _OUTCOMES[status], _end(session, status))


def _trace(session: LoginSession, at: int, outcome: Outcome, end: tuple[Check, ...]) -> Trace:
    arrived = _arrived(session)
    return Trace(
        session.correlation_id, session.tenant, session.application_id, at, outcome, (*arrived, *end)
    )


def _arrived(session: LoginSession) -> tuple[Check, ...]:
    """Return the checks of the request: none of a login that began on our own page.

    Whether a request with IsPassive can be met shows at its end only.
    """
    if session.request.request_id is None:
        return ()
    later = {PASSIVE} if session.request.is_passive else set()
    return passed(*STEP_NAMES, REPLAY, *(name for name in ANSWERABLE if name not in later))


def _end(session: LoginSession, status: Status) -> tuple[Check, ...]:
    if status is Status.EXPIRED:
        return (failed(IN_TIME, "approved and finished in time", f"still {session.status} at its end"),)
    if status is Status.DENIED:
        return (*passed(IN_TIME), failed(DECISION, "an approval", "a refusal by the phone"))
    reason = session.refusal or ""
    if reason == PASSIVE:
        return (failed(PASSIVE, "a session with us that can speak for the user", "none"),)
    if reason == OTHER_PERSON:
        return (
            *passed(IN_TIME, DECISION),
            failed(OTHER_PERSON, "the person whom the request names", "another person"),
        )
    expected, actual = {**POLICY, **RELAY}.get(reason, ("a login that policy allows", reason))
    return (*passed(IN_TIME), failed(reason or "policy", expected, actual))


def _asked_and_offered(name: str, to: Application, request: AuthnRequest) -> tuple[str, str]:
    """Return what the application gives, and what the request asks for instead; never a name of a person."""
    if name == "name_id_policy":
        return _name_ids(to, request)
    if name == "subject_confirmation":
        return "a Subject without SubjectConfirmation", "a Subject with SubjectConfirmation"
    if name == "subject":
        return f"a NameID issued to {request.issuer}", "a Subject without such a NameID"
    if name == "authn_context":
        return " ".join(offered_contexts(to)), _contexts(request)
    forced = " with ForceAuthn" if request.force_authn else ""
    return "an application that keeps browser sessions, and no ForceAuthn", f"IsPassive{forced}"


def _name_ids(to: Application, request: AuthnRequest) -> tuple[str, str]:
    if request.sp_name_qualifier not in (None, request.issuer):
        return f"SPNameQualifier {request.issuer}", f"SPNameQualifier {request.sp_name_qualifier}"
    formats = (name.rpartition(":")[2] for name in offered_formats(to))
    return f"Format {', '.join(formats)} or unspecified", f"Format {request.name_id_format}"


def _contexts(request: AuthnRequest) -> str:
    asked = request.authn_contexts
    return "" if asked is None else f"{asked.comparison}: {' '.join(asked.classes) or 'a declaration'}"

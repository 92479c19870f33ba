"""What makes a login approved, whichever kind of proof says so: its risk, then one transaction (S06, S14-S16).

`decide.py` reads the proof of an app's key, `passkey.py` that of a passkey; what it proved comes here as an `Approval`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from passwordless.errors import Conflict, Failure, Forbidden
from passwordless.login.happened import happened
from passwordless.login.refuse import refuse, refuse_for
from passwordless.login.relay import told, weigh
from passwordless.login.reported import is_reported, reported
from passwordless.metrics import Metric
from passwordless.model import step_up
from passwordless.model.applications import Application
from passwordless.model.events import Event, EventType, Source
from passwordless.model.locations import Location
from passwordless.model.people import Device, User
from passwordless.model.risk import Risk, Verdict
from passwordless.model.sessions import (
    APPROVED_LIFETIME,
    REPORTED,
    RISK,
    Decision,
    LoginSession,
    Sighting,
    Status,
)
from passwordless.web import same_secret
from passwordless.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a decision came in: our origin, the phone's address, the correlation id."""

    origin: str
    ip: str
    correlation_id: str

    @property
    def source(self) -> Source:
        """Return what an event tells of it."""
        return Source(self.correlation_id, self.ip)


class SessionPart(Protocol):
    """Returns the part of the transaction that approves a session, under the conditions of one kind of proof."""

    def __call__(self, decision: Decision, *, code_hash: str | None, expires_at: int) -> Any:
        """Record `decision`; with a `code_hash` the login waits for that code."""


def _as_always(_failed: frozenset[int]) -> Failure | None:
    return None


@dataclass(frozen=True, slots=True)
class Approval:
    """What a verified proof says: whose phone approves, and how the person was recognised there (`uv`), if at all.

    `proof_hash` recognises the identical proof; `sighting` is how the phone came by the code, `location` where the
    phone is, if it told. `session_part` writes the approval, `device_part` demands that the phone may still sign in.
    `meaning` tells what failed parts mean to this kind of proof, None where they mean what they always do: an end.
    """

    device: Device
    proof_hash: str
    uv: str | None
    sighting: Sighting
    location: Location | None
    session_part: SessionPart
    device_part: Any
    meaning: Callable[[frozenset[int]], Failure | None] = _as_always


@dataclass(frozen=True, slots=True)
class Decided:
    """What the phone is told: how the session stands, and the code to type into the browser if one is needed."""

    status: Status
    code: str | None = None


def approve(wiring: Wiring, session: LoginSession, approval: Approval, caller: Caller) -> Decided:
    """Approve a session, if the user, the phone and the application may still sign in and nothing speaks of a relay.

    Raises Forbidden without user verification or when policy ends the login, Conflict when it was decided otherwise.
    """
    device = approval.device
    application = wiring.stores.applications.get(session.application_id)
    user = wiring.stores.users.get(device.user_id)
    if application is None or application.tenant != session.tenant:
        raise _ended(wiring, session, device, 3, caller)
    if user is None or user.tenant != session.tenant:
        raise _ended(wiring, session, device, 2, caller)
    _check_recognised(approval, session, application)
    if is_reported(wiring, session, user.user_id):
        refuse_for(wiring, session, user.user_id, REPORTED, caller.source)
        raise reported()
    risk = weigh(
        session,
        application,
        user,
        approval.sighting,
        ip=caller.ip,
        location=approval.location,
        now=wiring.now,
    )
    if risk.verdict is Verdict.BLOCK:
        refuse_for(wiring, session, user.user_id, RISK, caller.source, **told(risk))
        raise _looks_relayed()
    return _commit(wiring, session, approval, user, risk, caller)


def _commit(
    wiring: Wiring,
    session: LoginSession,
    approval: Approval,
    user: User,
    risk: Risk,
    caller: Caller,
) -> Decided:
    now, stores, device = wiring.now, wiring.stores, approval.device
    stepped_up = risk.verdict is Verdict.STEP_UP
    code = step_up.code(user, session.session_id, approval.proof_hash) if stepped_up else None
    decision = Decision(
        device.device_id, user.user_id, now, approval.proof_hash, approval.uv, stepped_up=stepped_up
    )
    details = {**_recognition(approval), **told(risk)}
    failed = stores.commit(
        approval.session_part(
            decision,
            code_hash=None if code is None else step_up.code_hash(user, session.session_id, code),
            expires_at=session.end_after(APPROVED_LIFETIME, now),
        ),
        approval.device_part,
        stores.users.active(user),
        stores.applications.admitting(session.application_id, session.tenant, user.email, now),
        stores.events.putting(event_of(wiring, session, device, EventType.LOGIN_APPROVED, caller, details)),
    )
    if failed:
        return _unwritten(wiring, session, approval, failed, caller)
    wiring.metrics.count(Metric.LOGIN_APPROVED, correlation_id=session.correlation_id)
    return Decided(Status.APPROVED, code)


def _unwritten(
    wiring: Wiring, session: LoginSession, approval: Approval, failed: frozenset[int], caller: Caller
) -> Decided:
    """Answer for an approval that failed to be written: another decision came first, or policy ends the login."""
    if 0 in failed:
        return overtaken(wiring, session, approval.proof_hash, approval.meaning(failed))
    meant = approval.meaning(failed)
    if meant is not None:
        raise meant
    refuse(wiring, session, approval.device.user_id, failed, caller.source)
    raise _refused()


def _check_recognised(approval: Approval, session: LoginSession, application: Application) -> None:
    """Check that the person was recognised, unless policy and request are content with the phone alone (S14)."""
    enough = application.policy.one_factor and session.request.one_factor_context is not None
    if approval.uv is None and not enough:
        raise Forbidden(
            "user_verification_required",
            "The phone must be unlocked by face, fingerprint or PIN to approve.",
            guidance="Approve again and unlock when the phone asks.",
        )


def _recognition(approval: Approval) -> Mapping[str, str]:
    """Return how the person was recognised, which nobody but the phone itself vouches for."""
    return {"uv": approval.uv or "none", "uv_evidence": "self-asserted"}


def records(session: LoginSession, proof_hash: str) -> bool:
    """Tell whether it was this very proof that decided a session."""
    return session.decision is not None and same_secret(session.decision.proof_hash, proof_hash)


def recorded(wiring: Wiring, session: LoginSession, proof_hash: str) -> Decided:
    """Return what the phone is told when the proof that decided a session comes again: the same, code included."""
    status = session.status_at(wiring.now)
    decision = session.decision
    if decision is None or session.code_spent or not session.awaits_code(wiring.now):
        return Decided(status)
    user = wiring.stores.users.get(decision.user_id)
    return Decided(status, None if user is None else step_up.code(user, session.session_id, proof_hash))


def overtaken(
    wiring: Wiring, session: LoginSession, proof_hash: str, otherwise: Failure | None = None
) -> Decided:
    """Return what was recorded if it was this very proof, sent twice at a time; raise `otherwise`, or Conflict."""
    moved = wiring.stores.sessions.get(session.session_id)
    if moved is None or not records(moved, proof_hash):
        raise otherwise or decided()
    return recorded(wiring, moved, proof_hash)


def event_of(
    wiring: Wiring,
    session: LoginSession,
    device: Device,
    kind: EventType,
    caller: Caller,
    details: Mapping[str, str],
) -> Event:
    """Return the event of a phone's decision."""
    return happened(
        wiring,
        session,
        kind,
        caller.source,
        user_id=device.user_id,
        device_id=device.device_id,
        details=details,
    )


def decided() -> Failure:
    """Return the failure of a decision that comes after another."""
    return Conflict(
        "already_decided",
        "This sign-in was already decided.",
        guidance="Start again at your application if you still want to sign in.",
    )


def _ended(wiring: Wiring, session: LoginSession, device: Device, place: int, caller: Caller) -> Failure:
    refuse(wiring, session, device.user_id, frozenset({place}), caller.source)
    return _refused()


def _refused() -> Failure:
    return Forbidden(
        "login_refused",
        "This sign-in is not allowed.",
        guidance="Ask your administrator: this phone, this user or this application may not be used now.",
    )


def _looks_relayed() -> Failure:
    return Forbidden(
        "login_blocked",
        "This sign-in was stopped: the code may have been shown to you by somebody else.",
        guidance="Sign in only where you opened the application yourself. If you did, ask your administrator.",
    )

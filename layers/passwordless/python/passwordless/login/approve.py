"""What makes a login approved, whichever kind of proof says so: one transaction that checks who may sign in.

`decide.py` reads the proof of an app's key; what it proved comes here as an `Approval`.
"""

from dataclasses import dataclass

from passwordless.errors import Conflict, Failure, Forbidden
from passwordless.login.refuse import refuse
from passwordless.model.events import Event, EventType
from passwordless.model.people import Device
from passwordless.model.sessions import APPROVED_LIFETIME, Decision, LoginSession, Status
from passwordless.model.tokens import identifier
from passwordless.web import same_secret
from passwordless.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a decision came in: our origin, the phone's address, the correlation id."""

    origin: str
    ip: str
    correlation_id: str


@dataclass(frozen=True, slots=True)
class Approval:
    """What a verified proof says: whose phone approves, and how the person was recognised there (`uv`), if at all.

    `proof_hash` recognises the identical proof, `nonce_hash` is that of the nonce it signed.
    """

    device: Device
    proof_hash: str
    nonce_hash: str
    uv: str | None


def approve(wiring: Wiring, session: LoginSession, approval: Approval, caller: Caller) -> Status:
    """Approve a session, if the user, the phone and the application may still sign in, and return its status.

    Raises Forbidden without user verification or when policy ends the login, Conflict when it was decided otherwise.
    """
    if approval.uv is None:
        raise Forbidden(
            "user_verification_required",
            "The phone must be unlocked by face, fingerprint or PIN to approve.",
            guidance="Approve again and unlock when the phone asks.",
        )
    now, stores, device = wiring.now, wiring.stores, approval.device
    user = stores.users.get(device.user_id)
    if user is None or user.tenant != session.tenant:
        refuse(wiring, session, device.user_id, frozenset({2}), caller.correlation_id)
        raise _refused()
    decision = Decision(device.device_id, device.user_id, now, approval.proof_hash, approval.uv)
    failed = stores.commit(
        stores.sessions.approving(
            session,
            decision,
            approval.nonce_hash,
            expires_at=session.end_after(APPROVED_LIFETIME, now),
            now=now,
        ),
        stores.devices.active(device.device_id, user.user_id, session.tenant),
        stores.users.active(user),
        stores.applications.admitting(session.application_id, session.tenant, user.email, now),
        stores.events.putting(event_of(wiring, session, device, EventType.LOGIN_APPROVED, caller)),
    )
    if 0 in failed:
        return overtaken(wiring, session, approval.proof_hash)
    if failed:
        refuse(wiring, session, user.user_id, failed, caller.correlation_id)
        raise _refused()
    return Status.APPROVED


def records(session: LoginSession, proof_hash: str) -> bool:
    """Tell whether it was this very proof that decided a session."""
    return session.decision is not None and same_secret(session.decision.proof_hash, proof_hash)


def overtaken(wiring: Wiring, session: LoginSession, proof_hash: str) -> Status:
    """Return the status if it was this very proof, sent twice at a time, that came first; raise Conflict otherwise."""
    moved = wiring.stores.sessions.get(session.session_id)
    if moved is None or not records(moved, proof_hash):
        raise decided()
    return moved.status_at(wiring.now)


def event_of(wiring: Wiring, session: LoginSession, device: Device, kind: EventType, caller: Caller) -> Event:
    """Return the event of a phone's decision."""
    return Event(
        event_id=identifier("evt", wiring.randomness),
        type=kind,
        tenant=session.tenant,
        at=wiring.now,
        correlation_id=caller.correlation_id,
        application_id=session.application_id,
        user_id=device.user_id,
        device_id=device.device_id,
        session_id=session.session_id,
        reference=session.correlation_id,
        ip=caller.ip,
    )


def decided() -> Failure:
    """Return the failure of a decision that comes after another."""
    return Conflict(
        "already_decided",
        "This sign-in was already decided.",
        guidance="Start again at your application if you still want to sign in.",
    )


def _refused() -> Failure:
    return Forbidden(
        "login_refused",
        "This sign-in is not allowed.",
        guidance="Ask your administrator: this phone, this user or this application may not be used now.",
    )

"""Step three: the phone's signed decision, approve, deny or report, takes effect once."""

from dataclasses import dataclass

from passwordless.errors import BadProof, Conflict, Failure, Forbidden, Gone, NotFound
from passwordless.login.happened import happened
from passwordless.login.refuse import refuse
from passwordless.login.scan import inactive, proven, taken
from passwordless.model.events import Event, EventType
from passwordless.model.people import Device, DeviceStatus, KeyUse
from passwordless.model.sessions import APPROVED_LIFETIME, Decision, LoginSession, Status
from passwordless.model.tokens import digest
from passwordless.phone import proof
from passwordless.phone.proof import VerifiedProof
from passwordless.web import same_secret
from passwordless.wiring import Wiring

ROUTE = "/mobile/verify"
_EVENTS = {
    "approve": EventType.LOGIN_APPROVED,
    "deny": EventType.LOGIN_DENIED,
    "report": EventType.LOGIN_REPORTED,
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a decision came in: our origin, the phone's address, the correlation id."""

    origin: str
    ip: str
    correlation_id: str


def decide(wiring: Wiring, session_id: str, posted: object, caller: Caller) -> Status:
    """Apply a device's signed decision to the session it scanned, and return the session's status.

    The identical proof, come again, is answered with the recorded status. A device that is not active any more ends
    the login (S06).

    Raises Malformed or BadProof for the proof, Forbidden without user verification or when policy ends the login,
    NotFound for an unknown or foreign session, Conflict when another device holds it or it was decided, Gone when it
    expired.
    """
    now = wiring.now
    device, verified = _proven(wiring, posted)
    proof.check_time(verified, now)
    proof.expect(verified, aud=caller.origin + ROUTE, sid=session_id)
    session = wiring.stores.sessions.get(session_id)
    if session is None or session.tenant != device.tenant:
        raise _unknown()
    if _records(session, verified):
        return session.status_at(now)
    _check_claim(session, device, verified, now)
    if device.status is not DeviceStatus.ACTIVE:
        refuse(wiring, session, device.user_id, frozenset({1}), caller.correlation_id)
        raise inactive(device)
    if verified.claims["dec"] == "approve":
        return _approve(wiring, session, device, verified, caller)
    return _deny(wiring, session, device, verified, caller)


def _proven(wiring: Wiring, posted: object) -> tuple[Device, VerifiedProof]:
    approves = proof.read(posted, proof.LOGIN).claims["dec"] == "approve"
    return proven(wiring, posted, proof.LOGIN, KeyUse.APPROVE if approves else KeyUse.DEVICE)


def _records(session: LoginSession, verified: VerifiedProof) -> bool:
    decision = session.decision
    return decision is not None and same_secret(decision.proof_hash, verified.fingerprint)


def _check_claim(session: LoginSession, device: Device, verified: VerifiedProof, now: int) -> None:
    """Check that this device scanned this session, with this nonce, and showed this context (S03, S13)."""
    status = session.status_at(now)
    if status is Status.EXPIRED:
        raise _expired()
    if status is Status.PENDING:
        raise _not_scanned()
    if session.claim is None or session.claim.device_id != device.device_id:
        raise taken()
    if status is not Status.SCANNED:
        raise _decided()
    if not same_secret(session.claim.nonce_hash, digest(verified.claims["nonce"])):
        raise _not_accepted("nonce")
    if not same_secret(session.context_hash, verified.claims["ctx"]):
        raise _not_accepted("context")


def _approve(
    wiring: Wiring, session: LoginSession, device: Device, verified: VerifiedProof, caller: Caller
) -> Status:
    if "uv" not in verified.claims:
        raise Forbidden(
            "user_verification_required",
            "The phone must be unlocked by face, fingerprint or PIN to approve.",
            guidance="Approve again and unlock when the phone asks.",
        )
    now, stores = wiring.now, wiring.stores
    user = stores.users.get(device.user_id)
    if user is None or user.tenant != session.tenant:
        refuse(wiring, session, device.user_id, frozenset({2}), caller.correlation_id)
        raise _refused()
    failed = stores.commit(
        stores.sessions.approving(
            session,
            _decision(device, verified, now),
            digest(verified.claims["nonce"]),
            expires_at=session.end_after(APPROVED_LIFETIME, now),
            now=now,
        ),
        stores.devices.active(device.device_id, user.user_id, session.tenant),
        stores.users.active(user),
        stores.applications.admitting(session.application_id, session.tenant, user.email, now),
        stores.events.putting(_event(wiring, session, device, verified, caller)),
    )
    if 0 in failed:
        return _overtaken(wiring, session, verified)
    if failed:
        refuse(wiring, session, user.user_id, failed, caller.correlation_id)
        raise _refused()
    return Status.APPROVED


def _deny(
    wiring: Wiring, session: LoginSession, device: Device, verified: VerifiedProof, caller: Caller
) -> Status:
    failed = wiring.stores.commit(
        wiring.stores.sessions.denying(
            session, _decision(device, verified, wiring.now), digest(verified.claims["nonce"]), now=wiring.now
        ),
        wiring.stores.events.putting(_event(wiring, session, device, verified, caller)),
    )
    if failed:
        return _overtaken(wiring, session, verified)
    return Status.DENIED


def _overtaken(wiring: Wiring, session: LoginSession, verified: VerifiedProof) -> Status:
    """Return the status if it was this very proof, sent twice at a time, that came first; raise Conflict otherwise."""
    moved = wiring.stores.sessions.get(session.session_id)
    if moved is None or not _records(moved, verified):
        raise _decided()
    return moved.status_at(wiring.now)


def _decision(device: Device, verified: VerifiedProof, now: int) -> Decision:
    return Decision(device.device_id, device.user_id, now, verified.fingerprint, verified.claims.get("uv"))


def _event(
    wiring: Wiring, session: LoginSession, device: Device, verified: VerifiedProof, caller: Caller
) -> Event:
    kind = _EVENTS[verified.claims["dec"]]
    return happened(
        wiring,
        session,
        kind,
        caller.correlation_id,
        user_id=device.user_id,
        device_id=device.device_id,
        ip=caller.ip,
    )


def _unknown() -> Failure:
    return NotFound("unknown_session", "This sign-in is not known.", guidance="Scan the code again.")


def _expired() -> Failure:
    return Gone(
        "session_expired",
        "This sign-in has expired.",
        guidance="Start again at your application.",
    )


def _not_scanned() -> Failure:
    return Conflict(
        "not_scanned",
        "The browser has started this sign-in over.",
        guidance="Scan the code that your browser shows now.",
    )


def _decided() -> Failure:
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


def _not_accepted(private: str) -> Failure:
    return BadProof(
        "bad_proof",
        "The proof was not accepted.",
        guidance="Scan the code again.",
        private=private,
    )

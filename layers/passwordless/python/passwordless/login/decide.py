"""Step three: the phone's signed decision, approve, deny or report, takes effect once."""

from passwordless.errors import BadProof, Conflict, Failure, Gone, NotFound
from passwordless.login.approve import Approval, Caller, approve, decided, event_of, overtaken, records
from passwordless.login.refuse import refuse
from passwordless.login.scan import inactive, proven, taken
from passwordless.model.events import EventType
from passwordless.model.people import Device, DeviceStatus, KeyUse
from passwordless.model.sessions import Decision, LoginSession, Status
from passwordless.model.tokens import digest
from passwordless.phone import proof
from passwordless.phone.proof import VerifiedProof
from passwordless.web import same_secret
from passwordless.wiring import Wiring

ROUTE = "/mobile/verify"
_EVENTS = {"deny": EventType.LOGIN_DENIED, "report": EventType.LOGIN_REPORTED}


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
    if records(session, verified.fingerprint):
        return session.status_at(now)
    _check_claim(session, device, verified, now)
    if device.status is not DeviceStatus.ACTIVE:
        refuse(wiring, session, device.user_id, frozenset({1}), caller.correlation_id)
        raise inactive(device)
    if verified.claims["dec"] == "approve":
        return approve(wiring, session, _approval(device, verified), caller)
    return _deny(wiring, session, device, verified, caller)


def _proven(wiring: Wiring, posted: object) -> tuple[Device, VerifiedProof]:
    approves = proof.read(posted, proof.LOGIN).claims["dec"] == "approve"
    return proven(wiring, posted, proof.LOGIN, KeyUse.APPROVE if approves else KeyUse.DEVICE)


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
        raise decided()
    if not same_secret(session.claim.nonce_hash, digest(verified.claims["nonce"])):
        raise _not_accepted("nonce")
    if not same_secret(session.context_hash, verified.claims["ctx"]):
        raise _not_accepted("context")


def _approval(device: Device, verified: VerifiedProof) -> Approval:
    return Approval(
        device=device,
        proof_hash=verified.fingerprint,
        nonce_hash=digest(verified.claims["nonce"]),
        uv=verified.claims.get("uv"),
    )


def _deny(
    wiring: Wiring, session: LoginSession, device: Device, verified: VerifiedProof, caller: Caller
) -> Status:
    decision = Decision(
        device.device_id, device.user_id, wiring.now, verified.fingerprint, verified.claims.get("uv")
    )
    failed = wiring.stores.commit(
        wiring.stores.sessions.denying(session, decision, digest(verified.claims["nonce"]), now=wiring.now),
        wiring.stores.events.putting(
            event_of(wiring, session, device, _EVENTS[verified.claims["dec"]], caller)
        ),
    )
    return overtaken(wiring, session, verified.fingerprint) if failed else Status.DENIED


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


def _not_accepted(private: str) -> Failure:
    return BadProof(
        "bad_proof",
        "The proof was not accepted.",
        guidance="Scan the code again.",
        private=private,
    )

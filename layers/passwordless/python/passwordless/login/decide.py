"""Step three: the phone's signed decision, approve, deny or report, takes effect once."""

from functools import partial

from passwordless.errors import BadProof, Conflict, Failure, Gone, NotFound
from passwordless.login.approve import (
    Approval,
    Caller,
    Decided,
    approve,
    decided,
    event_of,
    overtaken,
    recorded,
    records,
)
from passwordless.login.refuse import refuse
from passwordless.login.reported import reported_network, reporting
from passwordless.login.scan import inactive, proven, taken
from passwordless.metrics import Metric
from passwordless.model.events import EventType
from passwordless.model.locations import Location
from passwordless.model.people import Device, DeviceStatus, KeyUse
from passwordless.model.sessions import Claim, Decision, LoginSession, Status
from passwordless.model.tokens import digest
from passwordless.phone import proof
from passwordless.phone.proof import VerifiedProof
from passwordless.web import same_secret
from passwordless.wiring import Wiring

ROUTE = "/mobile/verify"
_EVENTS = {"deny": EventType.LOGIN_DENIED, "report": EventType.LOGIN_REPORTED}
_METRICS = {"deny": Metric.LOGIN_DENIED, "report": Metric.LOGIN_REPORTED}
_TRIES = 3


def decide(wiring: Wiring, session_id: str, posted: object, caller: Caller) -> Decided:
    """Apply a device's signed decision to the session it scanned, and return how the session stands.

    The identical proof, come again, is answered with what was recorded. A device that is not active any more ends
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
        return recorded(wiring, session, verified.fingerprint)
    claim = _claim(session, device, verified, now)
    if device.status is not DeviceStatus.ACTIVE:
        refuse(wiring, session, device.user_id, frozenset({1}), caller.source)
        raise inactive(device)
    if verified.claims["dec"] == "approve":
        return approve(wiring, session, _approval(wiring, session, device, verified, claim), caller)
    return _deny(wiring, session, device, verified, caller)


def _proven(wiring: Wiring, posted: object) -> tuple[Device, VerifiedProof]:
    approves = proof.read(posted, proof.LOGIN).claims["dec"] == "approve"
    return proven(wiring, posted, proof.LOGIN, KeyUse.APPROVE if approves else KeyUse.DEVICE)


def _claim(session: LoginSession, device: Device, verified: VerifiedProof, now: int) -> Claim:
    """Return the claim of this device on this session, if it has this nonce and showed this context (S03, S13)."""
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
    return session.claim


def _approval(
    wiring: Wiring, session: LoginSession, device: Device, verified: VerifiedProof, claim: Claim
) -> Approval:
    told, sessions = verified.claims.get("loc"), wiring.stores.sessions
    return Approval(
        device=device,
        proof_hash=verified.fingerprint,
        uv=verified.claims.get("uv"),
        sighting=claim.sighting,
        location=None if told is None else Location.read(told["lat"], told["lon"]),
        session_part=partial(
            sessions.approving, session, nonce_hash=digest(verified.claims["nonce"]), now=wiring.now
        ),
        device_part=wiring.stores.devices.active(device.device_id, device.user_id, session.tenant),
    )


def _deny(
    wiring: Wiring, session: LoginSession, device: Device, verified: VerifiedProof, caller: Caller
) -> Decided:
    """End a session as denied; a report blocks the browser's address besides.

    A block that expires or begins at this very moment makes its part fail, and is looked at once more.
    """
    decision = Decision(
        device.device_id, device.user_id, wiring.now, verified.fingerprint, verified.claims.get("uv")
    )
    stores, dec, nonce_hash = wiring.stores, verified.claims["dec"], digest(verified.claims["nonce"])
    details = reported_network(session) if dec == "report" else {}
    event = event_of(wiring, session, device, _EVENTS[dec], caller, details)
    for _ in range(_TRIES):
        failed = stores.commit(
            stores.sessions.denying(session, decision, nonce_hash, now=wiring.now),
            stores.events.putting(event),
            *(reporting(wiring, session, device.user_id) if dec == "report" else ()),
        )
        if not failed:
            wiring.metrics.count(_METRICS[dec], correlation_id=session.correlation_id)
            return Decided(Status.DENIED)
        if 0 in failed:
            break
    return overtaken(wiring, session, verified.fingerprint)


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

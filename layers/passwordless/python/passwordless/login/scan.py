"""Step two: a phone scans the QR code, is told what it is about, and locks the session to itself."""

from dataclasses import dataclass
from typing import Any

from passwordless.errors import BadProof, Conflict, Failure, Forbidden, Gone, NotFound
from passwordless.login.relay import weigh
from passwordless.login.reported import is_reported, reported
from passwordless.metrics import Metric
from passwordless.model.people import Device, DeviceStatus, KeyUse
from passwordless.model.risk import Verdict
from passwordless.model.sessions import OPEN, SCANNED_LIFETIME, Claim, LoginSession, Sighting, Status
from passwordless.model.tokens import digest, secret
from passwordless.phone import frames, proof
from passwordless.phone.proof import Form, VerifiedProof
from passwordless.wiring import Wiring

ROUTE = "/mobile/scan"


@dataclass(frozen=True, slots=True)
class Scanned:
    """What the phone is told: the session, a nonce to sign, what to show, and whether a code is to be expected."""

    session: LoginSession
    nonce: str
    step_up: bool


def scan(wiring: Wiring, token: str, posted: object, *, origin: str, ip: str) -> Scanned:
    """Claim the session whose QR code a device scanned.

    A foreign device gets the answer of an unknown code, after the same reads, and changes nothing (S01).

    Raises Malformed or BadProof for the proof, Forbidden for a device that is not active, NotFound for an unknown or
    foreign code, Gone for an old one, Conflict when another phone was first, Forbidden where an attack was reported.
    """
    now = wiring.now
    device, verified = proven(wiring, posted, proof.SCAN, KeyUse.DEVICE)
    if device.status is not DeviceStatus.ACTIVE:
        raise inactive(device)
    proof.check_time(verified, now)
    proof.expect(verified, aud=origin + ROUTE, qr=digest(token))
    session, sighting = _session(wiring, token, device, verified)
    if is_reported(wiring, session, device.user_id):
        raise reported()
    nonce = secret(wiring.randomness)
    claim = Claim(device.device_id, device.user_id, digest(nonce), now, sighting)
    claimed = wiring.stores.sessions.claim(
        session, claim, expires_at=session.end_after(SCANNED_LIFETIME, now), now=now
    )
    if claimed is None:
        raise taken()
    if session.status is Status.PENDING:
        wiring.metrics.count(Metric.LOGIN_SCANNED, correlation_id=session.correlation_id)
    return Scanned(claimed, nonce, _foreseen(wiring, claimed, claim, ip))


def proven(wiring: Wiring, posted: object, form: Form, use: KeyUse) -> tuple[Device, VerifiedProof]:
    """Return the device, active or not, that made a proof with a key for this use, found by the key alone (S04).

    Raises Malformed or BadProof.
    """
    unverified = proof.read(posted, form)
    device = wiring.stores.devices.by_key(unverified.kid)
    key = device.key(unverified.kid) if device else None
    if device is None or key is None:
        raise _not_accepted("unknown key")
    verified = proof.verify(unverified, key)
    if use not in key.uses or verified.claims["iss"] != device.device_id:
        raise _not_accepted("key of another use or device")
    return device, verified


def taken() -> Failure:
    """Return the failure of a phone that came second."""
    return Conflict(
        "session_claimed",
        "Another phone is already being used for this sign-in.",
        guidance="If that is not your phone, choose “Start over” in the browser and scan the new code.",
    )


def inactive(device: Device) -> Failure:
    """Return the failure of a phone that is pending or revoked."""
    extra: dict[str, Any] = {"device_status": device.status.value}
    if device.status is DeviceStatus.PENDING:
        guidance = "Confirm this phone first, with another phone of yours or by your administrator."
    else:
        guidance = "Ask your administrator for a new invite."
    return Forbidden("device_inactive", "This phone may not sign in.", guidance=guidance, extra=extra)


def _foreseen(wiring: Wiring, session: LoginSession, claim: Claim, ip: str) -> bool:
    """Tell whether an approval would need a code, as far as it can be seen before one."""
    application = wiring.stores.applications.get(session.application_id)
    user = wiring.stores.users.get(claim.user_id)
    if application is None or user is None:
        return False
    risk = weigh(session, application, user, claim.sighting, ip=ip, location=None, now=wiring.now)
    return risk.verdict is Verdict.STEP_UP


def _session(
    wiring: Wiring, token: str, device: Device, verified: VerifiedProof
) -> tuple[LoginSession, Sighting]:
    """Return the session of a code, and how the phone came by it; an app that does not say how came by a link (S12)."""
    now = wiring.now
    session_id, tag = frames.split(token)
    session = wiring.stores.sessions.get(session_id) if session_id else None
    if session is None or session.tenant != device.tenant:
        raise _unknown()
    read = frames.read(tag, session.frame_key, session.generation, now - session.generation_at)
    if read.freshness is frames.Freshness.FORGED:
        raise _unknown()
    if session.status_at(now) not in OPEN or read.freshness is frames.Freshness.STALE:
        raise _expired()
    if session.status is Status.APPROVED or _held_by_another(session, device):
        raise taken()
    by_link = verified.claims.get("via") != "camera"
    return session, Sighting(link=by_link, still=read.motion is frames.Motion.STILL, age=read.age)


def _held_by_another(session: LoginSession, device: Device) -> bool:
    return session.claim is not None and session.claim.device_id != device.device_id


def _unknown() -> Failure:
    return NotFound(
        "unknown_code",
        "This code is not known.",
        guidance="Scan the code that your browser shows now.",
    )


def _expired() -> Failure:
    return Gone(
        "code_expired",
        "This code has expired.",
        guidance="Scan the code that your browser shows now. If it shows none, start again at your application.",
    )


def _not_accepted(private: str) -> Failure:
    return BadProof(
        "bad_proof",
        "The proof was not accepted.",
        guidance="Scan the code again. If it happens again, enrol the phone anew.",
        private=private,
    )

"""A phone without the app approves: one passkey assertion takes a login from pending to approved (S11).

There is no scan before it, so nothing is claimed; the ticket says that a fresh code was looked at. Nothing but an
approval can be signed this way: whoever declines leaves the page, and the login ends by the clock.
"""

from dataclasses import replace

from passwordless.errors import BadProof, Conflict, Failure, Forbidden, Gone, NotFound
from passwordless.login.decide import Caller
from passwordless.login.refuse import refuse
from passwordless.login.scan import inactive, taken
from passwordless.model.events import Event, EventType
from passwordless.model.passkeys import Passkey, user_handle
from passwordless.model.people import Device, DeviceStatus, User
from passwordless.model.sessions import APPROVED_LIFETIME, Decision, LoginSession, Status
from passwordless.model.tokens import identifier
from passwordless.phone import ceremony, webauthn
from passwordless.phone.webauthn import VerifiedAssertion
from passwordless.web import same_secret
from passwordless.wiring import Wiring

UV = "passkey"
"""How the person was recognised: by the phone, which does not say whether by face, fingerprint or PIN."""


def approve(wiring: Wiring, session_id: str, ticket: str, posted: object, caller: Caller) -> Status:
    """Approve a login by a passkey, and return the session's status.

    The identical assertion, come again, is answered with the recorded status and changes nothing.

    Raises Malformed or BadProof for the assertion and its ticket, NotFound for an unknown or foreign session, Gone when
    ticket or session expired, Conflict when a phone scanned it or it was decided, Forbidden for a device that is not
    active or when policy ends the login (S06).
    """
    device, passkey, verified = _proven(wiring, posted, caller.origin)
    session = wiring.stores.sessions.get(session_id)
    if session is None or session.tenant != device.tenant:
        raise _unknown()
    ceremony.check_ticket(ticket, session, wiring.now)
    if not same_secret(verified.challenge, ceremony.login_challenge(session, ticket)):
        raise _not_accepted("challenge")
    user = wiring.stores.users.get(device.user_id)
    if user is not None and not same_secret(verified.user_handle, user_handle(user.pairwise_key)):
        raise _not_accepted("user handle")
    if _records(session, verified):
        return session.status_at(wiring.now)
    _check_open(session, wiring.now)
    _check_active(wiring, session, device, caller)
    if user is None or user.tenant != session.tenant:
        refuse(wiring, session, device.user_id, frozenset({2}), caller.correlation_id)
        raise _refused()
    return _commit(wiring, session, user, device, _counted(passkey, verified), verified, caller)


def _proven(wiring: Wiring, posted: object, origin: str) -> tuple[Device, Passkey, VerifiedAssertion]:
    """Return the device, active or not, whose passkey made an assertion: found by the credential alone (S04)."""
    assertion = webauthn.read_assertion(posted)
    device = wiring.stores.devices.by_credential(assertion.credential_id)
    if device is None or device.passkey is None:
        raise _not_accepted("unknown credential")
    return device, device.passkey, webauthn.verify(assertion, device.passkey, origin)


def _counted(passkey: Passkey, verified: VerifiedAssertion) -> Passkey | None:
    """Return the passkey with the count it told, None if it counts nothing.

    Raises BadProof for a count that does not rise: a copy of the passkey is about (WebAuthn, 6.1.1).
    """
    if verified.sign_count == passkey.sign_count == 0:
        return None
    if verified.sign_count <= passkey.sign_count:
        raise _not_accepted("sign counter")
    return replace(passkey, sign_count=verified.sign_count)


def _records(session: LoginSession, verified: VerifiedAssertion) -> bool:
    decision = session.decision
    return decision is not None and same_secret(decision.proof_hash, verified.fingerprint)


def _check_open(session: LoginSession, now: int) -> None:
    status = session.status_at(now)
    if status is Status.EXPIRED:
        raise Gone(
            "session_expired", "This sign-in has expired.", guidance="Start again at your application."
        )
    if status is Status.SCANNED:
        raise taken()
    if status is not Status.PENDING:
        raise _decided()


def _check_active(wiring: Wiring, session: LoginSession, device: Device, caller: Caller) -> None:
    """Check that the device may sign in; a revoked one ends the login, a pending one waits for confirmation."""
    if device.status is DeviceStatus.REVOKED:
        refuse(wiring, session, device.user_id, frozenset({1}), caller.correlation_id)
    if device.status is not DeviceStatus.ACTIVE:
        raise inactive(device)


def _commit(
    wiring: Wiring,
    session: LoginSession,
    user: User,
    device: Device,
    counted: Passkey | None,
    verified: VerifiedAssertion,
    caller: Caller,
) -> Status:
    now, stores = wiring.now, wiring.stores
    owner = (device.device_id, user.user_id, session.tenant)
    failed = stores.commit(
        stores.sessions.approving_unscanned(
            session,
            Decision(device.device_id, user.user_id, now, verified.fingerprint, UV),
            expires_at=session.end_after(APPROVED_LIFETIME, now),
            now=now,
        ),
        stores.devices.active(*owner) if counted is None else stores.devices.counting(*owner, counted),
        stores.users.active(user),
        stores.applications.admitting(session.application_id, session.tenant, user.email, now),
        stores.events.putting(_event(wiring, session, device, caller)),
    )
    if 0 in failed:
        return _overtaken(wiring, session, verified)
    if failed == {1} and _is_active(wiring, device):
        raise _not_accepted("sign counter")
    if failed:
        refuse(wiring, session, user.user_id, failed, caller.correlation_id)
        raise _refused()
    return Status.APPROVED


def _is_active(wiring: Wiring, device: Device) -> bool:
    """Tell whether a device may still sign in, so that it was its count that failed."""
    found = wiring.stores.devices.get(device.device_id)
    return found is not None and found.status is DeviceStatus.ACTIVE and found.tenant == device.tenant


def _overtaken(wiring: Wiring, session: LoginSession, verified: VerifiedAssertion) -> Status:
    """Return the status if it was this very assertion, sent twice at a time, that came first; raise otherwise."""
    moved = wiring.stores.sessions.get(session.session_id)
    if moved is not None and _records(moved, verified):
        return moved.status_at(wiring.now)
    if moved is not None and moved.generation == session.generation:
        _check_open(moved, wiring.now)
    raise _decided()


def _event(wiring: Wiring, session: LoginSession, device: Device, caller: Caller) -> Event:
    return Event(
        event_id=identifier("evt", wiring.randomness),
        type=EventType.LOGIN_APPROVED,
        tenant=session.tenant,
        at=wiring.now,
        correlation_id=caller.correlation_id,
        application_id=session.application_id,
        user_id=device.user_id,
        device_id=device.device_id,
        session_id=session.session_id,
        reference=session.correlation_id,
        ip=caller.ip,
        details={"by": UV},
    )


def _unknown() -> Failure:
    return NotFound("unknown_session", "This sign-in is not known.", guidance="Scan the code again.")


def _decided() -> Failure:
    return Conflict(
        "already_decided",
        "This sign-in was already decided, or the browser has started it over.",
        guidance="Look at your computer, and scan the code that it shows now.",
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
        "The passkey was not accepted.",
        guidance="Scan the code that your computer shows now, and try again.",
        private=f"passkey: {private}",
    )

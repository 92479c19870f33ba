"""A phone without the app approves: one passkey assertion takes a login from pending to approved (S11).

There is no scan before it, so nothing is claimed; the ticket says that a fresh code was looked at, and how it was come
by. Nothing but an approval can be signed this way: whoever declines leaves the page, and the login ends by the clock.
"""

from dataclasses import replace
from functools import partial

from passwordless.errors import BadProof, Conflict, Failure, Gone, NotFound
from passwordless.login.approve import Approval, Caller, Decided, approve, recorded, records
from passwordless.login.refuse import refuse
from passwordless.login.scan import inactive, taken
from passwordless.model.passkeys import Passkey, user_handle
from passwordless.model.people import Device, DeviceStatus
from passwordless.model.sessions import LoginSession, Sighting, Status
from passwordless.phone import ceremony, webauthn
from passwordless.phone.webauthn import VerifiedAssertion
from passwordless.web import same_secret
from passwordless.wiring import Wiring

UV = "passkey"
"""How the person was recognised: by the phone, which does not say whether by face, fingerprint or PIN."""


def approve_by_passkey(
    wiring: Wiring, session_id: str, ticket: str, posted: object, caller: Caller
) -> Decided:
    """Approve a login by a passkey, and return how the session stands.

    The identical assertion, come again, is answered with what was recorded and changes nothing.

    Raises Malformed or BadProof for the assertion and its ticket, NotFound for an unknown or foreign session, Gone when
    ticket or session expired, Conflict when a phone scanned it or it was decided, Forbidden for a device that is not
    active or when policy ends the login (S06).
    """
    device, passkey, verified = _proven(wiring, posted, caller.origin)
    session = wiring.stores.sessions.get(session_id)
    if session is None or session.tenant != device.tenant:
        raise _unknown()
    sighting = ceremony.check_ticket(ticket, session, wiring.now)
    _check_bound(wiring, session, ticket, device, verified)
    if records(session, verified.fingerprint):
        return recorded(wiring, session, verified.fingerprint)
    closed = _closed(session, wiring.now)
    if closed is not None:
        raise closed
    _check_active(wiring, session, device, caller)
    counted = _counted(passkey, verified)
    return approve(wiring, session, _approval(wiring, session, device, counted, verified, sighting), caller)


def _proven(wiring: Wiring, posted: object, origin: str) -> tuple[Device, Passkey, VerifiedAssertion]:
    """Return the device, active or not, whose passkey made an assertion: found by the credential alone (S04)."""
    assertion = webauthn.read_assertion(posted)
    device = wiring.stores.devices.by_credential(assertion.credential_id)
    if device is None or device.passkey is None:
        raise _not_accepted("unknown credential")
    return device, device.passkey, webauthn.verify(assertion, device.passkey, origin)


def _check_bound(
    wiring: Wiring, session: LoginSession, ticket: str, device: Device, verified: VerifiedAssertion
) -> None:
    """Check that an assertion was made for this login and ticket, and by a passkey of the device's own user."""
    if not same_secret(verified.challenge, ceremony.login_challenge(session, ticket)):
        raise _not_accepted("challenge")
    user = wiring.stores.users.get(device.user_id)
    if user is not None and not same_secret(verified.user_handle, user_handle(user.pairwise_key)):
        raise _not_accepted("user handle")


def _counted(passkey: Passkey, verified: VerifiedAssertion) -> Passkey | None:
    """Return the passkey with the count it told, None if it counts nothing.

    Raises BadProof for a count that does not rise: a copy of the passkey is about (WebAuthn, 6.1.1).
    """
    if verified.sign_count == passkey.sign_count == 0:
        return None
    if verified.sign_count <= passkey.sign_count:
        raise _not_accepted("sign counter")
    return replace(passkey, sign_count=verified.sign_count)


def _closed(session: LoginSession, now: int) -> Failure | None:
    """Return why no passkey may approve a login any more, None if one may."""
    status = session.status_at(now)
    if status is Status.PENDING:
        return None
    if status is Status.EXPIRED:
        return Gone(
            "session_expired", "This sign-in has expired.", guidance="Start again at your application."
        )
    return taken() if status is Status.SCANNED else _decided()


def _check_active(wiring: Wiring, session: LoginSession, device: Device, caller: Caller) -> None:
    """Check that the device may sign in; a revoked one ends the login, a pending one waits for confirmation."""
    if device.status is DeviceStatus.REVOKED:
        refuse(wiring, session, device.user_id, frozenset({1}), caller.source)
    if device.status is not DeviceStatus.ACTIVE:
        raise inactive(device)


def _approval(
    wiring: Wiring,
    session: LoginSession,
    device: Device,
    counted: Passkey | None,
    verified: VerifiedAssertion,
    sighting: Sighting,
) -> Approval:
    owner, devices = (device.device_id, device.user_id, session.tenant), wiring.stores.devices
    return Approval(
        device=device,
        proof_hash=verified.fingerprint,
        uv=UV,
        sighting=sighting,
        location=None,
        session_part=partial(wiring.stores.sessions.approving_unscanned, session, now=wiring.now),
        device_part=devices.active(*owner) if counted is None else devices.counting(*owner, counted),
        meaning=partial(_meaning, wiring, session, device),
    )


def _meaning(wiring: Wiring, session: LoginSession, device: Device, failed: frozenset[int]) -> Failure | None:
    """Return what failed parts mean: the login went another way, or the count of a device that may still sign in."""
    if 0 in failed:
        moved = wiring.stores.sessions.get(session.session_id)
        same = moved is not None and moved.generation == session.generation
        return (_closed(moved, wiring.now) if moved and same else None) or _decided()
    return _not_accepted("sign counter") if failed == {1} and _is_active(wiring, device) else None


def _is_active(wiring: Wiring, device: Device) -> bool:
    """Tell whether a device may still sign in, so that it was its count that failed."""
    found = wiring.stores.devices.get(device.device_id)
    return found is not None and found.status is DeviceStatus.ACTIVE and found.tenant == device.tenant


def _unknown() -> Failure:
    return NotFound("unknown_session", "This sign-in is not known.", guidance="Scan the code again.")


def _decided() -> Failure:
    return Conflict(
        "already_decided",
        "This sign-in was already decided, or the browser has started it over.",
        guidance="Look at your computer, and scan the code that it shows now.",
    )


def _not_accepted(private: str) -> Failure:
    return BadProof(
        "bad_proof",
        "The passkey was not accepted.",
        guidance="Scan the code that your computer shows now, and try again.",
        private=f"passkey: {private}",
    )

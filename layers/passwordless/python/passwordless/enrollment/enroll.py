"""A phone uses its invite: it proves possession of its key and becomes the user's device."""

from collections.abc import Mapping
from typing import Any

from passwordless.errors import BadProof, Conflict, Failure, Gone, Malformed, NotFound
from passwordless.model.events import Event, EventType
from passwordless.model.passkeys import Passkey
from passwordless.model.people import (
    Device,
    DeviceKey,
    DeviceStatus,
    Enrollment,
    EnrollmentStatus,
    KeyUse,
    User,
)
from passwordless.model.tokens import digest, enrollment_id, identifier
from passwordless.phone import ceremony, proof, webauthn
from passwordless.phone.consent import clean_name
from passwordless.web import same_secret
from passwordless.wiring import Wiring

ROUTE = "/mobile/enroll"
_FIELDS = frozenset({"token", "device", "jwk", "device_jwk", "proof", "passkey"})
_TRIES = 3


def enroll(wiring: Wiring, body: Mapping[str, Any], *, origin: str, ip: str, correlation_id: str) -> Device:
    """Enrol the phone that holds an invite and the private key of the `jwk`, or of the passkey, that it posts.

    A user's first device is active at once, unless its invite demands confirmation; a later one is pending until it is
    confirmed (S07).

    Raises Malformed or BadProof for the body and its proof, NotFound for an unknown invite, Gone for one that is
    used, void or expired, Conflict for a key that was enrolled before (S04).
    """
    token, name, system = _read(body)
    keys, passkey = _credentials(body, token, origin, wiring.now)
    enrollment = open_invite(wiring, token)
    for _ in range(_TRIES):
        user = wiring.stores.users.get(enrollment.user_id)
        if user is None:
            raise over()
        device = Device(
            device_id=identifier("dev", wiring.randomness),
            tenant=enrollment.tenant,
            user_id=user.user_id,
            name=name,
            os=system,
            status=_first_status(user, enrollment),
            created_at=wiring.now,
            keys=keys,
            enrollment_id=enrollment.enrollment_id,
            passkey=passkey,
        )
        failed = _write(wiring, enrollment, user, device, ip, correlation_id)
        if not failed:
            return device
        _explain(failed)
    raise over()


def _first_status(user: User, enrollment: Enrollment) -> DeviceStatus:
    return DeviceStatus.PENDING if user.devices or enrollment.confirmation else DeviceStatus.ACTIVE


def _write(
    wiring: Wiring, enrollment: Enrollment, user: User, device: Device, ip: str, correlation_id: str
) -> frozenset[int]:
    stores = wiring.stores
    event = Event(
        event_id=identifier("evt", wiring.randomness),
        type=EventType.DEVICE_ENROLLED,
        tenant=device.tenant,
        at=wiring.now,
        correlation_id=correlation_id,
        user_id=device.user_id,
        device_id=device.device_id,
        ip=ip,
        details={"status": device.status.value},
    )
    return stores.commit(
        stores.enrollments.using(enrollment, device.device_id, wiring.now),
        stores.users.enrolling(user, enrollment.enrollment_id, device),
        stores.events.putting(event),
        *stores.devices.adding(device),
    )


def _explain(failed: frozenset[int]) -> None:
    """Raise what a failed transaction means; return if only the user's row had moved, which may be tried again."""
    if 0 in failed:
        raise over()
    if any(place > 2 for place in failed):
        raise Conflict(
            "key_already_enrolled",
            "This key is enrolled already.",
            guidance="Make new keys on the phone and use the invite again.",
        )


def open_invite(wiring: Wiring, token: str) -> Enrollment:
    """Return the invite that a token opens. Raises NotFound, or Gone when it is used, void or expired."""
    enrollment = wiring.stores.enrollments.get(enrollment_id(token))
    if enrollment is None or not same_secret(enrollment.token_hash, digest(token)):
        raise NotFound(
            "unknown_invite", "This invite is not known.", guidance="Ask your administrator for a new invite."
        )
    if enrollment.status is not EnrollmentStatus.OPEN or enrollment.expires_at <= wiring.now:
        raise over()
    return enrollment


def _read(body: Mapping[str, Any]) -> tuple[str, str, str]:
    token, device = body.get("token"), body.get("device")
    if body.keys() - _FIELDS or not isinstance(token, str) or not isinstance(device, dict):
        raise _malformed("token and device are expected, and jwk, device_jwk and proof, or passkey")
    if not token.isascii():
        raise _malformed("token is a string of ASCII characters")
    names = [device.get("name"), device.get("os")]
    if device.keys() != {"name", "os"} or not all(isinstance(n, str) and clean_name(n) for n in names):
        raise _malformed("device has exactly name and os")
    return token, clean_name(device["name"]), clean_name(device["os"])


def _credentials(
    body: Mapping[str, Any], token: str, origin: str, now: int
) -> tuple[tuple[DeviceKey, ...], Passkey | None]:
    """Return the keys of a phone with the app, or the passkey of one without it."""
    if body.get("passkey") is None:
        keys = _keys(body)
        _check_proof(body, keys, token, origin, now)
        return keys, None
    if body.keys() & {"jwk", "device_jwk", "proof"}:
        raise _malformed("a phone has keys or a passkey")
    return (), webauthn.enrolled(body["passkey"], ceremony.enroll_challenge(digest(token)), origin)


def _keys(body: Mapping[str, Any]) -> tuple[DeviceKey, ...]:
    if body.get("device_jwk") is None:
        return (proof.device_key(body.get("jwk"), frozenset(KeyUse)),)
    approving = proof.device_key(body.get("jwk"), frozenset({KeyUse.APPROVE}))
    silent = proof.device_key(body["device_jwk"], frozenset({KeyUse.DEVICE}))
    if approving.kid == silent.kid:
        raise _malformed("jwk and device_jwk are two keys")
    return approving, silent


def _check_proof(
    body: Mapping[str, Any], keys: tuple[DeviceKey, ...], token: str, origin: str, now: int
) -> None:
    verified = proof.verify(proof.read(body.get("proof"), proof.ENROLL), keys[0])
    proof.check_time(verified, now)
    proof.expect(verified, aud=origin + ROUTE, invite=digest(token))
    if verified.claims.get("device_kid") != (keys[1].kid if len(keys) > 1 else None):
        raise BadProof("bad_proof", "The proof was not accepted.", private="device_kid")


def over() -> Failure:
    """Return the failure of an invite that cannot be used any more."""
    return Gone(
        "invite_over",
        "This invite was used, withdrawn or has expired.",
        guidance="Ask your administrator for a new invite.",
    )


def _malformed(detail: str) -> Malformed:
    return Malformed("malformed_enrollment", f"The enrolment could not be read: {detail}.")

"""A phone that waits is confirmed by the check that it shows (S07)."""

from dataclasses import replace

from passwordless.enrollment.acting import Actor, disabled
from passwordless.enrollment.check import LENGTH, check_of
from passwordless.enrollment.withdraw import Standing, reject, standing
from passwordless.errors import Conflict, Failure, Gone, Unprocessable
from passwordless.model.events import EventType
from passwordless.model.people import (
    MAX_CHECKS,
    Device,
    DeviceStatus,
    Enrollment,
    EnrollmentState,
    EnrollmentStatus,
    UserStatus,
)
from passwordless.web import same_secret
from passwordless.wiring import Wiring


def confirm(house: Wiring, by: Actor, enrollment_id: str, check: str) -> Standing:
    """Activate the phone that waits, if `check` is what it shows; return how the invite stands.

    Each check is counted before it is compared, so that many at once are no more than MAX_CHECKS; after that many wrong
    ones the phone is revoked and the invite withdrawn. A phone that was confirmed already is answered for as it is.

    Raises NotFound `unknown_enrollment`; Conflict `not_pending`; Forbidden `user_disabled`; Unprocessable `wrong_check`
    with `checks_left`; Gone `enrollment_withdrawn`.
    """
    found = standing(house, by.tenant, enrollment_id)
    if found.state is EnrollmentState.CONFIRMED:
        return found
    device = _waiting(found)
    spent = house.stores.enrollments.spend_check(found.enrollment)
    if spent is None:
        return _none_left(house, by, enrollment_id)
    if not same_secret(check_of(device), check.strip().upper()):
        raise _wrong(house, by, spent, device)
    return _confirmed(house, by, replace(found, enrollment=spent), device)


def _waiting(found: Standing) -> Device:
    if found.state is EnrollmentState.WITHDRAWN:
        raise _withdrawn()
    if found.state is not EnrollmentState.PENDING or found.device is None:
        raise not_pending()
    if found.user is None or found.user.status is not UserStatus.ACTIVE:
        raise disabled()
    return found.device


def _confirmed(house: Wiring, by: Actor, found: Standing, device: Device) -> Standing:
    stores = house.stores
    failed = stores.commit(
        stores.enrollments.confirming(found.enrollment),
        stores.devices.confirming(device),
        stores.users.confirming(device),
        stores.events.putting(by.event(house, EventType.DEVICE_CONFIRMED, device.user_id, device)),
        *([stores.devices.active(by.phone_id, device.user_id, by.tenant)] if by.phone_id else []),
    )
    if failed:
        moved = standing(house, by.tenant, found.enrollment.enrollment_id)
        if moved.state is EnrollmentState.CONFIRMED:
            return moved
        _waiting(moved)
        raise not_pending()
    active = replace(device, status=DeviceStatus.ACTIVE)
    confirmed = replace(found.enrollment, status=EnrollmentStatus.CONFIRMED)
    return Standing(confirmed, EnrollmentState.CONFIRMED, found.user, active)


def _wrong(house: Wiring, by: Actor, spent: Enrollment, device: Device) -> Failure:
    left = MAX_CHECKS - spent.checks
    event = by.event(
        house, EventType.DEVICE_CHECK_FAILED, device.user_id, device, checks_left=str(max(left, 0))
    )
    house.stores.commit(house.stores.events.putting(event))
    if left <= 0:
        reject(house, by, spent, device, "wrong_checks")
        return _withdrawn()
    return Unprocessable(
        "wrong_check",
        "This is not the check that the phone shows.",
        guidance=f"Read the {LENGTH} characters on the phone. Withdraw the invite if it is not the person's phone.",
        extra={"checks_left": left},
    )


def _none_left(house: Wiring, by: Actor, enrollment_id: str) -> Standing:
    """Answer for a phone that was decided in between, or whose checks are used up."""
    moved = standing(house, by.tenant, enrollment_id)
    if moved.state is EnrollmentState.CONFIRMED:
        return moved
    if moved.state is EnrollmentState.PENDING and moved.device is not None:
        reject(house, by, moved.enrollment, moved.device, "wrong_checks")
    raise _withdrawn()


def not_pending() -> Failure:
    """Return the failure where no phone waits."""
    return Conflict(
        "not_pending",
        "No phone waits for confirmation here.",
        guidance="Look at the invite again.",
    )


def _withdrawn() -> Failure:
    return Gone(
        "enrollment_withdrawn",
        "This invite was withdrawn, and its phone may not be confirmed any more.",
        guidance="Invite the user anew.",
    )

"""An invite is looked at, or withdrawn before its phone may scan."""

from dataclasses import dataclass, replace

from passwordless.enrollment.acting import Actor, insist
from passwordless.errors import Conflict, Failure, NotFound
from passwordless.model.events import EventType
from passwordless.model.people import (
    Device,
    DeviceStatus,
    Enrollment,
    EnrollmentState,
    EnrollmentStatus,
    User,
)
from passwordless.wiring import Wiring

_DEDUCED = frozenset({EnrollmentState.USED, EnrollmentState.WITHDRAWN})
"""The states that may be wrong if user or phone are of a later moment than the invite's own row."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An invite, the phone that used it, and how it stands."""

    enrollment: Enrollment
    state: EnrollmentState
    user: User | None
    device: Device | None


def standing(house: Wiring, tenant: str, enrollment_id: str) -> Standing:
    """Return how an invite stands. Raises NotFound, the same for an unknown one and another tenant's."""
    stores = house.stores
    found = stores.enrollments.get(enrollment_id)
    if found is None or found.tenant != tenant:
        raise NotFound("unknown_enrollment", "There is no such invite.")
    user = stores.users.get(found.user_id)
    device = stores.devices.get(found.device_id) if found.device_id else None
    state = found.state(user, device, house.now)
    if state in _DEDUCED and _moved(house, found):
        return standing(house, tenant, enrollment_id)
    return Standing(found, state, user, device)


def _moved(house: Wiring, found: Enrollment) -> bool:
    """Tell whether a write that changed the invite with its user or phone came between the reads of them."""
    now = house.stores.enrollments.get(found.enrollment_id)
    return now is not None and now.status is not found.status


def withdraw(house: Wiring, by: Actor, enrollment_id: str) -> Standing:
    """Withdraw an invite that is open, or whose phone waits for confirmation, and return how it stands.

    A phone that waited is revoked; an invite that is withdrawn or expired already stays as it is.

    Raises NotFound `unknown_enrollment`; Conflict `enrollment_used` when its phone may scan already, `user_busy`.
    """
    return insist(lambda: _withdraw(house, by, enrollment_id))


def _withdraw(house: Wiring, by: Actor, enrollment_id: str) -> Standing | None:
    found = standing(house, by.tenant, enrollment_id)
    if found.state is EnrollmentState.OPEN and found.user is not None:
        stores = house.stores
        failed = stores.commit(
            stores.enrollments.withdrawing(found.enrollment),
            stores.users.withdrawing(found.user, enrollment_id),
            stores.events.putting(by.event(house, EventType.DEVICE_INVITE_WITHDRAWN, found.user)),
        )
        return None if failed else _withdrawn(found)
    if found.state is EnrollmentState.PENDING and found.device is not None:
        done = reject(house, by, found.enrollment, found.device, "withdrawn")
        return _withdrawn(found) if done else None
    if found.state in (EnrollmentState.USED, EnrollmentState.CONFIRMED):
        raise _used()
    return found


def reject(house: Wiring, by: Actor, enrollment: Enrollment, device: Device, reason: str) -> bool:
    """Revoke a phone that waits for confirmation, and withdraw its invite; tell whether both were as they were read."""
    stores = house.stores
    failed = stores.commit(
        stores.enrollments.withdrawing(enrollment),
        stores.devices.revoking(device),
        stores.users.revoking(device),
        stores.events.putting(
            by.event(house, EventType.DEVICE_INVITE_WITHDRAWN, enrollment.user_id, device, reason=reason)
        ),
    )
    return not failed


def _withdrawn(found: Standing) -> Standing:
    device = found.device and replace(found.device, status=DeviceStatus.REVOKED)
    enrollment = replace(found.enrollment, status=EnrollmentStatus.WITHDRAWN)
    return Standing(enrollment, EnrollmentState.WITHDRAWN, found.user, device)


def _used() -> Failure:
    return Conflict(
        "enrollment_used",
        "A phone was enrolled by this invite already.",
        guidance="Revoke that phone instead.",
    )

"""The JSON that an administrator gets of users, their phones and invites; an invite's URL is in it once."""

from collections.abc import Sequence
from typing import Any

from passwordless.administration.users import Page, Summary
from passwordless.administration.view import instant
from passwordless.enrollment.bulk import Outcome
from passwordless.enrollment.invite import Invited
from passwordless.enrollment.withdraw import Standing
from passwordless.model.people import MAX_CHECKS, Device, EnrollmentState, User


def users(page: Page, now: int) -> dict[str, Any]:
    """Return a page of users."""
    return {"users": [user(one, now) for one in page.users], "next_page_token": page.next_page_token}


def user(one: User, now: int) -> dict[str, Any]:
    """Return a user, and how far the person has come on the way to a phone."""
    named = {"given_name": one.given_name, "family_name": one.family_name}
    until = {} if one.invited_until is None else {"invited_until": instant(one.invited_until)}
    invite = {} if one.open_enrollment is None else {"enrollment_id": one.open_enrollment}
    return {
        "user_id": one.user_id,
        "email": one.email,
        **{name: value for name, value in named.items() if value is not None},
        "groups": list(one.groups),
        "status": one.status.value,
        "enrollment": {
            "state": one.progress_at(now).value,
            "devices": one.devices,
            "pending_devices": one.pending,
            **until,
            **invite,
        },
        "created_at": instant(one.created_at),
    }


def summary(counted: Summary) -> dict[str, Any]:
    """Return how many users have come how far."""
    return {
        "users": counted.users,
        "disabled": counted.disabled,
        **{progress.value: number for progress, number in counted.by_progress.items()},
        "complete": counted.complete,
    }


def devices(found: Sequence[Device]) -> dict[str, Any]:
    """Return a user's phones."""
    return {"devices": [device(one) for one in found]}


def device(one: Device) -> dict[str, Any]:
    """Return a phone; the invite that it used is where it is confirmed."""
    used = {} if one.enrollment_id is None else {"enrollment_id": one.enrollment_id}
    return {
        "device_id": one.device_id,
        "user_id": one.user_id,
        "name": one.name,
        "os": one.os,
        "status": one.status.value,
        **used,
        "created_at": instant(one.created_at),
    }


def invited(done: Invited) -> dict[str, Any]:
    """Return an invite; its URL is a secret that is shown this once."""
    return {**_invited(done), "qr_svg": done.qr_svg}


def many_invited(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return what became of each row: whose each invite is, and nothing of what a refused row said."""
    made = sum(1 for one in outcomes if one.invited is not None)
    return {
        "results": [_outcome(one) for one in outcomes],
        "invited": made,
        "refused": len(outcomes) - made,
    }


def enrollment(found: Standing) -> dict[str, Any]:
    """Return how an invite stands."""
    one = found.enrollment
    pending = found.state is EnrollmentState.PENDING
    return {
        "enrollment_id": one.enrollment_id,
        "user_id": one.user_id,
        "state": found.state.value,
        "created_at": instant(one.created_at),
        "expires_at": instant(one.expires_at),
        "device": None if found.device is None else device(found.device),
        "checks_left": MAX_CHECKS - one.checks if pending else None,
    }


def _invited(done: Invited) -> dict[str, Any]:
    return {
        "enrollment_id": done.enrollment.enrollment_id,
        "user_id": done.enrollment.user_id,
        "url": done.url,
        "expires_at": instant(done.enrollment.expires_at),
        "confirmation_required": done.waits,
    }


def _outcome(one: Outcome) -> dict[str, Any]:
    if one.invited is not None:
        return {"row": one.row, "status": "invited", "email": one.email, **_invited(one.invited)}
    failure = one.failure
    told = {} if failure is None else {"code": failure.code, "detail": failure.detail, **failure.extra}
    return {"row": one.row, "status": "refused", **told}

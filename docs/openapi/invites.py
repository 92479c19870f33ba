"""Invites, one or many: made, counted, looked at, withdrawn, confirmed."""

from collections.abc import Mapping
from typing import Any, Final

from docs.openapi.admin import ALWAYS, BODY, EMAIL
from docs.openapi.failures import EXTRAS
from docs.openapi.operation import Answer, Body, Operation
from docs.openapi.people import DEVICE_EXAMPLE, GROUPS, NAME
from docs.openapi.schema import (
    ENROLLMENT_ID,
    TIME,
    USER_ID,
    Schema,
    flag,
    listed,
    nullable,
    one_of,
    record,
    ref,
    text,
    whole,
    words,
)
from passwordless.administration.people_routes import MAX_CHECK
from passwordless.enrollment import bulk
from passwordless.enrollment.invite_fields import DEFAULT_TTL, MAX_TTL, MIN_TTL, UNCONFIRMED_TTL
from passwordless.model.people import (
    MAX_CHECKS,
    EnrollmentState,
    Progress,
)

INVITES: Final = "Invites"
TERMS: Final[Mapping[str, Schema]] = {
    "ttl_seconds?": whole(MIN_TTL, MAX_TTL, default=DEFAULT_TTL),
    "require_confirmation?": flag(description=f"Always true above {UNCONFIRMED_TTL} seconds."),
}
OF_A_ROW: Final = (
    "invalid_field",
    "user_disabled",
    "too_many_devices",
    "user_busy",
    "user_named_twice",
    "store_unavailable",
)
_INVITED: Final[Mapping[str, Schema]] = {
    "enrollment_id": ENROLLMENT_ID,
    "user_id": USER_ID,
    "url": text(description="A secret, shown this once."),
    "expires_at": TIME,
    "confirmation_required": flag(),
}
SCHEMAS: Final[Mapping[str, Schema]] = {
    "Person": record(
        {
            "email": EMAIL,
            "given_name?": nullable(NAME),
            "family_name?": nullable(NAME),
            "groups?": GROUPS,
        }
    ),
    "Invitation": record({"user": ref("Person"), **TERMS, "revoke_devices?": flag()}),
    "BulkInvitation": record(
        {
            "users": listed(
                {"anyOf": [ref("Person"), {}], "description": "One that is no person is refused by itself."},
                1,
                bulk.MAX_ROWS,
            ),
            **TERMS,
        }
    ),
    "CsvInvitation": record(
        {
            "csv": text(
                description="RFC 4180, with a header of email and any of given_name, family_name, groups."
            ),
            **TERMS,
        }
    ),
    "NewEnrollment": {"oneOf": [ref("Invitation"), ref("BulkInvitation"), ref("CsvInvitation")]},
    "Invite": record({**_INVITED, "qr_svg": text(pattern="^<svg ")}),
    "BulkOutcome": record(
        {
            "results": listed({"oneOf": [ref("InvitedRow"), ref("RefusedRow")]}, 1, bulk.MAX_ROWS),
            "invited": whole(0, bulk.MAX_ROWS),
            "refused": whole(0, bulk.MAX_ROWS),
        }
    ),
    "InvitedRow": record({"row": whole(1), "status": {"const": "invited"}, "email": text(3), **_INVITED}),
    "RefusedRow": record(
        {
            "row": whole(1),
            "status": {"const": "refused"},
            "code": one_of(*OF_A_ROW),
            "detail": text(1),
            "fields?": EXTRAS["invalid_field"]["fields"],
        }
    ),
    "EnrollmentCounts": record(
        {
            "users": whole(0),
            "disabled": whole(0),
            **{progress.value: whole(0) for progress in Progress},
            "complete": flag(description="False when there are more users than were counted."),
        }
    ),
    "Enrollment": record(
        {
            "enrollment_id": ENROLLMENT_ID,
            "user_id": USER_ID,
            "state": words(EnrollmentState),
            "created_at": TIME,
            "expires_at": TIME,
            "device?": ref("Device"),
            "checks_left?": whole(0, MAX_CHECKS, description="While a phone waits."),
        }
    ),
    "Check": record({"check": text(1, MAX_CHECK)}),
}
_AT: Final = "2026-11-27T08:00:00Z"
ENROLLMENT_EXAMPLE: Final[Mapping[str, Any]] = {
    "enrollment_id": "enr_abcdefghijklmnopqrst",
    "user_id": "usr_abcdefghijklmnopqrst",
    "state": "pending",
    "created_at": _AT,
    "expires_at": "2026-11-27T08:05:00Z",
    "device": {**DEVICE_EXAMPLE, "status": "pending"},
    "checks_left": 5,
}
_INVITED_EXAMPLE: Final[Mapping[str, Any]] = {
    "enrollment_id": "enr_abcdefghijklmnopqrst",
    "user_id": "usr_abcdefghijklmnopqrst",
    "url": "https://login.example.com/E/ABCDEFGHIJKLMNOPABCDEFGHIJ",
    "expires_at": "2026-11-27T08:05:00Z",
    "confirmation_required": False,
}
_ADA: Final = {"email": "ada@example.com", "given_name": "Ada", "family_name": "Example"}

OPERATIONS: Final = (
    Operation(
        "POST /enrollments",
        "invite",
        INVITES,
        "Invite one user's phone, or many; a user is made if new",
        (
            Answer(
                201,
                "Invited; the URL is a secret that is shown this once",
                ref("Invite"),
                {**_INVITED_EXAMPLE, "qr_svg": "<svg …>"},
            ),
            Answer(
                200,
                "What became of each row",
                ref("BulkOutcome"),
                {
                    "results": [
                        {"row": 1, "status": "invited", "email": "ada@example.com", **_INVITED_EXAMPLE},
                        {
                            "row": 2,
                            "status": "refused",
                            "code": "invalid_field",
                            "detail": "user.email must be an e-mail address.",
                            "fields": [{"field": "user.email", "reason": "must be an e-mail address"}],
                        },
                    ],
                    "invited": 1,
                    "refused": 1,
                },
            ),
        ),
        (*ALWAYS, *BODY, "user_disabled", "too_many_devices", "user_busy"),
        body=Body(
            ref("NewEnrollment"),
            {
                "one": {"user": _ADA, "ttl_seconds": 300},
                "many": {"users": [_ADA, {"email": "grace@example.com"}]},
                "csv": {"csv": "email,given_name,groups\nada@example.com,Ada,Navy;Staff\n"},
            },
        ),
    ),
    Operation(
        "GET /enrollments",
        "countEnrollments",
        INVITES,
        "How many users have come how far",
        (
            Answer(
                200,
                "Counts",
                ref("EnrollmentCounts"),
                {
                    "users": 12,
                    "disabled": 0,
                    "none": 0,
                    "invited": 3,
                    "expired": 1,
                    "pending": 1,
                    "enrolled": 7,
                    "complete": True,
                },
            ),
        ),
        ALWAYS,
    ),
    Operation(
        "GET /enrollments/{enrollment_id}",
        "getEnrollment",
        INVITES,
        "How an invite stands",
        (Answer(200, "The invite", ref("Enrollment"), ENROLLMENT_EXAMPLE),),
        (*ALWAYS, "unknown_enrollment"),
    ),
    Operation(
        "DELETE /enrollments/{enrollment_id}",
        "withdrawEnrollment",
        INVITES,
        "Withdraw an invite; a phone that waits is revoked",
        (Answer(200, "The invite", ref("Enrollment"), {**ENROLLMENT_EXAMPLE, "state": "withdrawn"}),),
        (*ALWAYS, "unknown_enrollment", "enrollment_used", "user_busy"),
    ),
    Operation(
        "POST /enrollments/{enrollment_id}/confirm",
        "confirmEnrollment",
        INVITES,
        "Activate the phone that shows this check",
        (Answer(200, "The invite", ref("Enrollment"), {**ENROLLMENT_EXAMPLE, "state": "confirmed"}),),
        (
            *ALWAYS,
            *BODY,
            "unknown_enrollment",
            "not_pending",
            "user_disabled",
            "wrong_check",
            "enrollment_withdrawn",
        ),
        f"{MAX_CHECKS} wrong checks revoke the phone.",
        body=Body(ref("Check"), {"as shown": {"check": "K7QX"}}),
    ),
)

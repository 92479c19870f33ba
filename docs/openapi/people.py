"""Users and their phones."""

from collections.abc import Mapping
from typing import Any, Final

from docs.openapi.admin import ALWAYS, BODY, EMAIL, LIMIT, PAGE_TOKEN, PAGED
from docs.openapi.operation import Answer, Body, Operation, query
from docs.openapi.schema import (
    DEVICE_ID,
    ENROLLMENT_ID,
    TIME,
    USER_ID,
    Schema,
    flag,
    listed,
    nullable,
    record,
    ref,
    text,
    whole,
    words,
)
from passwordless.enrollment.invite_fields import MAX_GROUPS, MAX_RAW_NAME
from passwordless.model.people import (
    MAX_DEVICES,
    DeviceStatus,
    Progress,
    UserStatus,
)

PEOPLE: Final = "Users and phones"
NAME: Final = text(1, MAX_RAW_NAME)
GROUPS: Final = listed(NAME, most=MAX_GROUPS)
_DEVICE: Final = record(
    {
        "device_id": DEVICE_ID,
        "user_id": USER_ID,
        "name": text(1),
        "os": text(1),
        "status": words(DeviceStatus),
        "enrollment_id?": ENROLLMENT_ID,
        "created_at": TIME,
    }
)
SCHEMAS: Final[Mapping[str, Schema]] = {
    "User": record(
        {
            "user_id": USER_ID,
            "email": text(3),
            "given_name?": text(1),
            "family_name?": text(1),
            "groups": listed(text(1)),
            "status": words(UserStatus),
            "enrollment": record(
                {
                    "state": words(Progress),
                    "devices": whole(0, MAX_DEVICES),
                    "pending_devices": whole(0, MAX_DEVICES),
                    "invited_until?": TIME,
                    "enrollment_id?": ENROLLMENT_ID,
                }
            ),
            "created_at": TIME,
        }
    ),
    "UserPage": record({"users": listed(ref("User")), "next_page_token?": text(1)}),
    "UserChange": record(
        {
            "disabled?": flag(),
            "given_name?": nullable(NAME),
            "family_name?": nullable(NAME),
            "groups?": GROUPS,
        },
        minProperties=1,
    ),
    "ErasedUser": record({"user_id": USER_ID, "status": {"const": "erased"}}),
    "Device": _DEVICE,
    "Devices": record({"devices": listed(ref("Device"))}),
    "DeviceChange": record({"name": NAME}),
    "LiftedBlock": record({"network": text(1), "status": {"const": "lifted"}}),
}
_AT: Final = "2026-11-27T08:00:00Z"
DEVICE_EXAMPLE: Final[Mapping[str, Any]] = {
    "device_id": "dev_abcdefghijklmnopqrst",
    "user_id": "usr_abcdefghijklmnopqrst",
    "name": "Ada's phone",
    "os": "Android 16",
    "status": "active",
    "enrollment_id": "enr_abcdefghijklmnopqrst",
    "created_at": _AT,
}
USER_EXAMPLE: Final[Mapping[str, Any]] = {
    "user_id": "usr_abcdefghijklmnopqrst",
    "email": "ada@example.com",
    "given_name": "Ada",
    "family_name": "Example",
    "groups": [],
    "status": "active",
    "enrollment": {"state": "enrolled", "devices": 1, "pending_devices": 0},
    "created_at": _AT,
}

OPERATIONS: Final = (
    Operation(
        "GET /users",
        "listUsers",
        PEOPLE,
        "The tenant's users, the newest first, or the one with an address",
        (Answer(200, "A page", ref("UserPage"), {"users": [USER_EXAMPLE]}),),
        (*ALWAYS, *PAGED, "invalid_field"),
        parameters=(
            LIMIT,
            PAGE_TOKEN,
            query(
                "email",
                EMAIL,
                "Of the one user who is looked for.",
            ),
        ),
    ),
    Operation(
        "GET /users/{user_id}",
        "getUser",
        PEOPLE,
        "One of the tenant's users",
        (Answer(200, "The user", ref("User"), USER_EXAMPLE),),
        (*ALWAYS, "unknown_user"),
    ),
    Operation(
        "PATCH /users/{user_id}",
        "changeUser",
        PEOPLE,
        "Change, disable or enable a user",
        (Answer(200, "The user", ref("User"), {**USER_EXAMPLE, "status": "disabled"}),),
        (*ALWAYS, *BODY, "unknown_user", "user_busy"),
        "Disabling ends approvals, browser sessions and the open invite; a name that is null is taken away.",
        body=Body(ref("UserChange"), {"disable": {"disabled": True}}),
    ),
    Operation(
        "DELETE /users/{user_id}",
        "eraseUser",
        PEOPLE,
        "Erase a user with all phones",
        (
            Answer(
                200, "Erased", ref("ErasedUser"), {"user_id": "usr_abcdefghijklmnopqrst", "status": "erased"}
            ),
        ),
        (*ALWAYS, "unknown_user", "user_busy"),
    ),
    Operation(
        "GET /users/{user_id}/devices",
        "listDevices",
        PEOPLE,
        "A user's phones, revoked ones included, the newest first",
        (Answer(200, "The phones", ref("Devices"), {"devices": [DEVICE_EXAMPLE]}),),
        (*ALWAYS, "unknown_user"),
    ),
    Operation(
        "PATCH /devices/{device_id}",
        "renameDevice",
        PEOPLE,
        "Rename a phone",
        (Answer(200, "The phone", ref("Device"), DEVICE_EXAMPLE),),
        (*ALWAYS, *BODY, "unknown_device", "user_busy"),
        body=Body(ref("DeviceChange"), {"name": {"name": "Ada's phone"}}),
    ),
    Operation(
        "DELETE /devices/{device_id}",
        "revokeDevice",
        PEOPLE,
        "Revoke a phone for ever, with the logins that it scanned or approved",
        (Answer(200, "The phone", ref("Device"), {**DEVICE_EXAMPLE, "status": "revoked"}),),
        (*ALWAYS, "unknown_device", "user_busy"),
    ),
    Operation(
        "DELETE /blocks/{address}",
        "liftBlock",
        PEOPLE,
        "Open an address again that reports have shut",
        (
            Answer(
                200,
                "Opened for everyone of the tenant",
                ref("LiftedBlock"),
                {"network": "203.0.113.7/32", "status": "lifted"},
            ),
        ),
        (*ALWAYS, "unknown_block"),
        "The address is the `ip` of the event `login.reported`.",
    ),
)

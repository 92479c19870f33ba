"""What happened: events, and how one login went."""

from collections.abc import Mapping
from typing import Any, Final

from docs.openapi.admin import ALWAYS, LIMIT, NEXT_PAGE, PAGE_TOKEN, PAGED
from docs.openapi.from_code import written_by
from docs.openapi.operation import Answer, Operation, query
from docs.openapi.schema import (
    APPLICATION_ID,
    CORRELATION_ID,
    DEVICE_ID,
    EVENT_ID,
    SESSION_ID,
    TIME,
    USER_ID,
    Schema,
    flag,
    listed,
    record,
    ref,
    table,
    text,
    whole,
    words,
)
from passwordless.administration.activity import DEFAULT_DAYS, MAX_DAYS, Day
from passwordless.model.events import Event, EventType
from passwordless.model.traces import Check, Outcome, Result

TAG: Final = "History"
_MEMBERS: Final[Mapping[str, Schema]] = {
    "event_id": EVENT_ID,
    "type": words(EventType),
    "correlation_id": CORRELATION_ID,
    "application_id": APPLICATION_ID,
    "user_id": USER_ID,
    "device_id": DEVICE_ID,
    "session_id": SESSION_ID,
    "reference": text(description="Finds the login's trace."),
    "actor": text(description="The administrator's subject."),
    "ip": text(),
    "details": table(text()),
    "at": TIME,
    "tenant": text(),
}


def _event() -> Schema:
    """Return an event as it is told, which is without the tenant."""
    whole_event = written_by(Event, _MEMBERS)
    properties = {name: schema for name, schema in whole_event["properties"].items() if name != "tenant"}
    required = [name for name in whole_event["required"] if name != "tenant"]
    return {**whole_event, "properties": properties, "required": required}


SCHEMAS: Final[Mapping[str, Schema]] = {
    "Event": _event(),
    "EventPage": record({"events": listed(ref("Event")), "next_page_token?": NEXT_PAGE}),
    "Activity": record(
        {
            "days": listed(
                written_by(
                    Day,
                    {
                        "date": text(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", format="date"),
                        **{kind: whole(0) for kind in ("started", "approved", "declined", "failed")},
                    },
                ),
                1,
                MAX_DAYS,
                description="The oldest first, one for each day, in UTC.",
            ),
            "complete": flag(description="False when there are more events than were counted."),
        }
    ),
    "Transaction": record(
        {
            "correlation_id": CORRELATION_ID,
            "application_id": APPLICATION_ID,
            "at": TIME,
            "outcome": words(Outcome),
            "checks": listed(
                written_by(
                    Check, {"name": text(1), "result": words(Result), "expected": text(), "actual": text()}
                )
            ),
        }
    ),
}
_EVENT: Final[Mapping[str, Any]] = {
    "event_id": "evt_abcdefghijklmnopqrst",
    "type": "login.completed",
    "correlation_id": "ABCDEFGHIJKLMNOP",
    "application_id": "app_abcdefghijklmnopqrst",
    "user_id": "usr_abcdefghijklmnopqrst",
    "device_id": "dev_abcdefghijklmnopqrst",
    "session_id": "ABCDEFGHIJKLMNOP",
    "reference": "ABCDEFGHIJKLMNOP",
    "ip": "203.0.113.7",
    "details": {},
    "at": "2026-11-27T08:00:00Z",
}
_ELSEWHERE: Final[Mapping[str, Any]] = {
    "event_id": "evt_abcdefghijklmnopqrst",
    "type": "device.invited",
    "correlation_id": "ABCDEFGHIJKLMNOP",
    "user_id": "usr_abcdefghijklmnopqrst",
    "actor": "admin|ada",
    "ip": "203.0.113.9",
    "details": {},
    "at": "2026-11-27T08:00:00Z",
}

OPERATIONS: Final = (
    Operation(
        "GET /applications/{application_id}/events",
        "listEvents",
        TAG,
        "What happened at an application, the newest first",
        (Answer(200, "A page", ref("EventPage"), {"events": [_EVENT]}),),
        (*ALWAYS, *PAGED, "unknown_application"),
        parameters=(LIMIT, PAGE_TOKEN),
    ),
    Operation(
        "GET /applications/{application_id}/activity",
        "countLogins",
        TAG,
        "How many logins of an application began, and how they went, by day",
        (
            Answer(
                200,
                "A day without gaps each",
                ref("Activity"),
                {
                    "days": [
                        {"date": "2026-11-27", "started": 12, "approved": 10, "declined": 1, "failed": 1}
                    ],
                    "complete": True,
                },
            ),
        ),
        (*ALWAYS, "invalid_days", "invalid_query", "unknown_application"),
        "`declined` were denied or reported; `failed` were refused, expired, or could not be answered.",
        (query("days", whole(1, MAX_DAYS, default=DEFAULT_DAYS), "How many, today included."),),
    ),
    Operation(
        "GET /events",
        "listOtherEvents",
        TAG,
        "What happened at no application: to people, phones and signing keys",
        (Answer(200, "A page", ref("EventPage"), {"events": [_ELSEWHERE]}),),
        (*ALWAYS, *PAGED),
        parameters=(LIMIT, PAGE_TOKEN),
    ),
    Operation(
        "GET /users/{user_id}/events",
        "listUserEvents",
        TAG,
        "What was done by or to a user, at whichever application",
        (Answer(200, "A page", ref("EventPage"), {"events": [_EVENT]}),),
        (*ALWAYS, *PAGED, "unknown_user"),
        "One who was erased can be asked about as long as the events are kept.",
        (LIMIT, PAGE_TOKEN),
    ),
    Operation(
        "GET /applications/{application_id}/transactions/{correlation_id}",
        "getTransaction",
        TAG,
        "How one login went, by the reference that its person was shown",
        (
            Answer(
                200,
                "The checks of the login in their order",
                ref("Transaction"),
                {
                    "correlation_id": "ABCDEFGHIJKLMNOP",
                    "application_id": "app_abcdefghijklmnopqrst",
                    "at": "2026-11-27T08:00:00Z",
                    "outcome": "refused",
                    "checks": [
                        {"name": "signature", "result": "passed"},
                        {
                            "name": "destination",
                            "result": "failed",
                            "expected": "https://login.example.com/saml/app_abcdefghijklmnopqrst/sso",
                            "actual": "nothing",
                        },
                    ],
                },
            ),
        ),
        (*ALWAYS, "unknown_transaction"),
        "Kept for 30 days.",
    ),
)

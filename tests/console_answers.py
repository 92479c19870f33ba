"""Answers of the API as the console gets them, one of each kind; whatever people chose in them is an attacker's."""

from typing import Any

from docs.openapi.application_answers import EXAMPLE
from passwordless.administration import guide
from passwordless.phone import qr

HOSTILE = "<img src=x onerror=\"document.title='hacked'\">"
APPLICATION_ID = str(EXAMPLE["application_id"])
USER_ID = "usr_abcdefghijklmnopqrst"
DEVICE_ID = "dev_abcdefghijklmnopqrst"
ENROLLMENT_ID = "enr_abcdefghijklmnopqrst"
REFERENCE = "ABCDEFGHIJKLMNOP"
EMAIL = "ada@example.com"
NEWER = "some.thing_newer"
"""A type of event that comes with a later API than this console."""
_AT = "2026-11-26T08:00:00Z"

APPLICATION: dict[str, Any] = {
    **EXAMPLE,
    "name": f"Acme {HOSTILE}",
    "status": "unverified",
    "attributes": [
        *EXAMPLE["attributes"],
        {
            "name": "department",
            "name_format": "urn:oasis:names:tc:SAML:2.0:attrname-format:basic",
            "constant": HOSTILE,
            "release": "always",
        },
    ],
}
USER: dict[str, Any] = {
    "user_id": USER_ID,
    "email": EMAIL,
    "given_name": "Ada",
    "family_name": HOSTILE,
    "groups": ["staff", HOSTILE],
    "status": "active",
    "enrollment": {
        "state": "pending",
        "devices": 2,
        "pending_devices": 1,
        "invited_until": "2036-11-26T08:00:00Z",
        "enrollment_id": "enr_bbcdefghijklmnopqrst",
    },
    "created_at": _AT,
}
DEVICES = [
    {
        "device_id": DEVICE_ID,
        "user_id": USER_ID,
        "name": HOSTILE,
        "os": "Android 16",
        "status": "active",
        "created_at": _AT,
    },
    {
        "device_id": "dev_bbcdefghijklmnopqrst",
        "user_id": USER_ID,
        "name": "New phone",
        "os": "iOS 26",
        "status": "pending",
        "enrollment_id": ENROLLMENT_ID,
        "created_at": _AT,
    },
]
EVENTS = [
    {
        "event_id": f"evt_{mark * 20}",
        "type": kind,
        "correlation_id": REFERENCE,
        "application_id": APPLICATION_ID,
        "user_id": USER_ID,
        "reference": REFERENCE,
        "actor": HOSTILE,
        "ip": "203.0.113.7",
        "details": {"reason": HOSTILE, "network": "203.0.113.7/32"},
        "at": _AT,
    }
    for mark, kind in zip(
        "abcd", ("login.completed", "login.reported", "device.enrolled", NEWER), strict=True
    )
]
DAYS = [
    {"date": f"2026-11-{day:02}", "started": 9 + day, "approved": day, "declined": day % 3, "failed": day % 2}
    for day in range(14, 28)
]
STEPS = [
    {"step": "domain", "status": "ok"},
    {"step": "token", "status": "failed", "detail": "Auth0 rejected the Client ID or Client Secret."},
    {"step": "connection", "status": "skipped"},
    {"step": "verification", "status": "skipped"},
]
BAD_SECRET = {
    "type": "urn:passwordless:problem:auth0_bad_credentials",
    "title": "Needs your attention",
    "status": 422,
    "detail": "Auth0 rejected the Client ID or Client Secret.",
    "code": "auth0_bad_credentials",
    "guidance": f"Both must come from the same application. {HOSTILE}",
    "correlation_id": REFERENCE,
    "steps": STEPS,
}
CONNECTED = {
    "application": {**APPLICATION, "status": "connected"},
    "steps": [{"step": one["step"], "status": "ok"} for one in STEPS],
    "warnings": [{"code": "over_granted", "guidance": f"Untick what is not needed. {HOSTILE}"}],
    "next_steps": ["Rotate the Client Secret.", f"Invite the phone of a test user. {HOSTILE}"],
    "test_url": "https://acme.auth0.com/authorize?client_id=1",
}
DIAGNOSIS = {
    "application": APPLICATION,
    "checks": [
        {"check": "entity_id", "status": "ok", "expected": "urn:auth0:acme:x", "actual": "urn:auth0:acme:x"},
        {
            "check": "acs_urls",
            "status": "failed",
            "expected": "https://acme.auth0.com/login/callback",
            "actual": HOSTILE,
            "guidance": f"Set acs_urls. {HOSTILE}",
        },
        {"check": "certificates", "status": "unknown", "expected": "one", "actual": "nothing"},
    ],
    "last_login": {"type": "login.completed", "at": _AT, "reference": REFERENCE},
    "warnings": [{"code": "unverified", "guidance": HOSTILE}],
    "next_steps": [f"Set acs_urls. {HOSTILE}"],
}
NAMED = {name: APPLICATION[name] for name in ("application_id", "name", "integration", "status")}
KEYS = {
    "signing_keys": [
        {
            "key_id": f"key_{mark * 20}",
            "state": state,
            "created_at": _AT,
            "certificate_expires_at": "2026-12-25T08:00:00Z",
            "certificate_sha1": "ab" * 20,
            "certificate_sha256": "cd" * 32,
            "certificate_pem": "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n",
            "applications": [NAMED] if mark == "a" else [],
        }
        for mark, state in (("a", "current"), ("b", "next"), ("c", "retiring"))
    ]
}
INVITED = {
    "enrollment_id": ENROLLMENT_ID,
    "user_id": USER_ID,
    "url": "https://login.example.com/E/ABCDEFGHIJKLMNOPABCDEFGHIJ",
    "expires_at": "2099-11-26T08:05:00Z",
    "confirmation_required": True,
    "qr_svg": qr.svg("https://login.example.com/E/ABCDEFGHIJKLMNOPABCDEFGHIJ"),
}
STANDING = {
    "enrollment_id": ENROLLMENT_ID,
    "user_id": USER_ID,
    "state": "open",
    "created_at": _AT,
    "expires_at": "2099-11-26T08:05:00Z",
}
TRANSACTION = {
    "correlation_id": REFERENCE,
    "application_id": APPLICATION_ID,
    "at": _AT,
    "outcome": "refused",
    "checks": [
        {"name": "signature", "result": "passed"},
        {
            "name": "destination",
            "result": "failed",
            "expected": "https://login.example.com",
            "actual": HOSTILE,
        },
    ],
}
PREVIEW = {
    "user_id": USER_ID,
    "name_id": {"format": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "value": "xyz"},
    "authn_context": "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract",
    "attributes": [{"name": HOSTILE, "name_format": "x", "values": [HOSTILE]}],
}
SUMS = {
    "users": 9,
    "disabled": 1,
    "none": 1,
    "invited": 3,
    "expired": 1,
    "pending": 1,
    "enrolled": 3,
    "complete": False,
}
BULK = {
    "results": [
        {
            "row": 1,
            "status": "invited",
            "email": EMAIL,
            **{name: told for name, told in INVITED.items() if name != "qr_svg"},
        },
        {"row": 2, "status": "refused", "code": "invalid_field", "detail": HOSTILE},
    ],
    "invited": 1,
    "refused": 1,
}


def answers() -> dict[str, Any]:
    """Return answers of a tenant that has something of everything."""
    application, user = f"/applications/{APPLICATION_ID}", f"/users/{USER_ID}"
    return {
        "GET /integrations": guide.integrations(),
        r"GET /applications\?.*": {"applications": [APPLICATION], "next_page_token": "more"},
        "POST /applications": (422, BAD_SECRET),
        f"GET {application}": APPLICATION,
        f"PATCH {application}": {
            **APPLICATION,
            "warnings": [{"code": "break_glass_not_confirmed", "guidance": HOSTILE}],
        },
        f"POST {application}/verify": DIAGNOSIS,
        rf"GET {application}/events\?.*": {"events": EVENTS},
        rf"GET {application}/activity\?.*": {"days": DAYS, "complete": False},
        f"GET {application}/transactions/{REFERENCE}": TRANSACTION,
        f"POST {application}/attributes/preview": PREVIEW,
        f"POST {application}/signing-key": (
            422,
            {
                "type": "urn:passwordless:problem:certificate_not_confirmed",
                "title": "Needs your attention",
                "status": 422,
                "correlation_id": REFERENCE,
                "code": "certificate_not_confirmed",
                "detail": "Not confirmed.",
                "next_steps": [HOSTILE],
                "signing_key": {
                    name: told for name, told in KEYS["signing_keys"][1].items() if name != "applications"
                },
            },
        ),
        "GET /signing-keys": KEYS,
        r"GET /events\?.*": {"events": EVENTS, "next_page_token": "more"},
        "DELETE /blocks/203.0.113.7": {"network": "203.0.113.7/32", "status": "lifted"},
        "GET /enrollments": SUMS,
        "POST /enrollments": INVITED,
        f"GET /enrollments/{ENROLLMENT_ID}": STANDING,
        r"GET /users\?.*": {"users": [USER, {**USER, "user_id": f"usr_{'b' * 20}", "status": "disabled"}]},
        f"GET {user}": USER,
        "DELETE /enrollments/enr_bbcdefghijklmnopqrst": {**STANDING, "state": "withdrawn"},
        f"GET {user}/devices": {"devices": DEVICES},
        rf"GET {user}/events\?.*": {"events": EVENTS},
    }

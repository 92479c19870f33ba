"""What phones call: enrolment, scans, decisions; and the pages that a plain camera opens."""

from collections.abc import Mapping
from typing import Any, Final

from docs.openapi.operation import PAGE, Answer, Body, Operation
from docs.openapi.schema import (
    DEVICE_ID,
    SESSION_ID,
    TIME,
    Schema,
    flag,
    nullable,
    record,
    ref,
    text,
    words,
)
from passwordless.enrollment.check import LENGTH as CHECK_LENGTH
from passwordless.model import step_up
from passwordless.model.people import DeviceStatus
from passwordless.model.sessions import Status
from passwordless.phone.proof import MAX_BYTES

TAG: Final = "Phone"
ALWAYS: Final = ("internal_error", "store_unavailable", "malformed_json", "body_too_large")
PROOF: Final = ("malformed_proof", "bad_proof", "clock_skew")
ASCII: Final = text(pattern="^[\\x00-\\x7f]*$")
JWS: Final = text(most=MAX_BYTES, description="A compact JWS, ES256; docs/mobile.md says what it holds.")
_COORDINATE: Final = text(pattern="^[A-Za-z0-9_-]{43}$")
_DEVICE: Final = record({"name": text(1), "os": text(1)})
_CREDENTIAL: Final[Schema] = {
    "type": "object",
    "description": "AuthenticationResponseJSON or RegistrationResponseJSON (WebAuthn Level 3, 5.1).",
    "properties": {"id": text(1), "type": {"const": "public-key"}, "response": {"type": "object"}},
    "required": ["id", "type", "response"],
}
_STEP_UP_CODE: Final = text(
    pattern=f"^[{step_up.ALPHABET}]{{{step_up.LENGTH}}}$",
    description="To be typed into the login page; there is one attempt.",
)
SCHEMAS: Final[Mapping[str, Schema]] = {
    "PublicKey": record(
        {"kty": {"const": "EC"}, "crv": {"const": "P-256"}, "x": _COORDINATE, "y": _COORDINATE},
        description="A public P-256 key (RFC 7517) and nothing else.",
    ),
    "AppEnrollment": record(
        {
            "token": ASCII,
            "device": _DEVICE,
            "jwk": ref("PublicKey"),
            "device_jwk?": nullable(ref("PublicKey")),
            "proof": JWS,
            "passkey?": {"type": "null"},
        }
    ),
    "PasskeyEnrollment": record({"token": ASCII, "device": _DEVICE, "passkey": _CREDENTIAL}),
    "PhoneEnrollment": {"oneOf": [ref("AppEnrollment"), ref("PasskeyEnrollment")]},
    "EnrolledPhone": record(
        {
            "device_id": DEVICE_ID,
            "status": words(DeviceStatus),
            "check": text(
                pattern=f"^[A-Z2-7]{{{CHECK_LENGTH}}}$",
                description="To be typed by whoever confirms the phone.",
            ),
        }
    ),
    "Scan": record({"token": ASCII, "proof": JWS}),
    "Context": record(
        {
            "application": text(),
            "domain": text(),
            "browser": text(),
            "os": text(),
            "place?": text(),
            "ip": text(),
            "requested_at": TIME,
        },
        description="What the person sees before deciding; show all of it, as plain text.",
    ),
    "Scanned": record(
        {
            "session_id": SESSION_ID,
            "nonce": text(1),
            "context": ref("Context"),
            "context_hash": text(1),
            "step_up": flag(description="Whether an approval will probably need a code."),
        }
    ),
    "DeviceDecision": record(
        {"session_id": ASCII, "proof": record({"type": {"const": "device"}, "jws": JWS})}
    ),
    "PasskeyDecision": record(
        {
            "session_id": ASCII,
            "ticket": ASCII,
            "proof": record({"type": {"const": "passkey"}, "credential": _CREDENTIAL}),
        }
    ),
    "PhoneDecision": {"oneOf": [ref("DeviceDecision"), ref("PasskeyDecision")]},
    "Decided": record({"status": words(Status), "code?": _STEP_UP_CODE}),
    "PhoneConfirmation": record({"proof": JWS}),
    "ConfirmedPhone": record({"device_id": DEVICE_ID, "status": words(DeviceStatus)}),
}
_JWS: Final = "header.payload.signature"
_JWK: Final = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}
_CONTEXT: Final[Mapping[str, Any]] = {
    "application": "Acme Portal",
    "domain": "acme.auth0.com",
    "browser": "Chrome",
    "os": "Windows",
    "ip": "203.0.113.7",
    "requested_at": "2026-11-27T08:00:00Z",
}
_CREDENTIAL_EXAMPLE: Final[Mapping[str, Any]] = {
    "id": "Y3JlZGVudGlhbA",
    "rawId": "Y3JlZGVudGlhbA",
    "type": "public-key",
    "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": "AA"},
}

OPERATIONS: Final = (
    Operation(
        "POST /mobile/enroll",
        "enrollPhone",
        TAG,
        "Enrol a phone by an invite, with keys or a passkey",
        (
            Answer(
                201,
                "Enrolled; a pending phone waits for confirmation",
                ref("EnrolledPhone"),
                {"device_id": "dev_abcdefghijklmnopqrst", "status": "active", "check": "K7QX"},
            ),
        ),
        (*ALWAYS, *PROOF, "malformed_enrollment", "unknown_invite", "invite_over", "key_already_enrolled"),
        body=Body(
            ref("PhoneEnrollment"),
            {
                "app": {
                    "token": "ABCDEFGHIJKLMNOPABCDEFGHIJ",
                    "device": {"name": "Ada's phone", "os": "Android 16"},
                    "jwk": _JWK,
                    "proof": _JWS,
                }
            },
        ),
    ),
    Operation(
        "POST /mobile/scan",
        "scan",
        TAG,
        "Claim the login whose code was scanned",
        (
            Answer(
                200,
                "What the login is about; it is locked to this phone",
                ref("Scanned"),
                {
                    "session_id": "ABCDEFGHIJKLMNOP",
                    "nonce": "mFzcGpnF3Q0Nq2bRkqG2yA",
                    "context": _CONTEXT,
                    "context_hash": "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
                    "step_up": False,
                },
            ),
        ),
        (
            *ALWAYS,
            *PROOF,
            "malformed_body",
            "unknown_code",
            "code_expired",
            "session_claimed",
            "device_inactive",
            "address_reported",
        ),
        body=Body(ref("Scan"), {"scan": {"token": "ABCDEFGHIJKLMNOPABCDEFGHIJ", "proof": _JWS}}),
    ),
    Operation(
        "POST /mobile/verify",
        "decide",
        TAG,
        "Approve, deny or report a login",
        (
            Answer(
                200,
                "How the login stands; the identical proof, sent again, is answered alike",
                ref("Decided"),
                {"status": "approved"},
            ),
        ),
        (
            *ALWAYS,
            *PROOF,
            "malformed_body",
            "unknown_session",
            "session_expired",
            "ticket_expired",
            "not_scanned",
            "session_claimed",
            "already_decided",
            "device_inactive",
            "user_verification_required",
            "login_refused",
            "login_blocked",
            "address_reported",
            "login_unfinished",
        ),
        body=Body(
            ref("PhoneDecision"),
            {
                "app": {"session_id": "ABCDEFGHIJKLMNOP", "proof": {"type": "device", "jws": _JWS}},
                "passkey": {
                    "session_id": "ABCDEFGHIJKLMNOP",
                    "ticket": "ticket",
                    "proof": {"type": "passkey", "credential": _CREDENTIAL_EXAMPLE},
                },
            },
        ),
    ),
    Operation(
        "POST /mobile/confirm",
        "confirmByPhone",
        TAG,
        "Vouch for a person's new phone with an older one",
        (
            Answer(
                200,
                "The new phone",
                ref("ConfirmedPhone"),
                {"device_id": "dev_abcdefghijklmnopqrst", "status": "active"},
            ),
        ),
        (
            *ALWAYS,
            *PROOF,
            "malformed_body",
            "device_inactive",
            "user_disabled",
            "not_pending",
            "wrong_check",
            "enrollment_withdrawn",
            "unknown_enrollment",
        ),
        body=Body(ref("PhoneConfirmation"), {"vouch": {"proof": _JWS}}),
    ),
    Operation(
        "GET /Q/{token}",
        "openCode",
        TAG,
        "The page that a plain camera opens: what the login is about",
        (Answer(200, "A page that approves by a passkey, or says to scan instead", text(1), media=PAGE),),
        ("internal_error", "store_unavailable", "unknown_code", "code_expired", "session_claimed"),
        "Changes nothing.",
        pages=True,
    ),
    Operation(
        "GET /E/{token}",
        "openInvite",
        TAG,
        "The page that a plain camera opens: an invite",
        (Answer(200, "A page that creates a passkey", text(1), media=PAGE),),
        ("internal_error", "store_unavailable", "unknown_invite", "invite_over"),
        "Changes nothing.",
        pages=True,
    ),
)

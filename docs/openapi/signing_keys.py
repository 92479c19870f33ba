"""A tenant's signing keys and their rotation."""

from collections.abc import Mapping
from typing import Any, Final

from docs.openapi.admin import ALWAYS, BODY
from docs.openapi.application_answers import EXAMPLE, SHA1
from docs.openapi.operation import Answer, Body, Operation
from docs.openapi.schema import (
    APPLICATION_ID,
    KEY_ID,
    TIME,
    Schema,
    flag,
    listed,
    one_of,
    record,
    ref,
    text,
    words,
)
from passwordless.model.applications import ApplicationStatus, Integration
from passwordless.model.signing_keys import SigningKeyStatus

TAG: Final = "Signing keys"
_KEY: Final[Mapping[str, Schema]] = {
    "key_id": KEY_ID,
    "state": words(SigningKeyStatus),
    "created_at": TIME,
    "certificate_expires_at": TIME,
    "certificate_sha1": SHA1,
    "certificate_sha256": text(pattern="^[0-9a-f]{64}$"),
    "certificate_pem": text(pattern="^-----BEGIN CERTIFICATE-----"),
}
_PINNED: Final = record(
    {
        "application_id": APPLICATION_ID,
        "name": text(1),
        "integration": words(Integration),
        "status": words(ApplicationStatus),
    }
)
SCHEMAS: Final[Mapping[str, Schema]] = {
    "SigningKey": record(_KEY),
    "SigningKeys": record(
        {
            "signing_keys": listed(
                record({**_KEY, "applications": listed(_PINNED, description="Those that are pinned to it.")}),
                description="The oldest first.",
            )
        }
    ),
    "Rotation": {
        "oneOf": [
            record({"action": {"const": "next"}}, description="Make the next key."),
            record(
                {"action": one_of("promote", "retire"), "key_id": text(1)},
                description="Make the next key current; end a key.",
            ),
        ]
    },
    "Move": record(
        {
            "key_id": text(1),
            "confirmed?": flag(description="true once the service provider trusts the key's certificate."),
        }
    ),
}
_EXAMPLE: Final[Mapping[str, Any]] = {
    "signing_keys": [
        {
            "key_id": "key_abcdefghijklmnopqrst",
            "state": "current",
            "created_at": "2026-11-27T08:00:00Z",
            "certificate_expires_at": "2036-11-25T08:00:00Z",
            "certificate_sha1": "0123456789abcdef0123456789abcdef01234567",
            "certificate_sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "certificate_pem": "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n",
            "applications": [
                {name: EXAMPLE[name] for name in ("application_id", "name", "integration", "status")}
            ],
        }
    ]
}
CERTIFICATE_NOT_CONFIRMED: Final[Mapping[str, Any]] = {
    "next_steps": ["Save certificate_pem as a file."],
    "signing_key": {
        name: value for name, value in _EXAMPLE["signing_keys"][0].items() if name != "applications"
    },
}

OPERATIONS: Final = (
    Operation(
        "GET /signing-keys",
        "listSigningKeys",
        TAG,
        "The tenant's keys, their certificates and the applications that trust them",
        (Answer(200, "The keys", ref("SigningKeys"), _EXAMPLE),),
        ALWAYS,
    ),
    Operation(
        "POST /signing-keys",
        "rotateSigningKeys",
        TAG,
        "Make, promote or retire a key",
        (
            Answer(201, "The next key was made", ref("SigningKeys"), _EXAMPLE),
            Answer(200, "Promoted or retired", ref("SigningKeys"), _EXAMPLE),
        ),
        (
            *ALWAYS,
            *BODY,
            "unknown_signing_key",
            "no_signing_key",
            "next_key_exists",
            "key_not_next",
            "key_is_current",
            "key_at_work",
            "key_pinned",
            "signing_keys_changed",
            "signing_key_busy",
            "signing_unavailable",
        ),
        body=Body(
            ref("Rotation"),
            {
                "next": {"action": "next"},
                "promote": {"action": "promote", "key_id": "key_abcdefghijklmnopqrst"},
            },
        ),
    ),
    Operation(
        "POST /applications/{application_id}/signing-key",
        "moveToSigningKey",
        TAG,
        "Pin an application to another key",
        (Answer(200, "The application", ref("Application"), EXAMPLE),),
        (
            *ALWAYS,
            *BODY,
            "unknown_application",
            "unknown_signing_key",
            "key_retired",
            "application_connecting",
            "signing_keys_changed",
            "certificate_not_confirmed",
        ),
        body=Body(ref("Move"), {"confirmed": {"key_id": "key_abcdefghijklmnopqrst", "confirmed": True}}),
    ),
)

"""Applications: offered, added, listed, read, changed, examined, tried out, removed."""

import json
from typing import Any, Final

from docs.openapi.admin import ALWAYS, BODY, LIMIT, PAGE_TOKEN, PAGED
from docs.openapi.application_answers import EXAMPLE
from docs.openapi.operation import Answer, Body, Operation, header
from docs.openapi.schema import listed, ref, text
from passwordless.administration import guide
from passwordless.auth0.problem_texts import PROBLEMS

TAG: Final = "Applications"
SP_METADATA: Final = ("sp_metadata_invalid", "sp_metadata_expired", "sp_metadata_validity")
SP: Final = (*SP_METADATA, "sp_certificate_invalid", "endpoint_url_invalid", "service_provider_exists")
IDEMPOTENCY_KEY: Final = header(
    "Idempotency-Key",
    text(pattern="^[!-~]{8,200}$"),
    "A new one for each press of the button: the same key makes at most one connection. For `auth0-saml`.",
)
_NEW: Final[dict[str, Any]] = {
    "name": "Acme Portal",
    "integration": "auth0-saml",
    "auth0_domain": "acme.auth0.com",
    "auth0_client_id": "kXw3ZtExampleClientId0123456789ab",
}
_SENT: Final[dict[str, Any]] = {
    "connect": {**_NEW, "auth0_client_secret": "an-example-and-no-secret", "test_users": ["ada@example.com"]},
    "manual": {**_NEW, "mode": "manual"},
    "fields": {
        "name": "Wiki",
        "integration": "saml",
        "sp_entity_id": "https://wiki.example.com/saml/metadata",
        "acs_urls": ["https://wiki.example.com/saml/acs"],
        "require_signed_requests": False,
    },
}
_STEPS: Final = [{"step": step, "status": "ok"} for step in ("domain", "token", "connection", "verification")]

OPERATIONS: Final = (
    Operation(
        "GET /integrations",
        "listIntegrations",
        TAG,
        "What can be connected, and which fields that takes",
        (Answer(200, "The integrations", ref("Integrations"), json.loads(json.dumps(guide.integrations()))),),
        ALWAYS,
        "Build the form from this: label, help, and where each value is found.",
    ),
    Operation(
        "POST /applications",
        "addApplication",
        TAG,
        "Connect an Auth0 tenant by one click, or add another service provider",
        (
            Answer(
                201,
                "Added; mind `warnings` and `next_steps`",
                ref("ConnectedApplication"),
                {
                    "application": EXAMPLE,
                    "steps": _STEPS,
                    "warnings": [],
                    "next_steps": ["Invite a phone, if none is enrolled yet."],
                    "test_url": "https://acme.auth0.com/authorize?client_id=kXw3ZtExampleClientId0123456789ab",
                },
            ),
        ),
        (
            *ALWAYS,
            *BODY,
            *SP,
            *PROBLEMS,
            "invalid_idempotency_key",
            "idempotency_key_reused",
            "connect_in_progress",
            "application_removed",
            "application_exists",
            "unknown_signing_key",
            "signing_key_busy",
            "signing_unavailable",
        ),
        "Takes up to 29 s. What Auth0 refuses is never answered by 401 or 403.",
        (IDEMPOTENCY_KEY,),
        Body(ref("NewApplication"), _SENT),
        {"steps": listed(ref("ConnectStep"), description="How far connecting came.")},
    ),
    Operation(
        "GET /applications",
        "listApplications",
        TAG,
        "The tenant's applications, the newest first",
        (Answer(200, "A page", ref("ApplicationPage"), {"applications": [EXAMPLE]}),),
        (*ALWAYS, *PAGED),
        parameters=(LIMIT, PAGE_TOKEN),
    ),
    Operation(
        "GET /applications/{application_id}",
        "getApplication",
        TAG,
        "One application",
        (Answer(200, "The application", ref("Application"), EXAMPLE),),
        (*ALWAYS, "unknown_application"),
    ),
    Operation(
        "PATCH /applications/{application_id}",
        "changeApplication",
        TAG,
        "Change an application; what is left out stays",
        (Answer(200, "The application, changed", ref("ChangedApplication"), {**EXAMPLE, "warnings": []}),),
        (
            *ALWAYS,
            *BODY,
            *SP,
            "unknown_application",
            "application_connecting",
            "application_changed",
            "change_not_possible",
        ),
        body=Body(ref("ApplicationChange"), {"open": {"name": "Acme Wiki", "rollout": {"mode": "everyone"}}}),
    ),
    Operation(
        "DELETE /applications/{application_id}",
        "removeApplication",
        TAG,
        "Remove an application here; a connection in Auth0 stays",
        (
            Answer(
                200,
                "Removed",
                ref("RemovedApplication"),
                {
                    "application_id": EXAMPLE["application_id"],
                    "warnings": [{"code": "auth0_connection_stays", "guidance": "Removed here only."}],
                },
            ),
        ),
        (*ALWAYS, "unknown_application", "application_connecting", "application_changed"),
    ),
    Operation(
        "POST /applications/{application_id}/verify",
        "verifyApplication",
        TAG,
        "Examine an application against what its service provider publishes",
        (
            Answer(
                200,
                "What was found, and what to do",
                ref("Diagnosis"),
                {
                    "application": EXAMPLE,
                    "checks": [
                        {
                            "check": "entity_id",
                            "status": "ok",
                            "expected": "urn:auth0:acme:acme-portal-k7qx2a",
                            "actual": "urn:auth0:acme:acme-portal-k7qx2a",
                        }
                    ],
                    "last_login": None,
                    "warnings": [],
                    "next_steps": ["Sign in at the application with an enrolled phone."],
                },
            ),
        ),
        (
            *ALWAYS,
            *BODY,
            "auth0_domain_invalid",
            "auth0_custom_domain",
            "unknown_application",
            "connect_in_progress",
            "application_changed",
        ),
        "Takes over rotated certificates, and settles a connect that died. There is nothing to send.",
        body=Body({"type": "object", "additionalProperties": False}, {"nothing": {}}, required=False),
    ),
    Operation(
        "POST /applications/{application_id}/attributes/preview",
        "previewAttributes",
        TAG,
        "What a user's assertion would carry; changes nothing",
        (
            Answer(
                200,
                "The parts of an assertion",
                ref("PreviewedAssertion"),
                {
                    "user_id": "usr_abcdefghijklmnopqrst",
                    "name_id": {
                        "format": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
                        "value": "mfrggzdfmztwq2lknnwg23tpobyxe43uov3ho6dz",
                    },
                    "authn_context": "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract",
                    "attributes": [
                        {
                            "name": "email",
                            "name_format": "urn:oasis:names:tc:SAML:2.0:attrname-format:basic",
                            "values": ["ada@example.com"],
                        }
                    ],
                },
            ),
        ),
        (*ALWAYS, *BODY, "unknown_application", "unknown_user"),
        body=Body(ref("Preview"), {"by address": {"email": "ada@example.com"}}),
    ),
)

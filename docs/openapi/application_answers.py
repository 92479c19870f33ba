"""What is answered about applications: their schemas, and the example that the others are parts of."""

from collections.abc import Mapping
from typing import Any, Final

from docs.openapi.from_code import written_by
from docs.openapi.schema import (
    APPLICATION_ID,
    TIME,
    USER_ID,
    Schema,
    flag,
    listed,
    one_of,
    record,
    ref,
    table,
    text,
    whole,
    words,
)
from passwordless.administration.last_login import LastLogin
from passwordless.auth0.by_hand import ByHand
from passwordless.auth0.problem_texts import WARNINGS
from passwordless.auth0.steps import Step
from passwordless.model.applications import ApplicationStatus, Integration, RolloutMode
from passwordless.model.attribute_services import AttributeService, EntityAttribute, RequestedAttribute
from passwordless.model.attributes import AttributeRule, Release, ReleasedAttribute, Source
from passwordless.model.events import EventType
from passwordless.model.findings import Finding, FindingStatus
from passwordless.model.policies import MAX_KM, MAX_SESSION_SECONDS, NameIdFormat, Policy, RelayRisk

OTHER_WARNINGS: Final = (
    "auth0_outcome_unknown",
    "certificate_missing",
    "unsigned_requests",
    "signing_certificate_expires",
)
CHECKS: Final = (
    "metadata_readable",
    "entity_id",
    "acs_urls",
    "certificates",
    "metadata_validity",
    "endpoint_urls",
    "signing_certificate",
    "rollout",
)
SHA1: Final = text(pattern="^[0-9a-f]{40}$")
_ENTITY_ATTRIBUTE: Final = written_by(EntityAttribute, {"name": text(), "value": text()})
_REQUESTED: Final = written_by(
    RequestedAttribute,
    {"name": text(), "name_format": text(), "required": flag(), "values": listed(text())},
)
_SP: Final = record(
    {
        "entity_id": text(1),
        "acs_urls": listed(text(), 1, description="The default one first."),
        "certificates": listed(text(), description="base64 DER."),
        "require_signed_requests": flag(),
        "attribute_services?": listed(
            written_by(AttributeService, {"index": whole(), "requested": listed(_REQUESTED)}), 1
        ),
        "entity_attributes?": listed(_ENTITY_ATTRIBUTE, 1),
        "metadata_valid_until?": TIME,
    },
    description="What we trust of the service provider.",
)
_IDP: Final = record(
    {
        "idp_entity_id": text(),
        "sso_url": text(),
        "metadata_url": text(),
        "certificate_sha1?": SHA1,
        "certificate_expires_at?": TIME,
    },
    description="Our side as it was told to the service provider.",
)
_POLICY: Final = written_by(
    Policy,
    {
        "session_seconds": whole(0, MAX_SESSION_SECONDS),
        "idp_initiated": flag(),
        "relay_state": text(),
        "name_id_format": words(NameIdFormat),
        "authn_context": text(),
        "relay_risk": words(RelayRisk),
        "block_beyond_km": whole(0, MAX_KM),
        "one_factor": flag(),
    },
)
_RULE: Final = written_by(
    AttributeRule,
    {
        "name": text(1),
        "name_format": text(1),
        "source": words(Source),
        "constant": text(1),
        "release": words(Release),
        "only_for": _ENTITY_ATTRIBUTE,
    },
)
APPLICATION: Final[Mapping[str, Schema]] = {
    "application_id": APPLICATION_ID,
    "name": text(1),
    "integration": words(Integration),
    "status": words(ApplicationStatus),
    "auth0?": record(
        {
            "domain": text(),
            "tenant": text(),
            "client_id": text(),
            "connection_name": text(),
            "connection_id?": text(),
        }
    ),
    "sp": _SP,
    "saml": _IDP,
    "rollout": record({"mode": words(RolloutMode), "test_users": listed(text())}),
    "policy": _POLICY,
    "attributes": listed(_RULE),
    "created_at": TIME,
    "updated_at": TIME,
}
_WARNINGS: Final = listed(ref("Warning"))
_CONNECTED: Final[Mapping[str, Schema]] = {
    "application": ref("Application"),
    "steps": listed(ref("ConnectStep"), description="Empty for the integration `saml`."),
    "warnings": _WARNINGS,
    "next_steps": listed(text(), description="What the administrator does now, in order."),
    "test_url?": text(description="Starts a login; with the integration `auth0-saml` only."),
    "manual?": written_by(
        ByHand,
        {"body": {"type": "object"}, "command": text(), "terraform": text()},
        description="Three ways to create the connection; in mode `manual` only.",
    ),
}
_RELEASED: Final = written_by(
    ReleasedAttribute, {"name": text(), "name_format": text(), "values": listed(text(), 1)}
)

SCHEMAS: Final[Mapping[str, Schema]] = {
    "Application": record(APPLICATION),
    "ChangedApplication": record({**APPLICATION, "warnings": _WARNINGS}),
    "Warning": record(
        {"code": one_of(*sorted({*WARNINGS, *OTHER_WARNINGS})), "guidance": text(1)},
        description="What should be known or mended; it stopped nothing.",
    ),
    "ConnectStep": record(
        {"step": words(Step), "status": one_of("ok", "failed", "skipped"), "detail?": text()}
    ),
    "ConnectedApplication": record(_CONNECTED),
    "ApplicationPage": record({"applications": listed(ref("Application")), "next_page_token?": text(1)}),
    "RemovedApplication": record({"application_id": APPLICATION_ID, "warnings": _WARNINGS}),
    "Diagnosis": record(
        {
            "application": ref("Application"),
            "checks": listed(
                written_by(
                    Finding,
                    {
                        "check": one_of(*CHECKS),
                        "status": words(FindingStatus),
                        "expected": text(),
                        "actual": text(),
                        "guidance": text(1),
                    },
                )
            ),
            "last_login": {"anyOf": [ref("LastLogin"), {"type": "null"}]},
            "warnings": _WARNINGS,
            "next_steps": listed(text(1)),
        }
    ),
    "LastLogin": written_by(
        LastLogin, {"type": words(EventType), "at": TIME, "reference": text(), "reason": text()}
    ),
    "PreviewedAssertion": record(
        {
            "user_id": USER_ID,
            "name_id?": record(
                {"format": text(), "value?": text()}, description="A transient one has no value here."
            ),
            "authn_context": text(),
            "attributes": listed(_RELEASED),
        }
    ),
    "Integrations": record({"integrations": listed(ref("Integration"), 1)}),
    "Integration": record(
        {
            "integration": words(Integration),
            "name": text(1),
            "description": text(1),
            "prerequisites": listed(text(1), 1),
            "alternatives": listed(
                listed(text(1), 1), 1, description="Of these lists of fields one is enough."
            ),
            "fields": listed(ref("IntegrationField"), 1),
        }
    ),
    "IntegrationField": record(
        {
            "name": text(1),
            "label": text(1),
            "help": text(1),
            "type": text(1),
            "required": flag(),
            "secret": flag(),
            "where?": text(1, description="Where at the other side it is found."),
            "placeholder?": text(1),
            "default?": text(1),
            "max_length?": whole(1),
            "max_bytes?": whole(1),
            "max_items?": whole(1),
            "modes?": listed(text(1), 1),
            "choices?": listed(table({}), 1),
        }
    ),
}

EXAMPLE: Final[Mapping[str, Any]] = {
    "application_id": "app_abcdefghijklmnopqrst",
    "name": "Acme Portal",
    "integration": "auth0-saml",
    "status": "connected",
    "auth0": {
        "domain": "acme.auth0.com",
        "tenant": "acme",
        "client_id": "kXw3ZtExampleClientId0123456789ab",
        "connection_name": "acme-portal-k7qx2a",
        "connection_id": "con_0123456789abcdef",
    },
    "sp": {
        "entity_id": "urn:auth0:acme:acme-portal-k7qx2a",
        "acs_urls": ["https://acme.auth0.com/login/callback?connection=acme-portal-k7qx2a"],
        "certificates": ["MIIC…"],
        "require_signed_requests": True,
    },
    "saml": {
        "idp_entity_id": "https://login.example.com/saml/app_abcdefghijklmnopqrst/metadata",
        "sso_url": "https://login.example.com/saml/app_abcdefghijklmnopqrst/sso",
        "metadata_url": "https://login.example.com/saml/app_abcdefghijklmnopqrst/metadata",
        "certificate_sha1": "0123456789abcdef0123456789abcdef01234567",
        "certificate_expires_at": "2036-11-25T08:00:00Z",
    },
    "rollout": {"mode": "test", "test_users": ["ada@example.com"]},
    "policy": {
        "session_seconds": 0,
        "idp_initiated": False,
        "name_id_format": "persistent",
        "relay_risk": "step_up",
        "block_beyond_km": 0,
        "one_factor": False,
    },
    "attributes": [
        {
            "name": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
            "name_format": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
            "source": "email",
            "release": "requested",
        }
    ],
    "created_at": "2026-11-27T08:00:00Z",
    "updated_at": "2026-11-27T08:00:00Z",
}

"""What is sent to add, change or try out an application; its members are those of pydantic's models."""

from collections.abc import Mapping
from typing import Final

from docs.openapi.admin import EMAIL
from docs.openapi.from_code import read_by
from docs.openapi.schema import (
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
from passwordless.administration.attribute_fields import FORMATS, MAX_CONSTANT, MAX_NAME, MAX_RULES
from passwordless.administration.fields import (
    AUTHN_CONTEXTS,
    MAX_CERTIFICATE,
    MAX_ENTITY_ID,
    ChangeFields,
    PreviewFields,
    SamlFields,
)
from passwordless.auth0 import fields as auth0
from passwordless.model.applications import RolloutMode
from passwordless.model.attributes import Release, Source
from passwordless.model.policies import (
    MAX_KM,
    MAX_RELAY_STATE_BYTES,
    MAX_SESSION_SECONDS,
    NameIdFormat,
    RelayRisk,
)
from passwordless.saml.metadata import MAX_ACS
from passwordless.saml.provider_keys import MAX_KEYS

NAME: Final = text(1, auth0.MAX_NAME, description="What people see; something of it must be visible.")
DOMAIN: Final = text(most=300, description="A host name; `https://` before and `/` after it do not matter.")
TEST_USERS: Final = listed(EMAIL, most=auth0.MAX_TEST_USERS)

_ENTITY_ATTRIBUTE: Final = record({"name": text(1, MAX_NAME), "value": text(1, MAX_CONSTANT)})
_RULE: Final[Mapping[str, Schema]] = {
    "name": text(1, MAX_NAME),
    "name_format?": nullable(
        text(
            1,
            MAX_NAME,
            description=f"{', '.join(FORMATS)}, or an absolute URI; else it follows from the name.",
        )
    ),
    "release?": nullable(words(Release)),
    "only_for?": nullable(_ENTITY_ATTRIBUTE),
}
ATTRIBUTE_RULES: Final = listed(
    {
        "anyOf": [
            record({**_RULE, "source": words(Source), "constant?": {"type": "null"}}),
            record({**_RULE, "constant": text(1, MAX_CONSTANT), "source?": {"type": "null"}}),
        ]
    },
    most=MAX_RULES,
)

_SP: Final[Mapping[str, Schema]] = {
    "acs_urls": listed(text(), 1, MAX_ACS),
    "sp_certificates": listed(text(most=MAX_CERTIFICATE, description="PEM or base64."), most=MAX_KEYS),
    "require_signed_requests": flag(),
    "sp_metadata_xml": text(description="SAML metadata of one service provider; 256 kB at most."),
    "test_users": TEST_USERS,
    "name": NAME,
}
_AUTH0: Final[Mapping[str, Schema]] = {
    "name": NAME,
    "integration": {"const": "auth0-saml"},
    "auth0_domain": DOMAIN,
    "auth0_client_id": text(
        most=200, pattern="^\\s*[A-Za-z0-9_-]{8,128}\\s*$", description="As Auth0 shows it."
    ),
    "custom_domain": DOMAIN,
    "email_domains": listed(text(most=253, pattern="^\\s*[A-Za-z0-9.-]+\\s*$"), most=auth0.MAX_EMAIL_DOMAINS),
    "test_users": TEST_USERS,
    "test_redirect_uri": text(
        most=2048, pattern="^\\s*https?://", description="A complete https:// address."
    ),
}

AUTOMATIC: Final = read_by(
    auth0.Auth0Fields,
    {
        **_AUTH0,
        "mode": {"const": "automatic"},
        "auth0_client_secret": text(
            1, 600, writeOnly=True, description="Used for this call and stored nowhere."
        ),
    },
    description="One-click connect of an Auth0 tenant.",
)
MANUAL: Final = read_by(
    auth0.ManualFields,
    {**_AUTH0, "mode": {"const": "manual"}, "auth0_client_secret": {"type": "null"}},
    description="What to create in Auth0 by hand; a secret is refused.",
)
SAML: Final = read_by(
    SamlFields,
    {
        **_SP,
        "integration": {"const": "saml"},
        "sp_entity_id": text(pattern=f"^[!-~]{{1,{MAX_ENTITY_ID}}}$"),
    },
    description="Any SAML service provider: `sp_metadata_xml` alone, or `name`, `sp_entity_id` and `acs_urls`.",
)

ROLLOUT: Final = record({"mode": words(RolloutMode), "test_users?": nullable(TEST_USERS)})
POLICY: Final = record(
    {
        "name_id_format?": words(NameIdFormat),
        "authn_context?": nullable(one_of(*AUTHN_CONTEXTS)),
        "session_seconds?": whole(0, MAX_SESSION_SECONDS),
        "idp_initiated?": flag(),
        "relay_state?": nullable(text(most=MAX_RELAY_STATE_BYTES, description="An http or https address.")),
        "relay_risk?": words(RelayRisk),
        "block_beyond_km?": whole(0, MAX_KM),
        "one_factor?": flag(),
    },
    description="What is left out stays.",
)
CHANGE: Final = read_by(
    ChangeFields,
    {
        **_SP,
        "attributes": {**ATTRIBUTE_RULES, "description": "null: the integration's own."},
        "rollout": ROLLOUT,
        "policy": POLICY,
        "slo_url": text(description="Where logouts go; empty takes it away."),
        "break_glass_confirmed": {"const": True, "type": "boolean"},
    },
    minProperties=1,
)
_PREVIEWED: Final[Mapping[str, Schema]] = {
    "user_id": text(),
    "email": text(),
    "attributes": ATTRIBUTE_RULES,
}
PREVIEW: Final[Schema] = {
    "oneOf": [
        {**read_by(PreviewFields, {**_PREVIEWED, absent: {"type": "null"}}), "required": [named]}
        for named, absent in (("user_id", "email"), ("email", "user_id"))
    ]
}
SCHEMAS: Final[Mapping[str, Schema]] = {
    "AutomaticConnect": AUTOMATIC,
    "ManualConnect": MANUAL,
    "SamlServiceProvider": SAML,
    "NewApplication": {"oneOf": [ref("AutomaticConnect"), ref("ManualConnect"), ref("SamlServiceProvider")]},
    "ApplicationChange": CHANGE,
    "Preview": PREVIEW,
}

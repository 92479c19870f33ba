"""What an administrator sends about a SAML service provider, checked; a complaint never repeats a value."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from passwordless.administration.attribute_fields import attribute_rules
from passwordless.auth0.fields import Name, TestUsers, validated
from passwordless.errors import Malformed
from passwordless.model.applications import Rollout, RolloutMode
from passwordless.model.attributes import AttributeRule
from passwordless.model.policies import NameIdFormat, RelayRisk
from passwordless.saml.metadata import MAX_ACS
from passwordless.saml.names import (
    MOBILE_TWO_FACTOR_CONTRACT,
    MOBILE_TWO_FACTOR_UNREGISTERED,
    UNSPECIFIED_CLASS,
)
from passwordless.saml.provider_keys import MAX_KEYS
from passwordless.web import Request

MAX_BODY = 512 * 1024  # metadata of 256 kB, escaped as a JSON string
MAX_ENTITY_ID = 1024
MAX_CERTIFICATE = 16 * 1024
AUTHN_CONTEXTS = (
    MOBILE_TWO_FACTOR_CONTRACT,
    MOBILE_TWO_FACTOR_UNREGISTERED,
    UNSPECIFIED_CLASS,
    "https://refeds.org/profile/mfa",
)
"""The classes that an approval on a phone truthfully has: no password, and nothing that resists phishing."""

_ENTITY_ID = re.compile(r"[!-~]{1,1024}")
_SETTINGS = ConfigDict(
    strict=True, extra="forbid", frozen=True, hide_input_in_errors=True, arbitrary_types_allowed=True
)


def _entity_id(value: object) -> str:
    if not isinstance(value, str) or not _ENTITY_ID.fullmatch(value):
        raise ValueError(f"must be 1 to {MAX_ENTITY_ID} visible ASCII characters")
    return value


def _urls(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= MAX_ACS:
        raise ValueError(f"must be a list of 1 to {MAX_ACS} addresses")
    if not all(isinstance(url, str) for url in value):
        raise ValueError("must hold addresses only")
    return tuple(dict.fromkeys(value))


def _certificates(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MAX_KEYS:
        raise ValueError(f"must be a list of at most {MAX_KEYS} certificates")
    if not all(isinstance(one, str) and len(one) <= MAX_CERTIFICATE for one in value):
        raise ValueError("must hold certificates only, as PEM or base64")
    return tuple(value)


def _rollout(value: object) -> Rollout:
    if not isinstance(value, dict) or value.keys() - {"mode", "test_users"}:
        raise ValueError("must be an object with mode and test_users")
    if value.get("mode") not in [mode.value for mode in RolloutMode]:
        raise ValueError("must have the mode test or everyone")
    listed = value.get("test_users")
    users = validated(_TestUsers, {"test_users": [] if listed is None else listed}).test_users
    return Rollout(RolloutMode(value["mode"]), users)


def _policy(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict) or value.keys() - _POLICY.keys():
        raise ValueError(f"must be an object with some of {', '.join(_POLICY)}")
    for name, given in value.items():
        if not _POLICY[name](given):
            raise ValueError(f"has a {name} that cannot be")
    read = dict(value)
    for name, kind in (("name_id_format", NameIdFormat), ("relay_risk", RelayRisk)):
        if name in read:
            read[name] = kind(read[name])
    return read


def _confirmed(value: object) -> bool:
    if value is not True:
        raise ValueError("must be true, or left out")
    return True


_POLICY = {
    "name_id_format": lambda given: given in [known.value for known in NameIdFormat],
    "authn_context": lambda given: given is None or given in AUTHN_CONTEXTS,
    "session_seconds": lambda given: type(given) is int,
    "idp_initiated": lambda given: isinstance(given, bool),
    "relay_state": lambda given: given is None or isinstance(given, str),
    "relay_risk": lambda given: given in [known.value for known in RelayRisk],
    "block_beyond_km": lambda given: type(given) is int,
    "one_factor": lambda given: isinstance(given, bool),
}

AcsUrls = Annotated[tuple[str, ...], BeforeValidator(_urls)]
Certificates = Annotated[tuple[str, ...], BeforeValidator(_certificates)]
_DESCRIBED = {"acs_urls", "sp_certificates", "slo_url"}
Rules = Annotated[tuple[AttributeRule, ...], BeforeValidator(attribute_rules)]


class _TestUsers(BaseModel):
    model_config = _SETTINGS

    test_users: TestUsers


class SamlFields(BaseModel):
    """The fields of POST /applications for the integration `saml`; metadata can bring the name, too."""

    model_config = _SETTINGS

    name: Name | None = None
    integration: Literal["saml"]
    sp_metadata_xml: str | None = None
    sp_entity_id: Annotated[str, BeforeValidator(_entity_id)] | None = None
    acs_urls: AcsUrls = ()
    sp_certificates: Certificates = ()
    require_signed_requests: bool | None = None
    test_users: TestUsers = ()


class ChangeFields(BaseModel):
    """The fields of PATCH /applications/{application_id}; `attributes` null brings back the integration's own.

    An empty `slo_url` takes the address for logout away. `sp_metadata_xml` replaces addresses, keys and their
    end as a whole. `break_glass_confirmed` is remembered for the tenant: it has another way into Auth0.
    """

    model_config = _SETTINGS

    name: Name | None = None
    attributes: Rules | None = None
    rollout: Annotated[Rollout, BeforeValidator(_rollout)] | None = None
    acs_urls: AcsUrls | None = None
    sp_certificates: Certificates | None = None
    require_signed_requests: bool | None = None
    slo_url: str | None = None
    sp_metadata_xml: str | None = None
    policy: Annotated[Mapping[str, Any], BeforeValidator(_policy)] | None = None
    break_glass_confirmed: Annotated[bool, BeforeValidator(_confirmed)] = False


class PreviewFields(BaseModel):
    """The fields of POST /applications/{application_id}/attributes/preview."""

    model_config = _SETTINGS

    user_id: str | None = None
    email: str | None = None
    attributes: Rules | None = None


def read_saml(body: Mapping[str, Any]) -> SamlFields:
    """Read the body of POST /applications; members that are null count as absent. Raises Malformed `invalid_field`."""
    fields = validated(SamlFields, _given(body))
    described = fields.sp_entity_id is not None or bool(fields.acs_urls or fields.sp_certificates)
    if fields.sp_metadata_xml is not None and described:
        raise invalid("sp_metadata_xml", "stands alone: its entity id, addresses and certificates count")
    if fields.sp_metadata_xml is None and (fields.sp_entity_id is None or not fields.acs_urls):
        raise invalid("sp_entity_id", "and acs_urls are required without sp_metadata_xml")
    if fields.sp_metadata_xml is None and fields.name is None:
        raise invalid("name", "is required without sp_metadata_xml")
    return fields


def read_change(body: Mapping[str, Any]) -> ChangeFields:
    """Read the body of a PATCH, which changes something. Raises Malformed `invalid_field`."""
    given = _given(body)
    if "attributes" in body:
        given["attributes"] = body["attributes"]
    if not given:
        raise invalid("body", f"must have some of {', '.join(ChangeFields.model_fields)}")
    if "sp_metadata_xml" in given and given.keys() & _DESCRIBED:
        raise invalid("sp_metadata_xml", f"goes without {', '.join(sorted(_DESCRIBED))}")
    return validated(ChangeFields, given)


def read_preview(body: Mapping[str, Any]) -> PreviewFields:
    """Read the body of a preview, which names one user in one way. Raises Malformed `invalid_field`."""
    fields = validated(PreviewFields, _given(body))
    if (fields.user_id is None) == (fields.email is None):
        raise invalid("user_id", "or email is required, and not both")
    return fields


def read_nothing(request: Request) -> None:
    """Read the body of a call that needs none: it is empty, or an object without members. Raises Malformed."""
    if request.body.strip() and request.json():
        raise invalid("body", "must be empty")


def invalid(field: str, reason: str) -> Malformed:
    """Return the failure for a field that cannot be what it is."""
    return Malformed(
        "invalid_field", f"{field} {reason}.", extra={"fields": [{"field": field, "reason": reason}]}
    )


def _given(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}

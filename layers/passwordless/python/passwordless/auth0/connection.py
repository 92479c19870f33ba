"""The connection that Auth0 is asked to make, and how its answer is checked."""

import base64
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from passwordless.model.applications import Application, Auth0Connection
from passwordless.model.signing_keys import SigningKey
from passwordless.model.tokens import Randomness, base32
from passwordless.saml.certificates import sha1_thumbprint
from passwordless.saml.names import BINDING_REDIRECT

SCOPE = "create:connections"
STRATEGY = "samlp"
SUFFIX_LENGTH = 6
_MAX_ENTITY_ID = 128
_MAX_SLUG = 40
_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"

FIELDS: Mapping[str, str] = {
    "email": f"{_CLAIMS}emailaddress",
    "name": f"{_CLAIMS}name",
    "given_name": f"{_CLAIMS}givenname",
    "family_name": f"{_CLAIMS}surname",
}
"""Auth0's profile fields and the names of the attributes that fill them: what our assertions carry and no more."""

NAME_ID = f"{_CLAIMS}nameidentifier"
"""The name under which Auth0's library gives the NameID."""

REQUEST_TEMPLATE = (
    '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
    'AssertionConsumerServiceURL="@@AssertionConsumerServiceURL@@" Destination="@@Destination@@" ID="@@ID@@" '
    'IssueInstant="@@IssueInstant@@" ProtocolBinding="@@ProtocolBinding@@" Version="2.0">'
    '<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">@@Issuer@@</saml:Issuer></samlp:AuthnRequest>'
)
"""What Auth0 sends by default, and the ACS of the host where the login began (`@@…@@` is replaced as plain text)."""


@dataclass(frozen=True, slots=True)
class Created:
    """What Auth0 said of the connection it made; `differences` are settings repeated otherwise than we sent them."""

    connection_id: str | None
    enabled: bool
    differences: tuple[str, ...] = ()


def connection_name(application: str, tenant: str, randomness: Randomness) -> str:
    """Return a name for a connection: short, unique for ever, and such that the SP entity id fits into 128 characters.

    It is part of the id of every user that Auth0 will know through it, so it never changes.
    """
    room = _MAX_ENTITY_ID - len(entity_id(tenant, "")) - SUFFIX_LENGTH - 1
    ascii_only = unicodedata.normalize("NFKD", application).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only)[: min(room, _MAX_SLUG)].strip("-")
    return f"{slug or 'app'}-{base32(randomness(5)).lower()[:SUFFIX_LENGTH]}"


def entity_id(tenant: str, connection: str) -> str:
    """Return the entity id that an Auth0 tenant has as service provider of a connection."""
    return f"urn:auth0:{tenant}:{connection}"


def acs_url(base_url: str, connection: str) -> str:
    """Return Auth0's assertion consumer service of a connection; its query string belongs to it."""
    return f"{base_url}/login/callback?connection={connection}"


def creation(
    application: Application, at: Auth0Connection, key: SigningKey, email_domains: Sequence[str]
) -> dict[str, Any]:
    """Return the body of POST /api/v2/connections: every setting that matters is named, whatever Auth0's default is.

    With several hosts each request must name the one where it began, which is no default of Auth0's.
    """
    options = {
        "signInEndpoint": application.idp.sso_url,
        "signingCert": base64.b64encode(key.certificate_pem.encode()).decode(),
        "entityId": application.sp.entity_id,
        "signSAMLRequest": True,
        "signatureAlgorithm": "rsa-sha256",
        "digestAlgorithm": "sha256",
        "protocolBinding": BINDING_REDIRECT,
        "disableSignout": True,
        "fieldsMap": {"user_id": [NAME_ID], **FIELDS},
        **({"domain_aliases": list(email_domains)} if email_domains else {}),
        **({"requestTemplate": REQUEST_TEMPLATE} if len(application.sp.acs_urls) > 1 else {}),
    }
    return {
        "name": at.connection_name,
        "strategy": STRATEGY,
        "display_name": application.name,
        "show_as_button": True,
        "enabled_clients": [at.client_id],
        "options": options,
    }


def created(sent: Mapping[str, Any], echo: Mapping[str, Any], key: SigningKey) -> Created:
    """Check the 201 against what was sent. `options` may be missing from the answer, which proves nothing."""
    connection_id, clients, options = echo.get("id"), echo.get("enabled_clients"), echo.get("options")
    enabled = isinstance(clients, list) and sent["enabled_clients"][0] in clients
    known = connection_id if isinstance(connection_id, str) and _ID.fullmatch(connection_id) else None
    differences = [name for name in ("name", "strategy") if echo.get(name) != sent[name]]
    if isinstance(options, Mapping):
        differences += [
            name
            for name in _CHECKED
            if name in options and name in sent["options"] and options[name] != sent["options"][name]
        ]
        thumbprints = options.get("thumbprints")
        if isinstance(thumbprints, list) and sha1_thumbprint(key.certificate_pem) not in thumbprints:
            differences.append("signingCert")
    return Created(known, enabled, tuple(differences))


_ID = re.compile(r"con_[A-Za-z0-9]{1,64}")
_CHECKED = (
    "signInEndpoint",
    "entityId",
    "signSAMLRequest",
    "signatureAlgorithm",
    "digestAlgorithm",
    "disableSignout",
    "requestTemplate",
)

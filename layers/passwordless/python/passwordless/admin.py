"""Who an administrator is: tenant, subject and scopes out of an access token that the authorizer verified (S05).

API Gateway hands claims on as strings, so a list or a number would look like a tenant. Therefore the token's payload,
which the authorizer verified, is decoded once more for the exact JSON types, and must agree with what was handed on.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from passwordless.config import Config
from passwordless.errors import Forbidden
from passwordless.web import Request

TENANT = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_BEARER = re.compile(
    r"(?:bearer +)?(?P<token>[A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]*)", re.IGNORECASE
)
_ACCESS_TYPES = frozenset({"at+jwt", "application/at+jwt"})
_ID_TOKEN_CLAIMS = frozenset({"nonce", "at_hash", "c_hash"})


@dataclass(frozen=True, slots=True)
class Admin:
    """An administrator of one tenant, which bounds everything that is read or written."""

    tenant: str
    subject: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Token:
    """A token as it was sent, and the claims as the authorizer handed them on."""

    header: Mapping[str, Any]
    payload: Mapping[str, Any]
    verified: Mapping[str, Any]

    def text(self, claim: str) -> str | None:
        """Return a claim that is a string in both places and the same."""
        value = self.payload.get(claim)
        return value if isinstance(value, str) and value == self.verified.get(claim) else None


def administrator(request: Request, config: Config, scope: str) -> Admin:
    """Return who calls, with a token that has this scope.

    Raises Forbidden: `not_an_access_token`, `no_tenant` (there is no default), `no_subject`, `missing_scope`.
    """
    token = _token(request)
    if not _is_access_token(token):
        raise Forbidden("not_an_access_token", "An access token is needed.")
    tenant = token.text(config.tenant_claim)
    if tenant is None or not TENANT.fullmatch(tenant):
        raise Forbidden("no_tenant", "The access token names no tenant.")
    subject = token.text("sub")
    if not subject or not subject.strip():
        raise Forbidden("no_subject", "The access token names no subject.")
    scopes = _scopes(token)
    if scope not in scopes:
        raise Forbidden("missing_scope", f"The access token lacks the scope {scope}.")
    return Admin(tenant, subject, scopes)


def _token(request: Request) -> _Token:
    sent = _BEARER.fullmatch(request.headers.get("authorization", "").strip())
    if sent is None:
        return _Token({}, {}, {})
    header, payload, _ = sent["token"].split(".")
    return _Token(_object(header), _object(payload), request.claims)


def _is_access_token(token: _Token) -> bool:
    """Tell an access token from an ID token: by RFC 9068 or Cognito's `token_use`, else by the claims that it has."""
    use, kind = token.payload.get("token_use"), token.header.get("typ")
    if use is not None:
        return token.text("token_use") == "access"
    if isinstance(kind, str) and kind.lower() in _ACCESS_TYPES:
        return True
    return bool(_scopes(token)) and not _ID_TOKEN_CLAIMS & token.payload.keys()


def _scopes(token: _Token) -> frozenset[str]:
    """Return the scopes by `scope` (RFC 8693, 4.2) or `scp`, the two claims that the authorizer reads."""
    listed = token.payload.get("scp")
    if isinstance(listed, list) and "scope" not in token.payload:
        return frozenset(one for one in listed if isinstance(one, str))
    return frozenset((token.text("scope") or token.text("scp") or "").split())


def _object(part: str) -> dict[str, Any]:
    """Return a part of a JWT as a JSON object, {} when it is none or names a member twice."""
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
        value = json.loads(raw, object_pairs_hook=_once)
    except (ValueError, binascii.Error, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    known = dict(members)
    if len(known) != len(members):
        raise ValueError("a member comes twice")
    return known

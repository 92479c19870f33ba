"""The local issuer's sign-in for the console: a code with PKCE (RFC 6749, 4.1; RFC 7636; OpenID Connect Core, 3.1)."""

import base64
import hashlib
import hmac
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from local.issuer import ADMIN_SECONDS, SCOPES, SigningKey, admin_claims

CLIENT_ID = "console"
CODE_SECONDS = 60
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_MOST_CODES = 100
_ASKED = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)


class Refused(Exception):
    """Raised for a request that is not granted; the message is an error code of RFC 6749, 4.1.2.1 or 5.2."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorization request that may be granted; `scope` is what of it can be."""

    redirect_uri: str
    scope: str
    state: str
    nonce: str
    challenge: str


@dataclass(frozen=True, slots=True)
class _Grant:
    asked: Asked
    until: float


@dataclass
class SignIn:
    """Codes and tokens for one client, the console at `redirect_uri`; `password` is the administrator's."""

    issuer: str
    key: SigningKey
    redirect_uri: str
    password: str
    clock: Callable[[], float]
    _grants: dict[str, _Grant] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, query: Mapping[str, str]) -> Asked:
        """Return what an authorization request asks for; nothing is told to an address not ours. Raises Refused."""
        if query.get("client_id") != CLIENT_ID or query.get("redirect_uri") != self.redirect_uri:
            raise Refused("invalid_client")
        if query.get("response_type") != "code":
            raise Refused("unsupported_response_type")
        challenge, scopes = query.get("code_challenge", ""), query.get("scope", "").split()
        if query.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
            raise Refused("invalid_request")
        if "openid" not in scopes or not query.get("state") or not query.get("nonce"):
            raise Refused("invalid_request")
        granted = [scope for scope in ("openid", *SCOPES.split()) if scope in scopes]
        return Asked(self.redirect_uri, " ".join(granted), query["state"], query["nonce"], challenge)

    def is_password(self, given: str) -> bool:
        """Tell whether this is the administrator's password."""
        return hmac.compare_digest(given.encode(), self.password.encode())

    def code(self, asked: Asked) -> str:
        """Return a code, which buys tokens once, within a minute."""
        code = secrets.token_urlsafe(24)
        with self._lock:
            while len(self._grants) >= _MOST_CODES:
                del self._grants[next(iter(self._grants))]
            self._grants[code] = _Grant(asked, self.clock() + CODE_SECONDS)
        return code

    def tokens(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Return what the token endpoint answers. Raises Refused."""
        if form.get("grant_type") != "authorization_code":
            raise Refused("unsupported_grant_type")
        if form.get("client_id") != CLIENT_ID:
            raise Refused("invalid_client")
        with self._lock:
            grant = self._grants.pop(form.get("code", ""), None)
        if (
            grant is None
            or grant.until < self.clock()
            or form.get("redirect_uri") != grant.asked.redirect_uri
        ):
            raise Refused("invalid_grant")
        if not _holds(form.get("code_verifier", ""), grant.asked.challenge):
            raise Refused("invalid_grant")
        return self._issued(grant.asked)

    def _issued(self, asked: Asked) -> dict[str, Any]:
        now = int(self.clock())
        api_scope = " ".join(scope for scope in asked.scope.split() if scope != "openid")
        access = {**admin_claims(self.issuer, now), "scope": api_scope, "client_id": CLIENT_ID}
        identity = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": access["sub"],
            "name": "Local administrator",
            "tenant": access["tenant"],
            "nonce": asked.nonce,
            "iat": now,
            "exp": now + CODE_SECONDS,
        }
        return {
            "access_token": self.key.sign(access, "at+jwt"),
            "id_token": self.key.sign(identity, "JWT"),
            "token_type": "Bearer",
            "expires_in": ADMIN_SECONDS,
            "scope": asked.scope,
        }


def page(query: Mapping[str, str], *, again: bool) -> str:
    """Return the page that asks for the password and posts the authorization request with it."""
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(query[name])}">'
        for name in _ASKED
        if name in query
    )
    wrong = '<p role="alert">That is not the password of this stack.</p>' if again else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark"><title>Sign in to the local stack</title></head>'
        "<body><main><h1>Sign in to the local stack</h1>"
        f'{wrong}<form method="post" action="/authorize">{hidden}<p><label for="password">Password</label> '
        '<input id="password" name="password" type="password" autocomplete="current-password" required autofocus></p>'
        "<p>It is console_password in .local/stack.json; make run prints it.</p>"
        '<p><button id="continue">Continue as administrator of tenant local</button></p></form></main></body></html>'
    )


def _holds(verifier: str, challenge: str) -> bool:
    hashed = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return _VERIFIER.fullmatch(verifier) is not None and hmac.compare_digest(hashed, challenge.encode())

"""The calls to Auth0: the four of one-click connect, each at most once, and the two public ones again (S40, S41).

Each returns what it was asked for or raises one of our failures, made after the library's exception is gone.
"""

import base64
import binascii
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from passwordless.auth0 import problems
from passwordless.auth0.answers import Answer, Call, NoAnswer, Published, Refusal, Trouble, refusal
from passwordless.auth0.connection import SCOPE
from passwordless.auth0.deadline import Deadline
from passwordless.auth0.domain import Auth0Tenant
from passwordless.auth0.guard import Guard
from passwordless.auth0.secret import Secret
from passwordless.auth0.transport import Limits, Transport
from passwordless.errors import Failure
from passwordless.model.applications import Auth0Connection

OVERALL_SECONDS = 25.0
CREATE_SECONDS = 8.0
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{1,16384}=*")


@dataclass(frozen=True, slots=True)
class Grant:
    """A token for the Management API and its scopes, None when neither the answer nor the token tells them."""

    token: Secret
    scopes: frozenset[str] | None


class Conversation:
    """The calls of one procedure with one tenant, all within one deadline."""

    def __init__(
        self, tenant: Auth0Tenant, at: Auth0Connection, transport: Transport, deadline: Deadline, now: float
    ) -> None:
        self.deadline = deadline
        self._tenant = tenant
        self._at = at
        self._transport = transport
        self._now = now
        self._hidden: tuple[Secret, ...] = ()

    def preflight(self) -> None:
        """Make sure that there is such a tenant, before the secret goes anywhere (OpenID Connect Discovery, 4.3).

        Raises Unprocessable, TooMany, Unavailable.
        """
        answer = self._answered(Call.DISCOVERY, self._get("/.well-known/openid-configuration"))
        issuer = (answer.json() or {}).get("issuer") if answer.status == 200 else None
        if issuer != f"https://{self._tenant.domain}/":
            raise self._refused(Call.DISCOVERY, answer)

    def token(self, secret: Secret) -> Grant:
        """Get a token for `create:connections` (RFC 6749, 4.4). Raises a Failure of `problems.ANSWERS`."""
        body = {
            "grant_type": "client_credentials",
            "client_id": self._at.client_id,
            "client_secret": secret,
            "audience": f"https://{self._tenant.domain}/api/v2/",
            "scope": SCOPE,
        }
        self._hidden = (secret,)
        answer = self._answered(Call.TOKEN, self._post("/oauth/token", body))
        granted = answer.json() or {}
        token = _token(granted.get("access_token"))
        if answer.status != 200 or token is None:
            raise self._refused(Call.TOKEN, answer)
        scopes = _scopes(granted.get("scope")) or _scopes(_claims(token).get("scope"))
        if scopes is not None and SCOPE not in scopes:
            lacking = Refusal(Call.TOKEN, 403, message="Client has not been granted scopes")
            raise problems.refused(lacking, self._at)
        return Grant(Secret(token), scopes)

    def create(self, grant: Grant, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """Make the connection and return Auth0's echo of it; None when the answer was lost and it may exist or not.

        Raises a Failure of `problems.ANSWERS` when it does not exist, or was not begun for want of time to hear it out.
        """
        if self.deadline.remaining() < CREATE_SECONDS:
            raise problems.silent(Call.CREATE, Trouble.NOT_SENT, self._at)
        self._hidden = (*self._hidden, grant.token)
        answer = self._post("/api/v2/connections", body, grant.token)
        if answer is Trouble.NOT_SENT or answer is Trouble.NO_SUCH_SERVER:
            raise problems.silent(Call.CREATE, answer, self._at)
        if isinstance(answer, Trouble):
            return None
        if 400 <= answer.status < 500 and answer.status != _REQUEST_TIMEOUT:
            raise self._refused(Call.CREATE, answer)
        return answer.json() if answer.status == 201 else None

    def metadata(self) -> bytes | None:
        """Return the tenant's public metadata as service provider of the connection, None when it cannot be had."""
        answer = self._metadata()
        return answer.body if isinstance(answer, Answer) and answer.status == 200 else None

    def published(self) -> Published:
        """Return the same, or why it cannot be had.

        What Auth0 answers for an unknown name is not established. Such an answer counts only when the tenant's
        discovery document shows that it is the tenant who answers.
        """
        answer = self._metadata()
        if isinstance(answer, Trouble):
            return Published(None, answer.value)
        if answer.status == 200:
            return Published(answer.body, "status 200")
        absent = answer.status in _ABSENT and self._is_there()
        return Published(None, f"status {answer.status}", absent)

    def _metadata(self) -> Answer | Trouble:
        return self._get(f"/samlp/metadata?connection={self._at.connection_name}")

    def _is_there(self) -> bool:
        try:
            self.preflight()
        except Failure:
            return False
        return True

    def _get(self, path: str) -> Answer | Trouble:
        return _outcome(lambda: self._transport.get(self._tenant.base_url + path))

    def _post(self, path: str, body: Mapping[str, Any], bearer: Secret | None = None) -> Answer | Trouble:
        return _outcome(lambda: self._transport.post(self._tenant.base_url + path, body, bearer))

    def _answered(self, call: Call, outcome: Answer | Trouble) -> Answer:
        if isinstance(outcome, Trouble):
            raise problems.silent(call, outcome, self._at)
        return outcome

    def _refused(self, call: Call, answer: Answer) -> Failure:
        return problems.refused(refusal(call, answer, self._hidden, self._now), self._at)


@dataclass(frozen=True, slots=True)
class Auth0Client:
    """Opens conversations. `local` admits loopback and http; `clock` is monotonic, `now` is seconds since 1970."""

    local: bool = False
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    overall_seconds: float = OVERALL_SECONDS
    limits: Limits = field(default_factory=Limits)

    @contextmanager
    def conversation(self, tenant: Auth0Tenant, at: Auth0Connection) -> Iterator[Conversation]:
        """Give the calls about one connection of a tenant; what they opened is closed at the end."""
        deadline = Deadline.after(self.overall_seconds, self.clock, self.sleep)
        transport = Transport(Guard(deadline, self.local), self.limits)
        try:
            yield Conversation(tenant, at, transport, deadline, self.now())
        finally:
            transport.close()


_REQUEST_TIMEOUT = 408
_ABSENT = (400, 404, 410)


def _outcome(call: Callable[[], Answer]) -> Answer | Trouble:
    try:
        return call()
    except NoAnswer as known:
        return known.trouble


def _token(value: object) -> str | None:
    """Return a bearer token (RFC 6750, 2.1) that fits into a header, None for anything else."""
    return value if isinstance(value, str) and _TOKEN.fullmatch(value) else None


def _scopes(value: object) -> frozenset[str] | None:
    return frozenset(value.split()) if isinstance(value, str) and value.strip() else None


def _claims(token: str) -> dict[str, Any]:
    """Return the claims of a JWT that we are only a bearer of, {} when it is none."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        value = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}

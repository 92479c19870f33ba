"""Calls that are made up from the contract, good and bad, against the local stack; what comes back is held to it.

A share of the calls names what is there: applications, users, phones, invites and logins of the caller's tenant.
Connect asks the Auth0 double and nobody else.
"""

import secrets
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from local.loopback import LOOPBACK, session
from local.phone_simulator import Phone
from local.stack import Stack
from tests.contract import document
from tests.stack_calls import call, claims, mint

EXAMPLES: Final = 30
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
WEEK: Final = 7 * 86400

type Case = Any


@cache
def operations() -> dict[str, APIOperation[Any, Any, Any, Any]]:
    """Return the contract's operations by their route."""
    settled = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
    loaded = schemathesis.openapi.from_dict(document(), config=settled)
    found = [result.ok() for result in loaded.get_all_operations() if isinstance(result, Ok)]
    assert len(found) == sum(len(methods) for methods in document()["paths"].values())
    return {f"{one.method.upper()} {one.path}": one for one in found}


def is_admins(route: str) -> bool:
    """Tell whether an operation is an administrator's."""
    method, path = route.split(" ")
    return any("AdminToken" in scheme for scheme in document()["paths"][path][method.lower()]["security"])


@dataclass
class Caller:
    """Whoever calls the stack: with a tenant's token or without one; `counts` tells how often, by route."""

    stack: Stack
    tenant: str
    token: str
    anonymous: bool
    known: Mapping[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    http: requests.Session = field(default_factory=session)

    @classmethod
    def of(cls, stack: Stack, *, anonymous: bool = False) -> "Caller":
        """Return a caller of a tenant that nobody else has."""
        tenant = f"contract-{secrets.token_hex(4)}"
        caller = cls(stack, tenant, mint(stack, claims(stack, int(time.time()), tenant=tenant)), anonymous)
        return replace(caller, known=_Seeds(caller).known())

    def try_out(self, route: str) -> None:
        """Call an operation again and again with what fits its contract and what does not."""
        operation, there = operations()[route], _Seeds(self).of(route)
        modes = [GenerationMode.POSITIVE]
        if operation.body or operation.path_parameters or operation.query or operation.headers:
            modes.append(GenerationMode.NEGATIVE)
        drawn = st.one_of(*(cases for mode in modes for cases in _cases(operation, mode, there)))

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=drawn, chance=st.integers(0, 1 << 32))
        def tried(case: Case, chance: int) -> None:
            if chance % 2 and case.meta.generation.mode.is_positive:
                _lend(case.body, self.known)
            self._call(route, case)

        tried()

    def _call(self, route: str, case: Case) -> None:
        _to_the_double(self.stack, case.body)
        headers = {"Host": urlsplit(self.stack.api_url).netloc}
        if is_admins(route) and not self.anonymous:
            headers["Authorization"] = f"Bearer {self.token}"
        sent = {"base_url": self._address, "session": self.http, "headers": headers, "allow_redirects": False}
        answer = case.call(**sent)
        self.counts[route] += 1
        self.statuses.setdefault(route, Counter())[answer.status_code] += 1
        checks = CHECKS if self.anonymous else [*CHECKS, ignored_auth]
        case.validate_response(answer, checks=checks, headers=headers, transport_kwargs=sent)

    @property
    def _address(self) -> str:
        """Where the stack listens; Host chooses the API, since not every resolver knows what is under localhost."""
        return f"http://{LOOPBACK}:{urlsplit(self.stack.api_url).port}"


@dataclass(frozen=True)
class _There:
    """What is there for a route: the values in its path, and what the browser that it belongs to brings along."""

    path: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True)
class _Seeds:
    """What a tenant has before an operation is tried out on it."""

    by: Caller

    def of(self, route: str) -> _There:
        """Return what is there for one route, made for it alone."""
        if "{session_id}" in route or "/Q/" in route or route.endswith("/complete"):
            return self._login(self._application())
        if "{application_id}" in route:
            return _There({"application_id": self._application()}, self._own_page)
        if "{enrollment_id}" in route or "/E/" in route:
            invited = self._invited()
            token = invited["url"].rpartition("/")[2]
            return _There({"enrollment_id": invited["enrollment_id"], "token": token}, {})
        if "{user_id}" in route or "{device_id}" in route:
            invited = self._invited()
            device_id = Phone().enroll(invited["url"])["device_id"]
            return _There({"user_id": invited["user_id"], "device_id": device_id}, {})
        return _There({}, self._own_page)

    def known(self) -> Mapping[str, str]:
        """Return what bodies can name: a user, the key of the tenant's first application, the double's credentials."""
        self._application()
        asked, auth0 = call(self.by.stack, "GET", "/signing-keys", token=self.by.token), self.by.stack.auth0
        return {
            "user_id": self._invited()["user_id"],
            "key_id": asked.json()["signing_keys"][0]["key_id"],
            "auth0_domain": auth0.domain,
            "auth0_client_id": auth0.client_id,
            "auth0_client_secret": auth0.client_secret,
        }

    @property
    def _own_page(self) -> Mapping[str, str]:
        return {"Origin": self.by.stack.api_url}

    def _application(self) -> str:
        mark = f"https://{secrets.token_hex(6)}.example.com/saml"
        body = {
            "name": "Wiki",
            "integration": "saml",
            "sp_entity_id": mark,
            "acs_urls": [f"{mark}/acs"],
            "require_signed_requests": False,
        }
        application_id = self._asked("POST", "/applications", body)["application"]["application_id"]
        self._asked("PATCH", f"/applications/{application_id}", {"policy": {"idp_initiated": True}})
        return str(application_id)

    def _login(self, application_id: str) -> _There:
        """Begin a login as a browser does, which keeps its cookie."""
        url = f"{self.by.stack.api_url}/saml/{application_id}/start"
        begun = self.by.http.post(url, headers=self._own_page, allow_redirects=False)
        assert begun.status_code == 303, begun.text
        cookie = begun.headers["Set-Cookie"].partition(";")[0]
        session_id = begun.headers["Location"].rpartition("/")[2]
        polled = self.by.http.get(
            f"{self.by.stack.api_url}/sessions/{session_id}", headers={"Cookie": cookie}
        )
        path = {
            "application_id": application_id,
            "session_id": session_id,
            "token": polled.json()["qr_path"].rpartition("/")[2],
        }
        return _There(path, {**self._own_page, "Cookie": cookie})

    def _invited(self) -> dict[str, Any]:
        email = f"ada-{secrets.token_hex(6)}@example.com"
        return self._asked("POST", "/enrollments", {"user": {"email": email}, "ttl_seconds": WEEK})

    def _asked(self, method: str, path: str, body: object) -> dict[str, Any]:
        answer = call(self.by.stack, method, path, token=self.by.token, body=body)
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())


def _cases(
    operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, there: _There
) -> Iterator[SearchStrategy[Any]]:
    """Yield what an operation is called with: made up altogether, and with what is there."""
    yield operation.as_strategy(generation_mode=mode)
    path = {name: there.path[name] for name in there.path if f"{{{name}}}" in operation.path}
    browsers = not is_admins(f"{operation.method.upper()} {operation.path}")
    if (path or browsers) and (mode is GenerationMode.POSITIVE or operation.body or operation.query):
        headers = dict(there.headers) if browsers else {}
        yield operation.as_strategy(generation_mode=mode, path_parameters=path, headers=headers or None)


def _lend(body: Any, known: Mapping[str, str]) -> None:
    """Name in a body what is there, where it names something of that kind."""
    for name in body.keys() & known.keys() if isinstance(body, dict) else ():
        if isinstance(body[name], str):
            body[name] = known[name]


def _to_the_double(stack: Stack, body: Any) -> None:
    """Let Connect ask nobody but the double: a name that could be a tenant's becomes the double's."""
    if isinstance(body, dict) and "auth0" in str(body.get("auth0_domain")).lower():
        body["auth0_domain"] = stack.auth0.domain


def report(caller: Caller) -> str:
    """Return a table of the operations: how often each was called, and what it answered."""
    rows = (
        f"{count:6}  {route:70}  "
        + ", ".join(f"{status} x {number}" for status, number in sorted(caller.statuses[route].items()))
        for route, count in caller.counts.items()
    )
    title = "without a token" if caller.anonymous else "with a token"
    return "\n".join([f"\ncalls {title}", *rows])

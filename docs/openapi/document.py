"""The whole document: the operations of the template's routes, what they share, and how to call them."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from docs.openapi import (
    application_answers,
    application_fields,
    applications,
    browser,
    console,
    failures,
    history,
    invites,
    people,
    phone,
    signing_keys,
)
from docs.openapi.operation import Operation, described, shared_responses
from docs.openapi.schema import Schema
from tests.template import Route, properties, routes, template

PARTS: Final = (applications, invites, people, signing_keys, history, browser, phone, console)
SCHEMAS: Final = (
    application_answers,
    application_fields,
    history,
    invites,
    people,
    signing_keys,
    browser,
    phone,
)
TAGS: Final[Mapping[str, str]] = {
    "Applications": "Service providers that users sign in to.",
    "Invites": "How a user comes by a phone.",
    "Users and phones": "Who may sign in, and with which phone.",
    "Signing keys": "What our answers are signed with.",
    "History": "What happened, and why.",
    "SAML": "Called by service providers, through the browser.",
    "Login page": "Called by the browser that began a login.",
    "Phone": "Called by phones: docs/mobile.md.",
    "Console": "Asked for by an administrator's browser.",
}
_DESCRIPTION: Final = (
    "A serverless SAML identity provider that gives Auth0 tenants passwordless login by phone. docs/api.md is the guide"
    " for administrators' frontends, docs/mobile.md the one for phones. Every answer of ours says `no-store`, and every"
    " failure has a `correlation_id`. `x-throttle` is in requests a second (`rate`) and at once (`burst`), for all"
    " callers together; API Gateway answers 429 then. `x-codes` are the codes that a page tells."
)


class Undescribed(Exception):
    """Raised for a route of the template without a description here, or a description of no route."""


def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document. Raises Undescribed."""
    paths = _paths()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Passwordless",
            "version": _version(),
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [
            {
                "url": "https://{host}",
                "description": "A deployment",
                "variables": {"host": {"default": "login.example.com"}},
            }
        ],
        "tags": [{"name": name, "description": TAGS[name]} for name in TAGS if name in _tags(paths)],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "responses": shared_responses(),
            "securitySchemes": _security_schemes(),
        },
    }


def operations() -> dict[str, Operation]:
    """Return the descriptions by route. Raises Undescribed for a route that is described twice."""
    found = [one for part in PARTS for one in part.OPERATIONS]
    named = {one.route: one for one in found}
    if len(named) != len(found) or len({one.operation_id for one in found}) != len(found):
        raise Undescribed("a route or an operationId is described twice")
    return named


def _paths() -> dict[str, Any]:
    known, served, paths = operations(), routes(), dict[str, dict[str, Any]]()
    keys = {route.key for route in served}
    if unlike := (keys - known.keys()) | (known.keys() - keys - {one.route for one in console.OPERATIONS}):
        raise Undescribed(", ".join(sorted(unlike)))
    for route in served:
        one = known[route.key]
        paths.setdefault(one.path, {})[one.method] = described(one, _scope(route), _throttle(route))
    return paths


def _tags(paths: Mapping[str, Mapping[str, Any]]) -> set[str]:
    return {tag for methods in paths.values() for one in methods.values() for tag in one["tags"]}


def _scope(route: Route) -> str | None:
    """Return the scope of an administrator's route, by the default of its parameter."""
    if route.auth is None:
        return None
    (wanted,) = route.auth["AuthorizationScopes"]
    return str(_default(wanted))


def _throttle(route: Route) -> Mapping[str, int]:
    settings = properties("Api")
    found = {**settings["DefaultRouteSettings"], **settings["RouteSettings"].get(route.key, {})}
    return {
        "rate": int(_default(found["ThrottlingRateLimit"])),
        "burst": int(_default(found["ThrottlingBurstLimit"])),
    }


def _default(value: Any) -> Any:
    """Return a value of the template, of a parameter its default, of a list that is one an item of it."""
    if not isinstance(value, Mapping):
        return value
    if "Fn::Select" in value:
        place, of = value["Fn::Select"]
        return str(_default(of)).split(",")[place]
    return template()["Parameters"][value["Ref"]]["Default"]


def _schemas() -> dict[str, Schema]:
    schemas: dict[str, Schema] = {"Problem": failures.PROBLEM, "GatewayMessage": failures.GATEWAY_MESSAGE}
    for name, schema in _named():
        if name in schemas:
            raise Undescribed(f"two schemas are called {name}")
        schemas[name] = schema
    return dict(sorted(schemas.items()))


def _named() -> Iterator[tuple[str, Schema]]:
    for part in SCHEMAS:
        yield from part.SCHEMAS.items()


def _security_schemes() -> dict[str, Any]:
    return {
        "AdminToken": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An access token of the deployment's issuer: audience, scope and the claim `tenant` count.",
        },
        "LoginCookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-login-ABCDEFGH",
            "description": "Given by `…/sso`; its name ends in the first eight characters of the session's id.",
        },
        "SessionCookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-session",
            "description": "A browser's session with us, where an application's policy has such.",
        },
    }


def _version() -> str:
    project = tomllib.loads((failures.ROOT / "pyproject.toml").read_text())["project"]
    return str(project["version"])

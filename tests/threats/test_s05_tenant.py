"""S05: the tenant comes from an access token's string claim, or there is none."""

import time
from typing import Any

import pytest

from local.stack import Stack
from tests.stack_calls import call, claims, mint
from tests.template import Route, routes

ADMIN_ROUTES = [route for route in routes() if route.auth]
WRONG_TENANTS: dict[str, Any] = {
    "missing": None,
    "empty": "",
    "array": ["local"],
    "number": 42,
    "None": "None",
    "object": {"local": "local"},
    "boolean": True,
    "upper case": "Local",
    "with a slash": "local/x",
    "with a line break": "local\n",
    "of 64 characters": "x" * 64,
}


def method_and_path(route: Route) -> tuple[str, str]:
    """Return a route's method and a path that matches it."""
    method, path = route.key.split(" ")
    return method, path.replace("{application_id}", "app_abcdefghijklmnopqrst")


@pytest.mark.parametrize("route", ADMIN_ROUTES, ids=lambda route: route.key)
def test_a_token_without_a_proper_tenant_is_refused_on_every_route(stack: Stack, route: Route) -> None:
    method, path = method_and_path(route)
    for name, tenant in WRONG_TENANTS.items():
        token = mint(stack, claims(stack, int(time.time()), tenant=tenant))
        answer = call(stack, method, path, token=token, body={})
        assert (answer.status_code, answer.json()["code"]) == (403, "no_tenant"), name


@pytest.mark.parametrize("route", ADMIN_ROUTES, ids=lambda route: route.key)
def test_an_id_token_is_refused_on_every_route(stack: Stack, route: Route) -> None:
    method, path = method_and_path(route)
    id_token = claims(stack, int(time.time()), token_use="id", nonce="n")
    answer = call(stack, method, path, token=mint(stack, id_token, "JWT"), body={})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_an_access_token")


@pytest.mark.parametrize("route", ADMIN_ROUTES, ids=lambda route: route.key)
@pytest.mark.parametrize(
    "changes",
    [
        {"scope": "applications:other"},
        {"scope": None},
        {"aud": "another"},
        {"iss": "http://127.0.0.1:1"},
        {"exp": 1},
    ],
    ids=["another scope", "no scope", "another audience", "another issuer", "expired"],
)
def test_the_gateway_refuses_a_token_that_is_not_for_us(
    stack: Stack, route: Route, changes: dict[str, Any]
) -> None:
    method, path = method_and_path(route)
    answer = call(stack, method, path, token=mint(stack, claims(stack, int(time.time()), **changes)), body={})
    assert answer.status_code in (401, 403)


@pytest.mark.parametrize("route", ADMIN_ROUTES, ids=lambda route: route.key)
def test_the_gateway_refuses_a_call_without_a_token(stack: Stack, route: Route) -> None:
    method, path = method_and_path(route)
    assert call(stack, method, path, body={}).status_code == 401


def test_a_proper_token_is_accepted(stack: Stack) -> None:
    """The control: the same call with the stack's own token."""
    assert call(stack, "GET", "/applications", token=stack.admin_token).status_code == 200


def test_a_tenant_does_not_see_another_tenants_application(stack: Stack) -> None:
    other = mint(stack, claims(stack, int(time.time()), tenant="other"))
    own = call(stack, "GET", "/applications", token=stack.admin_token).json()
    foreign = call(stack, "GET", "/applications", token=other).json()
    ids = {application["application_id"] for application in own["applications"]}
    assert not ids & {application["application_id"] for application in foreign["applications"]}
    for application_id in [*ids, "app_abcdefghijklmnopqrst"]:
        answer = call(stack, "GET", f"/applications/{application_id}", token=other)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_application")

"""S05: the tenant comes from an access token's string claim, or there is none.

Whoever has no proper token is answered as the contract says, learns nothing, and changes nothing.
"""

import base64
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests

from local.stack import Stack
from tests.contract import check
from tests.stack_calls import call, claims, items, mint
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


NOT_FOR_US: dict[str, tuple[dict[str, Any], int]] = {
    "another scope": ({"scope": "applications:other"}, 403),
    "no scope": ({"scope": None}, 403),
    "another audience": ({"aud": "another"}, 401),
    "another issuer": ({"iss": "http://127.0.0.1:1"}, 401),
    "expired": ({"exp": 1}, 401),
}
MARK = "zq7f3a"
"""Stands in what is sent, and must not come back."""


@pytest.fixture(scope="module", autouse=True)
def nothing_is_changed(stack: Stack) -> Iterator[None]:
    """The tables hold after all these calls what they held before."""
    before = sorted(items(stack))
    yield
    assert sorted(items(stack)) == before


@pytest.fixture(scope="module")
def tokens(stack: Stack) -> Mapping[str, str]:
    """Tokens that will not do, each by what is wrong with it."""
    now = int(time.time())
    changed = {
        **{f"tenant {name}": {"tenant": tenant} for name, tenant in WRONG_TENANTS.items()},
        **{name: changes for name, (changes, _) in NOT_FOR_US.items()},
    }
    minted = {name: mint(stack, claims(stack, now, **changes)) for name, changes in changed.items()}
    id_token = mint(stack, claims(stack, now, token_use="id", nonce="n"), "JWT")
    return {**minted, "ID token": id_token, "unsigned": unsigned(stack), "no token at all": MARK}


def refused(stack: Stack, route: Route, token: str | None) -> requests.Response:
    """Call a route with this token and return the answer, which is one of the contract and repeats nothing."""
    method, path = route.key.split(" ")
    answer = call(stack, method, path.replace("{", "").replace("}", MARK), token=token, body={MARK: MARK})
    headers = {name.lower(): value for name, value in answer.headers.items()}
    event = {"routeKey": route.key, "body": None}
    check(event, {"statusCode": answer.status_code, "headers": headers, "body": answer.text})
    assert MARK not in answer.text
    return answer


def unsigned(stack: Stack) -> str:
    """Return a token whose claims are good and that nobody signed (RFC 7519, 6)."""
    parts = ({"alg": "none", "typ": "at+jwt"}, claims(stack, int(time.time())))
    return (
        ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
        + "."
    )


@pytest.mark.parametrize("route", ADMIN_ROUTES, ids=lambda route: route.key)
def test_a_token_without_a_proper_tenant_is_refused_on_every_route(
    stack: Stack, tokens: Mapping[str, str], route: Route
) -> None:
    for name in WRONG_TENANTS:
        answer = refused(stack, route, tokens[f"tenant {name}"])
        assert (answer.status_code, answer.json()["code"]) == (403, "no_tenant"), name


@pytest.mark.parametrize("route", ADMIN_ROUTES, ids=lambda route: route.key)
def test_an_id_token_is_refused_on_every_route(stack: Stack, tokens: Mapping[str, str], route: Route) -> None:
    answer = refused(stack, route, tokens["ID token"])
    assert (answer.status_code, answer.json()["code"]) == (403, "not_an_access_token")


@pytest.mark.parametrize("route", ADMIN_ROUTES, ids=lambda route: route.key)
def test_the_gateway_refuses_a_token_that_is_not_for_us(
    stack: Stack, tokens: Mapping[str, str], route: Route
) -> None:
    for name, (_, status) in NOT_FOR_US.items():
        assert refused(stack, route, tokens[name]).status_code == status, name


@pytest.mark.parametrize("route", ADMIN_ROUTES, ids=lambda route: route.key)
def test_the_gateway_refuses_a_call_without_a_token_that_somebody_signed(
    stack: Stack, tokens: Mapping[str, str], route: Route
) -> None:
    for token in (None, tokens["no token at all"], tokens["unsigned"]):
        assert refused(stack, route, token).status_code == 401


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

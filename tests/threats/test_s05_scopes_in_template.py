"""S05: every administrator's route demands a token with a scope, and nothing else in the template weakens that.

An ID token has no scope, so a route with an authorizer and without scopes would let it pass.
"""

import pytest

from tests.template import Route, properties, routes, template

PUBLIC = frozenset({"sso", "poll", "verify", "console"})
ADMIN_ROUTES = [route for route in routes() if route.function not in PUBLIC]
PUBLIC_ROUTES = [route for route in routes() if route.function in PUBLIC]


def key(route: Route) -> str:
    return route.key


@pytest.mark.parametrize("route", ADMIN_ROUTES, ids=key)
def test_an_admin_route_demands_the_scope_for_reading_or_for_writing(route: Route) -> None:
    scope = "ReadScope" if route.reads else "WriteScope"
    assert route.auth == {"Authorizer": "AdminToken", "AuthorizationScopes": [{"Ref": scope}]}


@pytest.mark.parametrize("route", PUBLIC_ROUTES, ids=key)
def test_a_route_of_browsers_and_phones_has_no_authorizer(route: Route) -> None:
    assert route.auth is None


def test_connect_serves_all_admin_routes_and_there_are_some() -> None:
    assert {route.function for route in ADMIN_ROUTES} == {"connect"}


def test_tokens_are_checked_for_the_issuer_and_audience_of_the_parameters() -> None:
    auth = properties("Api")["Auth"]
    assert auth == {
        "Authorizers": {
            "AdminToken": {
                "IdentitySource": "$request.header.Authorization",
                "JwtConfiguration": {"issuer": {"Ref": "JwtIssuer"}, "audience": [{"Ref": "JwtAudience"}]},
            }
        }
    }


@pytest.mark.parametrize("parameter", ["JwtIssuer", "JwtAudience"])
def test_issuer_and_audience_have_no_default(parameter: str) -> None:
    assert "Default" not in template()["Parameters"][parameter]


@pytest.mark.parametrize(
    ("parameter", "default"), [("ReadScope", "applications:read"), ("WriteScope", "applications:write")]
)
def test_the_scopes_differ_and_cannot_be_empty(parameter: str, default: str) -> None:
    settings = template()["Parameters"][parameter]
    assert settings["Default"] == default
    assert settings["MinLength"] == 1

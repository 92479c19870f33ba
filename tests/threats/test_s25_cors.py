"""S25: a page of another origin reads our answers only where a parameter names it exactly, and never with cookies."""

import re
from typing import Any, Final

import pytest

from local.stack import Stack
from local.supervisor import FRONTEND
from tests.stack_calls import call
from tests.template import properties, routes, template

ALLOWED: Final = "access-control-allow-origin"


def settings() -> dict[str, Any]:
    """Return what holds where the parameter names an origin."""
    condition, named, otherwise = properties("Api")["CorsConfiguration"]["Fn::If"]
    assert condition == "AnswersOtherOrigins"
    assert otherwise == {"Ref": "AWS::NoValue"}
    return dict(named)


class TestTemplate:
    def test_no_origin_is_named_unless_somebody_names_it(self) -> None:
        assert template()["Parameters"]["CorsOrigins"]["Default"] == ""
        asked = template()["Conditions"]["AnswersOtherOrigins"]
        assert asked == {"Fn::Not": [{"Fn::Equals": [{"Ref": "CorsOrigins"}, ""]}]}

    def test_the_origins_are_those_of_the_parameter_and_no_other(self) -> None:
        assert settings()["AllowOrigins"] == {"Fn::Split": [",", {"Ref": "CorsOrigins"}]}

    def test_cookies_are_never_sent_along(self) -> None:
        assert "AllowCredentials" not in settings()

    def test_the_methods_are_those_that_administrators_use(self) -> None:
        used = {route.key.split(" ")[0] for route in routes() if route.auth}
        assert set(settings()["AllowMethods"]) == used

    def test_a_page_may_send_and_read_the_headers_that_the_calls_have(self) -> None:
        assert settings()["AllowHeaders"] == ["authorization", "content-type", "idempotency-key"]
        assert settings()["ExposeHeaders"] == ["retry-after"]

    @pytest.mark.parametrize(
        "origins",
        ["", "https://admin.example.com", "https://a.example.com,https://b.example.com:8443", FRONTEND],
    )
    def test_exact_origins_can_be_named(self, origins: str) -> None:
        assert re.fullmatch(template()["Parameters"]["CorsOrigins"]["AllowedPattern"], origins)

    @pytest.mark.parametrize(
        "origins",
        [
            "*",
            "https://*",
            "https://*.example.com",
            "null",
            "http://admin.example.com",
            "http://localhost:3000",
            "https://admin.example.com/",
            "https://Admin.example.com",
            "https://user@admin.example.com",
            "https://a.example.com, https://b.example.com",
            "https://a.example.com,",
            "https://a.example.com,*",
            "https://a.example.com\n",
        ],
    )
    def test_anything_else_is_refused_at_deployment(self, origins: str) -> None:
        assert not re.fullmatch(template()["Parameters"]["CorsOrigins"]["AllowedPattern"], origins)


class TestStack:
    """The local stack, which is deployed with one origin."""

    def test_a_preflight_of_the_named_origin_is_told_what_it_may_do(self, stack: Stack) -> None:
        asks = {"Origin": FRONTEND, "Access-Control-Request-Method": "PATCH"}
        answer = call(stack, "OPTIONS", "/applications", headers=asks)
        assert answer.status_code == 204
        assert answer.headers[ALLOWED] == FRONTEND
        assert "PATCH" in answer.headers["access-control-allow-methods"]
        assert "idempotency-key" in answer.headers["access-control-allow-headers"]

    @pytest.mark.parametrize("origin", ["https://evil.example.com", f"{FRONTEND}.example.com", "null"])
    def test_another_origin_is_told_nothing(self, stack: Stack, origin: str) -> None:
        for method in ("OPTIONS", "GET"):
            answer = call(stack, method, "/applications", token=stack.admin_token, headers={"Origin": origin})
            assert ALLOWED not in answer.headers

    def test_an_answer_can_be_read_at_the_named_origin_without_cookies(self, stack: Stack) -> None:
        answer = call(stack, "GET", "/applications", token=stack.admin_token, headers={"Origin": FRONTEND})
        assert (answer.status_code, answer.headers[ALLOWED]) == (200, FRONTEND)
        assert "access-control-allow-credentials" not in answer.headers
        assert answer.headers["access-control-expose-headers"] == "retry-after"

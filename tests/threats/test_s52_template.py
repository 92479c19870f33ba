"""S52: every route has a throttle, and every function a concurrency that a parameter can reserve."""

import pytest

from tests.template import functions, properties, routes, template

LIMITS = ("ThrottlingRateLimit", "ThrottlingBurstLimit")


def test_every_route_is_throttled_by_default() -> None:
    settings = properties("Api")["DefaultRouteSettings"]
    assert {name: settings[name] for name in LIMITS} == {
        "ThrottlingRateLimit": {"Ref": "RateLimit"},
        "ThrottlingBurstLimit": {"Ref": "BurstLimit"},
    }


@pytest.mark.parametrize("parameter", ["RateLimit", "BurstLimit"])
def test_the_default_throttle_cannot_be_zero_or_absent(parameter: str) -> None:
    settings = template()["Parameters"][parameter]
    assert settings["Default"] > 0
    assert settings["MinValue"] > 0


@pytest.mark.parametrize("route", properties("Api")["RouteSettings"])
def test_a_route_with_its_own_settings_exists_and_keeps_both_limits(route: str) -> None:
    """A route's settings replace the default ones, so an omitted limit would be no limit."""
    assert route in {known.key for known in routes()}
    limits = [properties("Api")["RouteSettings"][route].get(name) for name in LIMITS]
    assert all(isinstance(limit, int) and limit > 0 for limit in limits)


@pytest.mark.parametrize(
    "route", ["POST /applications", "POST /applications/{application_id}/verify", "POST /signing-keys"]
)
def test_what_calls_auth0_or_makes_a_paid_key_is_throttled_harder(route: str) -> None:
    assert properties("Api")["RouteSettings"][route]["ThrottlingRateLimit"] <= 10


@pytest.mark.parametrize("function", functions())
def test_a_functions_concurrency_can_be_reserved_by_a_parameter(function: str) -> None:
    name = function.title()
    assert functions()[function]["ReservedConcurrentExecutions"] == {
        "Fn::If": [f"Reserve{name}", {"Ref": f"{name}Concurrency"}, {"Ref": "AWS::NoValue"}]
    }


@pytest.mark.parametrize("function", functions())
def test_nothing_is_reserved_unless_asked_for(function: str) -> None:
    """A new account may have no concurrency to reserve."""
    name = function.title()
    assert template()["Parameters"][f"{name}Concurrency"]["Default"] == 0
    assert template()["Conditions"][f"Reserve{name}"] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": f"{name}Concurrency"}, 0]}]
    }

"""S52: every route has a throttle, and every function a concurrency that a parameter can reserve."""

import re

import pytest

from tests.template import functions, properties, routes, template

LIMITS = ("ThrottlingRateLimit", "ThrottlingBurstLimit")


def test_every_route_is_throttled_by_default() -> None:
    settings = properties("Api")["DefaultRouteSettings"]
    assert {name: settings[name] for name in LIMITS} == {
        name: {"Fn::Select": [place, {"Ref": "Throttle"}]} for place, name in enumerate(LIMITS)
    }


def test_the_default_throttle_has_both_limits() -> None:
    assert [int(limit) > 0 for limit in template()["Parameters"]["Throttle"]["Default"].split(",")] == [
        True
    ] * 2


@pytest.mark.parametrize(
    ("limit", "allowed"), [("1", True), ("500", True), ("0", False), ("", False), ("-1", False)]
)
def test_no_part_of_the_throttle_can_be_zero_or_absent(limit: str, allowed: bool) -> None:
    """CloudFormation holds each value of a list to the pattern."""
    pattern = template()["Parameters"]["Throttle"]["AllowedPattern"]
    assert (re.fullmatch(pattern, limit) is not None) is allowed


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
    reserved = {"Fn::Select": [place(function), {"Ref": "ReservedConcurrency"}]}
    assert functions()[function]["ReservedConcurrentExecutions"] == {
        "Fn::If": [f"Reserve{function.title()}", reserved, {"Ref": "AWS::NoValue"}]
    }
    assert template()["Conditions"][f"Reserve{function.title()}"] == {
        "Fn::Not": [{"Fn::Equals": [reserved, "0"]}]
    }


def place(function: str) -> int:
    """Return where a function stands in the list, as the parameter's description tells it."""
    told = template()["Parameters"]["ReservedConcurrency"]["Description"]
    listed = re.search(r"of ([a-z, ]+), in this order", told)
    assert listed
    return listed[1].split(", ").index(function)


def test_nothing_is_reserved_unless_asked_for() -> None:
    """A new account may have no concurrency to reserve."""
    assert template()["Parameters"]["ReservedConcurrency"]["Default"].split(",") == ["0"] * len(functions())

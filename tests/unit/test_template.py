"""The template says what the code expects: settings, routes, events, tables, logs."""

import ast
import importlib
import json
import re
from dataclasses import fields
from typing import Any

import pytest

from passwordless.config import Config
from passwordless.entry import Entry
from tests.template import ROOT, functions, logical_id, properties, resources, routes, tables, template

EVENT_FILES = sorted((ROOT / "events").glob("*.json"))
EVENTS: dict[str, dict[str, Any]] = {file.stem: json.loads(file.read_text()) for file in EVENT_FILES}
STORES = ROOT / "layers" / "passwordless" / "python" / "passwordless" / "store"
WITHOUT_ROUTES = ("keys", "export")
CONFIG_FIELDS = [field.name for field in fields(Config)]


def handler_of(function: str) -> Any:
    return importlib.import_module(f"functions.{function}.handler").handler


def writes_ttl(source: str) -> bool:
    """Tell whether a store's code has a dictionary with the key `ttl`."""
    displays = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Dict))
    keys = (key for display in displays for key in display.keys)
    return any(isinstance(key, ast.Constant) and key.value == "ttl" for key in keys)


class TestFunctions:
    @pytest.mark.parametrize("function", functions())
    def test_the_environment_is_exactly_what_config_reads(self, function: str) -> None:
        shared = template()["Globals"]["Function"]["Environment"]["Variables"]
        own = functions()[function].get("Environment", {}).get("Variables", {})
        assert sorted(shared | own) == sorted(name.upper() for name in CONFIG_FIELDS)

    def test_every_table_of_config_is_the_table_of_that_name(self) -> None:
        variables = template()["Globals"]["Function"]["Environment"]["Variables"]
        stores = [name.removesuffix("_table") for name in CONFIG_FIELDS if name.endswith("_table")]
        assert {store: variables[f"{store}_table".upper()] for store in stores} == {
            store: {"Ref": logical_id(store)} for store in stores
        }

    def test_every_table_is_in_config(self) -> None:
        assert sorted(tables()) == sorted(
            logical_id(name.removesuffix("_table")) for name in CONFIG_FIELDS if name.endswith("_table")
        )

    @pytest.mark.parametrize("function", functions())
    def test_a_function_has_a_handler(self, function: str) -> None:
        assert callable(handler_of(function))

    def test_connect_invokes_the_keys_function_by_its_name_and_alias(self) -> None:
        variables, keys = template()["Globals"]["Function"]["Environment"]["Variables"], functions()["keys"]
        name, alias = keys["FunctionName"]["Fn::Sub"], keys["AutoPublishAlias"]
        assert variables["KEYS_FUNCTION"] == {"Fn::Sub": f"{name}:{alias}"}

    @pytest.mark.parametrize("function", functions())
    def test_a_function_runs_both_layers_on_the_architecture_of_the_parameter(self, function: str) -> None:
        settings = {**template()["Globals"]["Function"], **functions()[function]}
        assert settings["Architectures"] == [{"Ref": "Architecture"}]
        assert settings["Layers"] == [{"Ref": "DependenciesLayer"}, {"Ref": "PasswordlessLayer"}]
        assert settings["Runtime"] == "python3.13"


class TestRoutes:
    @pytest.mark.parametrize("function", [name for name in functions() if name not in WITHOUT_ROUTES])
    def test_a_function_serves_exactly_its_routes(self, function: str) -> None:
        entry = handler_of(function)
        assert isinstance(entry, Entry)
        assert sorted(entry.routes) == sorted(r.key for r in routes() if r.function == function)

    def test_what_others_invoke_has_no_route(self) -> None:
        assert [route for route in routes() if route.function in WITHOUT_ROUTES] == []

    def test_no_route_belongs_to_two_functions(self) -> None:
        keys = [route.key for route in routes()]
        assert len(keys) == len(set(keys))

    def test_every_route_has_an_event_and_every_event_a_route(self) -> None:
        assert sorted(event["routeKey"] for event in EVENTS.values()) == sorted(r.key for r in routes())

    @pytest.mark.parametrize("name", EVENTS)
    def test_an_event_says_the_same_everywhere(self, name: str) -> None:
        event = EVENTS[name]
        method, path = event["routeKey"].split(" ")
        context = event["requestContext"]
        assert name.startswith(f"{method}_")
        assert context["routeKey"] == event["routeKey"]
        assert (context["http"]["method"], context["http"]["path"]) == (method, event["rawPath"])
        assert path.format_map(event.get("pathParameters", {})) == event["rawPath"]

    @pytest.mark.parametrize("name", EVENTS)
    def test_an_event_of_an_administrator_carries_claims_and_no_other_does(self, name: str) -> None:
        route = next(route for route in routes() if route.key == EVENTS[name]["routeKey"])
        assert ("authorizer" in EVENTS[name]["requestContext"]) is (route.auth is not None)


class TestTables:
    @pytest.mark.parametrize("name", tables())
    def test_a_table_is_on_demand(self, name: str) -> None:
        assert tables()[name]["BillingMode"] == "PAY_PER_REQUEST"

    @pytest.mark.parametrize("name", tables())
    def test_a_table_recovers_to_any_point_in_time(self, name: str) -> None:
        assert tables()[name]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}

    @pytest.mark.parametrize("name", tables())
    def test_whether_a_table_may_be_deleted_is_a_parameter(self, name: str) -> None:
        assert tables()[name]["DeletionProtectionEnabled"] == {"Ref": "DeletionProtection"}

    def test_tables_are_protected_by_default(self) -> None:
        assert template()["Parameters"]["DeletionProtection"]["Default"] == "true"

    @pytest.mark.parametrize(
        "store", [name.removesuffix("_table") for name in CONFIG_FIELDS if name.endswith("_table")]
    )
    def test_a_table_forgets_by_ttl_exactly_where_its_store_writes_one(self, store: str) -> None:
        written = writes_ttl((STORES / f"{store}.py").read_text())
        expected = {"AttributeName": "ttl", "Enabled": True} if written else None
        assert tables()[logical_id(store)].get("TimeToLiveSpecification") == expected

    def test_ttl_is_found_where_it_is_written(self) -> None:
        assert writes_ttl('item = {"pk": 1, "ttl": 2}')
        assert not writes_ttl('"""An item has no ttl."""\nitem = {"pk": 1}')

    def test_a_table_that_outlives_the_stack_is_kept_when_it_is_replaced(self) -> None:
        kept = {
            name: (table["DeletionPolicy"], table["UpdateReplacePolicy"])
            for name, table in resources("AWS::DynamoDB::Table").items()
        }
        lasting = {"Applications", "Users", "Devices", "SigningKeys", "Events", "Ledger"}
        expected = {
            name: ("Retain",) * 2 if name.removesuffix("Table") in lasting else ("Delete",) * 2
            for name in kept
        }
        assert kept == expected


class TestLogs:
    @pytest.mark.parametrize("name", resources("AWS::Logs::LogGroup"))
    def test_a_log_group_forgets_after_the_days_of_the_parameter(self, name: str) -> None:
        assert properties(name)["RetentionInDays"] == {"Ref": "LogRetentionDays"}

    @pytest.mark.parametrize("function", functions())
    def test_a_function_writes_to_its_own_log_group(self, function: str) -> None:
        group = functions()[function]["LoggingConfig"]["LogGroup"]["Ref"]
        assert properties(group)["LogGroupName"] == {"Fn::Sub": f"/aws/lambda/${{AWS::StackName}}-{function}"}

    def test_the_access_log_holds_no_path_query_header_or_body(self) -> None:
        """S50."""
        told = set(re.findall(r"\$[a-zA-Z.]+", properties("Api")["AccessLogSettings"]["Format"]))
        assert told == {
            "$context.requestId",
            "$context.routeKey",
            "$context.status",
            "$context.responseLatency",
        }


class TestParameters:
    @pytest.mark.parametrize(
        ("origin", "allowed"),
        [
            ("", True),
            ("https://login.example.com", True),
            ("https://" + "a" * 50, True),
            ("https://" + "a" * 51, False),
            ("http://abcdef12.execute-api.localhost:4566", True),
            ("https://login.example.com/", False),
            ("https://Login.example.com", False),
            ("https://login.example.com/path", False),
            ("login.example.com", False),
        ],
    )
    def test_an_origin_that_functions_would_refuse_is_refused_at_deployment(
        self, origin: str, allowed: bool
    ) -> None:
        pattern = template()["Parameters"]["PublicOrigin"]["AllowedPattern"]
        assert (re.fullmatch(pattern, origin) is not None) is allowed

    def test_every_parameter_is_used(self) -> None:
        source = (ROOT / "template.yaml").read_text()
        unused = [name for name in template()["Parameters"] if f"!Ref {name}" not in source]
        assert unused == []

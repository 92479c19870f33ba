"""docs/openapi.json is what template and code say now, whole, strict and sound; its page needs no network."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import jsonschema_rs
import pytest

from docs.openapi.document import document as made
from docs.openapi.failures import statuses
from docs.openapi.write import files
from tests import contract
from tests.house import event
from tests.template import ROOT, Route, routes
from tests.unit.test_docs import API, MOBILE, told

DOCUMENT: Final = contract.document()
ROUTES: Final = routes()
KEYS: Final = [route.key for route in ROUTES]
EVENTS: Final = sorted(path.stem for path in (ROOT / "events").glob("*.json"))


def validator(schema: Mapping[str, Any]) -> Any:
    """Return a schema's validator, references resolved."""
    return jsonschema_rs.Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def answers(route: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield each response of an operation with its status."""
    for status in contract.operation(route)["responses"]:
        yield int(status), contract.response(route, int(status))


def examples(route: str) -> Iterator[tuple[Mapping[str, Any], Any]]:
    """Yield each example of an operation with its schema."""
    for media in contract.operation(route).get("requestBody", {}).get("content", {}).values():
        yield from ((media["schema"], one["value"]) for one in media["examples"].values())
    for _, response in answers(route):
        for media in response.get("content", {}).values():
            if "example" in media:
                yield media["schema"], media["example"]


def objects(schema: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every schema of an object inside a schema."""
    if isinstance(schema, dict):
        if schema.get("type") == "object" and "properties" in schema:
            yield schema
        for inner in schema.values():
            yield from objects(inner)
    if isinstance(schema, list):
        for inner in schema:
            yield from objects(inner)


@pytest.mark.parametrize("name", ["openapi.json", "api-reference.html"])
def test_the_committed_file_is_what_the_code_says_now(name: str) -> None:
    (path,) = [path for path in files() if path.name == name]
    assert path.read_text() == files()[path], "make openapi"


def test_the_document_has_exactly_the_routes_of_the_template() -> None:
    found = [f"{method.upper()} {path}" for path, methods in DOCUMENT["paths"].items() for method in methods]
    assert sorted(found) == sorted(KEYS)


@pytest.mark.parametrize("name", DOCUMENT["components"]["schemas"])
def test_a_schema_is_one_and_its_references_lead_somewhere(name: str) -> None:
    schema = DOCUMENT["components"]["schemas"][name]
    jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})
    validator(schema)


@pytest.mark.parametrize("route", KEYS)
def test_every_example_fits_its_schema(route: str) -> None:
    for schema, example in examples(route):
        validator(schema).validate(example)


@pytest.mark.parametrize("route", KEYS)
def test_an_operation_says_what_it_is_and_shows_an_example_of_its_answer(route: str) -> None:
    one = contract.operation(route)
    assert one["operationId"]
    assert one["summary"]
    assert one["x-throttle"].keys() == {"rate", "burst"}
    for status, response in answers(route):
        json_answer = response.get("content", {}).get("application/json")
        assert status >= 300 or json_answer is None or "example" in json_answer


def test_operation_ids_are_unique() -> None:
    ids = [contract.operation(route)["operationId"] for route in KEYS]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.key)
def test_an_operation_asks_for_the_scope_that_its_route_demands(route: Route) -> None:
    asked = [
        scope for one in contract.operation(route.key)["security"] for scope in one.get("AdminToken", [])
    ]
    demanded = {"ReadScope": "applications:read", "WriteScope": "applications:write"}
    scopes = route.auth["AuthorizationScopes"] if route.auth else []
    assert asked == [demanded[one["Ref"]] for one in scopes]


@pytest.mark.parametrize("route", KEYS)
def test_what_we_answer_has_no_member_that_is_not_named(route: str) -> None:
    used = json.dumps([response for _, response in answers(route)])
    names = set(re.findall(r"#/components/schemas/(\w+)", used)) - {"Problem"}
    schemas = [DOCUMENT["components"]["schemas"][name] for name in names]
    schemas += [m["schema"] for _, told_ in answers(route) for m in told_.get("content", {}).values()]
    loose = [
        one for one in objects(schemas) if {"additionalProperties", "unevaluatedProperties"}.isdisjoint(one)
    ]
    assert loose == []


@pytest.mark.parametrize("name", EVENTS)
def test_what_the_events_send_as_json_fits(name: str) -> None:
    loaded = event(name)
    body = contract.operation(loaded["routeKey"]).get("requestBody", {}).get("content", {})
    if (
        loaded.get("body") and "application/json" in body and name != "POST_enroll"
    ):  # that one has no real key
        contract.request_validator(loaded["routeKey"]).validate(json.loads(loaded["body"]))


def test_every_code_is_told_by_some_operation() -> None:
    known = {code for route in KEYS for code in contract.codes(route)} | {"not_found"}
    bulk = set(DOCUMENT["components"]["schemas"]["RefusedRow"]["properties"]["code"]["enum"])
    assert sorted(statuses().keys() - known - bulk) == []


def test_the_guide_for_administrators_tells_exactly_the_codes_of_their_operations() -> None:
    of_admins = {one for route in ROUTES if route.auth for one in contract.codes(route.key).items()}
    bulk = {("user_named_twice", 409)}
    assert told(API) == of_admins | bulk


def test_the_guide_for_phones_tells_exactly_the_codes_of_their_operations() -> None:
    of_phones = {
        one for key in KEYS if key.startswith("POST /mobile/") for one in contract.codes(key).items()
    }
    assert told(MOBILE) == of_phones


def test_making_the_document_twice_makes_the_same() -> None:
    assert made() == made()


class TestChecking:
    """An answer that is not in the contract is not let pass."""

    EVENT: Final = {"routeKey": "GET /users", "body": None}

    @staticmethod
    def reply(status: int, body: object, content_type: str = "application/json") -> dict[str, Any]:
        return {"statusCode": status, "headers": {"content-type": content_type}, "body": json.dumps(body)}

    def test_one_that_is_in_it_passes(self) -> None:
        contract.check(self.EVENT, self.reply(200, {"users": []}))

    @pytest.mark.parametrize(
        ("status", "body", "content_type"),
        [
            (200, {"users": [], "more": 1}, "application/json"),
            (200, {"users": [{"user_id": "usr_abcdefghijklmnopqrst"}]}, "application/json"),
            (200, {}, "application/json"),
            (200, {"users": []}, "text/plain"),
            (204, {}, "application/json"),
        ],
        ids=["a further member", "a missing member", "nothing", "another type", "another status"],
    )
    def test_another_does_not(self, status: int, body: object, content_type: str) -> None:
        with pytest.raises(contract.Unlike):
            contract.check(self.EVENT, self.reply(status, body, content_type))

    @pytest.mark.parametrize("code", ["unknown_user", "invented"])
    def test_a_code_of_another_operation_does_not(self, code: str) -> None:
        problem = {
            "type": f"urn:passwordless:problem:{code}",
            "title": "Not found",
            "status": 404,
            "detail": "No.",
            "code": code,
            "correlation_id": "ABCDEFGHIJKLMNOP",
        }
        reply = self.reply(404, problem, "application/problem+json")
        accepted = {"routeKey": "DELETE /users/{user_id}", "body": None}
        with pytest.raises(contract.Unlike):
            contract.check(
                {**self.EVENT, "routeKey": "GET /users/{user_id}/devices"}, {**reply, "statusCode": 410}
            )
        if code == "unknown_user":
            contract.check(accepted, reply)
        else:
            with pytest.raises(contract.Unlike):
                contract.check(accepted, reply)

    def test_a_request_that_was_accepted_and_is_not_in_it_does_not(self) -> None:
        sent = {
            "routeKey": "PATCH /devices/{device_id}",
            "body": json.dumps({"name": "Phone", "colour": "red"}),
        }
        with pytest.raises(contract.Unlike, match="accepted"):
            contract.check(sent, self.reply(200, contract_example("PATCH /devices/{device_id}")))


def contract_example(route: str) -> Any:
    """Return the example of what an operation answers with 200."""
    return contract.response(route, 200)["content"]["application/json"]["example"]


class TestPage:
    PAGE: Final = (ROOT / "docs" / "api-reference.html").read_text()

    @pytest.mark.parametrize(
        "fetched", ["<script", "<link", "<img", "src=", "url(", "@import", "javascript:"]
    )
    def test_it_runs_and_fetches_nothing(self, fetched: str) -> None:
        assert fetched not in self.PAGE

    @pytest.mark.parametrize("route", KEYS)
    def test_it_shows_every_operation(self, route: str) -> None:
        assert (
            f'<section id="{contract.operation(route)["operationId"]}"><h3><code>{route}</code></h3>'
            in self.PAGE
        )

    def test_its_links_lead_somewhere(self) -> None:
        ids = set(re.findall(r'id="([^"]+)"', self.PAGE))
        assert set(re.findall(r'href="#([^"]+)"', self.PAGE)) - ids == set()

    def test_it_is_light_and_dark(self) -> None:
        assert "prefers-color-scheme: dark" in self.PAGE

"""What AdminX gets from connect, route by route, with events as API Gateway sends them."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.connect.handler import handler
from passwordless.auth0.fields import Auth0Fields
from tests.calls import Answer
from tests.contract import replied
from tests.house import event
from tests.unit.auth0.fakes import ADMIN, DOMAIN, FakeHouse, a_house, an_application
from tests.unit.auth0.tenant_server import (
    BEARER,
    CREATE,
    METADATA,
    TOKEN,
    Scripted,
    TenantServer,
    a_tenant,
    reset,
)

SECRET = "an-example-and-no-secret"
ROUTES = sorted(handler.routes)
FILES = {
    "GET /integrations": "GET_integrations",
    "POST /applications": "POST_applications",
    "GET /applications": "GET_applications",
    "GET /applications/{application_id}": "GET_application",
    "PATCH /applications/{application_id}": "PATCH_application",
    "DELETE /applications/{application_id}": "DELETE_application",
    "POST /applications/{application_id}/verify": "POST_application_verify",
    "POST /applications/{application_id}/attributes/preview": "POST_preview",
    "GET /applications/{application_id}/events": "GET_events",
    "GET /applications/{application_id}/activity": "GET_activity",
    "GET /events": "GET_other-events",
    "GET /applications/{application_id}/transactions/{correlation_id}": "GET_transaction",
    "POST /enrollments": "POST_enrollments",
    "GET /enrollments": "GET_enrollments",
    "GET /enrollments/{enrollment_id}": "GET_enrollment",
    "DELETE /enrollments/{enrollment_id}": "DELETE_enrollment",
    "POST /enrollments/{enrollment_id}/confirm": "POST_confirm",
    "GET /users": "GET_users",
    "GET /users/{user_id}": "GET_user",
    "PATCH /users/{user_id}": "PATCH_user",
    "DELETE /users/{user_id}": "DELETE_user",
    "GET /users/{user_id}/devices": "GET_devices",
    "GET /users/{user_id}/events": "GET_user-events",
    "PATCH /devices/{device_id}": "PATCH_device",
    "DELETE /devices/{device_id}": "DELETE_device",
    "DELETE /blocks/{address}": "DELETE_block",
    "GET /signing-keys": "GET_signing-keys",
    "POST /signing-keys": "POST_signing-keys",
    "POST /applications/{application_id}/signing-key": "POST_signing-key",
}


@pytest.fixture
def tenant() -> Iterator[TenantServer]:
    """A tenant of Auth0 on loopback."""
    with a_tenant() as one:
        yield one


def call(house: FakeHouse, name: str, **changes: Any) -> Answer:
    """Call connect with an event."""
    reply = replied(handler, house, event(name, **changes))
    return Answer(reply["statusCode"], reply["headers"], tuple(reply["cookies"]), reply["body"])


def connect(house: FakeHouse, **changes: Any) -> Answer:
    """Call POST /applications with changed fields."""
    body = {**json.loads(event("POST_applications")["body"]), **changes}
    return call(house, "POST_applications", body=json.dumps(body))


def test_every_route_has_an_event() -> None:
    assert sorted(FILES) == ROUTES
    assert {route: event(name)["routeKey"] for route, name in FILES.items()} == {one: one for one in FILES}


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("tenant_claim", [None, "", "None", ["acme"], 7])
def test_no_route_answers_a_token_without_a_tenant(route: str, tenant_claim: object) -> None:
    loaded = event(FILES[route])
    loaded["requestContext"]["authorizer"]["jwt"]["claims"]["tenant"] = str(tenant_claim)
    house = a_house()
    reply = replied(handler, house, loaded)
    assert reply["statusCode"] == 403
    assert json.loads(reply["body"])["code"] == "no_tenant"
    assert house.memory.commits == 0


@pytest.mark.parametrize("route", ROUTES)
def test_no_route_answers_a_token_without_its_scope(route: str) -> None:
    loaded = event(FILES[route])
    loaded["requestContext"]["authorizer"]["jwt"]["claims"]["scope"] = "openid"
    reply = replied(handler, a_house(), loaded)
    assert (reply["statusCode"], json.loads(reply["body"])["code"]) == (403, "missing_scope")


def test_the_integration_tells_its_fields_and_marks_the_secret_one() -> None:
    answer = call(a_house(), "GET_integrations")
    (auth0, _) = answer.json["integrations"]
    assert answer.status == 200
    assert auth0["integration"] == "auth0-saml"
    assert [one["name"] for one in auth0["fields"] if one["secret"]] == ["auth0_client_secret"]
    assert [one["name"] for one in auth0["fields"] if one["required"]] == [
        "name",
        "auth0_domain",
        "auth0_client_id",
        "auth0_client_secret",
    ]
    assert len(auth0["prerequisites"]) >= 4


def offered(integration: str) -> dict[str, Any]:
    """Return what is told of an integration."""
    told = call(a_house(), "GET_integrations").json["integrations"]
    (found,) = [one for one in told if one["integration"] == integration]
    return dict(found)


def test_the_integration_tells_its_modes_and_which_fields_they_take() -> None:
    auth0 = offered("auth0-saml")
    fields = {one["name"]: one for one in auth0["fields"]}
    automatic, manual = fields["mode"]["choices"]
    assert (fields["mode"]["default"], automatic["value"], manual["value"]) == (
        "automatic",
        "automatic",
        "manual",
    )
    assert fields["auth0_client_secret"]["modes"] == ["automatic"]
    assert len(manual["prerequisites"]) == 3
    assert not fields["custom_domain"]["required"]


def test_every_field_that_is_told_is_one_that_can_be_sent() -> None:
    auth0 = offered("auth0-saml")
    told = {one["name"] for one in auth0["fields"]}
    assert told | {"integration"} == set(Auth0Fields.model_fields)


def test_one_click_connect_answers_the_application_its_steps_and_a_test_link(tenant: TenantServer) -> None:
    answer = connect(a_house(tenant.url))
    told = answer.json
    assert answer.status == 201
    assert set(told) == {"application", "steps", "warnings", "next_steps", "test_url"}
    assert (told["application"]["status"], told["application"]["name"]) == ("connected", "Acme Portal")
    assert told["application"]["rollout"] == {"mode": "test", "test_users": ["ada@example.com"]}
    assert [one["status"] for one in told["steps"]] == ["ok"] * 4
    assert told["test_url"].startswith(f"{tenant.url}/authorize?client_id=kXw3")
    assert answer.headers["cache-control"].startswith("no-store")


def test_manual_mode_answers_what_to_create_beside_the_application(tenant: TenantServer) -> None:
    answer = connect(a_house(tenant.url), mode="manual", auth0_client_secret=None)
    told = answer.json
    assert answer.status == 201, answer.body
    assert set(told) == {"application", "steps", "warnings", "next_steps", "test_url", "manual"}
    assert set(told["manual"]) == {"body", "command", "terraform"}
    assert told["manual"]["body"]["name"] == told["application"]["auth0"]["connection_name"]
    assert told["application"]["status"] == "unverified"
    assert told["application"]["sp"]["certificates"] == []


def test_the_same_idempotency_key_answers_the_same_application(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    first, second = connect(house), connect(house)
    assert (first.status, second.status) == (201, 201)
    assert first.json["application"] == second.json["application"]


def test_a_refusal_of_auth0_is_a_problem_with_steps_and_never_401(tenant: TenantServer) -> None:
    tenant.answers[TOKEN] = Scripted(401, {"error": "access_denied", "error_description": "Unauthorized"})
    answer = connect(a_house(tenant.url))
    told = answer.json
    assert (answer.status, told["status"], told["code"]) == (422, 422, "auth0_bad_credentials")
    assert answer.headers["content-type"] == "application/problem+json"
    assert [one["status"] for one in told["steps"]] == ["ok", "failed", "skipped", "skipped"]
    assert set(told) >= {"type", "title", "detail", "guidance", "correlation_id"}


def test_a_rate_limit_carries_retry_after(tenant: TenantServer) -> None:
    tenant.answers[TOKEN] = Scripted(429, {}, {"Retry-After": "9"})
    answer = connect(a_house(tenant.url))
    assert (answer.status, answer.headers["retry-after"]) == (429, "9")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"name": ""}, 400, "invalid_field"),
        ({"surprise": 1}, 400, "invalid_field"),
        ({"integration": "saml"}, 400, "invalid_field"),
        ({"integration": "oidc"}, 400, "invalid_field"),
        ({"auth0_domain": "login.example.com"}, 422, "auth0_custom_domain"),
    ],
)
def test_a_field_that_cannot_be_is_told_before_anything_is_sent(
    tenant: TenantServer, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = connect(a_house(tenant.url), **changes)
    assert (answer.status, answer.code) == (status, code)
    assert tenant.connected_peers == 0


@pytest.mark.parametrize("body", ["", "[]", "{", "\x00", '"x"'])
def test_a_body_that_is_no_object_is_malformed(body: str) -> None:
    assert call(a_house(), "POST_applications", body=body).status == 400


def test_applications_are_listed_with_their_certificates() -> None:
    house = a_house()
    ids = [f"app_{letter * 20}" for letter in "abc"]
    for application_id, owner in zip(ids, ("acme", "acme", "other"), strict=True):
        application = an_application(application_id, owner)
        house.memory.applications.rows[application.application_id] = application
    told = call(house, "GET_applications").json
    assert [one["application_id"] for one in told["applications"]] == ids[:2]
    assert all("certificate_sha1" in one["saml"] for one in told["applications"])
    assert "next_page_token" not in told


def test_an_application_of_another_tenant_is_answered_like_an_unknown_one() -> None:
    house = a_house()
    foreign = an_application("app_abcdefghijklmnopqrst", "other")
    unknown = call(house, "GET_application")
    house.memory.applications.rows[foreign.application_id] = foreign
    answer = call(house, "GET_application")
    assert (answer.status, answer.code) == (unknown.status, unknown.code) == (404, "unknown_application")
    assert set(answer.json) == set(unknown.json)


def test_an_application_of_the_own_tenant_is_answered() -> None:
    house = a_house()
    own = an_application("app_abcdefghijklmnopqrst", "acme")
    house.memory.applications.rows[own.application_id] = own
    answer = call(house, "GET_application")
    assert (answer.status, answer.json["application_id"]) == (200, own.application_id)


OUTCOMES: list[Any] = [
    Scripted(200, "<html>"),
    Scripted(201, '{"id":'),
    Scripted(400, {"message": SECRET, "error": SECRET}),
    Scripted(500, SECRET),
    reset,
]


@pytest.mark.parametrize("route", [TOKEN, CREATE, METADATA])
@pytest.mark.parametrize("answer", OUTCOMES)
@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
def test_the_secret_and_the_token_reach_no_answer_no_row_and_no_log(
    tenant: TenantServer,
    route: str,
    answer: Any,
    level: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    for name in ("LOG_LEVEL", "POWERTOOLS_LOG_LEVEL", "AWS_LAMBDA_LOG_LEVEL"):
        monkeypatch.setenv(name, level)
    caplog.set_level(logging.getLevelName(level))
    tenant.answers[route] = answer
    house = a_house(tenant.url)
    reply = replied(handler, house, event("POST_applications"))
    written, errors = capfd.readouterr()
    sinks = [str(reply), caplog.text, written, errors, repr(house.memory)]
    sinks += [str(record.__dict__) for record in caplog.records]
    for secret in (SECRET, BEARER):
        assert [sink for sink in sinks if secret in sink] == []


def test_a_crash_tells_neither_the_secret_nor_its_message(
    tenant: TenantServer, capfd: pytest.CaptureFixture[str]
) -> None:
    house = a_house(tenant.url)
    house.__dict__["auth0"] = _Broken()
    reply = replied(handler, house, event("POST_applications"))
    written, errors = capfd.readouterr()
    assert reply["statusCode"] == 500
    assert json.loads(reply["body"])["code"] == "internal_error"
    assert SECRET not in f"{reply} {written} {errors}"


class _Broken:
    """A client with a mistake in it."""

    def conversation(self, *_: object) -> Any:
        raise RuntimeError(SECRET)


def test_the_secret_in_the_event_file_is_the_one_searched_for() -> None:
    text = (Path(__file__).parents[2] / "events" / "POST_applications.json").read_text()
    assert SECRET in text
    assert DOMAIN in text
    assert ADMIN.tenant not in json.loads(text)["requestContext"]["authorizer"]["jwt"]["claims"].values()


def test_a_token_that_auth0_repeats_is_taken_out(tenant: TenantServer) -> None:
    tenant.answers[CREATE] = Scripted(403, {"message": f"Not with {BEARER} and {SECRET}"})
    answer = connect(a_house(tenant.url))
    assert "Not with (hidden) and (hidden)" in answer.json["detail"]

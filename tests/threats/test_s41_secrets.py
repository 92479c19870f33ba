"""S41: an Auth0 secret and the token it buys reach no sink, whatever Auth0 answers and wherever we fail.

Logging is switched to debug by environment. Each row has a marked secret of its own; afterwards tables, logs, buckets,
responses and the logs of the stack's own processes are searched for all of them, and for anything that looks like a
token.
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.layout import Layout
from local.stack import Stack
from tests.stack_calls import account, call, control_auth0, sinks
from tests.unit.auth0.auth0_facts import TOLD_FACTS

TOKEN = re.compile(rb"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.")
DEBUG = {"POWERTOOLS_LOG_LEVEL": "DEBUG", "POWERTOOLS_DEV": "true", "POWERTOOLS_LOGGER_LOG_EVENT": "true"}
REFUSED_TOKEN = {"error": "access_denied", "error_description": "Service not found: https://x.example/"}
REFUSED_BODY = {
    "statusCode": 400,
    "error": "Bad Request",
    "message": "Payload validation error",
    "errorCode": "x",
}


def faulty(endpoint: str, **fault: Any) -> dict[str, Any]:
    """Return settings of the double that put an endpoint under a fault."""
    return {"faults": {endpoint: fault}}


ROWS: dict[str, tuple[dict[str, Any], str]] = {
    "everything well": ({}, "created"),
    "no tenant: HTML": (faulty("openid", html=200), "auth0_domain_unreachable"),
    "no tenant: redirect": (faulty("openid", redirect="https://auth0.com/"), "auth0_domain_unreachable"),
    "another issuer": (faulty("openid", issuer="https://x.auth0.com/"), "auth0_domain_unreachable"),
    "preflight 503": (faulty("openid", status=503), "auth0_unavailable"),
    "preflight limited": (faulty("openid", status=429), "auth0_rate_limited"),
    "a custom domain": ({}, "auth0_custom_domain"),
    "wrong secret": (faulty("token", status=401), "auth0_bad_credentials"),
    "grant type off": ({"grant_type_enabled": False}, "auth0_grant_type_disabled"),
    "not authorized 0": ({"client_grant": False, "client_grant_wording": 0}, "auth0_api_not_authorized"),
    "not authorized 1": ({"client_grant": False, "client_grant_wording": 1}, "auth0_api_not_authorized"),
    "not authorized 2": ({"client_grant": False, "client_grant_wording": 2}, "auth0_api_not_authorized"),
    "permission missing": ({"scopes": ["read:users"]}, "auth0_missing_scope"),
    "wrong audience": (faulty("token", status=403, json=REFUSED_TOKEN), "auth0_wrong_audience"),
    "an Action denies": ({"action_denies": "Not today"}, "auth0_denied_by_policy"),
    "token limited": (faulty("token", status=429, reset_after=8), "auth0_rate_limited"),
    "token 503": (faulty("token", status=503), "auth0_unavailable"),
    "reset at the token": (faulty("token", reset=True), "auth0_unavailable"),
    "HTML 200 for a token": (faulty("token", html=200), "auth0_unexpected_answer"),
    "truncated token": (faulty("token", truncate=True), "auth0_unexpected_answer"),
    "gzip at the token": (faulty("token", gzip_bytes=50_000_000), "auth0_unexpected_answer"),
    "redirect at the token": (
        faulty("token", redirect="http://127.0.0.1:9/elsewhere"),
        "auth0_unexpected_answer",
    ),
    "400": (faulty("connections", status=400, json=REFUSED_BODY), "auth0_rejected_configuration"),
    "401": (faulty("connections", invalid_token=True), "auth0_token_rejected"),
    "scope missing at the API": (faulty("connections", insufficient_scope=True), "auth0_missing_scope"),
    "entity limit": (faulty("connections", too_many_entities=True), "auth0_plan_limit"),
    "plan limit": (faulty("connections", plan_limit=True), "auth0_plan_limit"),
    "name taken": (faulty("connections", conflict=True), "auth0_name_taken"),
    "realm taken": (faulty("connections", realm_conflict=True), "auth0_name_taken"),
    "domain taken": (faulty("connections", domain_conflict=True), "auth0_name_taken"),
    "being deleted": (faulty("connections", being_deleted=True), "auth0_name_being_deleted"),
    "create limited": (faulty("connections", status=429, reset_after=8), "auth0_rate_limited"),
    "another 4xx": (faulty("connections", status=413), "auth0_refused"),
    "HTML 200 for the connection": (faulty("connections", html=200), "auth0_outcome_unknown"),
    "reset at the connection": (faulty("connections", reset=True), "auth0_outcome_unknown"),
    "5xx at the connection": (faulty("connections", status=500), "auth0_outcome_unknown"),
    "truncated connection": (faulty("connections", truncate=True), "created"),
    "reset after the commit": (faulty("connections", reset=True, after_commit=True), "created"),
    "not enabled": (faulty("connections", drop_enabled_clients=True), "needs_enable"),
    "unknown metadata": (faulty("metadata", unknown=True), "unverified"),
    "other metadata": (faulty("metadata", entity_id="urn:other"), "unverified"),
    "more scopes": ({"over_granted": ["delete:users"]}, "over_granted"),
}
"""How the double behaves, and what becomes of it: a code, or that the connection was created."""
USUAL = {
    "grant_type_enabled": True,
    "client_grant": True,
    "client_grant_wording": 0,
    "scopes": ["create:connections"],
    "over_granted": [],
    "action_denies": "",
    "faults": dict.fromkeys(("openid", "token", "connections", "metadata")),
}


@dataclass(frozen=True)
class Pressed:
    """A Connect with a secret that only this one had, and its whole answer."""

    secret: str
    answer: bytes


@pytest.fixture(scope="module")
def debugging(stack: Stack) -> Iterator[Any]:
    """Connect's function with every switch of its logging on."""
    client = account(stack).client("lambda")
    name = f"{stack.aws.stack_name}-connect"
    before = client.get_function_configuration(FunctionName=name)
    variables = {**before["Environment"]["Variables"], **DEBUG}
    client.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    yield client
    client.update_function_configuration(
        FunctionName=name, Environment=before["Environment"], Timeout=before["Timeout"]
    )


@pytest.fixture
def marked(stack: Stack) -> Iterator[str]:
    """A client secret that can be recognised anywhere; the double has it while the test runs."""
    secret = f"marked-{secrets.token_hex(16)}"
    control_auth0(stack, "settings", {"client_secret": secret})
    yield secret
    control_auth0(stack, "settings", {"client_secret": stack.auth0.client_secret})


@pytest.fixture(scope="module")
def pressed(stack: Stack, debugging: object) -> dict[str, Pressed]:
    """Connect once for every row, each time with another secret."""
    assert debugging
    done = {}
    for name, (settings, _) in ROWS.items():
        secret = f"marked-{secrets.token_hex(16)}"
        control_auth0(stack, "settings", {**settings, "client_secret": secret})
        try:
            domain = "login.acme.example" if name == "a custom domain" else stack.auth0.domain
            done[name] = Pressed(secret, connect(stack, secret, f"Secrets {name}"[:60], domain))
        finally:
            control_auth0(stack, "settings", {**USUAL, "client_secret": stack.auth0.client_secret})
    return done


@pytest.fixture(scope="module")
def leaked(stack: Stack, place: Layout, pressed: dict[str, Pressed]) -> list[tuple[str, str]]:
    """Search everything once, when all is done: return the sinks and whose secret, or a token, they hold."""
    parts = {(name, part): part.encode() for name, one in pressed.items() for part in halves(one.secret)}
    found = []
    for sink, content in sinks(stack, place.folder):
        found += [(sink, name) for (name, _), part in parts.items() if part in content]
        found += [(sink, "token")] if TOKEN.search(content) else []
    return found


def halves(secret: str) -> tuple[str, str]:
    """Return a secret and its end, should something have cut it."""
    return secret, secret[-24:]


def connect(stack: Stack, secret: str, name: str, domain: str | None = None) -> bytes:
    """Press Connect and return the whole answer, headers included."""
    body = {
        "name": name,
        "integration": "auth0-saml",
        "auth0_domain": domain or stack.auth0.domain,
        "auth0_client_id": stack.auth0.client_id,
        "auth0_client_secret": secret,
    }
    headers = {"Idempotency-Key": secrets.token_hex(16)}
    answer = call(stack, "POST", "/applications", token=stack.admin_token, body=body, headers=headers)
    return answer.content + str(answer.headers).encode()


def leaks(stack: Stack, folder: Path, secret: str) -> list[str]:
    """Return the sinks that hold the secret, a part of it, or any token."""
    return [
        sink
        for sink, content in sinks(stack, folder)
        if any(part.encode() in content for part in halves(secret)) or TOKEN.search(content)
    ]


def test_every_refusal_that_is_told_has_its_row() -> None:
    assert {fact.code for fact in TOLD_FACTS} <= {code for _, code in ROWS.values()}


@pytest.mark.parametrize("row", ROWS)
def test_the_answer_tells_what_happened_and_neither_the_secret_nor_a_token(
    pressed: dict[str, Pressed], row: str
) -> None:
    one, (_, outcome) = pressed[row], ROWS[row]
    expected = '"steps"' if outcome == "created" else f'"code":"{outcome}"'
    assert expected.encode() in one.answer.replace(b'": "', b'":"')
    assert [half for half in halves(one.secret) if half.encode() in one.answer] == []
    assert not TOKEN.search(one.answer)


@pytest.mark.parametrize("row", ROWS)
def test_no_sink_holds_the_secret(leaked: list[tuple[str, str]], row: str) -> None:
    assert [sink for sink, name in leaked if name == row] == []


def test_no_sink_holds_a_token(leaked: list[tuple[str, str]]) -> None:
    assert [sink for sink, name in leaked if name == "token"] == []


@pytest.mark.parametrize("endpoint", ["token", "connections"])
def test_a_function_killed_in_the_middle_leaves_no_secret(
    stack: Stack, place: Layout, debugging: Any, marked: str, endpoint: str
) -> None:
    name = f"{stack.aws.stack_name}-connect"
    debugging.update_function_configuration(FunctionName=name, Timeout=3)
    control_auth0(stack, "settings", {"faults": {endpoint: {"hang": True}}})
    try:
        answer = connect(stack, marked, f"Killed at {endpoint}")
    finally:
        control_auth0(stack, "settings", {"faults": {endpoint: None}})
        debugging.update_function_configuration(FunctionName=name, Timeout=29)

    assert marked.encode() not in answer
    assert leaks(stack, place.folder, marked) == []


def test_the_search_would_find_a_secret(stack: Stack, place: Layout) -> None:
    """The control: what is written to a table or a log is found there."""
    mark = f"marked-{secrets.token_hex(16)}"
    client = account(stack).client("dynamodb")
    table = stack.aws.resources["AttemptsTable"]
    key = {"pk": {"S": "control"}}
    client.put_item(TableName=table, Item={**key, "leak": {"B": mark.encode()}})
    try:
        assert leaks(stack, place.folder, mark) == ["table"]
    finally:
        client.delete_item(TableName=table, Key=key)

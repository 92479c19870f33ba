"""S41: an Auth0 secret and the token it buys reach no sink, whatever Auth0 answers and wherever we fail.

Logging is switched to debug by environment. Each case has a marked secret; then tables, logs, buckets, responses and
the logs of the stack's own processes are searched for it, and for anything that looks like a token.
"""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.layout import Layout
from local.stack import Stack
from tests.stack_calls import account, call, control_auth0, sinks

TOKEN = re.compile(rb"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.")
DEBUG = {"POWERTOOLS_LOG_LEVEL": "DEBUG", "POWERTOOLS_DEV": "true", "POWERTOOLS_LOGGER_LOG_EVENT": "true"}
FAULTS: dict[str, dict[str, Any]] = {
    "everything well": {},
    "wrong secret": {"token": {"status": 401}},
    "HTML 200 for a token": {"token": {"html": 200}},
    "truncated token": {"token": {"truncate": True}},
    "reset at the token": {"token": {"reset": True}},
    "redirect at the token": {"token": {"redirect": "http://127.0.0.1:9/elsewhere"}},
    "HTML 200 for the connection": {"connections": {"html": 200}},
    "truncated connection": {"connections": {"truncate": True}},
    "reset at the connection": {"connections": {"reset": True}},
    "5xx at the connection": {"connections": {"status": 500}},
    "409 at the connection": {"connections": {"conflict": True}},
    "plan limit": {"connections": {"plan_limit": True}},
    "unknown metadata": {"metadata": {"unknown": True}},
}


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


def connect(stack: Stack, secret: str, name: str) -> bytes:
    """Press Connect and return the whole answer, headers included."""
    body = {
        "name": name,
        "integration": "auth0-saml",
        "auth0_domain": stack.auth0.domain,
        "auth0_client_id": stack.auth0.client_id,
        "auth0_client_secret": secret,
    }
    headers = {"Idempotency-Key": secrets.token_hex(16)}
    answer = call(stack, "POST", "/applications", token=stack.admin_token, body=body, headers=headers)
    return answer.content + str(answer.headers).encode()


def leaks(stack: Stack, folder: Path, secret: str) -> list[str]:
    """Return the sinks that hold the secret, a part of it, or any token."""
    parts = (secret.encode(), secret[-24:].encode())
    return [
        sink
        for sink, content in sinks(stack, folder)
        if any(p in content for p in parts) or TOKEN.search(content)
    ]


@pytest.mark.parametrize("fault", FAULTS)
def test_no_sink_holds_the_secret_or_a_token(
    stack: Stack, place: Layout, debugging: object, marked: str, fault: str
) -> None:
    assert debugging
    control_auth0(stack, "settings", {"faults": FAULTS[fault]})
    try:
        answer = connect(stack, marked, f"Secrets {fault}"[:60])
    finally:
        control_auth0(stack, "settings", {"faults": dict.fromkeys(FAULTS[fault])})

    assert marked.encode() not in answer
    assert not TOKEN.search(answer)
    assert leaks(stack, place.folder, marked) == []


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

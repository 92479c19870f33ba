"""Calls of the local stack over HTTP, and what its account holds afterwards: tables, logs, buckets, files."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import requests

from local import aws
from local.issuer import admin_claims
from local.loopback import session
from local.stack import Stack

TIMEOUT = 40
ZIP = b"PK\x03\x04"


def call(
    stack: Stack, method: str, path: str, *, token: str | None = None, body: object = None, **kwargs: Any
) -> requests.Response:
    """Call the API; `token` is an administrator's."""
    headers = {**kwargs.pop("headers", {}), **({"Authorization": f"Bearer {token}"} if token else {})}
    with session() as http:
        return http.request(
            method,
            stack.api_url + path,
            json=body,
            headers=headers,
            timeout=TIMEOUT,
            allow_redirects=False,
            **kwargs,
        )


def mint(stack: Stack, claims: Mapping[str, Any], typ: str = "at+jwt") -> str:
    """Have the administrators' issuer sign a token with exactly these claims."""
    with session() as http:
        answer = http.post(
            f"{stack.issuer}/_control/mint",
            json={"claims": dict(claims), "typ": typ},
            headers={"X-Control-Token": stack.issuer_control_token},
            timeout=TIMEOUT,
        )
    answer.raise_for_status()
    return str(answer.json()["token"])


def claims(stack: Stack, now: int, **changes: Any) -> dict[str, Any]:
    """Return an administrator's claims, changed; a change to None leaves the claim out."""
    changed = {**admin_claims(stack.issuer, now), **changes}
    return {name: value for name, value in changed.items() if value is not None}


def account(stack: Stack) -> Any:
    """Return the emulated account's root session."""
    return aws.session(stack.aws.endpoint_url, stack.aws.access_key_id, stack.aws.secret_access_key)


def control_auth0(stack: Stack, path: str, body: object = None) -> dict[str, Any]:
    """Use the Auth0 double's control API."""
    headers = {"X-Control-Token": stack.auth0.control_token}
    with session() as http:
        url = f"{stack.auth0.url}/_control/{path}"
        answer = http.request(
            "GET" if path == "state" else "POST", url, json=body, headers=headers, timeout=TIMEOUT
        )
    answer.raise_for_status()
    return dict(answer.json() or {})


def items(stack: Stack) -> Iterator[str]:
    """Return every item of every table as text, binary attributes included."""
    client = account(stack).client("dynamodb")
    for name, table in stack.aws.resources.items():
        if name.endswith("Table"):
            for page in client.get_paginator("scan").paginate(TableName=table):
                yield from (f"{table} {item}" for item in page["Items"])


def log_lines(stack: Stack) -> Iterator[str]:
    """Return every line of every log group."""
    client = account(stack).client("logs")
    for page in client.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            lines = client.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
            yield from (event["message"] for found in lines for event in found["events"])


def objects(stack: Stack) -> Iterator[bytes]:
    """Return the content of every object of every bucket but the deployed code."""
    client = account(stack).client("s3")
    for bucket in client.list_buckets()["Buckets"]:
        listed = client.list_objects_v2(Bucket=bucket["Name"]).get("Contents", [])
        for found in listed:
            content = client.get_object(Bucket=bucket["Name"], Key=found["Key"])["Body"].read()
            if not content.startswith(ZIP):
                yield content


def files(folder: Path) -> Iterator[bytes]:
    """Return the logs of the stack's own processes."""
    for log in (folder / "logs").iterdir():
        yield log.read_bytes()


def sinks(stack: Stack, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Return all that a secret could have fallen into, each with its name."""
    yield from (("table", item.encode()) for item in items(stack))
    yield from (("log", line.encode()) for line in log_lines(stack))
    yield from (("bucket", content) for content in objects(stack))
    yield from (("process log", content) for content in files(folder))


def found_in(stack: Stack, folder: Path, marks: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return which marked values lie in which sinks."""
    return [
        (sink, name)
        for sink, content in sinks(stack, folder)
        for name, mark in marks.items()
        if mark.encode() in content
    ]

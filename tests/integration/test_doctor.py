"""Verify over HTTP on the local stack: connect's role and the gateway let through what the doctor needs."""

import secrets
import time
from typing import Any

import pytest
import requests

from local.stack import Stack
from tests.stack_calls import call, claims, control_auth0, mint


def connect(stack: Stack, *, metadata: dict[str, Any] | None) -> str:
    """Press Connect while Auth0's metadata is under a fault, and return the application's id."""
    body = {
        "name": f"Doctor {secrets.token_hex(4)}",
        "integration": "auth0-saml",
        "auth0_domain": stack.auth0.domain,
        "auth0_client_id": stack.auth0.client_id,
        "auth0_client_secret": stack.auth0.client_secret,
    }
    control_auth0(stack, "settings", {"faults": {"metadata": metadata}})
    try:
        answer = call(stack, "POST", "/applications", token=stack.admin_token, body=body)
    finally:
        control_auth0(stack, "settings", {"faults": {"metadata": None}})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["application"]["application_id"])


def verify(stack: Stack, application_id: str, token: str | None) -> requests.Response:
    """Press Verify."""
    return call(stack, "POST", f"/applications/{application_id}/verify", token=token)


def test_an_unverified_application_becomes_connected_with_its_events(stack: Stack) -> None:
    application_id = connect(stack, metadata={"unknown": True})
    told = verify(stack, application_id, stack.admin_token).json()
    assert told["application"]["status"] == "connected"
    assert {one["status"] for one in told["checks"]} == {"ok"}
    assert told["last_login"] is None
    path = f"/applications/{application_id}"
    assert call(stack, "GET", path, token=stack.admin_token).json() == told["application"]
    events = call(stack, "GET", f"{path}/events", token=stack.admin_token).json()["events"]
    types = {event["type"] for event in events}
    assert types == {
        "application.connected",
        "application.verified",
        "application.certificates_refreshed",
    }


@pytest.mark.parametrize("scope", ["applications:read", "openid"])
def test_a_token_without_the_write_scope_is_refused(stack: Stack, scope: str) -> None:
    token = mint(stack, claims(stack, int(time.time()), scope=scope))
    assert verify(stack, "app_aaaaaaaaaaaaaaaaaaaa", token).status_code == 403
    assert verify(stack, "app_aaaaaaaaaaaaaaaaaaaa", None).status_code == 401

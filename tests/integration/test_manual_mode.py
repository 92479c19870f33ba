"""Manual mode and rollout over HTTP, under the roles of the deployment."""

import secrets
from typing import Any

import requests

from local.stack import Stack
from tests.stack_calls import call, control_auth0


def ask(stack: Stack, method: str, path: str, body: object, **headers: str) -> dict[str, Any]:
    """Call as an administrator and return the answer, which is a good one."""
    answer: requests.Response = call(stack, method, path, token=stack.admin_token, body=body, headers=headers)
    assert answer.ok, answer.text
    return dict(answer.json())


def test_a_connection_by_hand_is_prepared_once_and_opened_later(stack: Stack) -> None:
    body = {
        "name": "By hand",
        "integration": "auth0-saml",
        "mode": "manual",
        "auth0_domain": stack.auth0.domain,
        "auth0_client_id": stack.auth0.client_id,
        "custom_domain": "login.acme.example",
        "test_users": ["ada@example.com"],
    }
    key = {"Idempotency-Key": secrets.token_hex(16)}
    before = control_auth0(stack, "state")["calls"]

    first, again = (ask(stack, "POST", "/applications", body, **key) for _ in range(2))

    calls = control_auth0(stack, "state")["calls"]
    assert {name for name, count in calls.items() if count != before.get(name, 0)} == {"openid"}
    assert first == again
    application = first["application"]
    assert (application["status"], len(application["sp"]["acs_urls"])) == ("unverified", 2)
    path = f"/applications/{application['application_id']}"
    change = {"rollout": {"mode": "everyone"}, "break_glass_confirmed": True}
    opened = ask(stack, "PATCH", path, change)
    assert (opened["rollout"]["mode"], opened["warnings"]) == ("everyone", [])
    kinds = {one["type"] for one in ask(stack, "GET", f"{path}/events", None)["events"]}
    assert kinds == {"application.connected", "application.rollout_changed", "application.changed"}
    activity = ask(stack, "GET", f"{path}/activity?days=2", None)
    assert (len(activity["days"]), activity["complete"]) == (2, True)
    (warning,) = ask(stack, "DELETE", path, None)["warnings"]
    assert "deletes its users there" in warning["guidance"]

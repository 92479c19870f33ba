"""The double's control API."""

import json

import pytest
import requests

from tests.integration.auth0_double.calls import a_body, a_token, create, get
from tests.integration.auth0_double.process import CONTROL_TOKEN, Double


def test_calls_are_counted_in_their_order(double: Double) -> None:
    get(double, "/.well-known/openid-configuration")
    create(double, a_body(double))
    get(double, "/samlp/metadata?connection=acme-x2k4")
    state = double.state()
    assert state["sequence"] == ["openid", "token", "connections", "metadata"]
    assert state["calls"] == {"openid": 1, "token": 1, "connections": 1, "metadata": 1}


def test_the_state_holds_no_secret(double: Double) -> None:
    token = a_token(double)
    text = json.dumps(double.state())
    assert double.client_secret not in text
    assert token not in text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Control-Token": "wrong"},
        {"X-Control-Token": CONTROL_TOKEN, "Origin": "http://evil.example"},
    ],
)
def test_control_needs_the_token_and_no_browser(double: Double, headers: dict[str, str]) -> None:
    for method, path in (("GET", "state"), ("POST", "settings"), ("POST", "reset")):
        answer = requests.request(
            method, f"{double.url}/_control/{path}", json={}, headers=headers, timeout=10
        )
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "red"},
        {"client_grant": "no"},
        {"faults": {"nowhere": {}}},
        {"faults": {"token": {"stat": 429}}},
        {"faults": {"token": {"omit_options": True}}},
        {"authn_request": {"color": 1}},
    ],
)
def test_a_mistyped_setting_is_refused_and_changes_nothing(double: Double, change: dict[str, object]) -> None:
    before = double.state()["settings"]
    headers = {"X-Control-Token": CONTROL_TOKEN}
    body = {**change, "scopes": []}
    answer = requests.post(f"{double.url}/_control/settings", json=body, headers=headers, timeout=10)
    assert answer.status_code == 400
    assert double.state()["settings"] == before

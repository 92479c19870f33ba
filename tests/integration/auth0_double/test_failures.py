"""The double's failures on demand: refusals, limits, lost answers, spoilt bodies."""

from time import monotonic

import pytest
import requests

from tests.integration.auth0_double.calls import a_body, a_token, ask_token, create, get, problem
from tests.integration.auth0_double.process import Double

NAMED_REFUSALS: list[tuple[str, int, str, str | None]] = [
    (
        "too_many_entities",
        403,
        "You reached the limit of entities of this type for this tenant.",
        "too_many_entities",
    ),
    ("plan_limit", 403, "You can only create 1 non-Okta enterprise connection(s) for this tenant.", None),
    ("conflict", 409, "A connection with the same name already exists", "connection_conflict"),
    (
        "being_deleted",
        409,
        "A connection with the same name is being deleted, try again later",
        "connection_conflict",
    ),
    ("realm_conflict", 409, "A connection with the same realm already exists", "connection_conflict"),
    ("domain_conflict", 409, "A connection with the same domain already exists", "connection_conflict"),
    (
        "insufficient_scope",
        403,
        "Insufficient scope, expected any of: create:connections",
        "insufficient_scope",
    ),
]


@pytest.mark.parametrize(("fault", "status", "text", "code"), NAMED_REFUSALS)
def test_create_is_refused_on_demand_and_creates_nothing(
    double: Double, fault: str, status: int, text: str, code: str | None
) -> None:
    double.fault("connections", **{fault: True})
    answer = create(double, a_body(double))
    titles = {403: "Forbidden", 409: "Conflict"}
    assert answer.json() == problem(status, titles[status], text, code)
    assert double.state()["connections"] == []


def test_a_token_can_be_rejected_on_demand_and_creates_nothing(double: Double) -> None:
    double.fault("connections", invalid_token=True)
    answer = create(double, a_body(double))
    expected = problem(401, "Unauthorized", "Invalid token", None)
    assert answer.json() == {**expected, "attributes": {"error": "Invalid token"}}
    assert double.state()["connections"] == []


@pytest.mark.parametrize("fault", [{"unknown": True}, {"status": 400}, {"status": 503}, {"html": 200}])
def test_metadata_of_a_connection_that_exists_can_be_missing_in_every_way(
    double: Double, fault: dict[str, object]
) -> None:
    create(double, a_body(double))
    double.fault("metadata", **fault)
    answer = get(double, "/samlp/metadata?connection=acme-x2k4")
    assert (answer.status_code, b"EntityDescriptor" in answer.content) == (
        fault.get("status", fault.get("html", 404)),
        False,
    )


def test_a_rate_limited_create_carries_the_limits_headers(double: Double) -> None:
    double.fault("connections", status=429)
    answer = create(double, a_body(double))
    text = "Global limit has been reached"
    assert answer.json() == problem(429, "Too Many Requests", text, "too_many_requests")
    for name in ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"):
        assert name in answer.headers


def test_the_echo_can_lack_clients_or_options(double: Double) -> None:
    double.fault("connections", drop_enabled_clients=True, omit_options=True)
    created = create(double, a_body(double)).json()
    assert created["enabled_clients"] == []
    assert "options" not in created
    assert double.state()["connections"][0]["options"]["signSAMLRequest"] is True


@pytest.mark.parametrize(
    ("fault", "created"),
    [
        ({"hang_before_commit": True}, []),
        ({"hang_after_commit": True}, ["acme-x2k4"]),
        ({"reset": True, "after_commit": True}, ["acme-x2k4"]),
        ({"cut": True}, ["acme-x2k4"]),
        ({"status": 503}, []),
        ({"status": 503, "after_commit": True}, ["acme-x2k4"]),
    ],
)
def test_a_lost_answer_leaves_a_connection_only_after_the_commit(
    double: Double, fault: dict[str, object], created: list[str]
) -> None:
    token = a_token(double)
    double.fault("connections", **fault)
    try:
        assert create(double, a_body(double), token, timeout=0.5).status_code == 503
    except requests.RequestException:
        assert "status" not in fault
    assert [connection["name"] for connection in double.state()["connections"]] == created


def test_an_answer_can_be_another_page_cut_short_padded_or_a_redirect(double: Double) -> None:
    double.fault("openid", html=200)
    assert get(double, "/.well-known/openid-configuration").headers["Content-Type"].startswith("text/html")
    double.fault("openid", truncate=True)
    with pytest.raises(requests.JSONDecodeError):
        get(double, "/.well-known/openid-configuration").json()
    double.fault("openid", pad_bytes=300_000)
    assert len(get(double, "/.well-known/openid-configuration").content) > 300_000
    double.fault("openid", gzip_bytes=5_000_000)
    assert len(get(double, "/.well-known/openid-configuration").content) == 5_000_000
    double.fault("openid", redirect="https://elsewhere.example/")
    answer = requests.get(f"{double.url}/.well-known/openid-configuration", allow_redirects=False, timeout=10)
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://elsewhere.example/")
    double.fault("openid", issuer="https://other.auth0.com/")
    document = get(double, "/.well-known/openid-configuration").json()
    assert document["issuer"] == "https://other.auth0.com/"


def test_a_fault_can_end_by_itself(double: Double) -> None:
    double.fault("token", status=500, times=2)
    assert [ask_token(double).status_code for _ in range(3)] == [500, 500, 200]


def test_the_management_api_can_be_limited_to_two_calls_a_second(double: Double) -> None:
    double.settings(management_per_second=2)
    token = a_token(double)
    answers = [create(double, a_body(double, name=f"acme-{n}"), token) for n in range(6)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert {answer.status_code for answer in answers} == {201, 429}
    assert refused[0].headers["X-RateLimit-Limit"] == "2"


@pytest.mark.parametrize("fault", [{"delay_ms": 300}, {"html": 200, "drip_ms": 10}])
def test_an_answer_can_be_late_or_come_byte_by_byte(double: Double, fault: dict[str, object]) -> None:
    double.fault("openid", **fault)
    started = monotonic()
    assert get(double, "/.well-known/openid-configuration").status_code == 200
    assert monotonic() - started > 0.25


def test_a_reset_connection_carries_nothing_out(double: Double) -> None:
    token = a_token(double)
    double.fault("connections", reset=True)
    with pytest.raises(requests.ConnectionError):
        create(double, a_body(double), token)
    assert double.state()["connections"] == []

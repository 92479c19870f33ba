"""Each step of a login is counted once, and no line of the count says anything about a person."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from local.phone_simulator.proofs import Decision
from passwordless.model.applications import Application
from tests.acts import disable
from tests.calls import complete, post_json
from tests.house import House
from tests.sign_in import arrive, scan, sign_in


@pytest.fixture
def counted(capfd: pytest.CaptureFixture[str]) -> Callable[[], list[dict[str, Any]]]:
    """Return what was counted since the last call."""

    def read() -> list[dict[str, Any]]:
        lines = [json.loads(one) for one in capfd.readouterr().out.splitlines() if one.startswith("{")]
        return [line for line in lines if "_aws" in line]

    return read


def names(lines: list[dict[str, Any]]) -> list[str]:
    return [line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"] for line in lines]


@pytest.fixture
def application(house: House) -> Application:
    return house.application()


def test_a_login_that_succeeds_is_counted_at_each_step_once(
    house: House, application: Application, counted: Callable[[], list[dict[str, Any]]]
) -> None:
    person = house.person()
    counted()
    browser = arrive(house, application)
    sign_in(house, person, browser)
    complete(house, browser)
    told = counted()
    assert [one for one in names(told) if one != "CertificateDaysLeft"] == [
        "LoginStarted",
        "LoginScanned",
        "LoginApproved",
        "LoginCompleted",
    ]
    assert {one["stack"] for one in told} == {"test"}
    days = [one["CertificateDaysLeft"] for one in told if "CertificateDaysLeft" in one]
    assert days[0] == 3652
    text = json.dumps(told)
    for private in (person.user.email, person.user.user_id, person.device.device_id, "203.0.113"):
        assert private not in text


def test_a_second_scan_by_the_same_phone_is_not_counted_again(
    house: House, application: Application, counted: Callable[[], list[dict[str, Any]]]
) -> None:
    person, browser = house.person(), arrive(house, application)
    scan(house, person, browser)
    counted()
    scan(house, person, browser)
    assert names(counted()) == []


@pytest.mark.parametrize(
    ("decision", "metric"), [(Decision.DENY, "LoginDenied"), (Decision.REPORT, "LoginReported")]
)
def test_what_the_phone_declines_is_counted(
    house: House,
    application: Application,
    counted: Callable[[], list[dict[str, Any]]],
    decision: Decision,
    metric: str,
) -> None:
    person, browser = house.person(), arrive(house, application)
    body = house.verify_body(person, scan(house, person, browser), decision)
    counted()
    for _ in range(2):
        post_json(house, "POST_verify", body)
    complete(house, browser)
    assert names(counted()) == [metric]


def test_what_policy_ends_is_counted_with_its_reason(
    house: House, application: Application, counted: Callable[[], list[dict[str, Any]]]
) -> None:
    person, browser = house.person(), arrive(house, application)
    body = house.verify_body(person, scan(house, person, browser))
    disable(house, person)
    counted()
    for _ in range(2):
        post_json(house, "POST_verify", body)
    (told,) = counted()
    assert (told["LoginRefused"], told["reason"]) == (1, "user")

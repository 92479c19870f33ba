"""What is counted, in CloudWatch's embedded metric format: one line an act, and nothing about a person."""

import json
from dataclasses import replace
from typing import Any

import pytest

from passwordless.metrics import DIMENSION, NAMESPACE, Metric, Metrics

NAMES = {
    "LoginStarted",
    "LoginScanned",
    "LoginApproved",
    "LoginDenied",
    "LoginReported",
    "LoginRefused",
    "LoginCompleted",
    "ConnectSucceeded",
    "ConnectFailed",
    "KmsFailed",
    "LedgerFailed",
    "ExportFailed",
    "CertificateDaysLeft",
}


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def metrics(lines: list[str]) -> Metrics:
    return Metrics("stack-1", lambda: 1_800_000_000.25, lines.append)


def test_the_names_are_those_that_dashboards_and_alarms_rely_on() -> None:
    assert {metric.value for metric in Metric} == NAMES


def test_a_count_is_one_line_that_cloudwatch_takes_for_a_metric(metrics: Metrics, lines: list[str]) -> None:
    metrics.count(Metric.CONNECT_FAILED, code="auth0_bad_credentials")
    (line,) = lines
    assert "\n" not in line
    told: dict[str, Any] = json.loads(line)
    (described,) = told["_aws"]["CloudWatchMetrics"]
    assert told["_aws"]["Timestamp"] == 1_800_000_000_250
    assert described == {
        "Namespace": NAMESPACE,
        "Dimensions": [[DIMENSION]],
        "Metrics": [{"Name": "ConnectFailed", "Unit": "Count"}],
    }
    assert (told["ConnectFailed"], told["stack"], told["code"]) == (1, "stack-1", "auth0_bad_credentials")


def test_a_measure_has_no_unit(metrics: Metrics, lines: list[str]) -> None:
    metrics.measure(Metric.CERTIFICATE_DAYS_LEFT, 89)
    told = json.loads(lines[0])
    assert told["_aws"]["CloudWatchMetrics"][0]["Metrics"] == [
        {"Name": "CertificateDaysLeft", "Unit": "None"}
    ]
    assert told["CertificateDaysLeft"] == 89


def test_the_only_dimension_is_the_stack(metrics: Metrics, lines: list[str]) -> None:
    for metric in Metric:
        metrics.count(metric, code="x")
    assert {
        name
        for line in lines
        for one in json.loads(line)["_aws"]["CloudWatchMetrics"]
        for dimensions in one["Dimensions"]
        for name in dimensions
    } == {"stack"}


def test_a_line_goes_to_standard_output(capsys: pytest.CaptureFixture[str], metrics: Metrics) -> None:
    replace(metrics, write=Metrics("x", lambda: 0.0).write).count(Metric.LOGIN_STARTED)
    assert json.loads(capsys.readouterr().out)["LoginStarted"] == 1

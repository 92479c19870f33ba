"""Alarms and dashboard: what they look at exists, whom they tell, and where an operator finds what to do."""

import json
import re
from typing import Any, Final

import pytest

from passwordless.metrics import Metric
from tests.template import ROOT, functions, properties, resources, tables, template

OWN_METRICS: Final = {metric.value for metric in Metric}
AWS_METRICS: Final = {
    "AWS/ApiGateway": {"Count", "4xx", "5xx", "Latency"},
    "AWS/Lambda": {"Duration", "Errors", "Throttles", "ConcurrentExecutions"},
    "AWS/DynamoDB": {"ReadThrottleEvents", "WriteThrottleEvents"},
}
EDGE: Final = template("edge.yaml")["Resources"]
ALARMS: Final = {
    **resources("AWS::CloudWatch::Alarm"),
    **{name: one for name, one in EDGE.items() if one["Type"] == "AWS::CloudWatch::Alarm"},
}
OPERATIONS: Final = (ROOT / "docs" / "operations.md").read_text()
WHO: Final = {"Fn::If": ["Alarming", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]}


def looked_at(name: str) -> list[dict[str, Any]]:
    """Return the metrics of an alarm, each with Namespace, MetricName and Dimensions."""
    settings = ALARMS[name]["Properties"]
    parts = [one["MetricStat"]["Metric"] for one in settings.get("Metrics", []) if "MetricStat" in one]
    return [dict(one) for one in parts] or [dict(settings)]


def dimensions(metric: dict[str, Any]) -> dict[str, Any]:
    return {one["Name"]: one["Value"] for one in metric["Dimensions"]}


def watched(namespace: str, metric: str, dimension: str) -> list[Any]:
    """Return what the alarms about one metric tell of one dimension."""
    found = [one for name in ALARMS for one in looked_at(name)]
    return [
        dimensions(one)[dimension]
        for one in found
        if (one["Namespace"], one["MetricName"]) == (namespace, metric)
    ]


def widgets() -> list[dict[str, Any]]:
    """Return the dashboard's widgets; a substitution stands as it is written."""
    body = properties("Dashboard")["DashboardBody"]["Fn::Sub"]
    return [dict(widget) for widget in json.loads(body)["widgets"]]


def shown() -> list[list[Any]]:
    return [metric for widget in widgets() for metric in widget["properties"]["metrics"]]


class TestAlarms:
    @pytest.mark.parametrize("name", ALARMS)
    def test_an_alarm_tells_the_topic_of_the_parameter_if_there_is_one(self, name: str) -> None:
        settings = ALARMS[name]["Properties"]
        assert (settings["AlarmActions"], settings["OKActions"]) == (WHO, WHO)

    @pytest.mark.parametrize("name", ALARMS)
    def test_an_alarm_says_what_to_do_first_and_where_to_read_on(self, name: str) -> None:
        told = ALARMS[name]["Properties"]["AlarmDescription"]
        assert "First: " in told
        assert told.endswith("docs/operations.md#alarms")
        assert len(told) <= 1024

    @pytest.mark.parametrize("name", ALARMS)
    def test_an_alarm_is_called_by_the_stack_and_itself(self, name: str) -> None:
        """Two stacks of one account have two sets; a canary knows alarms by their names."""
        own = f"${{AWS::StackName}}-{name.removesuffix('Alarm')}"
        assert ALARMS[name]["Properties"]["AlarmName"] == {"Fn::Sub": own}

    @pytest.mark.parametrize("name", ALARMS)
    def test_silence_rings_no_alarm(self, name: str) -> None:
        """Where nobody signs in there is nothing to measure."""
        assert ALARMS[name]["Properties"]["TreatMissingData"] in {"notBreaching", "ignore"}

    @pytest.mark.parametrize("name", ALARMS)
    def test_the_runbook_has_a_row_for_an_alarm(self, name: str) -> None:
        rows = re.findall(r"(?m)^\|(.*?)\|", OPERATIONS.partition("## Alarms")[2].partition("\n## ")[0])
        assert any(f"`{name.removesuffix('Alarm')}`" in row for row in rows)

    @pytest.mark.parametrize("name", resources("AWS::CloudWatch::Alarm"))
    def test_an_alarm_looks_at_a_metric_that_somebody_writes(self, name: str) -> None:
        for metric in looked_at(name):
            known = {"Passwordless": OWN_METRICS, **AWS_METRICS}[metric["Namespace"]]
            assert metric["MetricName"] in known

    @pytest.mark.parametrize("name", ALARMS)
    def test_our_own_metrics_are_those_of_this_stack(self, name: str) -> None:
        own = [one for one in looked_at(name) if one["Namespace"] == "Passwordless"]
        assert all(dimensions(one) == {"stack": {"Ref": "AWS::StackName"}} for one in own)

    @pytest.mark.parametrize("metric", ["Errors", "Throttles"])
    def test_every_function_is_watched(self, metric: str) -> None:
        names = [functions()[function]["FunctionName"] for function in functions()]
        assert watched("AWS/Lambda", metric, "FunctionName") == names

    @pytest.mark.parametrize("metric", ["ReadThrottleEvents", "WriteThrottleEvents"])
    def test_every_table_is_watched(self, metric: str) -> None:
        found = watched("AWS/DynamoDB", metric, "TableName")
        assert sorted(one["Ref"] for one in found) == sorted(tables())

    @pytest.mark.parametrize("name", [name for name in ALARMS if "Metrics" in ALARMS[name]["Properties"]])
    def test_an_alarm_that_calculates_uses_each_metric_and_no_more_than_ten(self, name: str) -> None:
        """CloudWatch allows ten in an alarm; the emulator calculates none, so these are not there locally."""
        metrics = ALARMS[name]["Properties"]["Metrics"]
        (expression,) = [one["Expression"] for one in metrics if one["ReturnData"]]
        ids = [one["Id"] for one in metrics if not one["ReturnData"]]
        assert len(ids) <= 10
        assert all(re.search(rf"\b({one}|METRICS\(\))", expression) for one in ids)
        assert ALARMS[name]["Condition"] == "Calculating"

    def test_a_certificate_is_told_of_sixty_days_before_its_end(self) -> None:
        settings = properties("CertificateExpiryAlarm")
        assert (settings["Statistic"], settings["Threshold"], settings["ComparisonOperator"]) == (
            "Minimum",
            60,
            "LessThanThreshold",
        )


class TestDashboard:
    def test_every_metric_of_ours_is_shown_and_no_other(self) -> None:
        own = [metric for metric in shown() if metric[0] == "Passwordless"]
        assert {metric[1] for metric in own} == OWN_METRICS
        assert all(metric[2:4] == ["stack", "${AWS::StackName}"] for metric in own)

    def test_only_metrics_that_aws_writes_are_shown(self) -> None:
        others = [metric for metric in shown() if metric[0] != "Passwordless"]
        assert [metric[:2] for metric in others if metric[1] not in AWS_METRICS[metric[0]]] == []

    @pytest.mark.parametrize("metric", sorted(AWS_METRICS["AWS/Lambda"]))
    def test_every_function_is_on_it(self, metric: str) -> None:
        on_it = [one[3] for one in shown() if one[:3] == ["AWS/Lambda", metric, "FunctionName"]]
        assert sorted(on_it) == sorted(
            settings["FunctionName"]["Fn::Sub"] for settings in functions().values()
        )

    @pytest.mark.parametrize("metric", sorted(AWS_METRICS["AWS/DynamoDB"]))
    def test_every_table_is_on_it(self, metric: str) -> None:
        on_it = [one[3] for one in shown() if one[:3] == ["AWS/DynamoDB", metric, "TableName"]]
        assert sorted(on_it) == sorted(f"${{{name}}}" for name in tables())

    def test_widgets_do_not_cover_each_other(self) -> None:
        taken = [
            (widget["x"] + column, widget["y"] + row)
            for widget in widgets()
            for column in range(widget["width"])
            for row in range(widget["height"])
        ]
        assert len(taken) == len(set(taken))
        assert max(x for x, _ in taken) < 24


def test_what_alarms_and_metrics_cost_a_month_is_told() -> None:
    metrics = sum(len(looked_at(name)) for name in ALARMS)
    assert f"it looks at, ${metrics * 0.10:.2f} in all" in OPERATIONS
    assert f"our own {len(OWN_METRICS)} metrics ${len(OWN_METRICS) * 0.30:.2f}" in OPERATIONS

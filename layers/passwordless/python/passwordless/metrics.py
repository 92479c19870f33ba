"""What is counted: one line on standard output an act, which CloudWatch Logs turns into metrics.

The form is CloudWatch's embedded metric format. Nothing is sent by network. The one dimension is the stack; properties
beside the metrics are found in the logs only, and hold nothing about a person.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

NAMESPACE = "Passwordless"
DIMENSION = "stack"


class Metric(StrEnum):
    """The names, which dashboards and alarms rely on."""

    LOGIN_STARTED = "LoginStarted"
    LOGIN_SCANNED = "LoginScanned"
    LOGIN_APPROVED = "LoginApproved"
    LOGIN_DENIED = "LoginDenied"
    LOGIN_REPORTED = "LoginReported"
    LOGIN_REFUSED = "LoginRefused"
    LOGIN_COMPLETED = "LoginCompleted"
    CONNECT_SUCCEEDED = "ConnectSucceeded"
    CONNECT_FAILED = "ConnectFailed"
    KMS_FAILED = "KmsFailed"
    LEDGER_FAILED = "LedgerFailed"
    EXPORT_FAILED = "ExportFailed"
    CERTIFICATE_DAYS_LEFT = "CertificateDaysLeft"


def _to_standard_output(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the way to CloudWatch


@dataclass(frozen=True, slots=True)
class Metrics:
    """Writes metrics of a stack; `clock` gives seconds since 1970."""

    stack: str
    clock: Callable[[], float]
    write: Callable[[str], None] = _to_standard_output

    def count(self, metric: Metric, **properties: str) -> None:
        """Count one, with properties for whoever reads the log."""
        self._tell(metric, 1, "Count", properties)

    def measure(self, metric: Metric, value: int, **properties: str) -> None:
        """Tell a value that has no unit."""
        self._tell(metric, value, "None", properties)

    def _tell(self, metric: Metric, value: int, unit: str, properties: dict[str, str]) -> None:
        described = {
            "Namespace": NAMESPACE,
            "Dimensions": [[DIMENSION]],
            "Metrics": [{"Name": metric.value, "Unit": unit}],
        }
        told = {
            "_aws": {"Timestamp": int(self.clock() * 1000), "CloudWatchMetrics": [described]},
            DIMENSION: self.stack,
            **properties,
            metric.value: value,
        }
        self.write(json.dumps(told, separators=(",", ":")))

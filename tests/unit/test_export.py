"""Events go to an EventBridge bus: what leaves, in which order, and what happens where the bus refuses."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer
from botocore.exceptions import ClientError, ReadTimeoutError

from functions.export import handler
from passwordless.administration import view
from passwordless.administration.history import History
from passwordless.event_bus import EventBus
from passwordless.model.events import Event, EventType
from passwordless.store.codec import encode
from passwordless.wiring import Wiring
from tests.house import Clock, config
from tests.template import properties, template

EVENT = Event(
    event_id="evt_1",
    type=EventType.LOGIN_COMPLETED,
    tenant="acme",
    at=1_795_766_400,
    correlation_id="ABCDEFGHIJKLMNOP",
    application_id="app_1",
    user_id="usr_1",
    ip="203.0.113.7",
    details={"by": "phone"},
)


def record(number: int, event: Event = EVENT, name: str = "INSERT", **changes: Any) -> dict[str, Any]:
    """Return a record of the table's stream (NEW_IMAGE), as Lambda hands it on."""
    row = {"pk": "acme#app_1", "sk": f"001795766400#evt_{number}", "ttl": 1, "by_user": "acme#usr_1"}
    image = {key: TypeSerializer().serialize(value) for key, value in {**row, **encode(event)}.items()}
    return {
        "eventID": f"{number:032x}",
        "eventName": name,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-central-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1795766400.0,
            "Keys": {"pk": {"S": "acme#app_1"}, "sk": {"S": row["sk"]}},
            "SequenceNumber": str(number),
            "SizeBytes": 300,
            "StreamViewType": "NEW_IMAGE",
            **({} if name == "REMOVE" else {"NewImage": image}),
        },
        "eventSourceARN": "arn:aws:dynamodb:eu-central-1:111122223333:table/Events/stream/2026-11-27T00:00:00.000",
        **changes,
    }


@dataclass
class FakeEventBridge:
    """Takes entries, but not those of the events named in `refuses`; `error` is raised instead."""

    refuses: frozenset[str] = frozenset()
    error: Exception | None = None
    calls: list[list[dict[str, Any]]] = field(default_factory=list)

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - as the SDK calls it
        self.calls.append(Entries)
        if self.error is not None:
            raise self.error
        refused = [json.loads(entry["Detail"])["event_id"] in self.refuses for entry in Entries]
        results = [{"ErrorCode": "ThrottlingException"} if no else {"EventId": "1"} for no in refused]
        return {"FailedEntryCount": sum(refused), "Entries": results}

    @property
    def entries(self) -> list[dict[str, Any]]:
        """Return all entries that came."""
        return [entry for call in self.calls for entry in call]


def exported(client: FakeEventBridge, *records: dict[str, Any]) -> list[str]:
    """Invoke the function and return the sequence numbers that it tells to give again."""
    house = Wiring(config(), clock=Clock())
    house.__dict__["event_bus"] = EventBus(client, "audit")
    answer = handler.export(house, {"Records": list(records)})
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def numbered(*numbers: int) -> list[dict[str, Any]]:
    return [record(number, replace(EVENT, event_id=f"evt_{number}")) for number in numbers]


def test_an_event_leaves_as_administrators_see_it_with_its_tenant() -> None:
    client = FakeEventBridge()
    assert exported(client, record(1)) == []
    (entry,) = client.entries
    seen = view.events(History([EVENT], None))["events"][0]
    assert json.loads(entry["Detail"]) == {**seen, "tenant": "acme"}
    assert (entry["Source"], entry["DetailType"]) == ("passwordless", "login.completed")
    assert (entry["EventBusName"], entry["Time"]) == ("audit", EVENT.at)


def test_events_leave_in_their_order_and_ten_at_a_time() -> None:
    client = FakeEventBridge()
    exported(client, *numbered(*range(25)))
    assert [len(call) for call in client.calls] == [10, 10, 5]
    told = [json.loads(entry["Detail"])["event_id"] for entry in client.entries]
    assert told == [f"evt_{number}" for number in range(25)]


def test_a_row_that_time_removed_is_no_event() -> None:
    client = FakeEventBridge()
    by_time = {"userIdentity": {"type": "Service", "principalId": "dynamodb.amazonaws.com"}}
    assert exported(client, {**record(1, name="REMOVE"), **by_time}, record(2, name="MODIFY")) == []
    assert client.calls == []


def test_the_first_event_that_the_bus_refuses_is_given_again_with_all_after_it(
    capfd: pytest.CaptureFixture[str],
) -> None:
    client = FakeEventBridge(refuses=frozenset({"evt_12", "evt_14"}))
    assert exported(client, *numbered(*range(30))) == ["12"]
    assert len(client.calls) == 2
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines() if line.startswith("{")]
    (counted,) = [line for line in lines if "ExportFailed" in line]
    assert (counted["ExportFailed"], counted["code"]) == (1, "ThrottlingException")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (
            ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "PutEvents"),
            "ResourceNotFoundException",
        ),
        (ReadTimeoutError(endpoint_url="https://events"), "ReadTimeoutError"),
    ],
)
def test_a_bus_that_does_not_answer_loses_nothing(
    error: Exception, code: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert exported(FakeEventBridge(error=error), *numbered(1, 2)) == ["1"]
    assert f'"code":"{code}"' in capfd.readouterr().out


def test_a_row_that_is_no_event_of_this_version_stops_there_and_those_before_it_leave() -> None:
    client = FakeEventBridge()
    strange = record(2)
    strange["dynamodb"]["NewImage"]["type"] = {"S": "something.new"}
    assert exported(client, record(1), strange, record(3)) == ["2"]
    assert len(client.entries) == 1


class TestTemplate:
    def test_without_a_bus_nothing_of_it_is_deployed_and_nothing_is_streamed(self) -> None:
        resources = template()["Resources"]
        parts = {name for name, one in resources.items() if one.get("Condition") == "ExportEvents"}
        alarms = {"ExportErrorsAlarm", "ExportThrottlesAlarm"}
        assert parts == {
            "ExportFunction",
            "ExportStream",
            "ExportLeftAside",
            "ExportLogs",
            "ExportRole",
            *alarms,
        }
        assert template()["Parameters"]["EventBusName"]["Default"] == ""
        assert properties("EventsTable")["StreamSpecification"] == {
            "Fn::If": ["ExportEvents", {"StreamViewType": "NEW_AND_OLD_IMAGES"}, {"Ref": "AWS::NoValue"}]
        }

    def test_only_new_rows_invoke_it_and_what_fails_again_and_again_is_kept_aside(self) -> None:
        stream = properties("ExportStream")
        (one,) = stream["FilterCriteria"]["Filters"]
        assert json.loads(one["Pattern"]) == {"eventName": ["INSERT"]}
        assert stream["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert stream["MaximumRetryAttempts"] == -1
        assert 0 < stream["MaximumRecordAgeInSeconds"] < 86_400
        assert stream["BisectBatchOnFunctionError"] is True
        assert stream["DestinationConfig"]["OnFailure"]["Destination"] == {
            "Fn::GetAtt": "ExportLeftAside.Arn"
        }

"""The console's words: times, lists, addresses, and a word for every value that the API has."""

import json
from typing import Any

import pytest

from passwordless.auth0.steps import Step
from passwordless.model.applications import ApplicationStatus, Integration
from passwordless.model.events import EventType
from passwordless.model.findings import FindingStatus
from passwordless.model.people import DeviceStatus, EnrollmentState, Progress
from passwordless.model.signing_keys import SigningKeyStatus
from passwordless.model.traces import Outcome, Result
from tests.console_modules import evaluate

NOW = "Date.parse('2026-11-27T12:00:00Z')"
TABLES = {
    "APPLICATION_STATUS": ApplicationStatus,
    "INTEGRATION": Integration,
    "STEP": Step,
    "FINDING": FindingStatus,
    "PROGRESS": Progress,
    "DEVICE_STATUS": DeviceStatus,
    "ENROLLMENT": EnrollmentState,
    "KEY_STATE": SigningKeyStatus,
    "OUTCOME": Outcome,
    "TRIED": Result,
}


@pytest.fixture(scope="module")
def words() -> dict[str, list[str]]:
    tables = ", ".join(f"{name}: Object.keys(it.{name})" for name in TABLES)
    told: dict[str, list[str]] = evaluate("words.js", f"({{{tables}}})")
    return told


@pytest.mark.parametrize("table", TABLES)
def test_every_value_has_its_word(words: dict[str, list[str]], table: str) -> None:
    assert sorted(words[table]) == sorted(member.value for member in TABLES[table])


def test_every_event_has_its_words() -> None:
    told = evaluate("words.js", "Object.keys(it.EVENT)")
    assert sorted({kind.value for kind in EventType} - set(told)) == []


def test_a_value_that_is_newer_than_the_console_is_called_by_its_name() -> None:
    assert evaluate("words.js", 'it.eventWords("thing.done_newly")') == ["Thing done newly", "off"]
    assert evaluate("words.js", 'it.worded(it.PROGRESS, "half_way")') == ["Half way", "unknown"]


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("2026-11-27T11:59:30Z", "just now"),
        ("2026-11-27T12:00:30Z", "in less than a minute"),
        ("2026-11-27T11:58:00Z", "2 minutes ago"),
        ("2026-11-27T09:00:00Z", "3 hours ago"),
        ("2026-11-26T11:00:00Z", "yesterday"),
        ("2026-10-28T12:00:00Z", "30 days ago"),
    ],
)
def test_a_moment_is_told_by_its_distance(instant: str, said: str) -> None:
    assert evaluate("format.js", f"it.distance('{instant}', {NOW})") == said


def test_a_moment_is_told_in_the_zone_of_the_reader_and_in_utc() -> None:
    """The zone of these tests is Lisbon's, where the summer's clock is an hour ahead."""
    told = evaluate("format.js", "[it.localTime('2026-07-27T23:30:00Z'), it.utcTime('2026-07-27T23:30:00Z')]")
    assert told == ["28 Jul 2026, 00:30", "2026-07-27 23:30:00 UTC"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("it.listed(' a@x.org,\\nb@x.org ; a@x.org\\n\\n')", ["a@x.org", "b@x.org"]),
        ("it.certificatesIn('MIIC\\n\\nMIID')", ["MIIC", "MIID"]),
        ("it.counted(1, 'phone')", "1 phone"),
        ("it.counted(0, 'phone')", "0 phones"),
        ("it.inPairs('ab12ef')", "AB:12:EF"),
        (f"it.countdown('2026-11-27T12:04:05Z', {NOW})", "4:05"),
        (f"it.countdown('2026-11-27T11:00:00Z', {NOW})", "0:00"),
        (f"it.countdown('2026-11-28T11:00:00Z', {NOW})", "23 hours"),
        (f"it.countdown('2026-12-04T12:00:00Z', {NOW})", "7 days"),
        (f"it.daysUntil('2026-11-28T13:00:00Z', {NOW})", 1),
    ],
)
def test_lists_and_numbers(expression: str, value: Any) -> None:
    assert evaluate("format.js", expression) == value


def test_each_block_of_pem_is_a_certificate() -> None:
    block = "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----"
    assert evaluate("format.js", f"it.certificatesIn({json.dumps(f'{block}\n{block}\n')})") == [block, block]


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("", "applications"),
        ("#/applications/", "applications"),
        ("#/applications/new", "add"),
        ("#/applications/new/saml", "connect"),
        ("#/applications/app_1/settings", "policy"),
        ("#/users/invite", "invite"),
        ("#/users/usr_1", "person"),
        ("#/applications/app_1/nothing", None),
        ("#/users/%", None),
        ("#//", None),
        ("#/users/usr_1/x", None),
    ],
)
def test_an_address_names_a_page(address: str, page: str | None) -> None:
    assert evaluate("routes.js", f"it.routeOf('{address}')?.page") == page


def test_the_parts_of_an_address_are_escaped_both_ways() -> None:
    told = evaluate(
        "routes.js", "[it.to('users', 'a/b #?'), it.routeOf(it.to('users', 'a/b #?')).parameters]"
    )
    assert told == ["#/users/a%2Fb%20%23%3F", {"user": "a/b #?"}]


def test_the_chart_stacks_what_became_of_logins_beneath_those_that_started() -> None:
    days = json.dumps([{"date": "2026-11-27", "started": 10, "approved": 5, "declined": 1, "failed": 0}])
    (day,) = evaluate("chart.js", f"it.stacked({days})")
    assert day["started"] == 1
    assert day["parts"] == [["approved", 0, 0.5], ["declined", 0.5, 0.6], ["failed", 0.6, 0.6]]


def test_a_chart_of_nothing_has_no_height() -> None:
    days = json.dumps([{"date": "2026-11-27", "started": 0, "approved": 0, "declined": 0, "failed": 0}])
    assert evaluate("chart.js", f"it.stacked({days})")[0]["started"] == 0

"""Signatures that CloudTrail tells of, against the ledger: what is whose, and what nobody here did."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from passwordless.model.signatures import LedgerEntry
from tests.unit.tools.records import ARN, AT, KEY, REGION, STACK, assumed_role, entry, record, somebody, trail
from tools.ledger import cloudtrail
from tools.ledger.reconcile import Functions, Report, Span, reconcile

HOUR = Span(AT - 30, AT + 3570, now=AT + 86400)
OURS = Functions(STACK)


@pytest.fixture
def compared(tmp_path: Path) -> Any:
    """Return a function that compares records with entries."""

    def compare(
        records: Sequence[dict[str, Any]],
        entries: Sequence[LedgerEntry],
        span: Span = HOUR,
        keys: frozenset[str] = frozenset({KEY}),
        functions: Functions = OURS,
    ) -> Report:
        file = tmp_path / "records.json"
        file.write_text(trail(*records))
        return reconcile(cloudtrail.read([file]), entries, keys, functions, span)

    return compare


def ids(uses: Sequence[cloudtrail.Use]) -> list[str]:
    return [use.request_id for use in uses]


def test_a_login_matches_by_the_ids_of_both_its_signatures(compared: Any) -> None:
    report = compared([record("a"), record("b")], [entry("a", "b")])
    assert (report.matched, report.orphans, report.missing, report.clean) == (2, (), (), True)


def test_a_signature_without_an_entry_is_an_orphan_whoever_made_it(compared: Any) -> None:
    report = compared([record("a"), record("x"), record("y", userIdentity=somebody())], [entry("a")])
    assert (ids(report.orphans), report.clean) == (["x", "y"], False)
    assert report.orphans[1].principal.endswith("user/mallory")
    assert (report.orphans[1].source, report.orphans[1].at) == ("198.51.100.20", AT)


def test_an_act_s_request_id_on_another_key_of_the_stack_is_an_orphan(compared: Any) -> None:
    other = "mrk-" + "b" * 32
    known = frozenset({KEY, other})
    report = compared([record("a", key=ARN.replace(KEY, other))], [entry("a")], keys=known)
    assert (ids(report.orphans), report.matched) == (["a"], 0)


def test_an_act_s_request_id_at_another_time_is_an_orphan(compared: Any) -> None:
    report = compared([record("a")], [replace(entry("a"), at=AT + 61)])
    assert (ids(report.orphans), report.matched) == (["a"], 0)


def test_a_key_that_was_never_used_by_us_is_watched_too(compared: Any) -> None:
    assert ids(compared([record("x")], []).orphans) == ["x"]


@pytest.mark.parametrize("region", [REGION, "us-east-1"])
def test_a_replica_of_a_multi_region_key_is_the_same_key(compared: Any, region: str) -> None:
    replica = ARN.replace(REGION, region)
    assert ids(compared([record("x", key=replica, awsRegion=region)], []).orphans) == ["x"]


def test_a_key_that_is_named_only_in_the_resources_is_seen(compared: Any) -> None:
    alias = record("x")
    alias["requestParameters"]["keyId"] = "alias/innocent"
    assert ids(compared([alias], []).orphans) == ["x"]


def test_what_others_sign_with_other_keys_is_counted_and_no_orphan(compared: Any) -> None:
    report = compared([record("x", key=ARN.replace(KEY, "1234"))], [])
    assert (report.orphans, report.on_other_keys) == ((), 1)


@pytest.mark.parametrize(
    "error", ["ThrottlingException", "AccessDenied", "KMSInternalException", "DisabledException"]
)
def test_a_call_that_failed_is_no_signature(compared: Any, error: str) -> None:
    failed = record("a", errorCode=error, errorMessage="no")
    report = compared([failed], [entry("a")])
    assert (report.matched, report.orphans) == (0, ())
    assert [one.request_id for one in report.missing] == ["a"]


def test_an_attempt_by_somebody_else_that_was_refused_is_worth_a_look(compared: Any) -> None:
    refused = record("x", errorCode="AccessDenied", userIdentity=somebody())
    own = record("y", errorCode="AccessDenied")
    assert ids(compared([refused, own], []).notable) == ["x"]


@pytest.mark.parametrize(
    "identity",
    [
        somebody(),
        assumed_role(role="Administrator"),
        assumed_role(session="mallory"),
        assumed_role(role=f"{STACK}-ConnectRole-1", session=f"{STACK}-connect"),
        assumed_role(role="other-SsoRole-1"),
        {"type": "AWSService", "invokedBy": "something.amazonaws.com"},
    ],
    ids=["a person", "another role", "another session", "connect", "another stack", "a service"],
)
def test_a_signature_under_an_entry_by_somebody_else_is_told(compared: Any, identity: dict[str, Any]) -> None:
    report = compared([record("a", userIdentity=identity)], [entry("a")])
    assert (ids(report.foreign), report.matched, report.clean) == (["a"], 1, False)


def test_keys_may_sign_a_certificate(compared: Any) -> None:
    identity = assumed_role(f"{STACK}-KeysRole-9", f"{STACK}-keys")
    assert compared([record("a", userIdentity=identity)], [entry("a")]).clean


def test_roles_can_be_named_exactly(compared: Any) -> None:
    records, entries = [record("a", userIdentity=assumed_role("short-sso"))], [entry("a")]
    assert compared(records, entries, functions=Functions(STACK, frozenset({"short-sso"}))).clean
    assert not compared([record("a")], entries, functions=Functions(STACK, frozenset({"short-sso"}))).clean


class TestRetries:
    def test_a_signature_whose_answer_was_lost_is_told_as_a_probable_retry(self, compared: Any) -> None:
        report = compared([record("lost", at=AT - 2), record("a")], [entry("a", unanswered=1)])
        assert (ids(report.probable_retries), report.orphans, report.clean) == (["lost"], (), True)

    def test_an_act_explains_no_more_than_its_requests_without_answer(self, compared: Any) -> None:
        report = compared([record("x"), record("y"), record("a")], [entry("a", unanswered=1)])
        assert (len(report.probable_retries), len(report.orphans)) == (1, 1)

    def test_without_a_request_that_went_unanswered_nothing_is_a_retry(self, compared: Any) -> None:
        assert ids(compared([record("x"), record("a")], [entry("a")]).orphans) == ["x"]

    def test_an_act_of_another_minute_explains_nothing(self, compared: Any) -> None:
        report = compared([record("x", at=AT + 61), record("a")], [entry("a", unanswered=1)])
        assert ids(report.orphans) == ["x"]

    def test_an_act_with_another_key_explains_nothing(self, compared: Any) -> None:
        other = entry(unanswered=3, kms_key=ARN.replace(KEY, "mrk-2"))
        assert ids(compared([record("x")], [other]).orphans) == ["x"]

    def test_nobody_else_hides_behind_a_retry(self, compared: Any) -> None:
        report = compared([record("x", userIdentity=somebody())], [entry(unanswered=3)])
        assert ids(report.orphans) == ["x"]

    def test_an_act_that_never_heard_of_kms_explains_what_kms_did(self, compared: Any) -> None:
        report = compared([record("x"), record("y")], [entry(unanswered=3)])
        assert (ids(report.probable_retries), report.clean) == (["x", "y"], True)


class TestTime:
    def test_an_entry_that_cloudtrail_does_not_have_is_told(self, compared: Any) -> None:
        report = compared([record("a")], [entry("a", "b")])
        assert [one.request_id for one in report.missing] == ["b"]
        assert report.clean

    def test_a_record_may_be_a_quarter_of_an_hour_late(self, compared: Any) -> None:
        report = compared([], [entry("a")], replace(HOUR, now=AT + 899))
        assert (report.missing, report.awaited) == ((), 1)
        assert len(compared([], [entry("a")], replace(HOUR, now=AT + 900)).missing) == 1

    def test_what_lies_outside_the_span_is_not_compared(self, compared: Any) -> None:
        before, after = AT - 31, AT + 3570
        report = compared([record("x", at=before), record("y", at=after)], [entry("b", at=before)])
        assert (report.orphans, report.missing, report.matched) == ((), (), 0)

    def test_an_act_at_the_edge_matches_a_record_beyond_it(self, compared: Any) -> None:
        report = compared([record("a", at=HOUR.begin - 1)], [entry("a", at=HOUR.begin)])
        assert (report.missing, report.orphans) == ((), ())
        report = compared([record("b", at=HOUR.end - 1)], [entry("b", at=HOUR.end)])
        assert (report.orphans, report.matched) == ((), 1)


@pytest.mark.parametrize("event", ["DisableKey", "ScheduleKeyDeletion", "CreateGrant", "PutKeyPolicy"])
def test_a_change_of_a_key_is_worth_a_look_whoever_made_it(compared: Any, event: str) -> None:
    report = compared([record("a", event=event, readOnly=False)], [])
    assert ([use.name for use in report.notable], report.orphans, report.clean) == ([event], (), True)


def test_what_is_done_to_other_keys_is_none_of_ours(compared: Any) -> None:
    assert compared([record("a", event="DisableKey", key=ARN.replace(KEY, "1234"))], []).notable == ()


def test_the_records_are_as_json_as_those_of_a_trail() -> None:
    assert json.loads(trail(record("a")))["Records"][0]["requestID"] == "a"

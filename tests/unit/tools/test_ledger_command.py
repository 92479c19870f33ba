"""The command that compares the ledger with CloudTrail: what it reads, prints and ends with."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from passwordless.store.codec import encode
from tests.unit.tools.records import (
    ACCOUNT,
    ARN,
    AT,
    KEY,
    REGION,
    STACK,
    entry,
    looked_up,
    record,
    somebody,
    trail,
    typed,
)
from tools.ledger import cloudtrail, entries
from tools.ledger.__main__ import main

FROM, TO = "2026-11-27T08:00:00Z", "2026-11-27T09:00:00Z"


class Place:
    """A folder with what an operator fetched."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("keys.json", json.dumps({"Items": [{"kms_key": {"S": ARN}, "tenant": {"S": "acme"}}, {}]}))
        self.write("ledger.json", json.dumps({"Items": [typed(entry("a", "b"))]}))
        self.write("trail.json", trail(record("a"), record("b")))

    def write(self, name: str, text: str) -> Path:
        """Write a file, packed if its name says so."""
        path = self.folder / name
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        return path

    def run(self, *more: str, trail: str = "trail.json") -> int:
        """Run the command a day later."""
        fixed = ["--stack", STACK, "--from", FROM, "--to", TO, "--cloudtrail", str(self.folder / trail)]
        files = ["--ledger", str(self.folder / "ledger.json"), "--keys", str(self.folder / "keys.json")]
        return main([*fixed, *files, *more], AT + 86400)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_all_is_well_when_everything_matches(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert place.run() == 0
    told = capsys.readouterr().out
    assert "matched: 2" in told
    assert "orphans: signed without an act of ours: 0" in told


def test_an_orphan_is_told_with_who_when_and_from_where_and_ends_with_one(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.write("trail.json", trail(record("a"), record("x", userIdentity=somebody(), userAgent="aws-cli/2")))
    assert place.run() == 1
    told = capsys.readouterr().out
    for fact in ("user/mallory", "2026-11-27T08:00:30Z", "198.51.100.20", "aws-cli/2", "request x", KEY):
        assert fact in told
    assert "ABCDEFGHIJKLMNOP b" in told  # the entry that CloudTrail does not have


@pytest.mark.parametrize("name", ["trail.json", "trail.json.gz"])
@pytest.mark.parametrize("shape", [trail, looked_up])
def test_records_are_read_as_a_trail_or_a_look_up_gives_them(place: Place, name: str, shape: Any) -> None:
    place.write(name, shape(record("a"), record("b")))
    assert place.run(trail=name) == 0


def test_a_folder_stands_for_all_files_in_it_and_each_record_counts_once(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    deep = place.folder / "AWSLogs" / ACCOUNT / "CloudTrail" / REGION / "2026" / "11" / "27"
    deep.mkdir(parents=True)
    (deep / "one.json.gz").write_bytes(gzip.compress(trail(record("a"), record("b")).encode()))
    (deep / "two.json.gz").write_bytes(gzip.compress(trail(record("b")).encode()))
    assert place.run(trail="AWSLogs") == 0
    assert "matched: 2" in capsys.readouterr().out


def test_records_of_other_services_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "trail.json"
    file.write_text(trail(record("a", eventSource="sts.amazonaws.com"), record("b")))
    assert [use.request_id for use in cloudtrail.read([file])] == ["b"]


def test_an_entry_that_was_only_logged_counts(place: Place) -> None:
    place.write("ledger.json", json.dumps({"Items": []}))
    line = json.dumps({"level": "ERROR", "message": "ledger_failed", "entry": encode(entry("a", "b"))})
    plain = place.write("log.txt", f"START RequestId: 1\n{line}\n" + json.dumps({"message": "answered"}))
    fetched = place.write("log.json", json.dumps({"events": [{"message": line}, {"message": "END"}]}))
    assert place.run() == 1
    assert place.run("--log", str(plain)) == 0
    assert place.run("--log", str(fetched)) == 0


def test_an_export_to_s3_is_read_too(tmp_path: Path) -> None:
    file = tmp_path / "data.json.gz"
    file.write_bytes(
        gzip.compress("".join(json.dumps({"Item": typed(entry(one))}) + "\n" for one in "ab").encode())
    )
    assert [one.request_ids for one in entries.of_export(file)] == [("a",), ("b",)]


def test_only_the_region_and_account_that_are_asked_for_count(place: Place) -> None:
    place.write("trail.json", trail(record("a"), record("b"), record("x", awsRegion="us-east-1")))
    assert place.run() == 1
    assert place.run("--region", REGION, "--account", ACCOUNT) == 0


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "no json", '{"Records": [{"eventSource": "kms.amazonaws.com"}]}']
)
def test_what_cannot_be_read_is_no_good_news(place: Place, text: str) -> None:
    place.write("trail.json", text)
    assert place.run() == 2


def test_hours_are_those_of_the_tables_partitions() -> None:
    assert entries.hours(AT, AT) == ["2026-11-27T08"]
    assert entries.hours(AT, AT + 3600) == ["2026-11-27T08", "2026-11-27T09"]
    assert entries.hours(AT - 31, AT) == ["2026-11-27T07", "2026-11-27T08"]

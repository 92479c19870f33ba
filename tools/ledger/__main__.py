"""Compare the ledger with CloudTrail: `python -m tools.ledger --stack NAME --from TIME --to TIME --cloudtrail PATH …`.

Prints what matched and what did not. Ends with 1 when somebody signed outside of an act of ours, with 2 when it could
not tell. `--ledger` and `--keys` are files, or `table:NAME` for the table itself, read with the caller's credentials.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.ledger import cloudtrail, entries
from tools.ledger.cloudtrail import Use
from tools.ledger.reconcile import NEAR, Functions, Report, Span, reconcile

TABLE = "table:"


def main(arguments: Sequence[str], now: float) -> int:
    """Compare, print, and return the exit code."""
    given = _parser().parse_args(arguments)
    span = Span(_seconds(given.begin), _seconds(given.end), int(now), given.grace)
    try:
        uses = [use for use in cloudtrail.read(given.cloudtrail) if _is_asked_for(use, given)]
        keys = _keys(given.keys, given.region)
        ledger = _ledger(given.ledger, span, given.region)
        ledger += [entry for path in given.log for entry in entries.of_log(path)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"cannot be read: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    near = replace(span, begin=span.begin - NEAR, end=span.end + NEAR)
    acts = [entry for entry in ledger if near.has(entry.at)]
    report = reconcile(uses, acts, keys, Functions(given.stack, frozenset(given.role)), span)
    _print(report)
    return 0 if report.clean else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.ledger", description=__doc__)
    parser.add_argument("--stack", required=True, help="the stack's name")
    parser.add_argument("--from", dest="begin", required=True, help="begin, such as 2026-11-27T00:00:00Z")
    parser.add_argument("--to", dest="end", required=True, help="end, which is left out")
    parser.add_argument(
        "--cloudtrail", type=Path, nargs="+", required=True, help="files or folders of records"
    )
    parser.add_argument("--ledger", required=True, help="an export of the ledger, or table:NAME")
    parser.add_argument("--keys", required=True, help="an export of the signing keys, or table:NAME")
    parser.add_argument(
        "--log", type=Path, nargs="*", default=[], help="logs with entries that were not written"
    )
    parser.add_argument("--role", nargs="*", default=[], help="exact names of the roles of sso and keys")
    parser.add_argument("--region", help="only records of this region, and where the tables are")
    parser.add_argument("--account", help="only records of this account")
    parser.add_argument("--grace", type=int, default=900, help="seconds that CloudTrail may be late")
    return parser


def _seconds(text: str) -> int:
    read = datetime.fromisoformat(text)
    return int((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp())


def _is_asked_for(use: Use, given: argparse.Namespace) -> bool:
    return given.region in (None, use.region) and given.account in (None, use.account)


def _keys(place: str, region: str | None) -> frozenset[str]:
    if place.startswith(TABLE):
        return entries.keys_of_table(_client(region), place.removeprefix(TABLE))
    return entries.keys_of_export(Path(place))


def _ledger(place: str, span: Span, region: str | None) -> list[Any]:
    if place.startswith(TABLE):
        begin, end = span.begin - NEAR, span.end + NEAR
        return entries.of_table(_client(region), place.removeprefix(TABLE), begin, end)
    return entries.of_export(Path(place))


def _client(region: str | None) -> Any:
    import boto3

    return boto3.session.Session(region_name=region).client("dynamodb")


def _print(report: Report) -> None:
    print(f"matched: {report.matched}")
    _list("orphans: signed without an act of ours", report.orphans)
    _list("signed by somebody else under an act of ours", report.foreign)
    _list("probable retries: an act near by had requests without an answer", report.probable_retries)
    print(f"entries that CloudTrail does not have: {len(report.missing)}, not yet due: {report.awaited}")
    for one in report.missing:
        act = one.entry.act
        print(
            f"  {_time(one.entry.at)} {act.purpose.value} {act.key_id} {act.correlation_id} {one.request_id}"
        )
    _list("worth a look", report.notable)
    print(f"signatures on keys that are not this stack's: {report.on_other_keys}")


def _list(title: str, uses: Sequence[Use]) -> None:
    print(f"{title}: {len(uses)}")
    for use in uses:
        failed = "" if use.error is None else f" ({use.error})"
        print(f"  {_time(use.at)} {use.name}{failed} {' '.join(sorted(use.keys))} by {use.principal}")
        print(f"    from {use.source}, {use.user_agent}, request {use.request_id}, event {use.event_id}")


def _time(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], time.time()))

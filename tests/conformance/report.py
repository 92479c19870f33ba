"""`make conformance`: runs the tests of the obligations, prints how each stands and writes docs/conformance.md."""

import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conformance.obligations import (
    HERE,
    MAX_NOT_APPLICABLE,
    Obligation,
    State,
    obligations,
    proofs_of,
    state,
    written_tests,
)

DOCUMENT = Path(__file__).parents[2] / "docs" / "conformance.md"
HEAD = """# Conformance

What a SAML 2.0 identity provider owes to service providers, and how this one stands to it.
Written by `make conformance`; do not edit. Ids beginning with IIP- and SDP- name obligations of Kantara's profiles,
BND- COR- PRF- MET- sections of the OASIS specifications (Bindings, Core, Profiles, Metadata) with a letter of ours,
OWN- obligations of our own. The tests of a row have names that begin with its id and stand in `tests/conformance/`.
"""


class Outcomes:
    """What pytest tells: a test function passed when each of its cases did."""

    def __init__(self) -> None:
        self.passed: dict[str, bool] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the outcome of one phase of one case."""
        name = report.nodeid.rpartition("::")[2].partition("[")[0]
        if report.when == "call" or not report.passed:
            self.passed[name] = self.passed.get(name, True) and report.passed


def document(outcomes: Mapping[str, bool]) -> str:
    """Return docs/conformance.md."""
    rows = obligations()
    told = Counter(state(row, outcomes) for row in rows)
    summary = ", ".join(f"{told[each]} {each}" for each in State if told[each])
    sections = dict.fromkeys(row.section for row in rows)
    tables = [_table(name, [row for row in rows if row.section == name], outcomes) for name in sections]
    return "\n".join([HEAD, f"{len(rows)} obligations: {summary}.\n", *tables])


def _table(title: str, rows: list[Obligation], outcomes: Mapping[str, bool]) -> str:
    head = [f"## {title}\n", "| id | obligation | level | state |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *(_row(row, outcomes) for row in rows), ""])


def _row(row: Obligation, outcomes: Mapping[str, bool]) -> str:
    told = state(row, outcomes).value + (f": {row.reason}" if row.reason else "")
    return f"| {row.ids} | {row.says} | {row.level} | {told} |"


def expected() -> str:
    """Return the document of a run in which every test passes."""
    return document(dict.fromkeys(written_tests(), True))


def _run() -> int:
    outcomes = Outcomes()
    DOCUMENT.write_text(expected())
    pytest.main(["-q", "--no-header", "--tb=short", str(HERE)], plugins=[outcomes])
    rows = obligations()
    for row in rows:
        told = state(row, outcomes.passed)
        print(f"{row.ids:32} {told.value:15} {row.reason or ', '.join(proofs_of(row, outcomes.passed))}")
    DOCUMENT.write_text(document(outcomes.passed))
    return _verdict(Counter(state(row, outcomes.passed) for row in rows), len(rows), outcomes.passed)


def _verdict(told: Counter[State], count: int, passed: Mapping[str, bool]) -> int:
    share = told[State.NOT_APPLICABLE] / count
    print(", ".join(f"{told[each]} {each}" for each in State), f"of {count}; {share:.1%} not applicable")
    return (
        0 if passed and all(passed.values()) and not told[State.FAIL] and share <= MAX_NOT_APPLICABLE else 1
    )


if __name__ == "__main__":
    sys.exit(_run())

"""The table of obligations is complete, each row is decided, and docs/conformance.md says the same."""

from collections import Counter

from tests.conformance.obligations import (
    MAX_NOT_APPLICABLE,
    State,
    all_ids,
    obligations,
    proofs_of,
    state,
    written_tests,
)
from tests.conformance.report import DOCUMENT, expected


def test_the_table_has_every_obligation_once_and_no_other() -> None:
    assert [row.ids for row in obligations()] == all_ids()
    assert max(Counter(row.id for row in obligations()).values()) == 1


def test_each_row_has_a_test_or_one_reason() -> None:
    written = written_tests()
    undecided = [
        row.id
        for row in obligations()
        if bool(proofs_of(row, written)) + bool(row.not_applicable) + bool(row.pending) != 1
    ]
    assert undecided == []


def test_each_test_of_an_obligation_names_one_that_there_is() -> None:
    prefixes = tuple(row.prefix for row in obligations())
    kinds = ("test_iip_", "test_sdp_", "test_bnd_", "test_cor_", "test_prf_", "test_met_", "test_own_")
    named = [name for name in written_tests() if name.startswith(kinds)]
    assert named
    assert [name for name in named if not name.startswith(prefixes)] == []


def test_at_most_a_tenth_is_not_applicable() -> None:
    rows = obligations()
    told = Counter(state(row, {}) for row in rows)
    assert told[State.NOT_APPLICABLE] / len(rows) <= MAX_NOT_APPLICABLE


def test_the_document_is_up_to_date() -> None:
    assert DOCUMENT.read_text() == expected()


def test_a_failed_case_fails_its_row_and_a_row_without_a_run_is_no_pass() -> None:
    row = next(row for row in obligations() if row.reason is None)
    name = f"{row.prefix}x"
    assert state(row, {name: True}) is State.PASS
    assert state(row, {name: True, f"{row.prefix}y": False}) is State.FAIL
    assert state(row, {}) is State.FAIL

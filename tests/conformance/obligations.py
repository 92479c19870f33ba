"""The table of obligations, and which test proves which row: its name begins with the row's id."""

import re
import tomllib
from ast import FunctionDef, parse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MAX_NOT_APPLICABLE = 0.10


class State(StrEnum):
    """How we stand to an obligation."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not applicable"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One row: `also` are the other ids that its tests cover, `reason` why there is no test."""

    id: str
    also: str
    level: str
    says: str
    section: str
    not_applicable: str | None
    pending: str | None

    @property
    def ids(self) -> str:
        """Return the row's ids as the list of ids has them."""
        return f"{self.id} {self.also}".strip()

    @property
    def prefix(self) -> str:
        """Return how the names of its tests begin."""
        return f"test_{re.sub('[^a-z0-9]', '_', self.id.lower())}_"

    @property
    def reason(self) -> str | None:
        """Return why no test decides, if none does."""
        return self.not_applicable or self.pending


def obligations() -> tuple[Obligation, ...]:
    """Return the table's rows in its order."""
    sections: Mapping[str, Any] = tomllib.loads((HERE / "obligations.toml").read_text())
    return tuple(
        Obligation(
            row["id"],
            row["also"],
            row["level"],
            row["says"],
            section["title"],
            row.get("not_applicable"),
            row.get("pending"),
        )
        for section in sections.values()
        for row in section["rows"]
    )


def all_ids() -> list[str]:
    """Return the ids of every obligation that there is, a row a line."""
    return (HERE / "obligation_ids.txt").read_text().splitlines()


def written_tests() -> list[str]:
    """Return the names of the tests in this folder."""
    files = sorted(HERE.glob("test_*.py"))
    return [
        node.name
        for file in files
        for node in parse(file.read_text()).body
        if isinstance(node, FunctionDef) and node.name.startswith("test_")
    ]


def proofs_of(row: Obligation, written: Iterable[str]) -> list[str]:
    """Return the tests that prove a row."""
    return [name for name in written if name.startswith(row.prefix)]


def state(row: Obligation, outcomes: Mapping[str, bool]) -> State:
    """Return how we stand to a row, given whether each test that ran passed."""
    if row.not_applicable is not None:
        return State.NOT_APPLICABLE
    if row.pending is not None:
        return State.PENDING
    ran = proofs_of(row, outcomes)
    return State.PASS if ran and all(outcomes[name] for name in ran) else State.FAIL

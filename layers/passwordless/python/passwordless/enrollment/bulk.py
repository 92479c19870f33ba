"""Many people are invited by one call, from a list or from CSV; each row ends in its own way."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from passwordless.enrollment import invite_fields
from passwordless.enrollment.acting import Actor
from passwordless.enrollment.invite import Invited, invite_person
from passwordless.enrollment.invite_fields import Terms, invalid
from passwordless.errors import Conflict, Failure
from passwordless.wiring import Wiring

MAX_ROWS = 100
_COLUMNS = frozenset({"email", "given_name", "family_name", "groups"})
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row, counted from 1 without the header: an invite, and whose, or why there is none."""

    row: int
    invited: Invited | None = None
    email: str | None = None
    failure: Failure | None = None


def is_bulk(body: Mapping[str, Any]) -> bool:
    """Tell whether a body of POST /enrollments asks for many invites."""
    return "users" in body or "csv" in body


def invite_many(house: Wiring, by: Actor, body: Mapping[str, Any], origin: str) -> list[Outcome]:
    """Invite people by `{users: [...] | csv: "...", ttl_seconds?, require_confirmation?}`.

    CSV (RFC 4180) has a header with `email` and any of `given_name`, `family_name` and `groups`, which `;` separates. A
    row that cannot be invited, for whichever reason, leaves the others as they are.

    Raises Malformed `invalid_field` when the body as a whole cannot be read.
    """
    source = "csv" if "csv" in body else "users"
    invite_fields.only(body, {source} | invite_fields.TERMS)
    terms, rows = invite_fields.terms(body), _rows(source, body[source])
    seen: set[str] = set()
    return [_outcome(house, by, number, row, terms, origin, seen) for number, row in enumerate(rows, 1)]


def _outcome(
    house: Wiring, by: Actor, number: int, row: object, terms: Terms, origin: str, seen: set[str]
) -> Outcome:
    try:
        if isinstance(row, Failure):
            raise row
        person = invite_fields.person(row)
        if person.email in seen:
            raise _twice()
        seen.add(person.email)
        return Outcome(number, invite_person(house, by, person, terms, origin), person.email)
    except Failure as failure:  # also Unavailable: the invites of earlier rows are shown this once
        return Outcome(number, failure=failure)


def _rows(source: str, value: object) -> list[object]:
    rows = list(_read_csv(value)) if source == "csv" else value
    if not isinstance(rows, list) or not 0 < len(rows) <= MAX_ROWS:
        raise invalid(source, f"must hold 1 to {MAX_ROWS} users")
    return rows


def _read_csv(value: object) -> Iterator[object]:
    if not isinstance(value, str):
        raise invalid("csv", "must be a text")
    try:
        table = [
            row
            for row in csv.reader(io.StringIO(value.removeprefix("\ufeff"), newline=""), strict=True)
            if row
        ]
    except csv.Error:
        raise invalid("csv", "must be comma-separated values") from None
    columns = [cell.strip().lower() for cell in table[0]] if table else []
    if "email" not in columns or set(columns) - _COLUMNS or len(set(columns)) != len(columns):
        raise invalid("csv", f"must begin with a header of email and some of {', '.join(sorted(_COLUMNS))}")
    yield from (_person(columns, row) for row in table[1:])


def _person(columns: list[str], row: list[str]) -> object:
    """Return a row as a person is written in JSON, or the failure of one that cannot be a person.

    A name that a spreadsheet would take for a formula is refused: names come out again in others' tables.
    """
    if len(row) != len(columns):
        return invalid("row", "has more or fewer cells than the header")
    cells = {column: cell.strip() for column, cell in zip(columns, row, strict=True) if cell.strip()}
    names = [cell for column, cell in cells.items() if column not in ("email", "groups")]
    groups = [group.strip() for group in cells.get("groups", "").split(";") if group.strip()]
    if any(one.startswith(_FORMULA) for one in (*names, *groups)):
        return invalid("row", f"has a name that begins with one of {' '.join(_FORMULA)}")
    return {**cells, "groups": groups}


def _twice() -> Failure:
    return Conflict(
        "user_named_twice",
        "An earlier row invites the same address.",
        guidance="Leave one of the rows out: a second invite would void the first.",
    )

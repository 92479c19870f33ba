"""The documents say what template and code say: routes, codes with statuses, roles, layers, cost; links lead on."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from docs.openapi.failures import LAYER
from docs.openapi.failures import raised as raised_in
from passwordless.auth0.problem_texts import PROBLEMS, WARNINGS
from tests.template import ROOT, functions, routes, statements, tables, template

DOCS: Final = ROOT / "docs"
API, MOBILE, ARCHITECTURE = ((DOCS / f"{name}.md").read_text() for name in ("api", "mobile", "architecture"))
PAGES: Final = sorted([*DOCS.glob("*.md"), *ROOT.glob("*.md")])
ANSWERED_TO_ADMINISTRATORS: Final = (
    "admin.py",
    "entry.py",
    "keys.py",
    "web.py",
    "administration",
    "auth0",
    "enrollment",
    "model",
    "saml/endpoint_url.py",
    "saml/metadata.py",
    "saml/provider_validity.py",
    "signatures.py",
    "store",
)
ANSWERED_TO_PHONES: Final = (
    "confirmation.py",
    "enrollment/acting.py",
    "enrollment/confirm.py",
    "enrollment/enroll.py",
    "entry.py",
    "login/approve.py",
    "login/decide.py",
    "login/reported.py",
    "login/scan.py",
    "phone/proof.py",
    "store",
)
ELSEWHERE: Final = {"foreign_origin", "malformed_form", "not_found"}
"""Codes of pages, and of a route that the API does not have."""

PHONES_ONLY: Final = {
    "bad_proof",
    "malformed_enrollment",
    "key_already_enrolled",
    "invite_over",
    "unknown_invite",
}
ADMINISTRATORS_ONLY: Final = {"user_busy"}
VERBS: Final = {
    "GetItem": "read",
    "ConditionCheckItem": "check",
    "Query": "list",
    "PutItem": "add",
    "UpdateItem": "change",
    "DeleteItem": "remove",
    "GetRecords": "follow",
}


def raised(places: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield the code and status of every failure that is written down in these modules of the layer."""
    return raised_in(LAYER / place for place in places)


def told(page: str) -> set[tuple[str, int]]:
    """Return the codes with their statuses in the tables of a page."""
    rows = re.findall(r"(?m)^\| (\d{3}) \| ([^|]+) \|", page)
    return {(code, int(status)) for status, codes in rows for code in re.findall(r"`(\w+)`", codes)}


def cells(page: str, width: int) -> list[tuple[str, ...]]:
    """Return the rows of that many cells of a page's tables."""
    rows = (
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in page.splitlines()
        if line[:1] == "|"
    )
    return [row for row in rows if len(row) == width]


@pytest.mark.parametrize("route", [route.key for route in routes()])
def test_every_route_is_named(route: str) -> None:
    assert re.search(rf"(?m)(^### |`){re.escape(route)}(`|$)", API + MOBILE + ARCHITECTURE)


def test_the_guide_of_the_api_has_a_section_for_each_route_of_connect_and_no_other() -> None:
    served = sorted(route.key for route in routes() if route.function == "connect")
    assert sorted(re.findall(r"(?m)^### ((?:GET|POST|PATCH|DELETE) /\S+)$", API)) == served


def test_each_scope_is_the_one_that_the_guide_gives_the_method() -> None:
    scopes = {route.auth["AuthorizationScopes"][0]["Ref"] for route in routes() if route.auth and route.reads}
    others = {
        route.auth["AuthorizationScopes"][0]["Ref"] for route in routes() if route.auth and not route.reads
    }
    assert (scopes, others) == ({"ReadScope"}, {"WriteScope"})
    assert "`applications:read` for every GET, `applications:write` for everything else" in API


def test_every_code_of_auth0_is_told_with_its_status() -> None:
    known = {(code, problem.failure.status) for code, problem in PROBLEMS.items()}
    assert {(code, status) for code, status in told(API) if code.startswith("auth0_")} == known


def test_every_warning_about_auth0_is_named() -> None:
    assert [code for code in WARNINGS if f"`{code}`" not in API] == []


def test_every_code_that_an_administrator_can_get_is_told_with_its_status() -> None:
    known = {one for one in raised(ANSWERED_TO_ADMINISTRATORS) if one[0] not in ELSEWHERE | PHONES_ONLY}
    assert sorted(known - told(API)) == []


def test_every_code_that_a_phone_can_get_is_told_with_its_status() -> None:
    known = {one for one in raised(ANSWERED_TO_PHONES) if one[0] not in ELSEWHERE | ADMINISTRATORS_ONLY}
    assert sorted(known - told(MOBILE)) == []


def test_no_code_is_told_that_nothing_raises() -> None:
    every = {*raised((".",)), *((code, problem.failure.status) for code, problem in PROBLEMS.items())}
    helped = {("malformed_body", 400)}  # raised by the function itself
    assert sorted((told(API) | told(MOBILE)) - every - helped) == []


def test_the_table_of_roles_is_that_of_the_template() -> None:
    names = ("connect", "sso", "poll", "verify", "keys", "export", "console")
    expected = {
        table.removesuffix("Table"): tuple(_verbs(function, table) for function in names)
        for table in tables()
    }
    assert set(names) == functions().keys()
    assert {row[0]: row[1:] for row in cells(ARCHITECTURE, 8) if row[0] in expected} == expected


def test_the_table_of_state_says_which_tables_are_kept() -> None:
    kept = {name.removesuffix("Table"): _kept(name) for name in tables()}
    assert {row[0]: row[3] for row in cells(ARCHITECTURE, 4) if row[0] in kept} == kept


def test_the_layers_of_the_code_are_those_of_the_contract() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    section = ARCHITECTURE.partition("## Layers of the code")[2]
    named = [", ".join(re.findall(r"`(\w+)`", row[0])) for row in cells(section, 2) if "`" in row[0]]
    assert named == [layer.replace(" | ", ", ") for layer in contract["layers"]]


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    assert [link for link in links if not _leads_somewhere(page, link)] == []


@pytest.mark.parametrize("page", [API, MOBILE], ids=["api", "mobile"])
def test_every_block_of_json_is_json(page: str) -> None:
    blocks = re.findall(r"(?s)```json\n(.*?)```", page)
    assert blocks
    assert all(isinstance(json.loads(block), dict) for block in blocks)


def _verbs(function: str, table: str) -> str:
    of_table = [one for one in statements(function) if re.search(rf"\b{table}\b", one.resource_text)]
    allowed = {action.removeprefix("dynamodb:") for one in of_table for action in one.actions}
    return ", ".join(verb for action, verb in VERBS.items() if action in allowed) or "-"


def _kept(table: str) -> str:
    return "yes" if template()["Resources"][table]["DeletionPolicy"] == "Retain" else "no"


def _leads_somewhere(page: Path, link: str) -> bool:
    if link.startswith("https://"):
        return True
    path, _, heading = link.partition("#")
    target = page.parent / path if path else page
    return target.exists() and (not heading or heading in _headings(target))


def _headings(page: Path) -> set[str]:
    titles = re.findall(r"(?m)^#+ (.*)$", page.read_text())
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_cost_of_a_million_logins_follows_from_its_formula() -> None:
    polls, writes, reads, signatures = 12.6, 34, 31, 2
    calls, gigabyte_seconds = polls + 5, 0.5 * polls * 0.02 + 5 * 0.1
    parts = [calls, 0.2 * calls, 13.3334 * gigabyte_seconds, 0.625 * writes, 0.125 * reads, 3 * signatures]
    section = (DOCS / "operations.md").read_text().partition("| part | $ per million logins |")[2]
    told_parts = [float(number) for number in re.findall(r"(?m)^\|.* \| \**([0-9.]+)\** \|$", section)[:7]]
    assert told_parts == [pytest.approx(part, abs=0.006) for part in [*parts, sum(parts)]]


def test_what_comes_with_a_million_logins_follows_from_its_formula() -> None:
    calls, logs, transferred = 12.6 + 5, 10.6, 40
    parts = [0.5 * logs, 1.0 * calls, 0.6 * calls, 0.085 * transferred]
    section = (DOCS / "operations.md").read_text().partition("| part | $ more per million logins |")[2]
    told_parts = [float(number) for number in re.findall(r"(?m)^\|.* \| \**([0-9.]+)\** \|$", section)[:5]]
    assert told_parts == [pytest.approx(part, abs=0.006) for part in [*parts, sum(parts)]]

"""S05: whichever route is tried with another tenant's ids, it answers as to ids that nobody has, and changes nothing.

`ATTEMPTS` says where each route takes an id: in its path, its body or its query. A route that is new fails here until
it is told how to try it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from tests.calls import Answer
from tests.contract import document, operation
from tests.estates import NOBODY_S, Estate, Ids, admin_routes, events_by_route
from tests.house import House
from tests.told import apart_from_its_reference
from tests.witness import nothing_written, rows

IDENTIFYING: Final = re.compile(r".*_id|page_token|email|address")
SELECTING: Final = frozenset({"user_id", "key_id", "email"})


@dataclass(frozen=True)
class Attempt:
    """A call with the ids of somebody; `own` of those in the path are the caller's."""

    route: str
    body: Callable[[Ids], dict[str, Any]] = lambda _: {}
    query: str = ""
    own: frozenset[str] = field(default_factory=frozenset)
    statuses: frozenset[int] = frozenset({404})

    def __str__(self) -> str:
        return " ".join([self.route, self.query, *(f"own {name}" for name in sorted(self.own))])

    def made(self, by: Estate, ids: Ids) -> Answer:
        """Make the call."""
        named = re.findall(r"\{(\w+)\}", self.route)
        path = {name: (by.ids if name in self.own else ids)[name] for name in named}
        answer: Answer = by.call(
            events_by_route()[self.route], self.body(ids) or None, self.query.format_map(ids), **path
        )
        return answer


def own(*names: str) -> frozenset[str]:
    """Return names of ids that are the caller's own."""
    return frozenset(names)


PAGE: Final = frozenset({400})
ATTEMPTS: Final = (
    Attempt("GET /applications", query="page_token={applications_page}", statuses=PAGE),
    Attempt("GET /applications/{application_id}"),
    Attempt("PATCH /applications/{application_id}", lambda _: {"name": "Mine"}),
    Attempt("POST /applications/{application_id}/verify"),
    Attempt(
        "POST /applications/{application_id}/attributes/preview", lambda ids: {"user_id": ids["user_id"]}
    ),
    Attempt(
        "POST /applications/{application_id}/attributes/preview",
        lambda ids: {"user_id": ids["user_id"]},
        own=own("application_id"),
    ),
    Attempt(
        "POST /applications/{application_id}/attributes/preview",
        lambda ids: {"email": ids["email"]},
        own=own("application_id"),
    ),
    Attempt("GET /applications/{application_id}/events"),
    Attempt(
        "GET /applications/{application_id}/events",
        query="page_token={events_page}",
        own=own("application_id"),
        statuses=PAGE,
    ),
    Attempt("GET /applications/{application_id}/activity"),
    Attempt("GET /applications/{application_id}/transactions/{correlation_id}"),
    Attempt(
        "POST /applications/{application_id}/signing-key",
        lambda ids: {"key_id": ids["key_id"], "confirmed": True},
    ),
    Attempt(
        "POST /applications/{application_id}/signing-key",
        lambda ids: {"key_id": ids["key_id"], "confirmed": True},
        own=own("application_id"),
    ),
    Attempt("GET /events", query="page_token={other_events_page}", statuses=PAGE),
    Attempt("POST /signing-keys", lambda ids: {"action": "promote", "key_id": ids["key_id"]}),
    Attempt("POST /signing-keys", lambda ids: {"action": "retire", "key_id": ids["key_id"]}),
    Attempt("GET /enrollments/{enrollment_id}"),
    Attempt("POST /enrollments/{enrollment_id}/confirm", lambda ids: {"check": ids["check"]}),
    Attempt("GET /users", query="page_token={users_page}", statuses=PAGE),
    Attempt("GET /users", query="email={email}", statuses=frozenset({200})),
    Attempt("GET /users/{user_id}"),
    Attempt("PATCH /users/{user_id}", lambda _: {"disabled": True}),
    Attempt("GET /users/{user_id}/devices"),
    Attempt("GET /users/{user_id}/events"),
    Attempt(
        "GET /users/{user_id}/events",
        query="page_token={user_events_page}",
        own=own("user_id"),
        statuses=PAGE,
    ),
    Attempt("PATCH /devices/{device_id}", lambda _: {"name": "Mine"}),
    Attempt("DELETE /devices/{device_id}"),
    Attempt("DELETE /enrollments/{enrollment_id}"),
    Attempt("DELETE /blocks/{address}"),
    Attempt("DELETE /users/{user_id}"),
    Attempt("DELETE /applications/{application_id}"),
)
"""In this order they do what they ask for when their owner makes them."""


@pytest.fixture(scope="module")
def victim(emulated: House) -> Estate:
    """The tenant whose ids somebody else has."""
    return Estate.of(emulated.rewound())


@pytest.fixture(scope="module")
def mallory(victim: Estate) -> Estate:
    """Somebody else, who has as much."""
    return Estate.of(victim.house)


def named(schema: Any) -> set[str]:
    """Return the names of all members inside a schema, references followed."""
    if isinstance(schema, list):
        return {name for one in schema for name in named(one)}
    if not isinstance(schema, dict):
        return set()
    if "$ref" in schema:
        return named(document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    inner = {name for value in schema.values() for name in named(value)}
    return inner | set(schema.get("properties", {}))


def taken(route: str) -> set[str]:
    """Return the names of the ids that a route takes, by the contract: in path and query, and what a body selects."""
    one = operation(route)
    outside = {parameter["name"] for parameter in one.get("parameters", []) if parameter["in"] != "header"}
    return {name for name in outside if IDENTIFYING.fullmatch(name)} | named(
        one.get("requestBody")
    ) & SELECTING


def test_every_route_that_takes_an_id_is_tried_with_each_of_them() -> None:
    """A route that is new, or a new place for an id, is found here."""
    invites_by_address = {"POST /enrollments"}  # the address is of a user of the caller's tenant, made if new
    wanted = {route.key: taken(route.key) for route in admin_routes() if taken(route.key)}
    tried: dict[str, set[str]] = {}
    for one in ATTEMPTS:
        in_path = set(re.findall(r"\{(\w+)\}", one.route)) - one.own
        in_query = {one.query.partition("=")[0]} - {""}
        tried.setdefault(one.route, set()).update(in_path | in_query | one.body(NOBODY_S).keys() & SELECTING)
    assert tried == {route: ids for route, ids in wanted.items() if route not in invites_by_address}


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=str)
def test_ids_of_another_tenant_are_answered_as_those_of_nobody(
    victim: Estate, mallory: Estate, attempt: Attempt
) -> None:
    with nothing_written(victim.house):
        foreign, unknown = attempt.made(mallory, victim.ids), attempt.made(mallory, NOBODY_S)
    assert foreign.status in attempt.statuses, foreign.body
    told = [
        answer if answer.status == 200 else apart_from_its_reference(answer) for answer in (foreign, unknown)
    ]
    assert told[0] == told[1]


def test_after_all_attempts_every_row_of_every_table_is_as_it_was(victim: Estate, mallory: Estate) -> None:
    before = rows(victim.house)
    for attempt in ATTEMPTS:
        attempt.made(mallory, victim.ids)
    assert rows(victim.house) == before


def test_no_attempt_tells_anything_of_the_other_tenant(victim: Estate, mallory: Estate) -> None:
    hidden = [value for name, value in victim.ids.items() if name not in ("correlation_id", "check")]
    for attempt in ATTEMPTS:
        answer = attempt.made(mallory, victim.ids)
        assert [value for value in hidden if value in f"{answer.headers} {answer.body}"] == [], attempt


def test_the_owner_is_answered_otherwise(emulated: House) -> None:
    """The control: the same calls with the same ids do what they ask for."""
    owner = Estate.of(emulated.rewound())
    for attempt in ATTEMPTS:
        answer = attempt.made(owner, owner.ids)
        assert answer.status not in attempt.statuses - {200}, (str(attempt), answer.body)

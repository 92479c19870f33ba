"""Whatever bad input an administrator's route gets, it answers a problem of its contract; it tells and changes nothing.

That an answer is one of the contract, its code included, is checked at every call (`tests.contract`).
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from functions.connect import handler as connect
from passwordless.administration.fields import MAX_BODY
from passwordless.web import MAX_JSON
from tests.calls import Answer
from tests.contract import operation, request_validator
from tests.estates import Estate, admin_routes, events_by_route
from tests.house import House
from tests.rotation import administer
from tests.told import failure
from tests.witness import nothing_written

ROUTES: Final = [route.key for route in admin_routes()]
MARK: Final = "Zq7F-3a"
"""Stands in whatever is sent, and must stand in nothing that is answered."""

LEAKS: Final = re.compile(rf"{MARK}|Traceback|File \"|Table\b|botocore|pydantic|\.py\b", re.IGNORECASE)
WITH_BODY: Final = [route for route in ROUTES if "requestBody" in operation(route)]
DEMANDING: Final = [route for route in WITH_BODY if operation(route)["requestBody"]["required"]]
WITH_ID: Final = [route for route in ROUTES if "{" in route]
QUERYING: Final = [
    route for route in ROUTES if any(one["in"] == "query" for one in operation(route).get("parameters", []))
]
NO_OBJECTS: Final = ["{", "[]", "null", '"x"', "1", "NaN", "\x00", "[" * 50_000, f'{{"{MARK}": ']
WRONG_TYPES: Final = [None, True, 7, 1.5, MARK, [], [MARK], {}, {MARK: MARK}, -1, 10**30]
ODD_TEXTS: Final = {
    "bidi": f"\u202e{MARK}\u202c",
    "NUL": f"\x00{MARK}",
    "four bytes": f"\U0001f600{MARK}",
    "no character": f"\uffff{MARK}",
    "long": MARK * 20_000,
}
ODD_IDS: Final = [
    "",
    "x",
    MARK,
    "%00",
    "\x00",
    "\u202e",
    "\U0001f600",
    "../..",
    "a" * 3000,
    "\uffff" * 700,
    "#",
    "null",
]
ODD_QUERIES: Final = [
    *(f"limit={value}" for value in ("", "0", "101", "-1", "1.5", MARK, "%00", "%F0%9F%98%80", "9" * 400)),
    *(
        f"page_token={value}"
        for value in (MARK, "%00", "%ff", "e30", "W10", "bnVsbA", "A" * 500, "%E2%80%AE")
    ),
    *(f"days={value}" for value in ("", "0", "32", "-1", MARK, "%D9%A3", "9" * 400)),
    *(
        f"email={value}"
        for value in ("", MARK, "%00", "a@", "%E2%80%AE@example.com", "a" * 400 + "@example.com")
    ),
    "&".join(f"{MARK}{number}=1" for number in range(21)),
]


@pytest.fixture(scope="module")
def estate(emulated: House) -> Estate:
    """The tenant of the administrator who calls; nothing of it ever changes."""
    return Estate.of(emulated.rewound())


@pytest.fixture(scope="module")
def changing(emulated: House) -> Estate:
    """A tenant that odd text may change, where it can be shown."""
    return Estate.of(emulated.rewound())


def send(estate: Estate, route: str, raw: bytes | None = None, query: str = "", **changes: Any) -> Answer:
    """Call a route with the ids of the estate, and with a body of these bytes."""
    path = {**{name: estate.ids[name] for name in re.findall(r"\{(\w+)\}", route)}, **changes.pop("path", {})}
    answer = administer(
        estate.house,
        estate.tenant,
        events_by_route()[route],
        raw=raw,
        rawQueryString=query,
        pathParameters=path,
        **changes,
    )
    assert not LEAKS.search(answer.body), answer.body[:300]
    return answer


def refused(estate: Estate, route: str, raw: bytes | None = None, **changes: Any) -> tuple[int, str]:
    """Call a route that refuses this, writing nothing, and return status and code."""
    with nothing_written(estate.house):
        answer = send(estate, route, raw, **changes)
    assert 400 <= answer.status < 500, (answer.status, answer.body)
    return failure(answer)


def example(route: str) -> dict[str, Any]:
    """Return what a route takes: of POST /applications what asks nobody else."""
    examples = operation(route)["requestBody"]["content"]["application/json"]["examples"]
    return dict(examples["fields" if route == "POST /applications" else next(iter(examples))]["value"])


def written(value: Any) -> bytes:
    """Return a value as JSON in UTF-8, lone surrogates as they are escaped."""
    return json.dumps(value).encode()


def altered(body: dict[str, Any], value: Any) -> Iterator[dict[str, Any]]:
    """Yield a body with each member, and each member of a member, replaced by a value."""
    for name, member in body.items():
        yield {**body, name: value}
        if isinstance(member, dict):
            yield from ({**body, name: {**member, inner: value}} for inner in member)
        if isinstance(member, list) and member:
            yield {**body, name: [value]}


@pytest.mark.parametrize("route", DEMANDING)
def test_a_body_that_is_no_object_is_malformed(estate: Estate, route: str) -> None:
    for text in ["", *NO_OBJECTS]:
        assert refused(estate, route, text.encode()) == (400, "malformed_json"), text[:20]


@pytest.mark.parametrize("route", WITH_BODY)
def test_a_body_that_is_not_utf_8_or_holds_half_a_character_is_malformed(estate: Estate, route: str) -> None:
    broken = [b'{"x": "\xff"}', b"\xff\xfe{\x00}\x00", b'{"x": "\\ud800"}', b'{"\\udfff": 1}']
    for raw in broken:
        assert refused(estate, route, raw) == (400, "malformed_json"), raw


@pytest.mark.parametrize("route", WITH_BODY)
def test_a_body_that_is_too_large_is_refused(estate: Estate, route: str) -> None:
    large = MAX_BODY if route in ("POST /applications", "PATCH /applications/{application_id}") else MAX_JSON
    assert refused(estate, route, written({MARK: "x" * large})) == (400, "body_too_large")


@pytest.mark.parametrize("route", WITH_BODY)
def test_a_field_that_nobody_knows_is_refused(estate: Estate, route: str) -> None:
    for name in (MARK, f"{MARK}\u202e", "__proto__", "tenant", "", "\x00"):
        assert refused(estate, route, written({**example(route), name: MARK})) == (400, "invalid_field"), name


@pytest.mark.parametrize("route", WITH_BODY)
def test_a_field_of_another_type_is_refused(estate: Estate, route: str) -> None:
    contract = request_validator(route)
    wrong = [body for value in WRONG_TYPES for body in altered(example(route), value)]
    outside = [body for body in wrong if not contract.is_valid(body)]
    assert outside or not example(route)
    for body in outside:
        assert refused(estate, route, written(body)) == (400, "invalid_field"), body


@pytest.mark.parametrize("route", DEMANDING)
@pytest.mark.parametrize("kind", ODD_TEXTS)
def test_odd_text_breaks_nothing_and_comes_back_as_nothing_that_deceives(
    changing: Estate, route: str, kind: str
) -> None:
    for body in altered(example(route), ODD_TEXTS[kind]):
        path = {name: changing.ids[name] for name in re.findall(r"\{(\w+)\}", route)}
        reply = changing.call(events_by_route()[route], body, **path)
        assert reply.status < 500, reply.body
        assert not re.search("[\u202e\u202c\x00]|u202e|u0000", reply.body), (body, reply.body)


@pytest.mark.parametrize("route", WITH_ID)
def test_what_is_no_id_is_unknown(estate: Estate, route: str) -> None:
    raw = written(example(route)) if route in DEMANDING else None
    for name in re.findall(r"\{(\w+)\}", route):
        for odd in ODD_IDS:
            status, code = refused(estate, route, raw, path={name: odd})
            assert (status, code.partition("_")[0]) == (404, "unknown"), (name, odd)


@pytest.mark.parametrize("route", ROUTES)
def test_an_odd_query_is_refused_or_counts_for_nothing(estate: Estate, route: str) -> None:
    known = {one["name"] for one in operation(route).get("parameters", []) if one["in"] == "query"}
    for query in ODD_QUERIES:
        concerned = query.partition("=")[0] in known or (known and query.startswith(MARK))
        if concerned:
            assert refused(estate, route, query=query)[0] == 400, query
        elif route.startswith("GET "):
            assert send(estate, route, query=query).status == 200, query


@pytest.mark.parametrize(
    "key", ["", "short", "x" * 201, "white space", "\u202e" * 8, "\x00" * 8, f"{MARK}\U0001f600"]
)
def test_an_idempotency_key_that_is_none_is_refused(estate: Estate, key: str) -> None:
    raw = written(example("POST /applications"))
    found = refused(estate, "POST /applications", raw, headers={"idempotency-key": key})
    assert found == (400, "invalid_idempotency_key")


def test_every_route_of_an_administrator_is_one_of_connect() -> None:
    assert sorted(ROUTES) == sorted(connect.handler.routes)

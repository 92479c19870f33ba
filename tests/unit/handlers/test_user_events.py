"""What an administrator is told of one user, and of what happened at no application."""

import base64
import json
from typing import Any

import pytest

from tests.calls import Answer
from tests.house import House
from tests.people import NOBODY, WEEK, a_tenant, ask, invite, use, waiting
from tests.sign_in import arrive, sign_in
from tests.told import failure


def of_user(house: House, tenant: str, user_id: str, query: str = "") -> Answer:
    return ask(house, tenant, "GET_user-events", query=query, user_id=user_id)


def elsewhere(house: House, tenant: str, query: str = "") -> Answer:
    return ask(house, tenant, "GET_other-events", query=query)


def types(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.body
    return [one["type"] for one in answer.json["events"]]


def test_a_users_events_are_those_of_the_phone_and_of_logins_at_every_application(house: House) -> None:
    tenant = a_tenant()
    person = use(house, invite(house, tenant)).person
    places = [house.application(tenant), house.application(tenant)]
    for place in places:
        house.clock.forward(60)
        sign_in(house, person, arrive(house, place))

    told = of_user(house, tenant, person.user.user_id).json["events"]

    assert sorted(one["type"] for one in told) == [
        "device.enrolled",
        "device.invited",
        *["login.approved"] * 2,
        *["login.completed"] * 2,
    ]
    assert [one["at"] for one in told] == sorted((one["at"] for one in told), reverse=True)
    assert {one.get("application_id") for one in told} == {None, *(one.application_id for one in places)}
    assert {one["user_id"] for one in told} == {person.user.user_id}
    assert all({"tenant", "ttl", "pk", "sk", "by_user"}.isdisjoint(one) for one in told)


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_pages_hold_each_of_a_users_events_once(house: House, limit: int) -> None:
    tenant = a_tenant()
    person = use(house, invite(house, tenant)).person
    sign_in(house, person, arrive(house, house.application(tenant)))
    found, query = [], f"limit={limit}"
    while query:
        page = of_user(house, tenant, person.user.user_id, query).json
        assert len(page["events"]) <= limit
        found += [one["event_id"] for one in page["events"]]
        token = page.get("next_page_token")
        query = f"limit={limit}&page_token={token}" if token else ""
    assert len(set(found)) == len(found) == 4


def test_another_users_events_are_not_among_them(house: House) -> None:
    tenant = a_tenant()
    use(house, invite(house, tenant))
    other = house.person(tenant)
    assert of_user(house, tenant, other.user.user_id).json == {"events": []}


def test_an_erased_user_can_be_asked_about_as_long_as_events_are_kept(house: House) -> None:
    tenant = a_tenant()
    user_id = waiting(house, tenant).person.user.user_id
    ask(house, tenant, "DELETE_user", user_id=user_id)
    assert sorted(types(of_user(house, tenant, user_id))) == [
        "device.enrolled",
        "device.invited",
        "user.erased",
    ]


def test_a_foreign_user_is_answered_like_an_unknown_one(house: House) -> None:
    tenant, foreign = a_tenant(), a_tenant()
    user_id = invite(house, foreign)["user_id"]
    answers = [of_user(house, tenant, one) for one in (user_id, NOBODY["user_id"], "-", "x#y")]
    documents = [{**one.json, "correlation_id": ""} for one in answers]
    assert {failure(one) for one in answers} == {(404, "unknown_user")}
    assert all(document == documents[0] for document in documents)


def test_a_page_token_of_another_user_is_refused(house: House) -> None:
    tenant = a_tenant()
    one, other = (use(house, invite(house, tenant)).person.user.user_id for _ in range(2))
    token = of_user(house, tenant, one, "limit=1").json["next_page_token"]
    assert failure(of_user(house, tenant, other, f"page_token={token}")) == (400, "invalid_page_token")
    assert failure(elsewhere(house, tenant, f"page_token={token}")) == (400, "invalid_page_token")


@pytest.mark.parametrize(
    "place", [[], ["x"], ["x", "y"], ["x", 1, "y"], ["", "", ""], {}, "x", [["x"], "x", "x"]]
)
def test_what_we_did_not_write_is_no_page_token(house: House, place: object) -> None:
    token = base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")
    tenant = a_tenant()
    answers: list[Any] = [
        of_user(house, tenant, "usr_1", f"page_token={token}"),
        elsewhere(house, tenant, f"page_token={token}"),
    ]
    assert {failure(one) for one in answers} == {(400, "invalid_page_token")}


def test_what_happened_at_no_application_is_told_by_tenant(house: House) -> None:
    tenant = a_tenant()
    person = use(house, invite(house, tenant)).person
    sign_in(house, person, arrive(house, house.application(tenant)))
    house.clock.forward(60)
    invite(house, tenant)
    told = types(elsewhere(house, tenant))
    assert told[0] == "device.invited"
    assert sorted(told) == ["device.enrolled", "device.invited", "device.invited"]
    assert types(elsewhere(house, a_tenant())) == []


def test_pages_of_what_happened_at_no_application_go_on_where_they_ended(house: House) -> None:
    tenant = a_tenant()
    for _ in range(3):
        house.clock.forward(1)
        invite(house, tenant, ttl_seconds=WEEK)
    first = elsewhere(house, tenant, "limit=2").json
    rest = elsewhere(house, tenant, f"limit=2&page_token={first['next_page_token']}").json
    assert len({one["event_id"] for one in (*first["events"], *rest["events"])}) == 3
    assert "next_page_token" not in rest

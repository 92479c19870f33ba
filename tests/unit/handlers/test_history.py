"""What an administrator is told of what happened at an application."""

import base64
import json
from typing import Any

import pytest

from functions.connect import handler as connect
from passwordless.model.applications import Application
from tests.acts import remove
from tests.calls import Answer, call
from tests.house import House
from tests.sign_in import arrive, sign_in
from tests.told import failure


def listed(house: House, application: Application | str, query: str = "") -> Answer:
    """Ask as an administrator of acme what happened."""
    given = application if isinstance(application, str) else application.application_id
    return call(
        house,
        connect.handler,
        "GET_events",
        pathParameters={"application_id": given},
        rawQueryString=query,
    )


def after_logins(house: House, count: int = 1) -> Application:
    """Return an application at which logins succeeded, a minute apart."""
    application = house.application()
    for _ in range(count):
        sign_in(house, house.person(), arrive(house, application))
        house.clock.forward(60)
    return application


def pages(house: House, application: Application, limit: int) -> list[list[dict[str, Any]]]:
    """Return all pages."""
    found, query = [], f"limit={limit}"
    while query:
        body = listed(house, application, query).json
        found.append(body["events"])
        token = body.get("next_page_token")
        query = f"limit={limit}&page_token={token}" if token else ""
    return found


def test_events_come_with_the_newest_first_and_say_who_and_when(house: House) -> None:
    application = house.application()
    person, begun = house.person(), house.wiring.now_utc
    browser = arrive(house, application)
    sign_in(house, person, browser)

    told = listed(house, application).json["events"]

    assert {one["type"] for one in told} == {"login.started", "login.approved", "login.completed"}
    newest = next(one for one in told if one["type"] == "login.completed")
    assert newest["at"] == f"{begun:%Y-%m-%dT%H:%M:%SZ}"
    assert (newest["user_id"], newest["session_id"]) == (person.user.user_id, browser.session.session_id)
    assert {one["reference"] for one in told} == {browser.session.correlation_id}
    assert newest["application_id"] == application.application_id
    assert {"tenant", "ttl", "pk", "sk", "by_user"}.isdisjoint(newest)


def test_a_login_that_begins_says_from_where_and_not_yet_who(house: House) -> None:
    application = house.application()
    arrive(house, application, ip="203.0.113.77")
    (begun,) = listed(house, application).json["events"]
    assert (begun["type"], begun["ip"]) == ("login.started", "203.0.113.77")
    assert {"user_id", "device_id", "actor"}.isdisjoint(begun)


def test_an_application_that_was_removed_can_still_be_asked_about(house: House) -> None:
    application = after_logins(house)
    remove(house, application)
    assert len(listed(house, application).json["events"]) == 3


def test_what_happened_at_no_application_is_not_an_applications(house: House) -> None:
    assert failure(listed(house, "-")) == (404, "unknown_application")


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 100])
def test_pages_hold_every_event_once_in_one_order(house: House, limit: int) -> None:
    application = after_logins(house, 2)
    found = pages(house, application, limit)
    told = [one for page in found for one in page]
    assert len({one["event_id"] for one in told}) == len(told) == 6
    assert [one["at"] for one in told] == sorted((one["at"] for one in told), reverse=True)
    assert all(len(page) <= limit for page in found)


def test_an_application_at_which_nothing_happened_has_no_events(house: House) -> None:
    assert listed(house, house.application()).json == {"events": []}


def test_a_foreign_application_is_answered_like_an_unknown_one(house: House) -> None:
    foreign = house.application("globex")
    arrive(house, foreign)
    answers = [listed(house, foreign), listed(house, "app_aaaaaaaaaaaaaaaaaaaa"), listed(house, "x#y")]
    documents = [{**one.json, "correlation_id": ""} for one in answers]
    assert {failure(one) for one in answers} == {(404, "unknown_application")}
    assert all(document == documents[0] for document in documents)


def test_a_page_token_of_another_application_is_refused(house: House) -> None:
    application, other = after_logins(house), house.application()
    token = listed(house, application, "limit=1").json["next_page_token"]
    answer = listed(house, other, f"page_token={token}")
    assert failure(answer) == (400, "invalid_page_token")


@pytest.mark.parametrize("place", [[], ["x"], [1, "x"], ["", ""], {}, None, "x", [["x"], "x"]])
def test_what_we_did_not_write_is_no_page_token(house: House, place: object) -> None:
    token = base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")
    answer = listed(house, house.application(), f"page_token={token}")
    assert failure(answer) == (400, "invalid_page_token")


@pytest.mark.parametrize("limit", ["0", "101", "ten", "-1"])
def test_a_limit_out_of_bounds_is_refused(house: House, limit: str) -> None:
    assert failure(listed(house, house.application(), f"limit={limit}")) == (400, "invalid_limit")

"""How many logins of an application began, and how they went, by day."""

from collections.abc import Callable
from typing import Any

import pytest

from functions.connect import handler as connect
from local.phone_simulator.proofs import Decision
from passwordless.admin import Admin
from passwordless.administration.activity import activity
from passwordless.model.applications import Application
from passwordless.model.events import Event, EventType
from passwordless.model.tokens import identifier
from tests.acts import disable, remove
from tests.calls import Answer, call, complete, post_json
from tests.house import House
from tests.sign_in import arrive, authn_request, by_redirect, scan, sign_in
from tests.told import failure
from tests.unit.saml.builders import sign_redirect

NOTHING = {"started": 0, "approved": 0, "declined": 0, "failed": 0}
DAY = 86400


def asked(house: House, application: Application | str, query: str = "") -> Answer:
    """Ask as an administrator of acme."""
    given = application if isinstance(application, str) else application.application_id
    return call(
        house,
        connect.handler,
        "GET_activity",
        pathParameters={"application_id": given},
        rawQueryString=query,
    )


def today(house: House, application: Application) -> dict[str, int]:
    """Return the counts of the last day."""
    *_, last = asked(house, application).json["days"]
    assert last.pop("date") == f"{house.wiring.now_utc:%Y-%m-%d}"
    return dict(last)


def append(house: House, application: Application, kind: EventType, **details: str) -> None:
    """Append an event of an application as of now."""
    stores = house.wiring.stores
    event = Event(
        identifier("evt", house.wiring.randomness),
        kind,
        application.tenant,
        house.wiring.now,
        "REFERENCE",
        application.application_id,
        details=details,
    )
    assert not stores.commit(stores.events.putting(event))


def decide(decision: Decision) -> Callable[[House, Application], None]:
    def act(house: House, application: Application) -> None:
        person, browser = house.person(), arrive(house, application)
        body = house.verify_body(person, scan(house, person, browser), decision)
        assert post_json(house, "POST_verify", body).status == 200
        complete(house, browser)

    return act


def succeed(house: House, application: Application) -> None:
    sign_in(house, house.person(), arrive(house, application))


def abandon(house: House, application: Application) -> None:
    arrive(house, application)


def expire(house: House, application: Application) -> None:
    browser = arrive(house, application)
    house.clock.forward(601)
    assert complete(house, browser).status == 200


def be_refused(house: House, application: Application) -> None:
    person, browser = house.person(), arrive(house, application)
    scanned = scan(house, person, browser)
    disable(house, person)
    post_json(house, "POST_verify", house.verify_body(person, scanned))
    complete(house, browser)


def ask_the_impossible(house: House, application: Application) -> None:
    xml = authn_request(house, application, attributes='IsPassive="true"')
    answer = by_redirect(house, application.application_id, sign_redirect(xml))
    assert answer.status == 200, answer.body


ENDS: dict[str, tuple[Callable[[House, Application], None], dict[str, int]]] = {
    "it succeeds": (succeed, {"started": 1, "approved": 1}),
    "nobody finishes it": (abandon, {"started": 1}),
    "it is denied and goes back": (decide(Decision.DENY), {"started": 1, "declined": 1}),
    "it is reported and goes back": (decide(Decision.REPORT), {"started": 1, "declined": 1}),
    "policy refuses it and it goes back": (be_refused, {"started": 1, "failed": 1}),
    "it expires and goes back": (expire, {"started": 1, "failed": 1}),
    "no login can answer it": (ask_the_impossible, {"failed": 1}),
}


@pytest.mark.parametrize(("act", "counts"), ENDS.values(), ids=ENDS)
def test_a_login_counts_once_by_how_it_went(
    house: House, act: Callable[[House, Application], None], counts: dict[str, int]
) -> None:
    application = house.application()
    act(house, application)
    assert today(house, application) == NOTHING | counts


def test_days_are_told_without_gaps_and_the_oldest_first(house: House) -> None:
    application = house.application()
    append(house, application, EventType.LOGIN_STARTED)
    house.clock.forward(2 * DAY)
    append(house, application, EventType.LOGIN_STARTED)
    append(house, application, EventType.LOGIN_APPROVED)

    told = asked(house, application, "days=4").json

    now = house.wiring.now_utc
    assert [day["date"] for day in told["days"]] == [
        f"{now.replace(day=now.day - back):%Y-%m-%d}" for back in (3, 2, 1, 0)
    ]
    assert [(day["started"], day["approved"]) for day in told["days"]] == [(0, 0), (1, 0), (0, 0), (1, 1)]
    assert told["complete"] is True


def test_a_day_begins_at_midnight_in_utc(house: House) -> None:
    application = house.application()
    house.clock.forward(DAY - house.wiring.now % DAY - 1)
    append(house, application, EventType.LOGIN_STARTED)
    house.clock.forward(1)
    append(house, application, EventType.LOGIN_APPROVED)
    before, after = asked(house, application, "days=2").json["days"]
    assert (before["started"], before["approved"]) == (1, 0)
    assert (after["started"], after["approved"]) == (0, 1)


def test_what_is_older_than_the_days_is_not_read(house: House) -> None:
    application = house.application()
    append(house, application, EventType.LOGIN_STARTED)
    house.clock.forward(DAY)
    assert asked(house, application, "days=1").json["days"] == [
        {"date": f"{house.wiring.now_utc:%Y-%m-%d}", **NOTHING}
    ]


def test_fourteen_days_are_told_if_nothing_is_said(house: House) -> None:
    application = house.application()
    assert len(asked(house, application).json["days"]) == 14
    assert len(asked(house, application, "days=31").json["days"]) == 31


def test_more_events_than_are_read_are_said_to_be_more_with_the_newest_days_right(house: House) -> None:
    application = house.application()
    for _ in range(3):
        append(house, application, EventType.LOGIN_STARTED)
    house.clock.forward(DAY)
    for _ in range(2):
        append(house, application, EventType.LOGIN_APPROVED)
    admin = Admin(application.tenant, "admin", frozenset())
    told = activity(house.wiring, admin, application.application_id, "days=2", most=4, at_once=2)
    older, newest = told.days
    assert (newest.approved, older.started, told.complete) == (2, 2, False)


@pytest.mark.parametrize("days", ["0", "32", "-1", "1.5", "ten", "٣", "1e1", "007", ""])
def test_a_number_of_days_out_of_bounds_is_refused(house: House, days: str) -> None:
    assert failure(asked(house, house.application(), f"days={days}")) == (400, "invalid_days")


def test_a_foreign_application_is_answered_like_an_unknown_one(house: House) -> None:
    foreign = house.application("globex")
    abandon(house, foreign)
    removed = house.application()
    remove(house, removed)
    answers = [asked(house, one) for one in (foreign, removed, "app_aaaaaaaaaaaaaaaaaaaa", "-")]
    documents: list[Any] = [{**one.json, "correlation_id": ""} for one in answers]
    assert {failure(one) for one in answers} == {(404, "unknown_application")}
    assert all(document == documents[0] for document in documents)

"""S06: whoever or whatever is no longer allowed ends the login at its next step, before any signature."""

from collections.abc import Callable

import pytest

from passwordless.model.applications import Application
from passwordless.model.sessions import Status
from tests.acts import disable, disconnect, narrow, remove, revoke
from tests.calls import complete, poll_session, post_json
from tests.house import House, Person
from tests.sign_in import approve, open_page, scan, sign_in
from tests.told import failure, found, response, status_codes
from tests.witness import Witness, events_of, just_before_the_write, nothing_written

type Act = Callable[[House, Person, Application], None]

ACTS: dict[str, tuple[Act, str, str]] = {
    "the phone is revoked": (
        lambda house, person, _: revoke(house, person),
        "device",
        "This phone may not sign in",
    ),
    "the user is disabled": (
        lambda house, person, _: disable(house, person),
        "user",
        "Your account may not sign in",
    ),
    "the rollout is narrowed": (lambda house, _, to: narrow(house, to), "rollout", "not open to you"),
    "the application is disconnected": (
        lambda house, _, to: disconnect(house, to),
        "rollout",
        "not open to you",
    ),
    "the application is deleted": (lambda house, _, to: remove(house, to), "rollout", "not open to you"),
}
cases = pytest.mark.parametrize(("act", "reason", "words"), ACTS.values(), ids=ACTS)


@cases
def test_between_scan_and_approval(house: House, act: Act, reason: str, words: str) -> None:
    application, person = house.application(), house.person()
    browser, witness = house.browser(application), Witness.of(house)
    told = scan(house, person, browser)
    act(house, person, application)

    answer = post_json(house, "POST_verify", house.verify_body(person, told))

    assert failure(answer) in {(403, "login_refused"), (403, "device_inactive")}
    assert (house.stored(browser).status, house.stored(browser).refusal) == (Status.REFUSED, reason)
    assert words in open_page(house, browser.session.session_id, browser.cookies).body
    assert witness.signatures == 0


@cases
def test_between_approval_and_completion(house: House, act: Act, reason: str, words: str) -> None:
    application, person = house.application(), house.person()
    browser, witness = house.browser(application), Witness.of(house)
    approve(house, person, browser)
    act(house, person, application)

    answer = complete(house, browser)

    assert (answer.status, answer.headers["location"]) == (303, f"/login/{browser.session.session_id}")
    assert (house.stored(browser).status, house.stored(browser).refusal) == (Status.REFUSED, reason)
    assert words in open_page(house, browser.session.session_id, browser.cookies).body
    assert words in poll_session(house, browser).json["message"]
    assert witness.signatures == 0


@pytest.mark.parametrize("case", [case for case in ACTS if case != "the phone is revoked"])
def test_between_the_request_and_the_scan(house: House, case: str) -> None:
    act, reason, _ = ACTS[case]
    application, person = house.application(), house.person()
    browser, witness = house.browser(application), Witness.of(house)
    act(house, person, application)

    told = scan(house, person, browser)
    answer = post_json(house, "POST_verify", house.verify_body(person, told))

    assert failure(answer) == (403, "login_refused")
    assert (house.stored(browser).status, house.stored(browser).refusal) == (Status.REFUSED, reason)
    assert witness.signatures == 0


@cases
def test_between_the_look_and_the_write_of_the_approval(
    house: House, act: Act, reason: str, words: str
) -> None:
    application, person = house.application(), house.person()
    browser, witness = house.browser(application), Witness.of(house)
    body = house.verify_body(person, scan(house, person, browser))

    with just_before_the_write(house, lambda: act(house, person, application)):
        answer = post_json(house, "POST_verify", body)

    assert failure(answer) == (403, "login_refused")
    assert (house.stored(browser).status, house.stored(browser).refusal) == (Status.REFUSED, reason)
    assert words in poll_session(house, browser).json["message"]
    assert witness.signatures == 0


@cases
def test_between_the_look_and_the_write_of_the_completion(
    house: House, act: Act, reason: str, words: str
) -> None:
    application, person = house.application(), house.person()
    browser, witness = house.browser(application), Witness.of(house)
    approve(house, person, browser)

    with just_before_the_write(house, lambda: act(house, person, application)):
        answer = complete(house, browser)

    assert answer.status == 303
    assert (house.stored(browser).status, house.stored(browser).refusal) == (Status.REFUSED, reason)
    assert words in poll_session(house, browser).json["message"]
    assert witness.signatures == 0


def test_a_phone_that_is_revoked_before_it_scans_leaves_the_login_to_others(house: House) -> None:
    browser, revoked, person = house.browser(house.application()), house.person(), house.person()
    revoke(house, revoked)
    with nothing_written(house, browser):
        answer = post_json(house, "POST_scan", house.scan_body(revoked, browser))
    assert failure(answer) == (403, "device_inactive")
    assert sign_in(house, person, browser).status == 200


def test_a_refusal_leaves_one_event_with_its_reason(house: House) -> None:
    application, person = house.application(), house.person()
    browser = house.browser(application)
    approve(house, person, browser)
    disable(house, person)
    for _ in range(2):
        complete(house, browser)
    refused = [e for e in events_of(house, application.application_id) if e["type"] == "login.refused"]
    assert [event["details"] for event in refused] == [{"reason": {"S": "user"}}]


def test_a_refused_login_returns_to_the_application_without_an_assertion(house: House) -> None:
    application, person = house.application(), house.person()
    browser = house.browser(application)
    approve(house, person, browser)
    narrow(house, application)
    complete(house, browser)

    root = response(complete(house, browser))

    assert status_codes(root) == ["Responder", "RequestDenied"]
    assert found(root, "//a:Assertion") == []


def test_an_approval_is_refused_for_ever_even_if_the_user_is_enabled_again(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    told = scan(house, person, browser)
    revoke(house, person)
    post_json(house, "POST_verify", house.verify_body(person, told))
    with nothing_written(house, browser):
        answer = post_json(house, "POST_verify", house.verify_body(person, told))
    assert failure(answer) == (409, "already_decided")

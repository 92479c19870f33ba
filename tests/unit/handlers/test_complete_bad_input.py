"""Nobody finishes too early, too late, too often or in another browser's place."""

import base64
from urllib.parse import urlencode

import pytest

from functions.sso import handler as sso
from local.phone_simulator.proofs import Decision
from tests.calls import Answer, call, complete, cookie_lines, poll_session, post_json
from tests.house import House
from tests.logins import strangers
from tests.sign_in import approve, press_restart, scan, sign_in
from tests.told import apart_from_its_reference, failure
from tests.witness import Witness, nothing_written


@pytest.mark.parametrize("state", ["pending", "scanned", "started over"])
def test_nothing_is_finished_before_the_approval(house: House, state: str) -> None:
    browser, person = house.browser(house.application()), house.person()
    if state != "pending":
        scan(house, person, browser)
    if state == "started over":
        press_restart(house, browser)
    witness = Witness.of(house)
    with nothing_written(house, browser):
        answer = complete(house, browser)
    assert failure(answer) == (409, "not_approved")
    assert witness.signatures == 0


def test_the_third_repetition_is_refused(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    sign_in(house, person, browser)
    for _ in range(2):
        complete(house, browser)
    witness = Witness.of(house)
    with nothing_written(house, browser):
        answer = complete(house, browser)
    assert failure(answer) == (409, "already_finished")
    assert (answer.body.count("SAMLResponse"), witness.signatures) == (0, 0)


def test_a_repetition_after_a_minute_is_refused(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    sign_in(house, person, browser)
    house.clock.forward(60)
    with nothing_written(house, browser):
        answer = complete(house, browser)
    assert failure(answer) == (409, "already_finished")


def post(house: House, application_id: str, session_id: str, cookies: dict[str, str]) -> Answer:
    return call(
        house,
        sso.handler,
        "POST_complete",
        pathParameters={"application_id": application_id},
        cookies=cookie_lines(cookies),
        body=urlencode({"session_id": session_id}),
        isBase64Encoded=False,
    )


def test_finishing_without_the_right_cookie_is_answered_as_for_an_unknown_login(house: House) -> None:
    application, person = house.application(), house.person()
    browser, other = house.browser(application), house.browser(application)
    approve(house, person, browser)
    witness = Witness.of(house)

    with nothing_written(house, browser):
        answers = {
            case: post(house, application.application_id, *stranger)
            for case, stranger in strangers(browser, other).items()
        }

    assert {case: failure(answer) for case, answer in answers.items()} == dict.fromkeys(
        answers, (404, "unknown_session")
    )
    assert len({str(apart_from_its_reference(answer)) for answer in answers.values()}) == 1
    assert witness.signatures == 0


def test_a_login_is_finished_at_its_own_application_only(house: House) -> None:
    browser, person, other = house.browser(house.application()), house.person(), house.application()
    approve(house, person, browser)
    with nothing_written(house, browser):
        answer = complete(house, browser, application_id=other.application_id)
    assert failure(answer) == (404, "unknown_session")


@pytest.mark.parametrize("body", [b"", b"session_id", b"session_id=a&session_id=b", b"\xff=1", b"a=1&" * 30])
def test_a_form_that_names_no_login_is_refused(house: House, body: bytes) -> None:
    browser = house.browser(house.application())
    form = {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    path = {"application_id": browser.session.application_id}
    with nothing_written(house, browser):
        answer = call(
            house,
            sso.handler,
            "POST_complete",
            pathParameters=path,
            cookies=cookie_lines(browser.cookies),
            **form,
        )
    assert failure(answer) in {(404, "unknown_session"), (400, "malformed_form")}


def test_a_decision_after_the_end_changes_nothing(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    told = scan(house, person, browser)
    post_json(house, "POST_verify", house.verify_body(person, told))
    complete(house, browser)
    house.clock.forward(1)
    with nothing_written(house, browser):
        answer = post_json(house, "POST_verify", house.verify_body(person, told, Decision.DENY))
    assert failure(answer) == (409, "already_decided")
    assert poll_session(house, browser).json["status"] == "completed"

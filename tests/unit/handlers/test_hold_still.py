"""Codes that are held still for people who need it (WCAG 2.2, 2.2.2): slow, dead later, and never mixed up."""

import pytest

from passwordless.phone.frames import Motion
from tests.calls import poll_session, post_json
from tests.house import House
from tests.sign_in import arrive
from tests.told import failure
from tests.two_places import ELSEWHERE, NEXT_DOOR, approve_from, scan_from
from tests.witness import events_of


def test_a_held_code_changes_every_thirty_seconds(house: House) -> None:
    browser, codes = house.browser(house.application()), []
    for _ in range(8):
        codes.append(poll_session(house, browser, rawQueryString="hold=1").json["qr_svg"])
        house.clock.forward(10)
    assert [codes[n] == codes[n + 1] for n in range(7)] == [True, True, False, True, True, False, True]


def test_a_held_code_that_the_page_shows_already_is_not_sent_again(house: House) -> None:
    browser = house.browser(house.application())
    house.clock.forward(29)
    assert "qr_svg" not in poll_session(house, browser, rawQueryString="hold=1&frame=0").json
    house.clock.forward(1)
    assert poll_session(house, browser, rawQueryString="hold=1&frame=0").json["frame"] == 1


@pytest.mark.parametrize("query", ["hold=0", "hold=", "hold=yes", "hold=1&hold=0", "holdon=1", ""])
def test_whoever_does_not_ask_for_it_gets_the_moving_code(house: House, query: str) -> None:
    browser = house.browser(house.application())
    house.clock.forward(7)
    assert poll_session(house, browser, rawQueryString=query).json["frame"] == 1


@pytest.mark.parametrize(("motion", "dead_after"), [(Motion.MOVING, 15), (Motion.STILL, 45)])
def test_a_screenshot_of_a_code_is_dead_after_its_time(house: House, motion: Motion, dead_after: int) -> None:
    """Whether it was printed, mailed or photographed."""
    browser, person = arrive(house, house.application()), house.person()
    token = house.token(browser, motion)
    house.clock.forward(dead_after - 1)
    assert post_json(house, "POST_scan", house.scan_body(person, browser, token=token)).status == 200
    house.clock.forward(1)
    answer = post_json(house, "POST_scan", house.scan_body(person, browser, token=token))
    assert failure(answer) == (410, "code_expired")


def test_a_held_code_counts_as_riskier(house: House) -> None:
    application, person = house.application(), house.person()
    browser = arrive(house, application)
    house.clock.forward(20)
    assert scan_from(house, person, browser, NEXT_DOOR, Motion.STILL)["step_up"] is True
    answer = approve_from(house, person, browser, ELSEWHERE, motion=Motion.STILL)
    assert "code" in answer.json
    (left,) = events_of(house, application.application_id, kind="login.approved")
    assert left["details"]["signals"] == {"S": "other_network unknown_browser held_still old_frame"}

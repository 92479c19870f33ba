"""S12: a code that reached the phone by a link, and not in the login's own browser, is not approved just like that."""

from typing import Any

import pytest

from local.phone_simulator.proofs import ABSENT
from passwordless.model.policies import Policy
from passwordless.model.sessions import Status
from tests.calls import complete, poll_session, post_json
from tests.house import House
from tests.told import failure, response, status_codes
from tests.two_places import BLOCK, NEXT_DOOR, OFF, STEP_UP, approve_from, scan_from
from tests.witness import events_of

BY_LINK: dict[str, dict[str, Any]] = {
    "the app says so": {"via": "link"},
    "the app does not say": {"claims": {"via": ABSENT}},
}
ways = pytest.mark.parametrize("signed", BY_LINK.values(), ids=BY_LINK)


@ways
@pytest.mark.parametrize("policy", [OFF, STEP_UP], ids=["off", "step up"])
def test_a_link_needs_a_code_whatever_the_policy_says(
    house: House, policy: Policy, signed: dict[str, Any]
) -> None:
    """Even where phone and browser are in one network."""
    browser, person = house.browser(house.application(policy=policy)), house.person()

    answer = approve_from(house, person, browser, NEXT_DOOR, **signed)

    assert (answer.status, answer.json["status"]) == (200, "approved")
    assert poll_session(house, browser).json["code_required"] is True
    assert complete(house, browser).status == 303
    root = response(complete(house, browser, code=answer.json["code"]))
    assert status_codes(root) == ["Success"]


@ways
def test_a_link_ends_the_login_where_the_policy_blocks(house: House, signed: dict[str, Any]) -> None:
    application = house.application(policy=BLOCK)
    browser, person = house.browser(application), house.person()

    answer = approve_from(house, person, browser, NEXT_DOOR, **signed)

    assert failure(answer) == (403, "login_blocked")
    assert (house.stored(browser).status, house.stored(browser).refusal) == (Status.REFUSED, "risk")
    assert "got the code in an unusual way" in poll_session(house, browser).json["message"]
    (left,) = events_of(house, application.application_id)
    assert left["details"]["signals"] == {"S": "unknown_browser link"}


def test_the_phone_is_told_at_the_scan_that_a_code_is_to_be_expected(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    assert scan_from(house, person, browser, NEXT_DOOR, via="link")["step_up"] is True
    assert scan_from(house, person, browser, NEXT_DOOR, via="camera")["step_up"] is False


def test_the_camera_beside_the_browser_needs_no_code(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    answer = approve_from(house, person, browser, NEXT_DOOR, via="camera")
    assert answer.json == {"status": "approved"}
    assert "code_required" not in poll_session(house, browser).json


def test_a_way_that_does_not_exist_is_refused(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    body = house.scan_body(person, browser, via="telepathy")
    assert failure(post_json(house, "POST_scan", body)) == (400, "malformed_proof")

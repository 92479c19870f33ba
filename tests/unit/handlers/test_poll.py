"""The login page asks how its login stands; only its own browser is told."""

import pytest

from functions.poll import handler as poll
from passwordless.model.pace import BURST
from passwordless.model.polling import jittered
from passwordless.model.sessions import Status
from tests.acts import disable
from tests.calls import Answer, call, complete, cookie_lines, poll_session
from tests.house import House
from tests.logins import STATES, strangers
from tests.sign_in import approve, press_restart, scan, sign_in
from tests.told import apart_from_its_reference, failure
from tests.witness import Witness, nothing_written


def test_a_pending_login_is_told_with_a_code(house: House) -> None:
    answer = poll_session(house, house.browser(house.application()), rawQueryString="")

    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store, no-cache"
    assert answer.json.keys() == {"status", "next_poll_ms", "frame", "qr_svg", "qr_path", "message"}
    assert (answer.json["status"], answer.json["frame"]) == ("pending", 0)
    assert answer.json["qr_svg"].startswith("<svg ")


def test_the_path_for_this_phone_is_what_the_code_leads_to(house: House) -> None:
    browser = house.browser(house.application())
    house.clock.forward(7)
    assert poll_session(house, browser).json["qr_path"] == f"/Q/{house.token(browser)}"


def test_a_code_that_the_page_shows_already_is_not_sent_again(house: House) -> None:
    browser = house.browser(house.application())
    shown = poll_session(house, browser, rawQueryString="frame=0").json
    house.clock.forward(5)
    later = poll_session(house, browser, rawQueryString="frame=0").json
    assert {"qr_svg", "qr_path"}.isdisjoint(shown)
    assert (later["frame"], "qr_svg" in later, "qr_path" in later) == (1, True, True)


@pytest.mark.parametrize(
    "query", ["frame=", "frame=x", "frame=0%00", "frame=-1", "&&&", "%", "frame=1&frame=0"]
)
def test_a_strange_frame_number_gets_the_code(house: House, query: str) -> None:
    answer = poll_session(house, house.browser(house.application()), rawQueryString=query)
    assert (answer.status, "qr_svg" in answer.json) == (200, True)


def test_the_code_changes_every_five_seconds(house: House) -> None:
    browser = house.browser(house.application())
    codes = []
    for _ in range(8):
        codes.append(poll_session(house, browser, rawQueryString="").json["qr_svg"])
        house.clock.forward(2.5)
    assert [codes[n] == codes[n + 1] for n in range(7)] == [True, False] * 3 + [True]
    assert len(set(codes)) == 4


@pytest.mark.parametrize("state", STATES)
def test_how_the_login_stands_is_told_without_a_code(house: House, state: str) -> None:
    browser, person = house.browser(house.application()), house.person()
    STATES[state](house, person, browser)

    with nothing_written(house, browser):
        told = poll_session(house, browser).json

    assert told["status"] == state
    assert told.keys() == {"status", "next_poll_ms", "message"}
    assert told["message"]


def test_a_login_that_policy_ended_is_told_with_its_reason(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    approve(house, person, browser)
    disable(house, person)
    assert complete(house, browser).headers["location"] == f"/login/{browser.session.session_id}"

    told = poll_session(house, browser).json

    assert (told["status"], told["next_poll_ms"]) == ("refused", 0)
    assert told["message"].startswith("Your account may not sign in.")


@pytest.mark.parametrize(
    ("age", "interval"), [(0, 2000), (29, 2000), (30, 3000), (89, 3000), (90, 5000), (599, 5000)]
)
def test_the_server_asks_for_fewer_polls_as_a_code_grows_old(house: House, age: int, interval: int) -> None:
    browser = house.browser(house.application())
    house.clock.forward(age)
    assert abs(poll_session(house, browser).json["next_poll_ms"] - interval) <= interval / 10


@pytest.mark.parametrize(("since", "interval"), [(0, 800), (14, 800), (15, 2000), (119, 2000)])
def test_the_server_asks_for_quick_polls_after_a_scan(house: House, since: int, interval: int) -> None:
    browser, person = house.browser(house.application()), house.person()
    scan(house, person, browser)
    house.clock.forward(since)
    assert abs(poll_session(house, browser).json["next_poll_ms"] - interval) <= interval / 10


@pytest.mark.parametrize("state", ["approved", "completed", "denied", "expired"])
def test_nobody_is_asked_to_poll_once_all_is_said(house: House, state: str) -> None:
    browser, person = house.browser(house.application()), house.person()
    STATES[state](house, person, browser)
    assert poll_session(house, browser).json["next_poll_ms"] == 0


def test_jitter_is_a_tenth_either_way() -> None:
    assert (jittered(2000, 0), jittered(2000, 255)) == (1800, 2200)


def test_a_scanned_login_that_is_not_decided_in_time_has_expired(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    scan(house, person, browser)
    house.clock.forward(119)
    assert poll_session(house, browser).json["status"] == "scanned"
    house.clock.forward(1)
    assert poll_session(house, browser).json["status"] == "expired"


def test_an_approved_login_that_is_not_finished_in_time_has_expired(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    approve(house, person, browser)
    house.clock.forward(120)
    assert poll_session(house, browser).json["status"] == "expired"


def test_no_step_makes_a_login_live_longer_than_ten_minutes(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    house.clock.forward(590)
    scan(house, person, browser)
    assert house.stored(browser).expires_at == browser.session.created_at + 600
    press_restart(house, browser)
    assert house.stored(browser).expires_at == browser.session.created_at + 600
    house.clock.forward(10)
    assert poll_session(house, browser).json["status"] == "expired"


def test_a_poll_reads_one_row_and_writes_nothing(house: House) -> None:
    browser, witness = house.browser(house.application()), Witness.of(house)
    poll_session(house, browser)
    assert witness.called == ["GetItem"]


def ask(house: House, session_id: str, cookies: dict[str, str]) -> Answer:
    path = {"session_id": session_id}
    return call(house, poll.handler, "GET_session", pathParameters=path, cookies=cookie_lines(cookies))


def test_a_poll_without_the_right_cookie_is_answered_as_one_for_an_unknown_login(house: House) -> None:
    application = house.application()
    browser, other = house.browser(application), house.browser(application)

    with nothing_written(house, browser):
        answers = {case: ask(house, *stranger) for case, stranger in strangers(browser, other).items()}

    assert {case: failure(answer) for case, answer in answers.items()} == dict.fromkeys(
        answers, (404, "unknown_session")
    )
    assert {answer.headers["content-type"] for answer in answers.values()} == {"application/problem+json"}
    assert len({str(apart_from_its_reference(answer)) for answer in answers.values()}) == 1


def test_a_completed_login_stays_completed_past_its_end(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    sign_in(house, person, browser)
    house.clock.forward(10_000)
    assert house.stored(browser).status_at(house.wiring.now) is Status.COMPLETED
    assert poll_session(house, browser).json["status"] == "completed"


def test_the_emulator_s_and_the_gateway_s_cookies_are_both_read(house: House) -> None:
    """AWS lists cookies beside the headers, the emulator leaves them in the header."""
    browser = house.browser(house.application())
    path = {"session_id": browser.session.session_id}
    header = {"cookie": "; ".join(["theme=dark", *cookie_lines(browser.cookies)])}
    answer = call(house, poll.handler, "GET_session", pathParameters=path, cookies=[], headers=header)
    assert answer.status == 200


class TestPace:
    def test_a_browser_that_asks_too_fast_is_told_how_long_to_wait(self, house: House) -> None:
        browser = house.browser(house.application())
        answers = [poll_session(house, browser) for _ in range(int(BURST) + 1)]

        assert [answer.status for answer in answers] == [200] * int(BURST) + [429]
        assert answers[-1].json["code"] == "polled_too_fast"
        assert answers[-1].headers["retry-after"] == "1"

    def test_a_browser_that_waited_as_told_is_answered(self, house: House) -> None:
        browser = house.browser(house.application())
        while (answer := poll_session(house, browser)).status == 200:
            pass
        house.clock.forward(float(answer.headers["retry-after"]))

        assert poll_session(house, browser).status == 200

    def test_a_stranger_without_the_cookie_slows_nobody_down(self, house: House) -> None:
        browser = house.browser(house.application())
        for _ in range(2 * int(BURST)):
            assert poll_session(house, browser, cookies={}).status == 404

        assert poll_session(house, browser).status == 200

"""A person signs out on a page of ours: the session ends, the applications are asked, a page tells how it went."""

from dataclasses import replace

import pytest

from passwordless.errors import Unavailable
from passwordless.login.browser_session import known
from passwordless.logout.ending import end
from passwordless.store.browser_sessions import BrowserSessions
from passwordless.web import SESSION_COOKIE, expired_cookie
from tests.house import House
from tests.logout_rounds import REFUSAL, end_session, sent, show_session, signs_out
from tests.parallel import at_once
from tests.participants import Joined, an_application, joined
from tests.single_sign_on import HOUR, come_again, kept, open_login
from tests.told import failure
from tests.witness import Witness, events_of, nothing_written, right_after_the_write

NOBODY = [{}, {SESSION_COOKIE: ""}, {SESSION_COOKIE: "somebody-else-s"}]


def test_the_page_of_a_session_offers_to_end_it_and_changes_nothing(house: House) -> None:
    before = joined(house, an_application(house))
    with nothing_written(house):
        page = show_session(house, before.cookies)
    assert (page.status, "You are signed in" in page.body) == (200, True)
    assert '<form method="post" action="/session/end">' in page.body


@pytest.mark.parametrize("cookies", NOBODY)
def test_without_a_session_it_says_that_nobody_is_signed_in(house: House, cookies: dict[str, str]) -> None:
    with nothing_written(house):
        pages = [show_session(house, cookies), end_session(house, cookies)]
    for page in pages:
        assert (page.status, "Nobody is signed in" in page.body) == (200, True)
        assert "<form" not in page.body


def test_a_session_that_ran_out_is_nobody_s(house: House) -> None:
    before = joined(house, an_application(house))
    house.clock.forward(HOUR)
    assert "Nobody is signed in" in show_session(house, before.cookies).body


def test_its_button_ends_the_session_and_asks_every_application(house: House) -> None:
    one, other = an_application(house, "Payroll"), an_application(house, "Wiki")
    before = joined(house, one, other)

    answer = end_session(house, before.cookies)
    assert kept(house, before.cookies) is None
    assert answer.cookies == (expired_cookie(SESSION_COOKIE),)

    for application in sorted((one, other), key=lambda each: each.application_id):
        asked = sent(house, application, answer)
        assert (asked.kind, asked.url) == ("LogoutRequest", application.sp.slo_url)
        answer = signs_out(house, application, asked)
    assert (answer.status, "Signed out" in answer.body) == (200, True)
    assert "SAML" not in answer.body
    for name in ("Payroll", "Wiki"):
        assert name in answer.body
    assert "did not confirm" not in answer.body


def test_the_first_way_out_of_our_form_is_a_page_and_no_redirect(house: House) -> None:
    """S21: Chromium holds the redirects that follow a post against our own form-action."""
    answer = end_session(house, joined(house, an_application(house)).cookies)
    assert (answer.status, "location" in answer.headers) == (200, False)
    assert 'http-equiv="refresh"' in answer.body


def test_it_is_a_page_too_where_another_application_cannot_be_asked(house: House) -> None:
    one, other = an_application(house, "Payroll"), an_application(house, "Wiki", slo_url=None)
    answer = end_session(house, joined(house, one, other).cookies)
    assert (answer.status, "location" in answer.headers) == (200, False)
    assert sent(house, one, answer).url == one.sp.slo_url


def test_the_page_tells_by_name_who_did_not_confirm(house: House) -> None:
    one, other = an_application(house, "Payroll"), an_application(house, "Wiki", slo_url=None)
    answer = end_session(house, joined(house, one, other).cookies)
    page = signs_out(house, one, sent(house, one, answer), code=REFUSAL)
    assert "You were also signed out" not in page.body
    for name in ("Payroll", "Wiki"):
        assert name in page.body
    assert "did not confirm it" in page.body


def test_after_it_the_next_login_needs_a_scan(house: House) -> None:
    application = an_application(house)
    before = joined(house, application)
    end_session(house, before.cookies)
    page = open_login(house, come_again(house, application), before.cookies)
    assert 'data-status="pending"' in page.body


def test_of_many_clicks_at_once_one_begins_a_round(house: House) -> None:
    before, witness = joined(house, an_application(house)), Witness.of(house)
    answers = at_once(lambda _: end_session(house, before.cookies), range(20))
    assert sum("refresh" in answer.body for answer in answers) == 1
    assert sum("Nobody is signed in" in answer.body for answer in answers) == 19
    assert witness.signatures == 1


def test_a_click_that_comes_too_late_takes_nothing_from_the_one_that_ended_the_session(house: House) -> None:
    """Both saw the session; the second finds it gone at the very moment at which the first has ended it."""
    before = joined(house, an_application(house))
    own = known(house.wiring, before.cookies)
    assert own is not None
    with right_after_the_write(house, lambda: end(house.wiring, (own.key,)), "DeleteItem"):
        answer = end_session(house, before.cookies)
    assert "refresh" in answer.body


def test_it_is_an_event_of_the_tenant(house: House) -> None:
    tenant = "quiet"
    before = a_tenant_s(house, tenant)
    end_session(house, before.cookies)
    (event,) = [one for one in events_of(house, None, tenant) if one["type"] == "logout.completed"]
    assert event["details"] == {"sessions": {"S": "1"}}


def a_tenant_s(house: House, tenant: str) -> Joined:
    """Sign a person of another tenant in."""
    return joined(house, an_application(house, tenant=tenant))


def test_a_session_that_could_not_end_is_said_to_be_there_still(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = joined(house, an_application(house))

    def broken(*_: object) -> None:
        raise Unavailable("store_unavailable", "Our database did not answer.", retry_after=2)

    monkeypatch.setattr(BrowserSessions, "end", broken)
    answer = end_session(house, before.cookies)
    assert failure(answer) == (503, "store_unavailable")
    assert answer.cookies == ()
    assert kept(house, before.cookies) is not None


def test_an_application_of_another_tenant_is_neither_asked_nor_named(house: House) -> None:
    """A row that should never be: what was told of a session names an application of somebody else's."""
    before, foreign = (
        joined(house, an_application(house, "Payroll")),
        an_application(house, "Foreign", tenant="other"),
    )
    store, told = house.wiring.stores.browser_sessions, before.told[0]
    (honest,) = store.participations(before.applications[0].application_id, told.name_id)
    forged = replace(honest, application_id=foreign.application_id, session_index="_forged")
    assert not house.wiring.stores.commit(*store.participating(forged, house.wiring.now))

    answer = end_session(house, before.cookies)
    page = signs_out(house, before.applications[0], sent(house, before.applications[0], answer))
    assert "Foreign" not in page.body
    assert "Some applications did not confirm it" in page.body

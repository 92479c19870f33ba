"""S20: only our own page, in the browser that began the login, starts over or finishes, or signs out."""

from typing import Any

import pytest

from passwordless.model.sessions import Status
from tests.calls import complete
from tests.house import ORIGIN, House
from tests.logout_rounds import end_session
from tests.participants import an_application, joined
from tests.sign_in import (
    approve,
    arrive,
    authn_request,
    begun,
    by_post,
    by_redirect,
    new_cookies,
    press_restart,
    scan,
    sign_in,
)
from tests.single_sign_on import kept
from tests.told import failure, response, status_codes
from tests.unit.saml.builders import sign_post, sign_redirect
from tests.witness import Witness, nothing_written

FOREIGN: dict[str, dict[str, str]] = {
    "nothing said": {},
    "a foreign origin": {"origin": "https://evil.example.com"},
    "a sibling origin": {"origin": "http://evil.execute-api.localhost:4566"},
    "our host by another port": {"origin": "http://abcdef12.execute-api.localhost:4567"},
    "our host by another scheme": {"origin": "https://abcdef12.execute-api.localhost:4566"},
    "our origin with a path": {"origin": f"{ORIGIN}/"},
    "our origin as a beginning": {"origin": f"{ORIGIN}.evil.example.com"},
    "no origin to tell": {"origin": "null"},
    "another site": {"sec-fetch-site": "cross-site", "origin": "https://evil.example.com"},
    "a sibling site": {"sec-fetch-site": "same-site", "origin": "https://evil.localhost"},
    "the address bar": {"sec-fetch-site": "none"},
    "another site that claims our origin": {"sec-fetch-site": "cross-site", "origin": ORIGIN},
    "an empty word": {"sec-fetch-site": "", "origin": ORIGIN},
}
OWN: dict[str, dict[str, str]] = {
    "same origin": {"sec-fetch-site": "same-origin"},
    "same origin without a name": {"sec-fetch-site": "same-origin", "origin": "null"},
    "an older browser": {"origin": ORIGIN},
}


def only(headers: dict[str, str]) -> dict[str, Any]:
    """Return these headers in place of those by which the event says that it comes from our own page."""
    return {"headers": {"sec-fetch-site": None, "origin": None} | headers}


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
def test_another_page_cannot_finish_a_login(house: House, headers: dict[str, str]) -> None:
    browser, person = house.browser(house.application()), house.person()
    approve(house, person, browser)
    witness = Witness.of(house)
    with nothing_written(house, browser):
        answer = complete(house, browser, **only(headers))
    assert failure(answer) == (403, "foreign_origin")
    assert (witness.signatures, "SAMLResponse" in answer.body) == (0, False)


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
def test_another_page_cannot_start_a_login_over(house: House, headers: dict[str, str]) -> None:
    browser, person = house.browser(house.application()), house.person()
    scan(house, person, browser)
    with nothing_written(house, browser):
        answer = press_restart(house, browser, **only(headers))
    assert failure(answer) == (403, "foreign_origin")


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
def test_another_page_cannot_sign_somebody_out(house: House, headers: dict[str, str]) -> None:
    before, witness = joined(house, an_application(house)), Witness.of(house)
    with nothing_written(house):
        answer = end_session(house, before.cookies, **only(headers))
    assert failure(answer) == (403, "foreign_origin")
    assert (witness.signatures, kept(house, before.cookies) is None) == (0, False)


@pytest.mark.parametrize("headers", OWN.values(), ids=OWN)
def test_our_own_page_signs_somebody_out(house: House, headers: dict[str, str]) -> None:
    before = joined(house, an_application(house))
    assert end_session(house, before.cookies, **only(headers)).status == 200
    assert kept(house, before.cookies) is None


@pytest.mark.parametrize("headers", OWN.values(), ids=OWN)
def test_our_own_page_starts_over_and_finishes(house: House, headers: dict[str, str]) -> None:
    browser, person = house.browser(house.application()), house.person()
    assert press_restart(house, browser, **only(headers)).status == 303
    approve(house, person, browser)
    assert complete(house, browser, **only(headers)).status == 200


def test_another_page_is_refused_before_anything_is_read(house: House) -> None:
    browser, witness = house.browser(house.application()), Witness.of(house)
    complete(house, browser, cookies={}, **only(FOREIGN["another site"]))
    assert witness.called == []


def test_two_tabs_by_redirect_and_by_post_both_finish(house: House) -> None:
    application, person = house.application(), house.person()
    first = arrive(house, application)
    posted = by_post(house, application.application_id, sign_post(authn_request(house, application)))
    second = begun(house, posted)
    cookies = first.cookies | second.cookies

    for tab in (second, first):
        approve(house, person, tab)
        assert status_codes(response(complete(house, tab, cookies=cookies))) == ["Success"]


def test_a_second_tab_does_not_take_the_first_one_s_cookie(house: House) -> None:
    application = house.application()
    first = arrive(house, application)
    query = sign_redirect(authn_request(house, application))
    answer = by_redirect(house, application.application_id, query, first.cookies)
    assert first.cookies.keys().isdisjoint(line.split("=")[0] for line in answer.cookies)
    assert len(new_cookies(answer)) == 1


def test_one_tab_s_end_leaves_the_other_open(house: House) -> None:
    application, person = house.application(), house.person()
    first, second = arrive(house, application), arrive(house, application)
    sign_in(house, person, first)
    assert house.stored(second).status is Status.PENDING

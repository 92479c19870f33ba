"""S24: a login begins here only where allowed, by a button on our page, and ends only where the application agreed."""

from typing import Any
from urllib.parse import urlencode

import pytest

from passwordless.model.applications import Application
from passwordless.model.policies import Policy
from tests.acts import remove
from tests.calls import OWN_PAGE
from tests.house import Browser, House
from tests.sign_in import begun, open_page, sign_in
from tests.single_sign_on import lasting, start_page
from tests.told import failure, found, response, status_codes
from tests.witness import Witness, nothing_written

AGREED = "https://app.example.com/start"
FOREIGN_PAGES: dict[str, dict[str, str | None]] = {
    "another site": {"sec-fetch-site": "cross-site", "origin": "https://evil.example.com"},
    "a sibling": {"sec-fetch-site": "same-site", "origin": "http://other.localhost"},
    "typed in": {"sec-fetch-site": "none"},
    "no word": {"sec-fetch-site": None, "origin": None},
    "an old browser elsewhere": {"sec-fetch-site": None, "origin": "https://evil.example.com"},
}


def startable(house: House, relay_state: str | None = None) -> Application:
    """Store an application that lets logins begin here."""
    return lasting(house, policy=Policy(idp_initiated=True, relay_state=relay_state))


def start(house: House, application: Application, **changes: Any) -> Browser:
    """Press the button."""
    return begun(house, start_page(house, application, "POST", **changes))


def test_the_page_has_one_button_and_writes_nothing(house: House) -> None:
    application = startable(house)
    with nothing_written(house):
        page = start_page(house, application, "GET")
    assert page.status == 200
    assert f'<form method="post" action="/saml/{application.application_id}/start">' in page.body
    assert page.cookies == ()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_it_is_off_unless_the_application_allows_it(house: House, method: str) -> None:
    application = house.application()
    with nothing_written(house):
        assert failure(start_page(house, application, method)) == (403, "idp_initiated_off")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_application_starts_nothing(house: House, method: str) -> None:
    application = startable(house)
    remove(house, application)
    assert failure(start_page(house, application, method)) == (404, "unknown_application")


@pytest.mark.parametrize("page", FOREIGN_PAGES)
def test_no_other_page_begins_a_login(house: House, page: str) -> None:
    application = startable(house)
    with nothing_written(house):
        answer = start_page(house, application, "POST", headers=FOREIGN_PAGES[page])
    assert failure(answer) == (403, "foreign_origin")


def test_the_response_is_unsolicited_and_goes_to_the_default_acs(house: House) -> None:
    application, person, witness = startable(house), house.person(), Witness.of(house)
    browser = start(house, application)

    answer = sign_in(house, person, browser)
    root = response(answer)

    assert status_codes(root) == ["Success"]
    assert found(root, "//@InResponseTo") == []
    assert found(root, "/p:Response/@Destination") == [application.sp.acs_urls[0]]
    assert found(root, "//a:SubjectConfirmationData/@Recipient") == [application.sp.acs_urls[0]]
    assert found(root, "//a:Audience/text()") == [application.sp.entity_id]
    assert witness.signatures == 2


@pytest.mark.parametrize("agreed", [None, AGREED])
def test_what_the_address_or_the_form_says_of_relay_state_is_ignored(
    house: House, agreed: str | None
) -> None:
    application, person = startable(house, agreed), house.person()
    evil = urlencode({"RelayState": "https://evil.example.com", "begin": "login"})
    page = start_page(house, application, "GET", rawQueryString=evil)
    assert "evil" not in page.body

    browser = start(house, application, rawQueryString=evil, body=evil, isBase64Encoded=False)
    answer = sign_in(house, person, browser)

    assert "evil" not in answer.body
    assert ('name="RelayState"' in answer.body) is (agreed is not None)
    if agreed is not None:
        assert answer.field("RelayState") == agreed


def test_the_person_sees_the_login_page_and_approves_as_always(house: House) -> None:
    browser = start(house, startable(house))
    assert 'data-status="pending"' in open_page(house, browser.session.session_id, browser.cookies).body


def test_an_old_browser_that_tells_our_origin_may_begin(house: House) -> None:
    headers = {"sec-fetch-site": None, "origin": house.wiring.config.public_origin}
    assert start(house, startable(house), headers={**OWN_PAGE, **headers}).session.request.request_id is None


@pytest.mark.parametrize(
    "relay_state",
    [
        "javascript:alert(1)",
        "/path",
        "data:text/html,x",
        "https://a.example.com/\nx",
        f"https://{'a' * 80}",
        "",
    ],
)
def test_an_agreed_address_is_a_short_web_address(relay_state: str) -> None:
    with pytest.raises(ValueError, match="RelayState"):
        Policy(idp_initiated=True, relay_state=relay_state)


@pytest.mark.parametrize("seconds", [-1, 12 * 3600 + 1])
def test_a_session_is_bounded(seconds: int) -> None:
    with pytest.raises(ValueError, match="at most 43200 seconds"):
        Policy(session_seconds=seconds)

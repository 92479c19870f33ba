"""A person reads our pages in the language that the browser asks for, each page in one language as a whole."""

import re

import pytest

from functions.sso import handler as sso
from passwordless import texts
from tests.calls import call, cookie_lines, poll_session
from tests.house import House
from tests.logins import STATES

GERMAN = {"accept-language": "de-CH,de;q=0.9,en;q=0.5"}
ARABIC = {"accept-language": "ar"}


def document(body: str) -> tuple[str, str]:
    """Return the language and the direction that a page names."""
    found = re.search(r'<html lang="(\w+)" dir="(\w+)">', body)
    assert found
    return found[1], found[2]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("headers", [GERMAN, ARABIC], ids=["German", "Arabic"])
def test_the_login_page_and_the_poll_speak_the_browser_s_language(
    house: House, state: str, headers: dict[str, str]
) -> None:
    browser, person = house.browser(house.application()), house.person()
    STATES[state](house, person, browser)
    language = headers["accept-language"][:2]

    page = call(
        house,
        sso.handler,
        "GET_login",
        headers=headers,
        pathParameters={"session_id": browser.session.session_id},
        cookies=cookie_lines(browser.cookies),
    )
    told = poll_session(house, browser, headers=headers).json

    assert document(page.body) == (language, texts.DIRECTIONS[language])
    assert told["message"] == texts.message(told["status"], language=language)
    assert texts.text(f"{told['status']}.heading", language=language) in page.body


def test_a_failure_is_told_in_the_browser_s_language(house: House) -> None:
    page = call(house, sso.handler, "GET_login", headers=GERMAN, pathParameters={"session_id": "A" * 16})
    assert document(page.body) == ("de", "ltr")
    assert "Diese Anmeldung gibt es in diesem Browser nicht." in page.body
    assert page.code == "unknown_session"


def test_a_failure_without_words_there_is_told_in_english_as_a_whole(house: House) -> None:
    path = {"application_id": house.application().application_id}
    page = call(house, sso.handler, "GET_start", headers=ARABIC, pathParameters=path)
    assert page.code == "idp_initiated_off"
    assert document(page.body) == ("en", "ltr")
    assert "Reference" in page.body


def test_a_browser_that_asks_for_no_language_of_ours_reads_english(house: House) -> None:
    page = call(
        house,
        sso.handler,
        "GET_login",
        headers={"accept-language": "fi"},
        pathParameters={"session_id": "A" * 16},
    )
    assert document(page.body) == ("en", "ltr")

"""The phone's pages: what they show before anything is approved, and that no value becomes markup."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless import texts
from passwordless.pages import Page
from passwordless.phone_pages import ConsentView, InviteView, PhonePages
from tests.unit.page_document import Document, shape
from tests.unit.test_pages import HOSTILE, directives, printable, source_of

FOLDER = Path(__file__).parents[2] / "functions" / "verify" / "page"
PAGES = PhonePages(FOLDER)
CONTEXT = {
    "application": "Payroll",
    "domain": "acme.auth0.com",
    "browser": "Firefox",
    "os": "Windows",
    "requested_at": "2026-11-23T12:00:00Z",
}
STATES = {
    "code.html": {"ask", "working", "approved", "step_up", "declined", "failed", "unsupported"},
    "invite.html": {"ask", "working", "enrolled", "unconfirmed", "failed", "unsupported"},
}


def a_consent(**changes: str) -> ConsentView:
    return ConsentView({**CONTEXT, **changes}, 3, {"session_id": "MZXW6YTBOI2A6JDP", "ticket": "t"})


def an_invite() -> InviteView:
    return InviteView("acme", "login.example.com", "Safari on iOS", {"token": "T"})


def both() -> list[Page]:
    return [PAGES.consent(replace(a_consent(), return_path="/login/A")), PAGES.invite(an_invite())]


def facts(page: Page) -> list[str]:
    return [element.inner for element in Document(page).all("dd")]


def test_consent_shows_application_domain_browser_and_age() -> None:
    assert facts(PAGES.consent(a_consent())) == [
        "Payroll",
        "acme.auth0.com",
        "Firefox on Windows",
        "Just now",
    ]


def test_consent_shows_the_place_where_it_is_known() -> None:
    assert "Lisbon, Portugal" in facts(PAGES.consent(a_consent(place="Lisbon, Portugal")))


def test_consent_shows_no_address_even_if_it_were_given_one() -> None:
    assert "203.0.113.7" not in PAGES.consent(a_consent(ip="203.0.113.7")).body


@pytest.mark.parametrize(
    ("age", "told"),
    [
        (0, "Just now"),
        (9, "Just now"),
        (10, "10 seconds ago"),
        (119, "119 seconds ago"),
        (599, "9 minutes ago"),
    ],
)
def test_consent_tells_how_long_ago_the_login_began(age: int, told: str) -> None:
    page = PAGES.consent(replace(a_consent(), age=age))
    assert facts(page)[-1] == told
    assert 'datetime="2026-11-23T12:00:00Z"' in page.body


def test_declining_is_offered_beside_approving_and_first() -> None:
    document = Document(PAGES.consent(a_consent()))
    assert [button.inner for button in document.all("button")] == ["Decline", "Approve"]


def test_an_invite_shows_company_service_and_phone() -> None:
    assert facts(PAGES.invite(an_invite())) == ["acme", "login.example.com", "Safari on iOS"]


@pytest.mark.parametrize("page", both())
def test_without_script_nothing_can_be_pressed_and_the_page_says_so(page: Page) -> None:
    document = Document(page)
    assert document.visible("button") == []
    assert document.only("h1").inner == "No passkeys here"
    assert "runs no scripts" in document.role("status").inner


@pytest.mark.parametrize("name", STATES)
def test_every_state_has_one_heading_with_its_sentence(name: str) -> None:
    headings = re.findall(
        r'<h1 tabindex="-1" data-states="([a-z_]+)" data-message="', (FOLDER / name).read_text()
    )
    assert sorted(headings) == sorted(STATES[name])


def test_a_login_that_began_in_this_browser_leads_back_to_its_page() -> None:
    link = Document(PAGES.consent(replace(a_consent(), return_path="/login/A"))).all("a")
    assert [one.attributes["href"] for one in link] == ["/login/A"]
    assert Document(PAGES.consent(a_consent())).all("a") == []


def test_the_script_works_with_what_the_server_says() -> None:
    told = Document(PAGES.consent(a_consent())).only("main").attributes["data-asked"]
    assert json.loads(told or "") == {"session_id": "MZXW6YTBOI2A6JDP", "ticket": "t"}


@pytest.mark.parametrize("language", sorted(texts.DIRECTIONS))
def test_the_script_tells_what_went_wrong_in_the_language_of_the_page(language: str) -> None:
    pages = [PAGES.speaking(language).consent(a_consent()), PAGES.speaking(language).invite(an_invite())]
    known = [json.loads(Document(page).only("main").attributes["data-problems"] or "") for page in pages]
    if language == texts.DEFAULT_LANGUAGE:
        assert known == [{}, {}]
    else:
        assert known[0].keys() >= {"session_claimed", "ticket_expired", "bad_proof", "device_inactive"}
        assert known[1].keys() == {"bad_proof", "unknown_invite", "key_already_enrolled", "invite_over"}


def test_a_link_from_elsewhere_leads_to_a_page_without_anything_to_press() -> None:
    document = Document(PAGES.elsewhere())
    assert document.only("h1").inner == "Scan the code with your camera"
    assert document.all("button") == document.all("a") == document.all("script") == []


@pytest.mark.parametrize("page", [*both(), PAGES.elsewhere()])
def test_the_policy_allows_exactly_the_style_and_script_of_the_page(page: Page) -> None:
    policy, document = directives(page), Document(page)
    assert policy["style-src"] == source_of(document.only("style").inner)
    scripts = [source_of(script.inner) for script in document.all("script")]
    assert policy.get("script-src", "") == " ".join(scripts)
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"


@pytest.mark.parametrize("page", both())
def test_nothing_in_the_page_needs_more_than_the_policy_allows(page: Page) -> None:
    names = {name for element in Document(page).elements for name in element.attributes}
    assert not {name for name in names if name.startswith("on") or name in ("style", "src", "srcset")}
    assert not re.search(r"url\(|@import", page.body)


def test_the_script_makes_no_markup_and_no_code_from_text() -> None:
    script = (FOLDER / "phone.js").read_text()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|Function\(", script)


@pytest.mark.parametrize("name", CONTEXT)
def test_a_hostile_context_stays_text(name: str) -> None:
    page = PAGES.consent(a_consent(**{name: HOSTILE, "place": HOSTILE}))
    assert shape(page) == shape(PAGES.consent(a_consent(place="Lisbon")))


@given(st.tuples(printable, printable, printable))
def test_no_value_changes_the_shape_of_an_invite(values: tuple[str, str, str]) -> None:
    tenant, service, phone = values
    page = PAGES.invite(InviteView(tenant, service, phone, {"token": tenant}))
    assert shape(page) == shape(PAGES.invite(an_invite()))

"""Every page and state in Chromium against axe: WCAG 2.2 AA in each language, light, dark, narrow, forced colours."""

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from passwordless import texts
from passwordless.errors import NotFound
from passwordless.model.sessions import Status
from passwordless.pages import LoginView, NextStep, Notice, Pages
from passwordless.pages import Page as Document
from passwordless.phone import qr
from passwordless.phone_pages import ConsentView, InviteView, PhonePages
from tests.browser import ARTEFACTS

ROOT = Path(__file__).parents[2]
PAGES = Pages(ROOT / "functions" / "sso" / "page")
PHONE_PAGES = PhonePages(ROOT / "functions" / "verify" / "page")
AXE = ROOT / "tests" / "oracles" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QR = qr.svg("https://login.example.com/Q/ABCDEFGHIJKLMNOP234567ABCD")
LOOKS: dict[str, tuple[int, dict[str, Any]]] = {
    "light": (1100, {"color_scheme": "light"}),
    "dark": (1100, {"color_scheme": "dark"}),
    "360": (360, {"color_scheme": "light"}),
    "400 percent": (320, {"color_scheme": "light"}),
    "forced": (1100, {"color_scheme": "dark", "forced_colors": "active"}),
    "still": (1100, {"color_scheme": "light", "reduced_motion": "reduce"}),
}


def login(status: str, *, code_required: bool = False) -> LoginView:
    shown = QR if status == "pending" else None
    return LoginView(
        session_id="ABCDEFGHIJKLMNOP",
        application_id="app_abcdefghijklmnopqrst",
        application_name="Payroll & Pensions",
        domain="acme.eu.auth0.com",
        status=status,
        frame=1,
        qr_svg=shown,
        first_poll_ms=3000,
        code_required=code_required,
        reference="MZXW6YTBOI2A6JDP",
    )


def documents(language: str) -> dict[str, Document]:
    """Return each page of ours in each of its states."""
    pages = PAGES.speaking(language)
    step = NextStep(texts.text("login.continue", language=language), "/again", {"begin": "login"})
    notice = Notice(
        texts.text("over.heading", language=language),
        texts.text("over.message", language=language),
        step=step,
        tone="calm",
    )
    return {
        **{f"login-{status.value}": pages.login(login(status.value)) for status in Status},
        "login-code": pages.login(login("approved", code_required=True)),
        "hand-over": pages.auto_post("https://acme.auth0.com/cb", "UjE=", "state", local=False),
        "notice": pages.notice(notice),
        "failure": pages.failure(NotFound("unknown_session", "There is no such sign-in."), "ABCD", language),
        **phone_documents(PHONE_PAGES.speaking(language)),
    }


def phone_documents(pages: PhonePages) -> dict[str, Document]:
    """Return the pages that a phone's camera opens, in each of their states."""
    shown = {"application": "Payroll & Pensions", "domain": "acme.eu.auth0.com", "place": "Lisbon"}
    browser = {"browser": "Firefox", "os": "Windows", "requested_at": "2026-11-23T12:00:00Z"}
    consent = pages.consent(ConsentView({**shown, **browser}, 30, {}, "/login/ABCDEFGHIJKLMNOP"))
    invite = pages.invite(InviteView("acme", "login.example.com", "Safari, iOS", {}))
    states = re.compile(r'<h1 tabindex="-1" data-states="([a-z_]+)"')
    return {
        **{f"phone-{state}": in_state(consent, state) for state in states.findall(consent.body)},
        **{f"invite-{state}": in_state(invite, state) for state in states.findall(invite.body)},
        "phone-elsewhere": pages.elsewhere(),
    }


def in_state(document: Document, state: str) -> Document:
    """Return the page as its script shows it in a state."""

    def part(found: re.Match[str]) -> str:
        tag = found[0].replace(" hidden>", ">")
        return tag if state in found[1].split() else tag.replace(">", " hidden>")

    body = re.sub(r'<[a-z0-9]+ [^<>]*data-states="([a-z_ ]+)"[^<>]*>', part, document.body)
    said = re.search(rf'data-states="{state}" data-message="([^"]*)"', body)
    assert said
    body = re.sub(r'(role="status">)[^<]*', rf"\g<1>{said[1]}", body)
    code = re.sub(r'(class="shown-code"[^<>]*>|class="reference"[^<>]*>[^<]*<code>)', r"\1BCDFGH", body)
    main = '<main class="card" data-status="'
    return Document(code.replace(f"{main}unsupported", f"{main}{state}"), document.csp)


@pytest.fixture(scope="module")
def screen(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    yield page
    page.close()


def show(screen: Page, document: Document, look: str) -> None:
    """Show a document as it arrives, its script not yet run."""
    width, media = LOOKS[look]
    screen.emulate_media(**{"forced_colors": "none", "reduced_motion": "no-preference", **media})
    screen.set_viewport_size({"width": width, "height": 800})
    screen.set_content(re.sub(r"<script>.*?</script>", "", document.body, flags=re.DOTALL))
    screen.evaluate(
        "for (const one of document.getAnimations()) one.cancel()"
    )  # else it is judged half faded in


def violations(screen: Page) -> list[str]:
    """Return what axe finds, a line each."""
    if not screen.evaluate("'axe' in window"):
        screen.evaluate(AXE.read_text())
    found = screen.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
        ".then(({violations}) => JSON.stringify(violations.flatMap("
        "({id, nodes}) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`))))",
        RULES,
    )
    return list(json.loads(found))


CASES = list(itertools.product(documents("en"), LOOKS))


@pytest.mark.parametrize(("name", "look"), CASES, ids=lambda value: value.replace(" ", "-"))
def test_axe_finds_nothing_on_any_page_in_any_look(screen: Page, name: str, look: str) -> None:
    show(screen, documents("en")[name], look)
    screen.screenshot(path=str(ARTEFACTS / f"{name}-{look.replace(' ', '-')}.png"), full_page=True)
    assert violations(screen) == []


@pytest.mark.parametrize("language", sorted(texts.DIRECTIONS.keys() - {"en"}))
def test_axe_finds_nothing_in_any_other_language(screen: Page, language: str) -> None:
    for name, document in documents(language).items():
        show(screen, document, "360")
        screen.screenshot(path=str(ARTEFACTS / f"{name}-{language}.png"), full_page=True)
        assert violations(screen) == [], name


@pytest.mark.parametrize("language", sorted(texts.DIRECTIONS))
@pytest.mark.parametrize("look", ["360", "400 percent"])
def test_no_page_scrolls_sideways(screen: Page, language: str, look: str) -> None:
    """Reflow (WCAG 2.2, 1.4.10): 320 CSS pixels are a window of 1280 at 400 %."""
    for name, document in documents(language).items():
        show(screen, document, look)
        assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_axe_does_find_what_is_wrong(screen: Page) -> None:
    document = documents("en")["login-code"]
    show(screen, Document(document.body.replace('<label for="code">', '<label for="none">'), ""), "light")
    assert any(found.startswith("label:") for found in violations(screen))


@pytest.mark.parametrize("language", sorted(texts.DIRECTIONS))
def test_a_page_says_its_language_and_direction(screen: Page, language: str) -> None:
    show(screen, documents(language)["login-pending"], "light")
    told = screen.evaluate("[document.documentElement.lang, getComputedStyle(document.body).direction]")
    assert told == [language, texts.DIRECTIONS[language]]


def test_a_keyboard_reaches_every_control_and_shows_where_it_is(screen: Page) -> None:
    show(screen, documents("en")["login-code"], "light")
    reached = []
    for _ in range(2):
        screen.keyboard.press("Tab")
        reached.append(
            screen.evaluate(
                "[document.activeElement.localName, getComputedStyle(document.activeElement).outlineStyle]"
            )
        )
    assert reached == [["input", "solid"], ["button", "solid"]]

"""Every page and state of the console in Chromium: axe in each look, reflow at 320 pixels, keyboard."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import ARTEFACTS
from tests.console_answers import (
    APPLICATION,
    APPLICATION_ID,
    BULK,
    CONNECTED,
    REFERENCE,
    STANDING,
    USER_ID,
    answers,
)
from tests.console_site import ORIGIN, Site, go, sign_in
from tests.e2e.test_accessibility import LOOKS, violations

HOME = f"#/applications/{APPLICATION_ID}"
AXE_LOOKS = ("light", "dark", "360")
KEPT = ("light", "360")
FORCED = ("connect-failed", "overview", "activity", "removing", "person")

type Act = Callable[[Page, Site], None]


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(answers())


@pytest.fixture(scope="module")
def screen(chromium: Browser, site: Site) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1100, "height": 800})
    site.serve(context)
    page = context.new_page()
    sign_in(page)
    yield page
    context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def connect(page: Page, _: Site) -> None:
    """Press Connect with a secret that Auth0 refuses."""
    for name in ("name", "auth0_domain", "auth0_client_id", "auth0_client_secret"):
        page.fill(f"#field-{name}", "filled-in")
    press(page, "Connect")
    page.wait_for_selector(".steps .bad")


def connected(page: Page, site: Site) -> None:
    """Press Connect with one that it takes; the steps are shown at the application."""
    site.api["POST /applications"] = (
        201,
        {**CONNECTED, "manual": {"body": {"a": 1}, "command": "c", "terraform": "t"}},
    )
    connect_fields = ("name", "auth0_domain", "auth0_client_id", "auth0_client_secret")
    for name in connect_fields:
        page.fill(f"#field-{name}", "filled-in")
    press(page, "Connect")
    page.wait_for_selector("#next-steps")


def verified(page: Page, _: Site) -> None:
    press(page, "Verify")
    page.wait_for_selector("#doctor .checks")
    press(page, "Save rollout")
    page.wait_for_selector("#rollout .notice")


def missing(page: Page, _: Site) -> None:
    press(page, "Connect")
    page.wait_for_selector(".complaint:not([hidden])")


def invited(page: Page, _: Site) -> None:
    page.fill("#field-email", "ada@example.com")
    press(page, "Invite")
    page.wait_for_selector(".qr")


def waiting(page: Page, site: Site) -> None:
    """Invite a phone that then waits for its check."""
    site.api[f"GET /enrollments/{STANDING['enrollment_id']}"] = {
        **STANDING,
        "state": "pending",
        "checks_left": 5,
    }
    invited(page, site)
    page.wait_for_selector(".confirm")


def many(page: Page, site: Site) -> None:
    site.api["POST /enrollments"] = BULK
    page.fill("#field-list", "ada@example.com\nnobody")
    press(page, "Invite all")
    page.get_by_role("heading", name="Outcome").wait_for()


def previewed(page: Page, _: Site) -> None:
    page.fill("#field-email", "ada@example.com")
    press(page, "Preview")
    page.wait_for_selector("#preview .facts")


def removing(page: Page, _: Site) -> None:
    press(page, "Remove application")
    page.wait_for_selector("dialog[open]")


def moving(page: Page, _: Site) -> None:
    press(page, "Move")
    page.get_by_role("button", name="That is done: move it").wait_for()


def withdrawn(page: Page, _: Site) -> None:
    press(page, "Withdraw the invite")
    page.locator("dialog[open]").get_by_role("button", name="Withdraw").click()
    expect(page.locator(".said")).to_have_text("The invite was withdrawn.")


def opening(page: Page, _: Site) -> None:
    """Open the address of a report again."""
    press(page, "Open this address again")
    page.locator("dialog[open]").get_by_role("button", name="Open it").click()
    expect(page.locator(".said")).to_have_text("203.0.113.7/32 is open again.")


def table(page: Page, _: Site) -> None:
    page.locator("figure summary").click()


def nothing(_: Page, __: Site) -> None:
    """Only look."""


STATES: dict[str, tuple[str, Act]] = {
    "applications": ("#/applications", nothing),
    "add": ("#/applications/new", nothing),
    "connect": ("#/applications/new/auth0-saml", nothing),
    "connect-missing": ("#/applications/new/auth0-saml", missing),
    "connect-failed": ("#/applications/new/auth0-saml", connect),
    "connected": ("#/applications/new/auth0-saml", connected),
    "saml": ("#/applications/new/saml", nothing),
    "overview": (HOME, verified),
    "activity": (f"{HOME}/activity", table),
    "transaction": (f"{HOME}/activity/{REFERENCE}", nothing),
    "attributes": (f"{HOME}/attributes", previewed),
    "connection": (f"{HOME}/connection", moving),
    "settings": (f"{HOME}/settings", nothing),
    "removing": (f"{HOME}/settings", removing),
    "people": ("#/users", nothing),
    "invite": ("#/users/invite", invited),
    "invite-waits": ("#/users/invite", waiting),
    "invite-many": ("#/users/invite-many", many),
    "person": (f"#/users/{USER_ID}", withdrawn),
    "keys": ("#/signing-keys", nothing),
    "history": ("#/events", opening),
    "absent": ("#/nowhere", nothing),
    "problem": (f"{HOME}x", nothing),
}


def look(page: Page, name: str) -> None:
    width, media = LOOKS[name]
    page.emulate_media(
        **{"forced_colors": "none", "reduced_motion": "no-preference", "color_scheme": "light", **media}
    )
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate("for (const one of document.getAnimations()) one.cancel()")


def keep(page: Page, name: str) -> None:
    page.screenshot(path=str(ARTEFACTS / f"console-{name}.png"), full_page=True, animations="disabled")


@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(screen: Page, site: Site, name: str) -> None:
    route, act = STATES[name]
    site.api = answers()
    screen.evaluate("location.hash = '#/between'")
    look(screen, "light")
    go(screen, route)
    act(screen, site)
    for one in (*AXE_LOOKS, *(("forced",) if name in FORCED else ())):
        look(screen, one)
        assert violations(screen) == [], one
        if one in KEPT:
            keep(screen, f"{name}-{one}")
    look(screen, "400 percent")
    assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(screen.locator("body")).not_to_contain_text("[object ")


def test_axe_finds_nothing_on_the_page_that_asks_to_sign_in(chromium: Browser) -> None:
    context = chromium.new_context()
    Site(answers()).serve(context)
    page = context.new_page()
    page.goto(f"{ORIGIN}/console")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    for one in AXE_LOOKS:
        look(page, one)
        assert violations(page) == [], one
    keep(page, "welcome")
    context.close()


def test_axe_does_find_what_is_wrong(screen: Page, site: Site) -> None:
    go(screen, "#/users/invite")
    screen.evaluate("document.querySelector('label[for=ttl_seconds]').remove()")
    assert any(found.startswith("select-name:") for found in violations(screen))


def test_a_page_tells_its_title_and_takes_the_focus_to_its_heading(screen: Page, site: Site) -> None:
    site.api = {**answers(), f"GET /applications/{APPLICATION_ID}": {**APPLICATION, "name": "Acme"}}
    go(screen, f"{HOME}/activity")
    assert screen.title() == "Activity – Acme – Console"
    expect(screen.locator("h1")).to_be_focused()
    assert screen.locator("main h1").count() == 1


def test_a_keyboard_alone_goes_from_the_list_to_a_press_of_connect(screen: Page, site: Site) -> None:
    site.api = answers()
    look(screen, "light")
    go(screen, "#/applications")
    for route in ("#/applications/new", "#/applications/new/auth0-saml"):
        screen.keyboard.press("Tab")
        screen.keyboard.press("Enter")
        screen.wait_for_function("route => location.hash === route", arg=route)
        expect(screen.locator("main:not([aria-busy]) h1")).to_be_focused()
    outlined = "getComputedStyle(document.activeElement).outlineStyle"
    screen.keyboard.press("Tab")
    assert screen.evaluate(outlined) == "solid"


def test_the_first_link_leads_past_the_navigation(screen: Page, site: Site) -> None:
    go(screen, "#/users")
    screen.evaluate("document.activeElement.blur()")
    screen.locator("#skip").focus()
    screen.keyboard.press("Enter")
    expect(screen.locator("h1")).to_be_focused()
    assert screen.url.endswith("#/users")

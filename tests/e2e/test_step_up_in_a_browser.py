"""What a user sees whose login looks unusual: a code on the phone that is typed into the login page."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from local.phone_simulator.relay import obedient, relay
from tests.browser import ARTEFACTS, Connected
from tests.e2e.test_login_in_a_browser import HEADING, keep, open_login, profile


def approve_by_link(page: Page, connected: Connected, name: str) -> str:
    """Approve a code that reached the phone by a link, and return the code that the phone shows."""
    picture = ARTEFACTS / f"{name}.png"
    page.screenshot(path=str(picture), animations="disabled")
    return str(connected.phone.approve(connected.phone.scan(picture, via="link"))["code"])


def test_the_code_on_the_phone_is_typed_into_the_page_and_ends_at_the_profile(
    page: Page, connected: Connected
) -> None:
    open_login(page, connected)
    code = approve_by_link(page, connected, "step-up")
    expect(page.locator(HEADING)).to_have_text("Enter the code")
    expect(page.get_by_label("Code from your phone")).to_be_focused()
    keep(page, "code")

    page.keyboard.type(code.lower())
    page.keyboard.press("Enter")

    assert profile(page)["email"] == connected.email


def test_a_wrong_code_says_so_and_returns_to_the_application(page: Page, connected: Connected) -> None:
    open_login(page, connected)
    code = approve_by_link(page, connected, "wrong-code")
    expect(page.locator(HEADING)).to_have_text("Enter the code")

    page.get_by_label("Code from your phone").fill(code[::-1] if code[::-1] != code else "BCDFGH")
    page.get_by_role("button", name="Continue").click()

    expect(page.locator(HEADING)).to_have_text("Sign-in not allowed")
    expect(page.get_by_role("status")).to_contain_text("The code was wrong")
    keep(page, "wrong-code")
    page.get_by_role("button", name="Return to the application").click()
    expect(page.locator("body")).to_contain_text("not allowed")


def test_a_code_that_is_held_still_can_be_scanned(page: Page, connected: Connected) -> None:
    open_login(page, connected)
    page.get_by_role("button", name="Hold the code still").click()
    expect(page.get_by_role("button", name="Let the code change again")).to_be_visible()
    shown = page.locator(".qr").inner_html()
    keep(page, "held")
    with page.expect_response(re.compile(r"/sessions/.*hold=1")):
        """Let the page poll once."""
    assert page.locator(".qr").inner_html() == shown

    picture = ARTEFACTS / "held.png"
    page.screenshot(path=str(picture), animations="disabled")
    connected.phone.approve(connected.phone.scan(picture))
    assert profile(page)["email"] == connected.email


@pytest.fixture
def chromium_without_scripts(context: BrowserContext) -> Page:
    """A page of a browser that runs no script."""
    browser = context.browser
    assert browser is not None
    return browser.new_context(java_script_enabled=False, reduced_motion="reduce").new_page()


def test_a_code_is_typed_without_javascript(chromium_without_scripts: Page, connected: Connected) -> None:
    page = chromium_without_scripts
    open_login(page, connected)
    code = approve_by_link(page, connected, "code-without-javascript")

    page.get_by_label("Code from your phone").fill(code, timeout=15_000)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()

    expect(page.locator("body")).to_contain_text(connected.email)


class TestLiveRelay:
    """What docs/threat-model.md calls the residual risk, shown rather than hidden."""

    def test_a_victim_who_keeps_the_code_keeps_the_attacker_out(self, connected: Connected) -> None:
        done = relay(connected.test_url, connected.phone, via="link")
        assert (done.profile, done.code_asked) == (None, True)

    def test_a_victim_who_reads_the_code_out_lets_the_attacker_in(self, connected: Connected) -> None:
        done = relay(connected.test_url, connected.phone, via="link", victim=obedient)
        assert done.profile is not None
        assert done.profile["email"] == connected.email

    def test_an_attacker_in_the_victim_s_own_network_needs_no_code(self, connected: Connected) -> None:
        done = relay(connected.test_url, connected.phone)
        assert done.profile is not None
        assert done.code_asked is False

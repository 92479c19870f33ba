"""What a user sees: the company's Auth0 login, our page, the phone, the application."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from local import aws
from local.phone_simulator import Phone, ScanResult
from local.stack import Stack
from tests.browser import ARTEFACTS, Connected

HEADING = "h1:visible"


def open_login(page: Page, connected: Connected) -> None:
    """Start at the service provider and arrive at the QR code."""
    page.goto(connected.test_url)
    expect(page.locator(HEADING)).to_have_text("Scan to sign in")


def scan_screenshot(page: Page, phone: Phone, name: str = "pending") -> ScanResult:
    """Have the phone read the QR code out of a screenshot of the whole page."""
    picture = ARTEFACTS / f"{name}.png"
    page.screenshot(path=str(picture), animations="disabled")
    return phone.scan(picture)


def keep(page: Page, name: str) -> Path:
    """Keep a screenshot as a test artefact: light, dark, and at the width of a phone."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=str(ARTEFACTS / f"{name}-{scheme}.png"), animations="disabled")
    page.emulate_media(color_scheme="light")
    size = page.viewport_size
    page.set_viewport_size({"width": 360, "height": 740})
    page.screenshot(path=str(ARTEFACTS / f"{name}-360.png"), full_page=True, animations="disabled")
    if size:
        page.set_viewport_size(size)
    return ARTEFACTS / f"{name}-light.png"


def profile(page: Page) -> dict[str, str]:
    """Wait for the application on its own origin and return the profile it shows."""
    page.wait_for_selector("#profile", state="attached")
    return dict(page.evaluate("JSON.parse(document.getElementById('profile').textContent)"))


def session_id(page: Page) -> str:
    """Return the id of the login that the page shows."""
    found = re.search(r"/login/([A-Z2-7]{16})", page.url)
    assert found
    return found[1]


def expire(stack: Stack, session: str) -> None:
    """Let a login's time run out in its row."""
    client = aws.session(stack.aws.endpoint_url, stack.aws.access_key_id, stack.aws.secret_access_key).client(
        "dynamodb"
    )
    client.update_item(
        TableName=stack.aws.resources["SessionsTable"],
        Key={"session_id": {"S": session}},
        UpdateExpression="SET expires_at = :past",
        ExpressionAttributeValues={":past": {"N": str(int(time.time()) - 1)}},
    )


def test_a_user_logs_in_with_a_phone_and_sees_the_profile(
    page: Page, connected: Connected, stack: Stack
) -> None:
    open_login(page, connected)
    keep(page, "pending")

    scanned = scan_screenshot(page, connected.phone)
    expect(page.locator(HEADING)).to_have_text("Check your phone")
    keep(page, "scanned")
    connected.phone.approve(scanned)

    shown = profile(page)
    keep(page, "profile")
    assert page.url.startswith(stack.auth0.app_url)
    assert shown["email"] == connected.email
    assert shown["user_id"].startswith("samlp|")
    assert scanned.context["application"] == "Browser tests"


def test_a_declined_login_says_so_and_returns_to_the_application(page: Page, connected: Connected) -> None:
    open_login(page, connected)
    connected.phone.deny(scan_screenshot(page, connected.phone))
    expect(page.locator(HEADING)).to_have_text("Sign-in declined")
    keep(page, "declined")

    page.get_by_role("button", name="Return to the application").click()

    expect(page.locator("body")).to_contain_text("declined")
    assert "/login/" not in page.url or "callback" in page.url


def test_an_expired_login_says_so_and_returns_to_the_application(
    page: Page, connected: Connected, stack: Stack
) -> None:
    open_login(page, connected)
    expire(stack, session_id(page))
    expect(page.locator(HEADING)).to_have_text("This sign-in has expired", timeout=10_000)
    keep(page, "expired")

    page.get_by_role("button", name="Return to the application").click()

    expect(page.locator("body")).to_contain_text("not completed in time")


def test_start_over_shows_a_new_code_that_another_phone_may_scan(page: Page, connected: Connected) -> None:
    open_login(page, connected)
    scan_screenshot(page, connected.phone)
    expect(page.locator(HEADING)).to_have_text("Check your phone")

    page.get_by_role("button", name=re.compile("Start over")).click()

    expect(page.locator(HEADING)).to_have_text("Scan to sign in")
    connected.phone.approve(scan_screenshot(page, connected.phone, "restarted"))
    assert profile(page)["email"] == connected.email


def test_the_login_survives_reload_back_and_a_second_tab(
    page: Page, context: BrowserContext, connected: Connected
) -> None:
    open_login(page, connected)
    page.reload()
    expect(page.locator(HEADING)).to_have_text("Scan to sign in")
    page.goto("about:blank")
    page.go_back()
    expect(page.locator(HEADING)).to_have_text("Scan to sign in")
    tab = context.new_page()
    open_login(tab, connected)

    connected.phone.approve(scan_screenshot(page, connected.phone, "first-tab"))
    assert profile(page)["email"] == connected.email
    connected.phone.approve(scan_screenshot(tab, connected.phone, "second-tab"))
    assert profile(tab)["email"] == connected.email


def test_a_login_works_without_javascript(chromium_without_scripts: Page, connected: Connected) -> None:
    page = chromium_without_scripts
    open_login(page, connected)
    connected.phone.approve(scan_screenshot(page, connected.phone, "no-javascript"))

    page.get_by_role("button", name="Continue").click(timeout=15_000)
    page.get_by_role("button", name="Continue").click()

    expect(page.locator("body")).to_contain_text(connected.email)


@pytest.fixture
def chromium_without_scripts(context: BrowserContext) -> Page:
    """A page of a browser that runs no script."""
    browser = context.browser
    assert browser is not None
    return browser.new_context(java_script_enabled=False, reduced_motion="reduce").new_page()

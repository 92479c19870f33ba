"""The whole journey in Chromium, as an administrator and then as a user, with nothing besides but the phone."""

import re
import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from local.phone_simulator import Phone
from local.stack import Stack
from tests.browser import ARTEFACTS

MOST_BYTES = 150_000
EXPECTED = "the server responded with a status of 422"
WAIT = 30_000  # a cold function on a busy machine
SHIFTS = """
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      window.shifts.push([location.hash, one.value, one.sources.map(({ node }) => node?.outerHTML?.slice(0, 120))]);
    }
  }).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def admin(context: BrowserContext, stack: Stack) -> Iterator[Page]:
    """An administrator's page: nothing is blocked, no script fails, and nothing moves once it is shown."""
    page, complaints = context.new_page(), list[str]()

    def heard(said: ConsoleMessage) -> None:
        if (
            said.type == "error"
            and said.location["url"].startswith(stack.api_url)
            and EXPECTED not in said.text
        ):
            complaints.append(said.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(SHIFTS)
    yield page
    assert (complaints, page.evaluate("window.shifts")) == ([], [])


def sign_in(page: Page, stack: Stack, route: str = "") -> None:
    """Open the console and sign in at the issuer."""
    page.goto(stack.console_url + route)
    page.get_by_role("button", name="Sign in").click()
    page.fill("#password", stack.console_password)
    page.click("#continue")
    heading(page, "Applications" if not route else re.compile("."))


def heading(page: Page, words: str | re.Pattern[str]) -> None:
    """Wait for a page of the console, whose heading has the focus."""
    sees(page.locator("main:not([aria-busy]) h1"), words)
    expect(page.locator("h1")).to_be_focused()


def sees(place: Locator, words: str | re.Pattern[str]) -> None:
    """Wait until a place says something."""
    expect(place).to_contain_text(words, timeout=WAIT)


def keep(page: Page, name: str) -> None:
    """Keep a screenshot of what the window shows: for one of the whole page it would be resized, which moves things."""
    page.screenshot(path=str(ARTEFACTS / f"console-{name}.png"), animations="disabled")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def open_page(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def test_an_application_goes_from_nothing_to_everyone(
    admin: Page, context: BrowserContext, stack: Stack
) -> None:
    mark = secrets.token_hex(3)
    email, name = f"ada-{mark}@example.com", f"Portal {mark}"
    sign_in(admin, stack)
    open_page(admin, "Add application")
    heading(admin, "Add application")
    admin.get_by_role("link", name=re.compile("Auth0 SAML")).click()
    heading(admin, "Add Auth0 SAML")
    expect(admin.get_by_role("complementary")).to_contain_text("Client Credentials ticked")
    expect(admin.locator("[data-field=auth0_client_id]")).to_contain_text("Settings > Client ID")

    fill_in(admin, stack, name, "not-the-secret", email)
    failed = admin.locator(".steps .bad")
    sees(failed, "Both must come from the same application")
    expect(failed).to_be_focused()
    expect(admin.locator(".result .reference code")).to_have_text(re.compile("[A-Z2-7]{16}"))
    keep(admin, "bad-secret")

    admin.fill("#field-auth0_client_secret", stack.auth0.client_secret)
    press(admin, "Connect")
    heading(admin, name)
    steps = admin.locator("#next-steps")
    for words in (
        "rotate the Client Secret",
        "Invite the phone",
        "second way into Auth0",
        "open the application to everyone",
    ):
        expect(steps).to_contain_text(words)
    expect(admin.locator(".title .badge")).to_have_text("Connected")
    keep(admin, "next-steps")
    application, test_url = (
        admin.url,
        steps.get_by_role("link", name="Open the test link").get_attribute("href"),
    )

    press(admin, "Verify")
    sees(admin.locator("#doctor"), "Nobody has signed in here yet.")
    expect(admin.locator("#doctor .checks li.ok")).to_have_count(6)

    phone = enrolled(admin, email)
    user = context.new_page()
    user.goto(str(test_url))
    expect(user.locator("h1:visible")).to_have_text("Scan to sign in")
    phone.approve(phone.scan(user.screenshot(animations="disabled")))
    user.wait_for_selector("#profile", state="attached")
    assert user.evaluate("JSON.parse(document.getElementById('profile').textContent).email") == email

    admin.bring_to_front()
    admin.goto(application)
    heading(admin, name)
    admin.locator("#rollout").get_by_text("Everyone", exact=True).click()
    press(admin, "Save rollout")
    sees(admin.locator("#rollout"), "Now: Everyone")
    keep(admin, "everyone")

    open_page(admin, "Activity")
    event = admin.locator(".event", has_text="Signed in")
    expect(event).to_have_count(1, timeout=WAIT)
    expect(admin.locator(".legend .approved strong")).to_have_text("1")
    keep(admin, "activity")
    event.get_by_role("link", name="This sign-in").click()
    heading(admin, "A sign-in")
    expect(admin.locator(".title .badge")).to_have_text("Signed in")


def fill_in(page: Page, stack: Stack, name: str, secret: str, email: str) -> None:
    """Fill in the form of an Auth0 tenant and press Connect."""
    fields = {
        "name": name,
        "auth0_domain": stack.auth0.domain,
        "auth0_client_id": stack.auth0.client_id,
        "auth0_client_secret": secret,
        "test_users": email,
    }
    for field, value in fields.items():
        page.fill(f"#field-{field}", value)
    press(page, "Connect")


def enrolled(page: Page, email: str) -> Phone:
    """Invite a phone from the checklist, scan the invite's code off the screen, and return the phone."""
    open_page(page, "Invite a phone")
    heading(page, "Invite a phone")
    page.fill("#field-email", email)
    press(page, "Invite")
    expect(page.locator(".qr")).to_be_visible(timeout=WAIT)
    keep(page, "invite")
    phone = Phone()
    phone.enroll(page.locator(".invite code").inner_text())
    sees(page.locator(".state"), "Phone enrolled")
    return phone


def test_a_link_into_the_console_survives_the_sign_in_and_going_back(admin: Page, stack: Stack) -> None:
    sign_in(admin, stack, "#/signing-keys")
    assert admin.url == f"{stack.console_url}#/signing-keys"
    open_page(admin, "Users and phones")
    heading(admin, "Users and phones")
    admin.go_back()
    heading(admin, "Signing keys")
    assert admin.title() == "Signing keys – Console"


def test_the_first_load_is_small(context: BrowserContext, stack: Stack) -> None:
    page, loaded = context.new_page(), list[Response]()

    def arrived(response: Response) -> None:
        loaded.append(response)

    page.on("response", arrived)
    page.goto(stack.console_url, wait_until="networkidle")
    sizes = [one.request.sizes() for one in loaded if one.url.startswith(stack.api_url)]
    assert len(sizes) == 3
    assert 10_000 < sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes) < MOST_BYTES

"""S21: no page of ours can be framed, and the redirects after a Response's post are not blocked."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from local.stack import Stack
from tests.browser import Connected
from tests.stack_calls import call

ATTACKER = "http://attacker.localhost:9/"
LOCKED = {"frame-ancestors 'none'", "base-uri 'none'", "default-src 'none'"}


def framing(url: str) -> str:
    """Return a page that frames another."""
    return f'<!doctype html><title>attacker</title><iframe src="{url}" width="800" height="600"></iframe>'


def framed_text(page: Page, url: str) -> str:
    """Open an attacker's page that frames `url` and return what the frame shows."""
    page.route(f"{ATTACKER}**", lambda route: serve(route, url))
    page.goto(ATTACKER)
    page.wait_for_load_state("networkidle")
    frame = page.frames[1]
    return str(frame.evaluate("document.body ? document.body.innerText : ''"))


def serve(route: Route, url: str) -> None:
    """Answer as the attacker's server."""
    route.fulfill(content_type="text/html", body=framing(url))


def test_the_login_page_cannot_be_framed(context_page: Page, connected: Connected) -> None:
    page = context_page
    page.goto(connected.test_url)
    expect(page.locator("h1:visible")).to_have_text("Scan to sign in")
    login_url = page.url
    assert "Scan to sign in" not in framed_text(page, login_url)


@pytest.mark.parametrize(
    "path", ["/login/ABCDEFGHIJKLMNOP", "/saml/nobody/sso", "/Q/ABCDEFGHIJKLMNOPABCDEFGHIJ", "/E/X"]
)
def test_a_notice_cannot_be_framed(context_page: Page, stack: Stack, path: str) -> None:
    words = re.sub(r"<[^>]+>", "", call(stack, "GET", path).text.partition("<h1")[2].partition("</h1>")[0])
    shown = words.partition(">")[2] or words
    assert shown.strip()
    assert shown.strip() not in framed_text(context_page, stack.api_url + path)


@pytest.mark.parametrize(
    "path", ["/login/ABCDEFGHIJKLMNOP", "/saml/nobody/sso", "/Q/ABCDEFGHIJKLMNOPABCDEFGHIJ", "/E/X"]
)
def test_a_page_carries_the_headers_that_lock_it(stack: Stack, path: str) -> None:
    headers = call(stack, "GET", path).headers
    policy = set(headers["content-security-policy"].split("; "))
    assert policy >= LOCKED | {"form-action 'self'"}
    assert "'unsafe-inline'" not in headers["content-security-policy"]
    assert "no-store" in headers["cache-control"]
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


def test_the_post_to_auth0_may_be_redirected_to_the_application(
    context_page: Page, connected: Connected, stack: Stack
) -> None:
    """Chromium applies form-action to the redirects that follow a post; the application is on a third origin."""
    page = context_page
    page.goto(connected.test_url)
    expect(page.locator("h1:visible")).to_have_text("Scan to sign in")
    connected.phone.approve(connected.phone.scan(page.screenshot(animations="disabled")))
    page.wait_for_url(f"{stack.auth0.app_url}/**")
    page.wait_for_selector("#profile", state="attached")


@pytest.fixture
def context_page(context: BrowserContext) -> Page:
    """A page whose console may complain: the browser says that it refused to frame something."""
    return context.new_page()

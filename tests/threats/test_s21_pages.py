"""S21: no page of ours can be framed, and the redirects after a Response's post are not blocked."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from local.stack import Stack
from tests.browser import Connected
from tests.stack_calls import call

LOCKED = {"frame-ancestors 'none'", "base-uri 'none'", "default-src 'none'", "form-action 'self'"}
PATHS = ["/login/ABCDEFGHIJKLMNOP", "/saml/nobody/sso", "/Q/ABCDEFGHIJKLMNOPABCDEFGHIJ", "/E/X"]
FRAMED = [*PATHS, "/console"]
REFUSED = "chrome-error://chromewebdata/"


class _Attacker(BaseHTTPRequestHandler):
    """Frames whatever the query names."""

    def do_GET(self) -> None:
        framed = unquote(self.path.partition("?")[2])
        body = f'<!doctype html><title>attacker</title><iframe src="{framed}"></iframe>'
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def attacker() -> Iterator[str]:
    """The origin of a site that frames others; a real server, since Chromium keeps a mocked one away from loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Attacker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://attacker.localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def framed(page: Page, attacker: str, url: str) -> str:
    """Open an attacker's page that frames `url` and return what the frame ended up at."""
    page.goto(f"{attacker}/?{quote(url)}")
    page.wait_for_load_state("networkidle")
    return page.frames[1].url


def test_the_login_page_cannot_be_framed(tab: Page, connected: Connected, attacker: str) -> None:
    tab.goto(connected.test_url)
    expect(tab.locator("h1:visible")).to_have_text("Scan to sign in")
    assert framed(tab, attacker, tab.url) == REFUSED


@pytest.mark.parametrize("path", FRAMED)
def test_a_page_that_needs_no_cookie_cannot_be_framed(
    tab: Page, stack: Stack, attacker: str, path: str
) -> None:
    assert framed(tab, attacker, stack.api_url + path) == REFUSED


def test_what_is_no_page_can_be_framed(tab: Page, stack: Stack, attacker: str) -> None:
    """The control: it is the policy that refuses the frames above, not the attacker's address."""
    problem = f"{stack.api_url}/sessions/ABCDEFGHIJKLMNOP"
    assert framed(tab, attacker, problem) == problem


@pytest.mark.parametrize("path", PATHS)
def test_a_page_carries_the_headers_that_lock_it(stack: Stack, path: str) -> None:
    headers = call(stack, "GET", path).headers
    assert set(headers["content-security-policy"].split("; ")) >= LOCKED
    assert "'unsafe-inline'" not in headers["content-security-policy"]
    assert "no-store" in headers["cache-control"]
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


def test_the_post_to_auth0_may_be_redirected_to_the_application(
    tab: Page, connected: Connected, stack: Stack
) -> None:
    """Chromium applies form-action to the redirects that follow a post; the application is on a third origin."""
    tab.goto(connected.test_url)
    expect(tab.locator("h1:visible")).to_have_text("Scan to sign in")
    connected.phone.approve(connected.phone.scan(tab.screenshot(animations="disabled")))
    tab.wait_for_url(f"{stack.auth0.app_url}/**")
    tab.wait_for_selector("#profile", state="attached")


@pytest.fixture
def tab(context: BrowserContext) -> Page:
    """A page whose console may complain: the browser says there that it refused to frame something."""
    return context.new_page()

"""What a user does to sign out: our page, its button, the way to the application."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from local.admin import Admin
from local.phone_simulator import Phone
from local.stack import Stack
from tests.browser import ARTEFACTS, Connected
from tests.stack_calls import call


class _Application(BaseHTTPRequestHandler):
    """Shows that a browser came."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>application</title><h1>Signing out here</h1>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the application takes LogoutRequests: on an origin of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Application)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://application.localhost:{server.server_port}/slo"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def lasting(stack: Stack, address: str) -> Connected:
    """Connect an application that keeps sessions and takes LogoutRequests, and enrol a phone."""
    admin, phone = Admin.of(stack), Phone()
    answer = admin.connect("Sign-out tests", stack)
    path = f"/applications/{answer['application']['application_id']}"
    changes = {"policy": {"session_seconds": 3600}, "slo_url": address}
    changed = call(stack, "PATCH", path, token=stack.admin_token, body=changes)
    assert changed.status_code == 200, changed.text
    email = "leaving@example.com"
    phone.enroll(admin.invite(email, "Ada", "Example")["url"])
    return Connected(answer, phone, email)


def test_the_button_ends_the_session_and_leads_to_the_application(
    page: Page, lasting: Connected, stack: Stack, address: str
) -> None:
    """S21: no redirect may follow a post of ours to another origin; the page between does it."""
    page.goto(lasting.test_url)
    expect(page.locator("h1:visible")).to_have_text("Scan to sign in")
    lasting.phone.approve(lasting.phone.scan(page.screenshot(animations="disabled")))
    page.wait_for_selector("#profile", state="attached")

    page.goto(f"{stack.api_url}/session")
    expect(page.locator("h1")).to_have_text("You are signed in")
    page.screenshot(path=str(ARTEFACTS / "signed-in.png"), animations="disabled")
    page.get_by_role("button", name="Sign out").click()

    page.wait_for_url(f"{address}?SAMLRequest=*")
    expect(page.locator("h1")).to_have_text("Signing out here")
    page.goto(f"{stack.api_url}/session")
    expect(page.locator("h1")).to_have_text("Nobody is signed in")

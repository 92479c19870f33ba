"""What a user sees whose phone has no app: the invite, the code behind the camera, a passkey, the application."""

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Route, ViewportSize, expect

from local.admin import Admin
from local.phone_simulator.camera import read_qr
from local.stack import Stack
from tests.browser import Connected
from tests.e2e.test_login_in_a_browser import HEADING, keep, open_login, profile

PHONE = ViewportSize(width=390, height=844)
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass(frozen=True)
class Mobile:
    """A phone's browser with an authenticator in it."""

    page: Page
    device: CDPSession
    authenticator: str

    def recognises(self, *, user: bool) -> None:
        """Let the authenticator recognise its user or not."""
        told = {"authenticatorId": self.authenticator, "isUserVerified": user}
        self.device.send("WebAuthn.setUserVerified", told)

    def open(self, url: str) -> None:
        """Open an address as the camera does: no site led here."""
        self.page.goto(url)

    @contextmanager
    def waiting_for(self, path: str) -> Iterator[None]:
        """Hold back what the page posts there until the block ends."""
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        self.page.route(f"**{path}", hold)
        yield
        held[0].continue_()
        self.page.unroute(f"**{path}")

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def shows(self, heading: str) -> None:
        """Wait for a heading."""
        expect(self.page.locator(HEADING)).to_have_text(heading)


@pytest.fixture
def mobile(chromium: Browser) -> Iterator[Mobile]:
    """A fresh phone."""
    context = chromium.new_context(viewport=PHONE, is_mobile=True, has_touch=True, reduced_motion="reduce")
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    made = device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield Mobile(page, device, str(made["authenticatorId"]))
    context.close()


@dataclass(frozen=True)
class Enrolled:
    """A phone whose passkey is enrolled, and whose it is."""

    mobile: Mobile
    email: str


def invite(stack: Stack, email: str) -> str:
    """Return the address of an invite."""
    return str(Admin.of(stack).invite(email, "Grace", "Example")["url"])


@pytest.fixture
def enrolled(mobile: Mobile, stack: Stack) -> Enrolled:
    """A phone that opened its invite and created a passkey."""
    email = f"grace-{secrets.token_hex(3)}@example.com"
    mobile.open(invite(stack, email))
    mobile.press("Create a passkey")
    mobile.shows("This phone is ready")
    return Enrolled(mobile, email)


def seen_code(page: Page) -> str:
    """Return the address in the QR code that a login page shows."""
    return read_qr(page.screenshot(animations="disabled"))


def test_a_user_enrols_by_passkey_and_logs_in_by_passkey(
    page: Page, mobile: Mobile, connected: Connected, stack: Stack
) -> None:
    email = f"grace-{secrets.token_hex(3)}@example.com"
    mobile.open(invite(stack, email))
    mobile.shows("Sign in with this phone")
    keep(mobile.page, "invite")
    with mobile.waiting_for("/mobile/enroll"):
        mobile.press("Create a passkey")
        mobile.shows("Create your passkey")
        keep(mobile.page, "invite-working")
    mobile.shows("This phone is ready")
    keep(mobile.page, "invite-enrolled")

    open_login(page, connected)
    mobile.open(seen_code(page))
    mobile.shows("Is this you signing in?")
    shown = mobile.page.locator(".facts").inner_text()
    assert "Browser tests" in shown
    assert "127.0.0.1" not in mobile.page.content()
    keep(mobile.page, "consent")
    with mobile.waiting_for("/mobile/verify"):
        mobile.press("Approve")
        mobile.shows("Unlock your phone")
        keep(mobile.page, "consent-working")
    mobile.shows("Look at your computer")
    keep(mobile.page, "consent-approved")

    assert profile(page)["email"] == email


def test_declining_approves_nothing_and_leaves_the_login_open(
    page: Page, enrolled: Enrolled, connected: Connected
) -> None:
    open_login(page, connected)
    phone = enrolled.mobile
    phone.open(seen_code(page))
    decline, approve = (
        phone.page.get_by_role("button", name=name).bounding_box() for name in ("Decline", "Approve")
    )
    assert decline is not None
    assert approve is not None
    for side in ("width", "height"):
        assert decline[side] == pytest.approx(approve[side], abs=0.5)

    phone.press("Decline")

    phone.shows("Nothing was approved")
    keep(phone.page, "consent-declined")
    expect(page.locator(HEADING)).to_have_text("Scan to sign in")


def test_a_user_whom_the_phone_does_not_recognise_approves_nothing(
    page: Page, enrolled: Enrolled, connected: Connected
) -> None:
    open_login(page, connected)
    phone = enrolled.mobile
    phone.open(seen_code(page))
    phone.recognises(user=False)

    phone.press("Approve")

    expect(phone.page.get_by_role("alert")).to_have_text("No passkey was used. Try again, or decline.")
    phone.shows("Is this you signing in?")
    keep(phone.page, "consent-not-used")
    phone.recognises(user=True)
    phone.press("Approve")
    assert profile(page)["email"] == enrolled.email


def test_on_a_phone_the_login_opens_here_first_and_returns_to_this_browser(
    enrolled: Enrolled, connected: Connected
) -> None:
    phone = enrolled.mobile
    phone.open(connected.test_url)
    phone.shows("Scan to sign in")
    keep(phone.page, "pending-on-a-phone")
    phone.page.get_by_role("link", name="Open on this phone").click()
    phone.shows("Is this you signing in?")

    phone.press("Approve")

    assert profile(phone.page)["email"] == enrolled.email


def test_on_a_computer_the_login_page_offers_the_code_alone(page: Page, connected: Connected) -> None:
    open_login(page, connected)
    expect(page.get_by_role("link", name="Open on this phone")).to_be_hidden()


def test_the_link_for_this_phone_follows_the_code(mobile: Mobile, connected: Connected) -> None:
    mobile.open(connected.test_url)
    link = mobile.page.get_by_role("link", name="Open on this phone")
    first = str(link.get_attribute("href"))
    expect(link).not_to_have_attribute("href", first, timeout=12_000)
    assert str(link.get_attribute("href")).startswith(first[: len("/Q/") + 16])


class _Attacker(BaseHTTPRequestHandler):
    """Lures with a link to itself, which redirects to wherever the query says."""

    def do_GET(self) -> None:
        target = self.path.partition("?")[2]
        if self.path.startswith("/go"):
            self.send_response(302)
            self.send_header("Location", unquote(target))
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f'<!doctype html><title>attacker</title><a href="/go?{target}">Win</a>'.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def attacker() -> Iterator[str]:
    """The origin of a site that lures people to other people's codes."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Attacker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://attacker.localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_s12_a_link_of_another_site_shows_no_approve_button(
    page: Page, enrolled: Enrolled, connected: Connected, attacker: str
) -> None:
    open_login(page, connected)
    phone, code = enrolled.mobile, seen_code(page)
    phone.open(f"{attacker}/?{quote(code)}")

    phone.page.get_by_role("link", name="Win").click()

    phone.shows("Scan the code with your camera")
    keep(phone.page, "consent-elsewhere")
    assert "/Q/" in phone.page.url
    assert phone.page.get_by_role("button").count() == 0
    phone.open(code)
    phone.shows("Is this you signing in?")


def test_a_code_that_another_phone_took_meanwhile_is_told_as_taken(
    page: Page, enrolled: Enrolled, connected: Connected
) -> None:
    open_login(page, connected)
    phone, code = enrolled.mobile, seen_code(page)
    phone.open(code)
    connected.phone.scan(code)

    phone.press("Approve")

    phone.shows("It did not work")
    expect(phone.page.get_by_role("status")).to_contain_text("Another phone is already being used")
    assert len(phone.page.locator(".reference code").inner_text()) == 16
    keep(phone.page, "consent-failed")
    phone.open(code)
    phone.shows("Already taken")
    keep(phone.page, "consent-taken")


def test_an_unknown_code_and_a_used_invite_say_what_to_do(enrolled: Enrolled, stack: Stack) -> None:
    phone = enrolled.mobile
    phone.open(f"{stack.api_url}/Q/{'A' * 26}")
    phone.shows("Not found")
    keep(phone.page, "consent-unknown")
    used = invite(stack, enrolled.email)
    phone.open(used)
    newer = invite(stack, enrolled.email)
    phone.press("Create a passkey")
    phone.shows("It did not work")
    keep(phone.page, "invite-failed")
    phone.open(newer)
    phone.press("Create a passkey")
    phone.shows("Almost done")
    assert len(phone.page.locator(".shown-code").inner_text()) == 4
    keep(phone.page, "invite-unconfirmed")
    phone.open(newer)
    phone.shows("Expired")
    keep(phone.page, "invite-over")


def test_a_step_up_code_is_shown_to_be_typed_on_the_computer(
    page: Page, enrolled: Enrolled, connected: Connected
) -> None:
    """The answer with a code is written here: what makes one is a policy, and the page shows whatever it says."""

    def answer(route: Route) -> None:
        told = {"status": "approved", "code": "BCDFGH"}
        route.fulfill(status=200, content_type="application/json", body=json.dumps(told))

    open_login(page, connected)
    phone = enrolled.mobile
    phone.open(seen_code(page))
    phone.page.route("**/mobile/verify", answer)
    phone.press("Approve")
    phone.shows("One more step")
    expect(phone.page.locator(".shown-code")).to_have_text("BCDFGH")
    keep(phone.page, "consent-step-up")


def test_a_browser_without_passkeys_says_so(
    page: Page, mobile: Mobile, connected: Connected, stack: Stack
) -> None:
    mobile.page.add_init_script("delete window.PublicKeyCredential")
    open_login(page, connected)
    mobile.open(seen_code(page))
    mobile.shows("No passkeys here")
    assert mobile.page.get_by_role("button").count() == 0
    keep(mobile.page, "consent-unsupported")
    mobile.open(invite(stack, f"grace-{secrets.token_hex(3)}@example.com"))
    mobile.shows("No passkeys here")
    keep(mobile.page, "invite-unsupported")

"""A real Chromium, the local stack, and one connected application with an enrolled phone."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from local.admin import Admin
from local.phone_simulator import Phone
from local.stack import Stack

CHROMIUM = Path("/usr/bin/chromium")
ARTEFACTS = Path(__file__).parents[1] / "test-artefacts"
PATIENCE = 15_000
"""Milliseconds that a test waits for what should come at once: another process may have the machine."""

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Connected:
    """An application as Connect answered it, and the phone of its one user."""

    answer: dict[str, Any]
    phone: Phone
    email: str

    @property
    def test_url(self) -> str:
        """The URL that starts a login at Auth0."""
        return str(self.answer["test_url"])


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium; without it these tests fail under CI and are skipped elsewhere."""
    if not CHROMIUM.exists():
        missing = f"{CHROMIUM} is missing: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    ARTEFACTS.mkdir(exist_ok=True)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def connected(stack: Stack) -> Connected:
    """Connect the Auth0 double and enrol a phone, as an administrator and a user do."""
    admin = Admin.of(stack)
    email = f"ada-{secrets.token_hex(3)}@example.com"
    answer = admin.connect("Browser tests", stack)
    phone = Phone()
    phone.enroll(admin.invite(email, "Ada", "Example")["url"])
    return Connected(answer, phone, email)


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile, without motion: a picture taken while a page fades in would show no code."""
    fresh = chromium.new_context(viewport={"width": 1100, "height": 800}, reduced_motion="reduce")
    yield fresh
    fresh.close()


@dataclass(frozen=True)
class Watched:
    """A page, and what its console said against it."""

    page: Page
    complaints: list[str]


@pytest.fixture
def watched(context: BrowserContext, stack: Stack) -> Iterator[Watched]:
    """A page on which nothing of ours may fail: a blocked script or style and a failed call are errors."""
    page = context.new_page()
    complaints: list[str] = []

    def heard(said: ConsoleMessage) -> None:
        if said.type == "error" and not said.location["url"].startswith(stack.auth0.url):
            complaints.append(said.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield Watched(page, complaints)
    assert complaints == []


@pytest.fixture
def page(watched: Watched) -> Page:
    """The watched page itself."""
    return watched.page

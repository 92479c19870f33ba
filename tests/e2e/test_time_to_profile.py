"""How long a person waits between approving on the phone and seeing the application; nothing else runs beside it."""

import statistics
import time

from playwright.sync_api import Page, expect

from tests.browser import Connected
from tests.e2e.test_login_in_a_browser import HEADING, open_login, profile, scan_screenshot


def test_from_approval_to_profile_takes_under_two_seconds(page: Page, connected: Connected) -> None:
    seconds = []
    for _ in range(5):
        open_login(page, connected)
        scanned = scan_screenshot(page, connected.phone, "timed")
        expect(page.locator(HEADING)).to_have_text("Check your phone")
        started = time.perf_counter()
        connected.phone.approve(scanned)
        profile(page)
        seconds.append(time.perf_counter() - started)
        page.context.clear_cookies()

    median = statistics.median(seconds)
    print(f"approval to profile: median {median:.2f} s of {[round(s, 2) for s in seconds]}")
    assert median < 2

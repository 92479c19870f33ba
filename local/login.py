"""One login from the application back to the application, each hop timed."""

import json
from dataclasses import dataclass
from typing import Any

import lxml.html

from local.headless import Headless, Hop, UnexpectedPage, photograph
from local.phone_simulator import Phone


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The profile that the application shows, and the hops that led there."""

    profile: dict[str, Any]
    hops: tuple[Hop, ...]


def log_in(start_url: str, phone: Phone) -> LoggedIn:
    """Log in at the service provider's `start_url` with an enrolled phone.

    Raises UnexpectedPage or the phone's own errors for whatever goes wrong on the way.
    """
    browser = Headless()
    step = browser.timed
    request_url = step("Auth0 sends an AuthnRequest", lambda: browser.location(browser.get(start_url)))
    login_url = step("we check it and begin a session", lambda: browser.location(browser.get(request_url)))
    page = step("the login page shows a QR code", lambda: browser.get(login_url))
    picture = step("the phone reads the picture", lambda: photograph(page))
    scanned = step("the phone scans", lambda: phone.scan(picture))
    _expect("scanned", step("the page polls", lambda: browser.poll(page)))
    step("the phone approves", lambda: phone.approve(scanned))
    _expect("approved", step("the page polls", lambda: browser.poll(page)))
    posting = step("KMS signs the Response", lambda: browser.submit(page, "/complete"))
    callback_url = step("Auth0 accepts it", lambda: browser.location(browser.submit(posting)))
    shown = step("the application logs in", lambda: browser.get(callback_url))
    return LoggedIn(_profile(shown.content), tuple(browser.hops))


def _expect(status: str, actual: str) -> None:
    if actual != status:
        raise UnexpectedPage(f"the login is {actual}, not {status}")


def _profile(content: bytes) -> dict[str, Any]:
    document: Any = lxml.html.document_fromstring(content)
    found = document.get_element_by_id("profile", None)
    if found is None:
        raise UnexpectedPage("the application shows no profile")
    return dict(json.loads(found.text or ""))

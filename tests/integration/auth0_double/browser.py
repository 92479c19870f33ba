"""A browser's part in a login at the double: follow redirects, keep cookies, read the AuthnRequest, post the form."""

import base64
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from http.cookiejar import Cookie, DefaultCookiePolicy
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request

import requests
from lxml import etree

from tests.integration.auth0_double.idp_response import Answer
from tests.integration.auth0_double.process import Double

NAME = "acme-x2k4"


@dataclass(frozen=True, slots=True)
class Sent:
    """An AuthnRequest as it reached the identity provider."""

    url: str
    xml: str
    relay_state: str

    @property
    def request_id(self) -> str:
        """The request's ID."""
        return etree.fromstring(self.xml.encode()).get("ID") or ""


class LoopbackPolicy(DefaultCookiePolicy):
    """Browsers take loopback for secure; requests forgets a jar's policy when it sends, so the mark itself goes."""

    def set_ok(self, cookie: Cookie, request: Request) -> bool:
        """Accept the cookie as one that http may carry."""
        cookie.secure = False
        return super().set_ok(cookie, request)


@contextmanager
def a_browser() -> Iterator[requests.Session]:
    """A session that, like a browser on loopback, sends Secure cookies over http."""
    with requests.Session() as session:
        session.cookies.set_policy(LoopbackPolicy())
        yield session


def _decoded(value: str) -> str:
    raw = base64.b64decode(value)
    return (raw if raw.startswith(b"<") else zlib.decompress(raw, -15)).decode()


def from_redirect(location: str) -> Sent:
    """Read the AuthnRequest out of the URL that the tenant redirects to."""
    query = parse_qs(urlsplit(location).query, keep_blank_values=True)
    return Sent(location, _decoded(query["SAMLRequest"][0]), query["RelayState"][0])


def _from_form(page: str) -> Sent:
    fields = dict(re.findall(r'name="(\w+)"\s+value="([^"]*)"', page))
    action = re.findall(r'action="([^"]*)"', page)[0]
    return Sent(unescape(action), _decoded(unescape(fields["SAMLRequest"])), unescape(fields["RelayState"]))


def begin(browser: requests.Session, double: Double, connection: str) -> Sent:
    """Press "Log in" in the application and stop where the browser would reach the identity provider."""
    url = f"{double.app_url}/login?connection={connection}"
    authorize = browser.get(url, allow_redirects=False, timeout=10).headers["Location"]
    answer = browser.get(authorize, allow_redirects=False, timeout=10)
    return from_redirect(answer.headers["Location"]) if answer.is_redirect else _from_form(answer.text)


def post_back(
    browser: requests.Session, acs: str, response: str, relay_state: str | None
) -> requests.Response:
    """Post the Response to the assertion consumer service and follow to the end."""
    form = {"SAMLResponse": response}
    if relay_state is not None:
        form["RelayState"] = relay_state
    return browser.post(acs, data=form, timeout=10)


def shown_profile(page: str) -> dict[str, Any]:
    """The profile on the application's page."""
    found = re.findall(r'<script type="application/json" id="profile">(.*?)</script>', page)
    profile: dict[str, Any] = json.loads(found[0])
    return profile


def shown_error(page: str) -> str:
    """The text on the tenant's error page."""
    return unescape(re.findall(r'<p id="error-description">(.*?)</p>', page)[0])


def an_answer(double: Double, sent: Sent) -> Answer:
    """A good answer to the request, for the connection NAME."""
    audience = f"urn:auth0:acme:{NAME}"
    return Answer(acs=double.acs(NAME), audience=audience, in_response_to=sent.request_id)

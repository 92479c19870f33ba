"""Calls of the functions with events as API Gateway sends them, and what came back."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from functions.poll import handler as poll
from functions.sso import handler as sso
from functions.verify import handler as verify
from passwordless.entry import Entry
from passwordless.viewer import SECRET_HEADER
from tests.contract import replied
from tests.house import Browser, House, event

OWN_PAGE = {"sec-fetch-site": "same-origin", "origin": "null"}


@dataclass(frozen=True)
class Answer:
    """A reply in payload format 2.0."""

    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    body: str

    @property
    def json(self) -> dict[str, Any]:
        """Return the JSON object in the body."""
        return dict(json.loads(self.body))

    @property
    def code(self) -> str:
        """Return the problem's code, of a document or of a page."""
        if self.headers["content-type"] == "application/problem+json":
            return str(self.json["code"])
        found = re.search(r"<code>([a-z_0-9]+)</code>", self.body)
        assert found, self.body
        return found[1]

    def field(self, name: str) -> str:
        """Return the value of a hidden field of a page, unescaped as far as base64 and ids need it."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.body)
        assert found, self.body
        return found[1]


def call(house: House, entry: Entry, name: str, **changes: Any) -> Answer:
    """Call a function with the event `name`, from `ip` if it is given.

    `headers` are added to the event's own, None takes one away. Where CloudFront is in front, calls come through it.
    """
    loaded = event(name)
    if ip := changes.pop("ip", None):
        loaded["requestContext"]["http"]["sourceIp"] = ip
    through = {SECRET_HEADER: house.wiring.config.origin_secret or None}
    given = {**loaded["headers"], **through, **changes.pop("headers", {})}
    headers = {header: value for header, value in given.items() if value is not None}
    reply = replied(entry, house.wiring, {**loaded, **changes, "headers": headers})
    return Answer(reply["statusCode"], reply["headers"], tuple(reply["cookies"]), reply["body"])


def cookie_lines(cookies: Mapping[str, str]) -> list[str]:
    """Return cookies as API Gateway lists them."""
    return [f"{name}={value}" for name, value in cookies.items()]


def post_json(house: House, name: str, body: object, **changes: Any) -> Answer:
    """Call verify as the phone does."""
    return call(house, verify.handler, name, body=json.dumps(body), isBase64Encoded=False, **changes)


def poll_session(house: House, browser: Browser, **changes: Any) -> Answer:
    """Poll as the login page does."""
    cookies = changes.pop("cookies", browser.cookies)
    return call(
        house,
        poll.handler,
        "GET_session",
        pathParameters={"session_id": browser.session.session_id},
        cookies=cookie_lines(cookies),
        **changes,
    )


def complete(house: House, browser: Browser, **changes: Any) -> Answer:
    """Post the login page's form, with a step-up code if there is one."""
    cookies = changes.pop("cookies", browser.cookies)
    application_id = changes.pop("application_id", browser.session.application_id)
    code = changes.pop("code", None)
    fields = {"session_id": browser.session.session_id, **({} if code is None else {"code": code})}
    body = urlencode(fields).encode()
    return call(
        house,
        sso.handler,
        "POST_complete",
        pathParameters={"application_id": application_id},
        cookies=cookie_lines(cookies),
        body=base64.b64encode(body).decode(),
        isBase64Encoded=True,
        **changes,
    )

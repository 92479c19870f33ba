"""The console in Chromium without a stack: the function's own answers, a pretended issuer, and answers of the API.

Nothing leaves the browser: every request is answered here, and what nobody expected is aborted. What the console sends
and what it is told are held to the API's contract.
"""

import base64
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import BrowserContext, Page, Route

from functions.console import handler as console
from passwordless.wiring import Wiring
from tests import contract
from tests.console_answers import NEWER
from tests.house import config, event

ORIGIN = "https://login.example.com"
ISSUER = "https://issuer.example.com/"
TOKEN = "access-token-of-an-administrator"
SETTINGS = config(
    public_origin=ORIGIN, stage="prod", jwt_issuer=ISSUER, jwt_audience="https://api.example.com"
)
PROBLEM = "application/problem+json"

type Answer = Any


def sent(path: str) -> dict[str, Any]:
    """Return what the console's function answers to a GET of a path, uncompressed: so Chromium wants it told here."""
    asked = event("GET_console")
    if path != "/console":
        asked = event("GET_console-file", pathParameters={"file": path.rsplit("/", 1)[1]})
    return console.handler.answer(Wiring(SETTINGS), {**asked, "headers": {}})


@dataclass
class Site:
    """Answers whatever a browser asks; `api` maps `GET /path` (a regular expression) to JSON, or to (status, JSON).

    `claims` change those of the ID token, None leaves one out. `asked` is the query of the last authorization request,
    `bought` the forms that the token endpoint got, `calls` what the API was asked: method, path, body, headers.
    """

    api: dict[str, Answer]
    claims: dict[str, Any] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    bought: list[dict[str, str]] = field(default_factory=list)
    calls: list[tuple[str, str, Any, Mapping[str, str]]] = field(default_factory=list)
    token: str = TOKEN

    def serve(self, context: BrowserContext) -> None:
        """Answer all requests of a browser's profile from now on."""
        context.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        origin = f"{url.scheme}://{url.netloc}"
        if origin == ORIGIN and re.match(r"/console(/|$)", url.path):
            _fulfil(route, sent(url.path))
        elif origin == ORIGIN:
            self._call(route, url.path, url.query)
        elif origin == ISSUER.rstrip("/"):
            self._issue(route, url.path, url.query)
        else:
            route.abort()

    def _call(self, route: Route, path: str, query: str) -> None:
        request = route.request
        self.calls.append((request.method, path, request.post_data_json, request.headers))
        if request.headers.get("authorization") != f"Bearer {self.token}":
            route.fulfill(status=401, json={"message": "Unauthorized"})
            return
        full = f"{request.method} {path}{query and '?'}{query}"
        found = next((told for known, told in self.api.items() if re.fullmatch(known, full)), None)
        status, told = found if isinstance(found, tuple) else (_usual(found), found)
        if told is None:
            status, told = 404, {"message": "Not Found"}
        else:
            contract.check_call(request.method, path, request.post_data_json, status, _of_today(told))
        route.fulfill(status=status, json=told)

    def _issue(self, route: Route, path: str, query: str) -> None:
        if path == "/.well-known/openid-configuration":
            endpoints = {f"{name}_endpoint": f"{ISSUER}{name}" for name in ("authorization", "token")}
            route.fulfill(json={"issuer": ISSUER, **endpoints}, headers=_cors())
        elif path == "/authorization":
            self.asked = {name: values[0] for name, values in parse_qs(query).items()}
            answer = {"code": "code", "state": self.asked["state"], "iss": ISSUER, **self.query}
            route.fulfill(status=302, headers={"location": f"{ORIGIN}/console?{urlencode(answer)}"})
        else:
            form = parse_qs(route.request.post_data or "")
            self.bought.append({name: values[0] for name, values in form.items()})
            route.fulfill(json=self._tokens(), headers=_cors())

    def _tokens(self) -> dict[str, Any]:
        claims = {
            "iss": ISSUER,
            "aud": SETTINGS.console_client_id,
            "exp": int(time.time()) + 60,
            "nonce": self.asked["nonce"],
            "sub": "ada",
            "name": "Ada Administrator",
            **self.claims,
        }
        return {"access_token": self.token, "token_type": "Bearer", "id_token": id_token(claims)}


def _usual(told: Any) -> int:
    """Return the status of an answer that is no problem: one invite is made, which alone has a code to scan."""
    return 201 if isinstance(told, dict) and "qr_svg" in told else 200


def _of_today(told: Any) -> Any:
    """Return an answer without the events that no API of today tells of."""
    events = [event for event in told.get("events", []) if event["type"] != NEWER]
    return {**told, "events": events} if "events" in told else told


def id_token(claims: Mapping[str, Any]) -> str:
    """Return an ID token that says this; nobody checks its signature (OpenID Connect Core, 3.1.3.7, 6)."""
    told = json.dumps({name: value for name, value in claims.items() if value is not None}).encode()
    return f"e30.{base64.urlsafe_b64encode(told).rstrip(b'=').decode()}.e30"


def sign_in(page: Page, route: str = "") -> None:
    """Open the console at a route and sign in."""
    page.goto(f"{ORIGIN}/console{route}")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector(".bar:not([hidden])")
    await_page(page)


def go(page: Page, route: str) -> None:
    """Go to another page of the console."""
    page.evaluate(
        "route => { document.querySelector('main').setAttribute('aria-busy', 'true'); location.hash = route }",
        route,
    )
    await_page(page)


def await_page(page: Page) -> None:
    """Wait until the page is shown that the address names."""
    page.wait_for_selector("main:not([aria-busy]) h1")


def _fulfil(route: Route, reply: Mapping[str, Any]) -> None:
    route.fulfill(status=reply["statusCode"], headers=reply["headers"], body=reply["body"])


def _cors() -> dict[str, str]:
    return {"access-control-allow-origin": ORIGIN}

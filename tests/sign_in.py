"""A browser signs in: AuthnRequests as Auth0 sends them, and what comes back for them."""

import base64
import secrets
from collections.abc import Mapping
from typing import Any

from functions.sso import handler as sso
from functions.verify import handler as verify
from passwordless.model.applications import Application
from tests.calls import OWN_PAGE, Answer, call, complete, cookie_lines, post_json
from tests.house import Browser, House, Person
from tests.unit.saml.builders import (
    an_authn_request,
    an_issuer,
    enveloped,
    redirect,
    sign_post,
    sign_redirect,
)


def authn_request(house: House, application: Application, **changes: Any) -> bytes:
    """Write a fresh request of the application's service provider."""
    honest = {
        "request_id": f"_{secrets.token_hex(16)}",
        "issuer": an_issuer(application.sp.entity_id),
        "instant": f"{house.wiring.now_utc:%Y-%m-%dT%H:%M:%SZ}",
        "destination": application.idp.sso_url,
    }
    return an_authn_request(**{**honest, **changes})


def by_redirect(
    house: House, application_id: str, query: str, cookies: Mapping[str, str] | None = None, **changes: Any
) -> Answer:
    """Call the sign-in address with a query string, as after a redirect by the service provider."""
    return call(
        house,
        sso.handler,
        "GET_sso",
        rawQueryString=query,
        pathParameters={"application_id": application_id},
        cookies=cookie_lines(cookies or {}),
        **changes,
    )


def by_post(house: House, application_id: str, body: bytes) -> Answer:
    """Post a form to the sign-in address from another site, so without any Lax cookie."""
    return call(
        house,
        sso.handler,
        "POST_sso",
        pathParameters={"application_id": application_id},
        body=base64.b64encode(body).decode(),
        isBase64Encoded=True,
    )


def send(house: House, application: Application, binding: str, xml: bytes) -> Answer:
    """Send a signed request in one of the ways in which Auth0 does."""
    if binding == "post":
        return by_post(house, application.application_id, sign_post(xml))
    query = sign_redirect(xml) if binding == "redirect" else redirect(enveloped(xml), deflate=False)
    return by_redirect(house, application.application_id, query)


def open_page(house: House, session_id: str, cookies: Mapping[str, str]) -> Answer:
    """Open the login page."""
    return call(
        house,
        sso.handler,
        "GET_login",
        pathParameters={"session_id": session_id},
        cookies=cookie_lines(cookies),
    )


def press_restart(house: House, browser: Browser, **changes: Any) -> Answer:
    """Press “Not my phone? Start over”."""
    cookies = changes.pop("cookies", browser.cookies)
    return call(
        house,
        sso.handler,
        "POST_restart",
        pathParameters={"session_id": browser.session.session_id},
        cookies=cookie_lines(cookies),
        **{"headers": OWN_PAGE, **changes},
    )


def look(house: House, name: str, token: str, **changes: Any) -> Answer:
    """Open a code or an invite with a plain camera."""
    return call(
        house,
        verify.handler,
        name,
        **{"pathParameters": {"token": token}, "headers": {"sec-fetch-site": "none"}, **changes},
    )


def new_cookies(answer: Answer) -> dict[str, str]:
    """Return the cookies that an answer sets, without those that it removes."""
    pairs = (line.split(";", 1)[0].split("=", 1) for line in answer.cookies)
    return {name: value for name, value in pairs if value}


def begun(house: House, answer: Answer) -> Browser:
    """Return the login that a sign-in request began."""
    assert answer.status == 303, answer.body
    session = house.wiring.stores.sessions.get(answer.headers["location"].removeprefix("/login/"))
    assert session is not None
    (cookie,) = new_cookies(answer).values()
    return Browser(session, cookie)


def arrive(house: House, application: Application, **changes: Any) -> Browser:
    """Begin a login by a signed redirect, such as from another `ip` or with further `headers`."""
    query = sign_redirect(authn_request(house, application))
    return begun(house, by_redirect(house, application.application_id, query, **changes))


def scan(house: House, person: Person, browser: Browser) -> dict[str, Any]:
    """Scan the code that the browser shows and return what the phone is told."""
    answer = post_json(house, "POST_scan", house.scan_body(person, browser))
    assert answer.status == 200, answer.body
    return answer.json


def approve(house: House, person: Person, browser: Browser) -> None:
    """Scan and approve."""
    answer = post_json(house, "POST_verify", house.verify_body(person, scan(house, person, browser)))
    assert answer.status == 200, answer.body


def sign_in(house: House, person: Person, browser: Browser) -> Answer:
    """Scan, approve and finish."""
    approve(house, person, browser)
    return complete(house, browser)

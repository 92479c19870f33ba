"""A browser that signed in once comes again, signs out, or begins at a page of ours."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.sso import handler as sso
from passwordless.model.applications import Application
from passwordless.model.browser_sessions import BrowserSession
from passwordless.model.policies import Policy
from passwordless.model.tokens import digest
from passwordless.web import SESSION_COOKIE
from tests.calls import OWN_PAGE, Answer, call, cookie_lines
from tests.house import Browser, House, Person
from tests.sign_in import arrive, authn_request, begun, by_redirect, new_cookies, open_page, sign_in
from tests.told import found, response
from tests.unit.saml.builders import an_issuer, sign_redirect

HOUR = 3600
EXTENSION = "urn:oasis:names:tc:SAML:2.0:protocol:ext:async-slo"
SUCCESS = ["Success"]


@dataclass(frozen=True)
class SignedIn:
    """What a completed login left: the browser's cookie for us, and what the application was told."""

    cookies: Mapping[str, str]
    name_id: str
    session_index: str
    authn_instant: str


def lasting(house: House, tenant: str = "acme", *, seconds: int = HOUR, **changes: Any) -> Application:
    """Store an application that lets a browser come again without a scan."""
    policy = changes.pop("policy", Policy(session_seconds=seconds))
    return house.application(tenant, policy=policy, **changes)


def finished(answer: Answer) -> SignedIn:
    """Read a Response of success and the session cookie beside it."""
    root = response(answer)
    cookies = {name: value for name, value in new_cookies(answer).items() if name == SESSION_COOKIE}
    (name_id,) = found(root, "//a:NameID/text()")
    (index,) = found(root, "//a:AuthnStatement/@SessionIndex")
    (instant,) = found(root, "//a:AuthnStatement/@AuthnInstant")
    return SignedIn(cookies, name_id, index, instant)


def first_login(house: House, application: Application, person: Person) -> SignedIn:
    """Sign in by phone."""
    return finished(sign_in(house, person, arrive(house, application)))


def come_again(house: House, application: Application, attributes: str = "", **changes: Any) -> Browser:
    """Send a further request, signed, such as with `ForceAuthn="true"`."""
    xml = authn_request(house, application, attributes=attributes, **changes)
    return begun(house, by_redirect(house, application.application_id, sign_redirect(xml)))


def open_login(house: House, browser: Browser, cookies: Mapping[str, str]) -> Answer:
    """Open the login page with further cookies."""
    return open_page(house, browser.session.session_id, {**browser.cookies, **cookies})


def kept(house: House, cookies: Mapping[str, str]) -> BrowserSession | None:
    """Return the row of a browser's session with us."""
    return house.wiring.stores.browser_sessions.get(digest(cookies[SESSION_COOKIE]))


def logout_request(
    house: House,
    application: Application,
    name_id: str,
    *indexes: str,
    name_attributes: str = "",
    attributes: str = "",
    extensions: str = "",
    **changes: str,
) -> bytes:
    """Write a LogoutRequest of the application's service provider; attributes and extensions are XML."""
    told = {
        "request_id": f"_{secrets.token_hex(16)}",
        "issuer": an_issuer(application.sp.entity_id),
        "instant": f"{house.wiring.now_utc:%Y-%m-%dT%H:%M:%SZ}",
        "destination": application.idp.slo_url,
        "version": "2.0",
        **changes,
    }
    named = f'<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" {name_attributes}>{name_id}</saml:NameID>'
    listed = "".join(f"<samlp:SessionIndex>{index}</samlp:SessionIndex>" for index in indexes)
    return (
        '<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"'
        f' Destination="{told["destination"]}" ID="{told["request_id"]}" IssueInstant="{told["instant"]}"'
        f' {attributes} Version="{told["version"]}">{told["issuer"]}{extensions}{named}{listed}</samlp:LogoutRequest>'
    ).encode()


def log_out_by_redirect(
    house: House,
    application: Application,
    query: str,
    cookies: Mapping[str, str] | None = None,
    *,
    at_sso: bool = False,
) -> Answer:
    """Bring a LogoutRequest in a query string, as a browser that follows a link does."""
    return call(
        house,
        sso.handler,
        "GET_sso" if at_sso else "GET_slo",
        rawQueryString=query,
        pathParameters={"application_id": application.application_id},
        cookies=cookie_lines(cookies or {}),
    )


def log_out_by_post(house: House, application: Application, body: bytes) -> Answer:
    """Post a LogoutRequest from another site, so without any Lax cookie."""
    return call(
        house,
        sso.handler,
        "POST_slo",
        pathParameters={"application_id": application.application_id},
        body=base64.b64encode(body).decode(),
        isBase64Encoded=True,
    )


def start_page(house: House, application: Application, method: str, **changes: Any) -> Answer:
    """Open the page that begins a login here (GET), or press its button (POST)."""
    headers = OWN_PAGE if method == "POST" else {}
    return call(
        house,
        sso.handler,
        f"{method}_start",
        pathParameters={"application_id": application.application_id},
        **{"headers": headers, **changes},
    )

"""S50: no log holds what came in a path, a query, a header or a body, nor what we answered."""

import re
import secrets
from urllib.parse import parse_qs, urlsplit

from local.admin import Admin
from local.headless import Headless, photograph
from local.layout import Layout
from local.phone_simulator import Phone
from local.stack import Stack
from tests.stack_calls import call, files, log_lines


def logged(stack: Stack, place: Layout) -> str:
    """Return all that was ever logged, by the functions and by the stack's own processes."""
    own = b"\n".join(files(place.folder)).decode(errors="replace")
    return "\n".join(log_lines(stack)) + own


def test_no_log_holds_a_secret_of_a_login(stack: Stack, place: Layout) -> None:
    admin, phone, browser = Admin.of(stack), Phone(), Headless()
    connected = admin.connect("Logs", stack)
    invite_url = admin.invite(f"ada-{secrets.token_hex(4)}@example.com", "Ada", "Example")["url"]
    phone.enroll(invite_url)
    request_url = browser.location(browser.get(connected["test_url"]))
    page = browser.get(browser.location(browser.get(request_url)))
    scanned = phone.scan(photograph(page))
    phone.approve(scanned)
    posting = browser.submit(page, "/complete")

    query = parse_qs(urlsplit(request_url).query)
    response = re.search(r'name="SAMLResponse" value="([^"]+)"', posting.text)
    cookie = next(c for c in browser.http.cookies if c.name.startswith("__Host-login-"))
    assert response
    assert cookie.value
    marks = {
        "SAMLRequest": query["SAMLRequest"][0][:60],
        "RelayState": query["RelayState"][0],
        "SAMLResponse": response[1][:60],
        "login cookie": cookie.value,
        "nonce": scanned.nonce,
        "invite": invite_url.rsplit("/", 1)[1],
        "administrator's token": stack.admin_token[-60:],
    }
    found = logged(stack, place)
    assert [name for name, mark in marks.items() if mark in found] == []


def test_no_log_holds_what_a_stranger_sent(stack: Stack, place: Layout) -> None:
    mark = f"marked{secrets.token_hex(8)}"
    call(stack, "GET", f"/saml/{mark}/sso?SAMLRequest={mark}&RelayState={mark}", headers={"X-Mark": mark})
    call(stack, "GET", f"/login/{mark}", headers={"Cookie": f"__Host-login-{mark[:8]}={mark}"})
    call(stack, "GET", f"/Q/{mark}")
    call(stack, "POST", "/mobile/scan", body={"token": mark, "proof": mark}, headers={"User-Agent": mark})
    assert mark not in logged(stack, place)


def test_a_reply_names_a_correlation_id_that_is_in_the_log(stack: Stack) -> None:
    problem = call(stack, "POST", "/mobile/scan", body={"token": "x", "proof": "y"}).json()
    lines = [line for line in log_lines(stack) if problem["correlation_id"] in line]
    assert len(lines) == 1
    assert "malformed_proof" in lines[0]

"""S25: the console keeps no token, believes only answers to its own questions, and shows what it is told as text."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from passwordless.console import policy
from tests.console_answers import APPLICATION_ID, BAD_SECRET, CONNECTED, HOSTILE, REFERENCE, USER_ID, answers
from tests.console_site import ISSUER, ORIGIN, SETTINGS, TOKEN, Site, go, sent, sign_in
from tests.template import ROOT

PAGE = ROOT / "functions" / "console" / "page"
SOURCES = sorted(PAGE.glob("*.js"))
HTML = (PAGE / "console.html").read_text()
MARKUP = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|srcdoc|setHTML"
CODE = r"\beval\b|\bFunction\(|setTimeout\(\s*[\"'`]|setInterval\(\s*[\"'`]|\bimport\(|javascript:[^`]"
KEPT = r"localStorage|indexedDB|document\.cookie|caches\."
PAGES = [
    "#/applications",
    f"#/applications/{APPLICATION_ID}",
    f"#/applications/{APPLICATION_ID}/activity",
    f"#/applications/{APPLICATION_ID}/activity/{REFERENCE}",
    f"#/applications/{APPLICATION_ID}/attributes",
    f"#/applications/{APPLICATION_ID}/connection",
    f"#/applications/{APPLICATION_ID}/settings",
    "#/users",
    f"#/users/{USER_ID}",
    "#/signing-keys",
]
LEFT = """async () => JSON.stringify({
  session: {...sessionStorage}, local: {...localStorage}, cookie: document.cookie,
  databases: await indexedDB.databases(), caches: await caches.keys(), name: window.name,
  state: history.state, address: location.href})"""

SHOWN = """() => document.querySelector("main").innerText
  + [...document.querySelectorAll("input")].map((one) => one.value)"""


@pytest.fixture
def site(context: BrowserContext) -> Site:
    """A console whose issuer and API answer well, with hostile names in all that they say."""
    made = Site(answers())
    made.serve(context)
    return made


@pytest.fixture
def tab(context: BrowserContext) -> Iterator[Page]:
    """A page in which nothing may be blocked and no script may fail."""
    page, complaints = context.new_page(), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None,
    )
    yield page
    assert complaints == []


class TestPolicy:
    @pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
    def test_no_module_turns_text_into_markup_or_code_or_keeps_it(self, source: Path) -> None:
        text = re.sub(r"(?m)^\s*(//|\*|/\*\*).*$", "", source.read_text())
        assert re.findall(f"{MARKUP}|{CODE}|{KEPT}", text) == []

    def test_the_lint_finds_what_it_looks_for(self) -> None:
        assert re.findall(f"{MARKUP}|{CODE}|{KEPT}", "x.innerHTML = localStorage.y; eval(z)")

    def test_sessions_storage_is_used_by_the_sign_in_only(self) -> None:
        assert [one.name for one in SOURCES if "sessionStorage." in one.read_text()] == ["session.js"]

    def test_the_page_has_no_inline_script_style_or_handler(self) -> None:
        assert re.findall(r"<script(?![^>]*\ssrc=)", HTML) == []
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=", HTML) == []

    def test_every_script_style_and_call_comes_from_a_named_place(self) -> None:
        told = dict(one.split(" ", 1) for one in policy(SETTINGS, ORIGIN).split("; "))
        assert told == {
            "default-src": "'none'",
            "script-src": f"{ORIGIN}/console/",
            "style-src": f"{ORIGIN}/console/",
            "img-src": "data:",
            "connect-src": f"'self' {ISSUER.rstrip('/')}",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
            "base-uri": "'none'",
            "require-trusted-types-for": "'script'",
            "trusted-types": "'none'",
        }

    def test_the_page_carries_the_policy_and_is_not_kept(self) -> None:
        headers = sent("/console")["headers"]
        assert headers["content-security-policy"] == policy(SETTINGS, ORIGIN)
        assert headers["x-frame-options"] == "DENY"
        assert "no-store" in headers["cache-control"]

    def test_what_an_issuer_is_called_cannot_leave_its_attribute(self) -> None:
        assert 'data-issuer="https://issuer.example.com/"' in sent("/console")["body"]
        assert HTML.count("{{issuer}}") == HTML.count('data-issuer="{{issuer}}"') == 1


class TestSignIn:
    def test_nothing_is_left_of_a_sign_in_but_the_tokens_in_memory(self, tab: Page, site: Site) -> None:
        sign_in(tab, "#/users")
        left = json.loads(tab.evaluate(LEFT))
        assert left == {
            "session": {},
            "local": {},
            "cookie": "",
            "databases": [],
            "caches": [],
            "name": "",
            "state": None,
            "address": f"{ORIGIN}/console#/users",
        }
        assert tab.evaluate("Object.keys(window).filter((name) => /token/i.test(name))") == []
        assert TOKEN not in tab.content()

    def test_the_request_carries_pkce_state_and_nonce(self, tab: Page, site: Site) -> None:
        sign_in(tab)
        asked, (bought,) = site.asked, site.bought
        assert asked["code_challenge_method"] == "S256"
        assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", asked[n]) for n in ("state", "nonce", "code_challenge"))
        assert asked["scope"] == "openid applications:read applications:write"
        assert (asked["client_id"], asked["redirect_uri"]) == ("console", f"{ORIGIN}/console")
        assert asked["audience"] == SETTINGS.jwt_audience
        assert len(bought["code_verifier"]) == 43
        assert "client_secret" not in bought

    def test_a_reload_forgets_who_was_signed_in(self, tab: Page, site: Site) -> None:
        sign_in(tab)
        tab.reload()
        expect(tab.get_by_role("button", name="Sign in")).to_be_visible()

    def test_who_signs_out_leaves_nothing_behind(self, tab: Page, site: Site) -> None:
        sign_in(tab, "#/users")
        tab.get_by_role("button", name="Sign out").click()
        expect(tab.get_by_role("button", name="Sign in")).to_be_visible()
        assert tab.url == f"{ORIGIN}/console"
        tab.go_back()
        expect(tab.get_by_role("button", name="Sign in")).to_be_visible()

    def test_an_answer_with_another_state_is_refused_before_its_code_is_used(
        self, tab: Page, site: Site
    ) -> None:
        site.query = {"state": "another"}
        assert refusal(tab) == "This answer belongs to another sign-in. Nothing was done with it."
        assert site.bought == []

    def test_an_answer_of_another_issuer_is_refused_before_its_code_is_used(
        self, tab: Page, site: Site
    ) -> None:
        site.query = {"iss": "https://evil.example.com/"}
        assert refusal(tab) == "This answer comes from another issuer. Nothing was done with it."
        assert site.bought == []

    def test_an_id_token_with_another_nonce_is_refused(self, tab: Page, site: Site) -> None:
        """What else an ID token is checked for, test_console_sign_in.py tries without a browser."""
        site.claims = {"nonce": "another"}
        assert refusal(tab) == "The ID token belongs to another sign-in."
        assert site.calls == []

    def test_a_code_that_nobody_here_asked_for_is_ignored(self, tab: Page, site: Site) -> None:
        """An attacker's own code would sign the administrator in as the attacker (RFC 6749, 10.12)."""
        tab.goto(f"{ORIGIN}/console?{urlencode({'code': 'stolen', 'state': 'x'})}")
        expect(tab.get_by_role("alert")).to_have_text(
            "This sign-in was not begun here. Nothing was done with it."
        )
        assert site.bought == []
        assert tab.url == f"{ORIGIN}/console"

    def test_a_code_cannot_be_used_again_by_going_back(self, tab: Page, site: Site) -> None:
        sign_in(tab)
        tab.go_back()
        assert len(site.bought) == 1
        assert "code=" not in tab.url


class TestText:
    def test_a_hostile_name_is_shown_as_it_is_and_does_nothing(self, tab: Page, site: Site) -> None:
        sign_in(tab)
        for route in PAGES:
            go(tab, route)
            assert HOSTILE in tab.evaluate(SHOWN), route
            assert tab.locator("[onerror]").count() == 0, route
            assert tab.title() != "hacked", route

    def test_a_hostile_guidance_is_shown_as_it_is(self, tab: Page, site: Site) -> None:
        sign_in(tab, "#/applications/new/auth0-saml")
        fill_in(tab)
        expect(tab.locator(".steps .bad")).to_contain_text(str(BAD_SECRET["guidance"]))

    def test_a_test_link_that_is_a_script_is_no_link(self, tab: Page, site: Site) -> None:
        site.api["POST /applications"] = (201, {**CONNECTED, "test_url": "javascript:alert(1)"})
        sign_in(tab, "#/applications/new/auth0-saml")
        fill_in(tab)
        expect(tab.locator("#next-steps")).to_be_visible()
        assert tab.locator("a[href^='javascript']").count() == 0
        assert tab.get_by_text("Open the test link").count() == 0

    def test_markup_is_refused_by_the_browser_even_if_a_script_tried(self, tab: Page, site: Site) -> None:
        sign_in(tab)
        tried = (
            "try { document.body.innerHTML = '<b>x</b>'; return '' } catch (refused) { return refused.name }"
        )
        assert tab.evaluate(f"() => {{ {tried} }}") == "TypeError"


class TestSecret:
    def test_the_client_secret_is_gone_once_connected(self, tab: Page, site: Site) -> None:
        site.api["POST /applications"] = (201, CONNECTED)
        sign_in(tab, "#/applications/new/auth0-saml")
        fill_in(tab)
        expect(tab.locator("#next-steps")).to_be_visible()
        assert "a-client-secret" not in tab.content() + json.dumps(tab.evaluate(LEFT))

    def test_a_token_that_ends_is_renewed_in_a_window_and_what_was_typed_stays(
        self, tab: Page, site: Site
    ) -> None:
        sign_in(tab, "#/applications/new/auth0-saml")
        site.token = "a-newer-token"
        fill_in(tab)
        tab.get_by_role("button", name="Sign in again").click()
        expect(tab.locator(".steps .bad")).to_be_visible()
        assert tab.locator("#field-name").input_value() == "Acme Portal"
        keys = [headers["idempotency-key"] for method, _, _, headers in site.calls if method == "POST"]
        assert len(keys) == 2
        assert len(set(keys)) == 1
        assert json.loads(tab.evaluate(LEFT))["session"] == {}

    def test_nobody_else_goes_on_with_what_was_begun(self, tab: Page, site: Site) -> None:
        sign_in(tab, "#/applications/new/auth0-saml")
        site.token, site.claims = "a-token-of-somebody-else", {"sub": "eve"}
        fill_in(tab)
        tab.get_by_role("button", name="Sign in again").click()
        expect(tab.get_by_text("Somebody else signed in.")).to_be_visible()
        posts = [headers for method, _, _, headers in site.calls if method == "POST"]
        assert "a-token-of-somebody-else" not in str(posts)
        assert len(posts) == 1

    def test_the_question_to_sign_in_again_cannot_be_lost_by_escape(self, tab: Page, site: Site) -> None:
        sign_in(tab, "#/applications/new/auth0-saml")
        site.token = "a-newer-token"
        fill_in(tab)
        again = tab.get_by_role("button", name="Sign in again")
        for _ in range(3):
            expect(again).to_be_visible()
            tab.keyboard.press("Escape")
        again.click()
        expect(tab.locator(".steps .bad")).to_be_visible()


def refusal(tab: Page) -> str:
    """Try to sign in, and return why that was refused."""
    tab.goto(f"{ORIGIN}/console")
    tab.get_by_role("button", name="Sign in").click()
    said = tab.get_by_role("alert")
    expect(said).to_be_visible()
    assert json.loads(tab.evaluate(LEFT))["session"] == {}
    return said.inner_text()


def fill_in(tab: Page) -> None:
    """Fill in what Connect needs, and press it."""
    tab.fill("#field-name", "Acme Portal")
    tab.fill("#field-auth0_domain", "acme.auth0.com")
    tab.fill("#field-auth0_client_id", "kXw3ZtExampleClientId0123456789ab")
    tab.fill("#field-auth0_client_secret", "a-client-secret")
    tab.get_by_role("button", name="Connect", exact=True).click()

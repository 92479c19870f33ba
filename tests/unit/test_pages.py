"""The pages: what each state shows, that values cannot become markup, that the policy fits the page."""

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless import texts
from passwordless.model.sessions import Status
from passwordless.pages import LoginView, NextStep, Notice, Page, Pages
from tests.unit.page_document import Document, shape

FOLDER = Path(__file__).parents[2] / "functions" / "sso" / "page"
PAGES = Pages(FOLDER)
QR = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 41 41"><path d="M4 4h7v1h-7z"/></svg>'
SLO = "https://app.example.com/slo?a=1&SAMLRequest=fZA%3D&Signature=x%2B"
ACS = "https://acme.auth0.com/login/callback?connection=acme-7f3k2q&x='"
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;{{style}}{{login.return}}{domain}"
UNSUCCESSFUL = ["denied", "expired", "refused"]

printable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
"""Everything but NUL, which no HTML document can carry, and surrogates, which no UTF-8 can."""


def a_view(status: str = "pending", *, code_required: bool = False, refusal: str | None = None) -> LoginView:
    return LoginView(
        session_id="MZXW6YTBOI2A6JDP",
        application_id="app_4kd2m9x7q3w5z6y8a2b4",
        application_name="Payroll",
        domain="acme.auth0.com",
        status=status,
        frame=7,
        qr_svg=QR if status == "pending" else None,
        first_poll_ms=3000,
        refusal=refusal,
        code_required=code_required,
    )


def a_notice() -> Notice:
    return Notice("Too old", "The request is too old.", "Start again.", "request_expired", "c_1")


def all_pages() -> list[Page]:
    return [
        *(PAGES.login(a_view(status.value)) for status in Status),
        PAGES.login(a_view("approved", code_required=True)),
        PAGES.auto_post(ACS, "UjE=", "state", local=False),
        PAGES.notice(a_notice()),
        PAGES.notice(replace(a_notice(), step=NextStep("Go", "https://example.com/"))),
        PAGES.notice(replace(a_notice(), step=NextStep("Go", "/again", {"session_id": "A"}))),
        PAGES.onward(SLO, local=False),
    ]


def directives(page: Page) -> dict[str, str]:
    return {name: value for name, _, value in (part.partition(" ") for part in page.csp.split("; "))}


def source_of(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


class TestLogin:
    @pytest.mark.parametrize("status", list(Status))
    def test_a_state_has_one_heading_and_tells_itself_in_the_title_and_the_status_line(
        self, status: Status
    ) -> None:
        document = Document(PAGES.login(a_view(status.value)))
        heading = document.only("h1").inner
        assert heading == texts.text(f"{status}.heading")
        assert document.only("title").inner == f"{heading} – Payroll"
        assert document.role("status").inner == texts.message(status)

    def test_pending_shows_the_code_with_a_text_that_names_the_alternative(self) -> None:
        page = PAGES.login(a_view())
        label = Document(page).role("img").attributes["aria-label"] or ""
        assert QR in page.body
        assert "Payroll" in label
        assert "choose another way to sign in" in label

    @pytest.mark.parametrize(
        ("still", "label", "fields"),
        [(False, "Hold the code still", {"hold": "1"}), (True, "Let the code change again", {})],
    )
    def test_a_code_that_changes_can_be_held_still_and_let_go(
        self, *, still: bool, label: str, fields: dict[str, str]
    ) -> None:
        """WCAG 2.2, 2.2.2; a form, so that it works without JavaScript."""
        document = Document(PAGES.login(replace(a_view(), still=still)))
        form = document.only("form")
        assert (form.attributes["method"], form.attributes["action"]) == ("get", "/login/MZXW6YTBOI2A6JDP")
        assert (form.fields, [button.inner for button in document.visible("button")]) == (fields, [label])
        assert document.only("main").attributes["data-still"] == ("yes" if still else "")

    def test_pending_leads_whoever_is_on_the_phone_already_to_what_the_code_says(self) -> None:
        link = Document(PAGES.login(replace(a_view(), qr_path="/Q/ABC"))).only("a")
        assert (link.attributes["href"], link.inner) == ("/Q/ABC", "Open on this phone")

    @pytest.mark.parametrize("status", [status.value for status in Status if status is not Status.PENDING])
    def test_no_state_but_pending_leads_anywhere(self, status: str) -> None:
        page = PAGES.login(replace(a_view(status), qr_path="/Q/ABC"))
        assert "/Q/ABC" not in page.body
        assert Document(page).visible("a") == []

    @pytest.mark.parametrize("status", [status.value for status in Status if status is not Status.PENDING])
    def test_no_state_but_pending_carries_a_code(self, status: str) -> None:
        page = PAGES.login(replace(a_view(status), qr_svg=QR))
        assert QR not in page.body
        assert Document(page).only("main").attributes["data-frame"] == ""

    def test_scanned_offers_to_start_over(self) -> None:
        form = Document(PAGES.login(a_view("scanned"))).only("form")
        assert (form.attributes["method"], form.attributes["action"]) == (
            "post",
            "/sessions/MZXW6YTBOI2A6JDP/restart",
        )
        assert form.inner.strip() == "Not my phone? Start over"

    @pytest.mark.parametrize("status", [status.value for status in Status])
    def test_only_a_login_that_came_to_nothing_shows_its_reference(self, status: str) -> None:
        document = Document(PAGES.login(replace(a_view(status), reference="MZXW6YTBOI2A6JDP")))
        shown = [one.inner for one in document.visible("code")]
        assert shown == (["MZXW6YTBOI2A6JDP"] if status in UNSUCCESSFUL else [])

    @pytest.mark.parametrize(
        ("status", "label"),
        [("approved", "Continue"), *((status, "Return to the application") for status in UNSUCCESSFUL)],
    )
    def test_an_ended_login_has_one_next_step_that_finishes_it(self, status: str, label: str) -> None:
        document = Document(PAGES.login(a_view(status)))
        form = document.only("form")
        assert form.attributes["action"] == "/saml/app_4kd2m9x7q3w5z6y8a2b4/complete"
        assert form.fields == {"session_id": "MZXW6YTBOI2A6JDP"}
        assert [button.inner for button in document.visible("button")] == [label]

    def test_an_approval_that_needs_a_code_asks_for_it(self) -> None:
        document = Document(PAGES.login(a_view("approved", code_required=True)))
        (code,) = (box for box in document.visible("input") if box.attributes.get("type") != "hidden")
        assert (code.attributes["name"], code.attributes["autocomplete"]) == ("code", "one-time-code")
        assert document.only("main").attributes["data-status"] == "code"

    def test_completed_offers_nothing_more(self) -> None:
        document = Document(PAGES.login(a_view("completed")))
        assert document.visible("form") == []
        assert document.visible("button") == []

    def test_a_refusal_tells_its_reason(self) -> None:
        told = Document(PAGES.login(a_view("refused", refusal="rollout"))).role("status").inner
        assert told == texts.text("refused.rollout.message")

    @pytest.mark.parametrize("status", [status.value for status in Status])
    def test_only_a_waiting_page_refreshes_itself_without_javascript(self, status: str) -> None:
        refreshes = '<noscript><meta http-equiv="refresh" content="5"></noscript>' in (
            PAGES.login(a_view(status)).body
        )
        assert refreshes == (status in ("pending", "scanned"))

    def test_the_script_is_told_where_it_stands(self) -> None:
        told = Document(PAGES.login(a_view())).only("main").attributes
        assert told["data-session"] == "MZXW6YTBOI2A6JDP"
        assert told["data-frame"] == "7"
        assert told["data-first-poll"] == "3000"

    @pytest.mark.parametrize("bad", ["", "a/../b", 'a"b', "a b", "a\n", "é"])
    def test_an_id_that_could_change_the_path_is_refused(self, bad: str) -> None:
        with pytest.raises(ValueError, match="an id holds"):
            PAGES.login(replace(a_view(), session_id=bad))
        with pytest.raises(ValueError, match="an id holds"):
            PAGES.login(replace(a_view(), application_id=bad))

    def test_an_unknown_status_is_refused(self) -> None:
        with pytest.raises(KeyError):
            PAGES.login(a_view("won"))


class TestAutoPost:
    def test_it_posts_the_response_and_the_relay_state(self) -> None:
        form = Document(PAGES.auto_post(ACS, "UjE=", "s&t", local=False)).only("form")
        assert (form.attributes["method"], form.attributes["action"]) == ("post", ACS)
        assert form.fields == {"SAMLResponse": "UjE=", "RelayState": "s&t"}

    def test_a_button_posts_without_javascript(self) -> None:
        assert Document(PAGES.auto_post(ACS, "UjE=", None, local=False)).only("button").inner == "Continue"

    def test_no_relay_state_is_no_field(self) -> None:
        form = Document(PAGES.auto_post(ACS, "UjE=", None, local=False)).only("form")
        assert form.fields == {"SAMLResponse": "UjE="}

    def test_an_empty_relay_state_is_echoed(self) -> None:
        form = Document(PAGES.auto_post(ACS, "UjE=", "", local=False)).only("form")
        assert form.fields["RelayState"] == ""

    @given(printable)
    def test_any_relay_state_comes_back_as_it_was(self, relay_state: str) -> None:
        document = Document(PAGES.auto_post(ACS, "UjE=", relay_state, local=False))
        assert document.only("form").fields["RelayState"] == relay_state

    def test_no_line_break_of_a_value_reaches_the_parser_raw(self) -> None:
        assert "a&#13;b&#10;c" in PAGES.auto_post(ACS, "UjE=", "a\rb\nc", local=False).body

    def test_the_script_posts_only_where_it_has_not_posted_before(self) -> None:
        script = (FOLDER / "auto_post.js").read_text()
        assert script.index("history.state === null") < script.index("submit()")

    @pytest.mark.parametrize("action", ["javascript:alert(1)", "http://acme.example.com/", "/acs", "data:,x"])
    def test_an_action_that_is_not_https_is_refused(self, action: str) -> None:
        with pytest.raises(ValueError, match="https"):
            PAGES.auto_post(action, "UjE=", None, local=False)

    def test_plain_http_is_for_local_use(self) -> None:
        page = PAGES.auto_post("http://acme.auth0.localhost:4000/cb", "UjE=", None, local=True)
        assert directives(page)["form-action"] == "https: http:"

    def test_a_request_is_posted_as_a_request_and_says_what_for(self) -> None:
        page = PAGES.auto_post(SLO, "UjE=", None, local=False, parameter="SAMLRequest")
        assert Document(page).only("form").fields == {"SAMLRequest": "UjE="}
        assert Document(page).only("p").inner == texts.text("auto_post.signing_out")


class TestOnward:
    def test_it_goes_on_at_once_and_by_its_link_and_changes_nothing_of_the_address(self) -> None:
        document = Document(PAGES.onward(SLO, local=False))
        (refresh,) = (one for one in document.all("meta") if one.attributes.get("http-equiv") == "refresh")
        assert refresh.attributes["content"] == f"0; url={SLO}"
        assert document.only("a").attributes["href"] == SLO

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "http://app.example.com/", "/slo", "data:,x"])
    def test_an_address_that_is_not_https_is_refused(self, url: str) -> None:
        with pytest.raises(ValueError, match="https"):
            PAGES.onward(url, local=False)

    @given(printable)
    def test_no_address_changes_the_shape_of_the_page(self, path: str) -> None:
        page = PAGES.onward(f"https://app.example.com/{path}", local=False)
        assert shape(page) == shape(PAGES.onward(SLO, local=False))


class TestNotice:
    def test_it_shows_the_words_the_code_and_the_reference(self) -> None:
        shown = Document(PAGES.notice(a_notice())).only("main").inner
        for words in ("Too old", "The request is too old.", "Start again.", "request_expired", "c_1"):
            assert words in shown

    def test_it_may_say_no_more_than_a_sentence(self) -> None:
        document = Document(PAGES.notice(Notice("Done", "That was all.")))
        assert document.only("main").inner.split() == ["Done", "That", "was", "all."]

    def test_its_next_step_is_a_link(self) -> None:
        step = NextStep("Open it", "https://example.com/?a=1&b=2")
        link = Document(PAGES.notice(replace(a_notice(), step=step))).only("a")
        assert (link.attributes["href"], link.inner) == ("https://example.com/?a=1&b=2", "Open it")

    def test_its_next_step_is_a_form_if_it_posts(self) -> None:
        step = NextStep("Return", "/saml/app_1/complete", {"session_id": "A"})
        form = Document(PAGES.notice(replace(a_notice(), step=step))).only("form")
        assert (form.attributes["action"], form.fields) == ("/saml/app_1/complete", {"session_id": "A"})

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "//evil.example", "/\\evil.example", "http://a.b/"]
    )
    def test_a_next_step_that_leads_elsewhere_is_refused(self, url: str) -> None:
        with pytest.raises(ValueError, match="a next step"):
            NextStep("Go", url)

    def test_a_next_step_posts_only_here(self) -> None:
        with pytest.raises(ValueError, match="posts only here"):
            NextStep("Go", "https://example.com/", {"a": "b"})


class TestPolicy:
    @pytest.mark.parametrize("page", all_pages())
    def test_it_allows_exactly_the_inline_style_and_script_of_the_page(self, page: Page) -> None:
        document = Document(page)
        assert directives(page)["style-src"] == source_of(document.only("style").inner)
        scripts = [source_of(script.inner) for script in document.all("script")]
        assert directives(page).get("script-src", "") == " ".join(scripts)

    @pytest.mark.parametrize("page", all_pages())
    def test_nothing_else_is_allowed(self, page: Page) -> None:
        policy = directives(page)
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert "unsafe" not in page.csp
        assert "*" not in page.csp

    def test_only_the_login_page_may_connect(self) -> None:
        assert [directives(page).get("connect-src") for page in all_pages()] == ["'self'"] * 8 + [None] * 5

    def test_forms_post_to_ourselves_except_the_one_that_leaves(self) -> None:
        targets = [directives(page)["form-action"] for page in all_pages()]
        assert targets == ["'self'"] * 8 + ["https:"] + ["'self'"] * 4

    @pytest.mark.parametrize("page", all_pages())
    def test_nothing_in_the_page_needs_more_than_the_policy_allows(self, page: Page) -> None:
        names = {name for element in Document(page).elements for name in element.attributes}
        assert not {name for name in names if name.startswith("on") or name in ("style", "src", "srcset")}
        assert Document(page).all("link") == []
        assert not re.search(r"url\(|@import", page.body)

    @pytest.mark.parametrize("name", ["login.js", "auto_post.js"])
    def test_a_script_makes_no_markup_and_no_code_from_text(self, name: str) -> None:
        script = (FOLDER / name).read_text()
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|Function\(", script
        )


class TestEscaping:
    @pytest.mark.parametrize("name", ["application_name", "domain"])
    def test_a_hostile_name_stays_text_on_the_login_page(self, name: str) -> None:
        views = [replace(a_view(status.value), **{name: HOSTILE}) for status in Status]  # type: ignore[arg-type]
        for view, plain in zip(views, map(a_view, Status), strict=True):
            assert shape(PAGES.login(view)) == shape(PAGES.login(plain))
            assert HOSTILE in Document(PAGES.login(view)).only("header").inner

    @given(printable, printable)
    def test_no_name_changes_the_shape_of_the_login_page(self, name: str, domain: str) -> None:
        page = PAGES.login(replace(a_view(), application_name=name, domain=domain))
        assert shape(page) == shape(PAGES.login(a_view()))
        assert Document(page).only("main").attributes["data-application"] == name

    @given(printable, printable, printable)
    def test_no_value_changes_the_shape_of_the_auto_post_page(self, path: str, saml: str, relay: str) -> None:
        page = PAGES.auto_post(f"https://acme.auth0.com/{path}", saml, relay, local=False)
        assert shape(page) == shape(PAGES.auto_post(ACS, "UjE=", "s", local=False))
        assert Document(page).only("form").attributes["action"] == f"https://acme.auth0.com/{path}"

    @given(*[printable.filter(bool)] * 4)
    def test_no_value_changes_the_shape_of_a_notice(
        self, title: str, text: str, code: str, label: str
    ) -> None:
        step = NextStep(label, f"/{text.lstrip('/\\')}", {code: text})
        plain = Notice("a", "b", "c", "d", "e", step=NextStep("f", "/g", {"h": "i"}))
        assert shape(PAGES.notice(Notice(title, text, text, code, code, step))) == shape(PAGES.notice(plain))

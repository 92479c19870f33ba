"""HTTP as API Gateway gives it: requests read, replies made, failures told."""

import base64
import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless import web
from passwordless.errors import (
    BadProof,
    Conflict,
    Failure,
    Forbidden,
    Gone,
    Malformed,
    NotFound,
    TooMany,
    Unavailable,
    Unprocessable,
    UpstreamFault,
)
from tests.template import ROOT

ORIGIN = "https://login.example.com"
EVENTS = {file.stem: json.loads(file.read_text()) for file in sorted((ROOT / "events").glob("*.json"))}


def event(**changes: Any) -> dict[str, Any]:
    return {**EVENTS["POST_scan"], **changes}


def request(**changes: Any) -> web.Request:
    return web.Request.read(event(**changes), "CORRELATION")


def with_headers(**headers: str) -> web.Request:
    return request(headers={name.replace("_", "-"): value for name, value in headers.items()})


class TestRead:
    @pytest.mark.parametrize("name", EVENTS)
    def test_every_sample_event_is_read(self, name: str) -> None:
        read = web.Request.read(EVENTS[name], "CORRELATION")
        assert (read.route, read.ip) == (
            EVENTS[name]["routeKey"],
            EVENTS[name]["requestContext"]["http"]["sourceIp"],
        )
        assert dict(read.parameters) == EVENTS[name].get("pathParameters", {})

    def test_header_names_are_in_lower_case(self) -> None:
        assert request(headers={"X-Mixed-Case": "Kept"}).headers == {"x-mixed-case": "Kept"}

    def test_the_address_is_that_of_the_connection_and_no_header_changes_it(self) -> None:
        """S17."""
        forged = {
            "x-forwarded-for": "198.51.100.1",
            "forwarded": "for=198.51.100.1",
            "x-real-ip": "198.51.100.1",
        }
        assert request(headers=forged).ip == "203.0.113.7"

    def test_the_host_is_that_of_the_api_and_no_header_changes_it(self) -> None:
        assert with_headers(host="evil.example", x_forwarded_host="evil.example").domain_name == (
            "abcdef12.execute-api.localhost"
        )

    def test_the_query_is_the_raw_one(self) -> None:
        """Duplicates are joined by a comma in `queryStringParameters`."""
        assert request(rawQueryString="a=1&a=2", queryStringParameters={"a": "1,2"}).query == "a=1&a=2"

    @pytest.mark.parametrize("absent", ["headers", "pathParameters", "body", "rawQueryString", "cookies"])
    def test_what_api_gateway_leaves_out_is_empty(self, absent: str) -> None:
        trimmed = {name: value for name, value in event().items() if name != absent}
        assert web.Request.read(trimmed, "CORRELATION").route == "POST /mobile/scan"

    def test_a_call_without_an_authorizer_has_no_claims(self) -> None:
        assert request().claims == {}

    def test_the_claims_are_those_that_the_authorizer_verified(self) -> None:
        context = {**event()["requestContext"], "authorizer": {"jwt": {"claims": {"tenant": "acme"}}}}
        assert request(requestContext=context).claims == {"tenant": "acme"}


class TestCookies:
    def test_they_come_as_a_list_on_aws(self) -> None:
        assert request(cookies=["__Host-login-A=x", "b=y"]).cookies == {"__Host-login-A": "x", "b": "y"}

    def test_they_come_as_a_header_from_the_emulator(self) -> None:
        read = request(headers={"Cookie": "__Host-login-A=x; b=y"})
        assert read.cookies == {"__Host-login-A": "x", "b": "y"}

    def test_a_value_may_hold_an_equals_sign(self) -> None:
        assert request(cookies=["a=b=c=="]).cookies == {"a": "b=c=="}

    @pytest.mark.parametrize("cookies", [[""], ["novalue"], [";"], []])
    def test_what_is_no_cookie_is_passed_over(self, cookies: list[str]) -> None:
        assert request(cookies=cookies).cookies == {}

    def test_names_are_told_apart_by_case(self) -> None:
        assert request(cookies=["__Host-login-A=x", "__host-login-a=y"]).cookies == {
            "__Host-login-A": "x",
            "__host-login-a": "y",
        }

    def test_login_cookies_are_listed_in_the_order_in_which_they_came(self) -> None:
        cookies = ["__Host-login-B=1", "other=2", "__Host-login-A=3", "login-C=4"]
        assert web.login_cookies(request(cookies=cookies)) == ("__Host-login-B", "__Host-login-A")


class TestJson:
    def test_an_object_is_read(self) -> None:
        assert request(body='{"a": ["\u00e9", 1]}').json() == {"a": ["\u00e9", 1]}

    def test_a_base64_body_is_decoded(self) -> None:
        raw = base64.b64encode('{"a": "\u00e9"}'.encode()).decode()
        assert request(body=raw, isBase64Encoded=True).json() == {"a": "\u00e9"}

    @pytest.mark.parametrize("body", ["", "[]", '"a"', "7", "null", "true", "{", "{}{}", "a=b", "[" * 60000])
    def test_what_is_no_object_is_malformed(self, body: str) -> None:
        with pytest.raises(Malformed) as refused:
            request(body=body).json()
        assert refused.value.code == "malformed_json"

    @pytest.mark.parametrize(
        "raw",
        [b'{"a": "\xff"}', '{"a": 1}'.encode("utf-16"), b'\xef\xbb\xbf{"a": 1}', b'{"a": "\xed\xa0\x80"}'],
    )
    def test_what_is_not_utf_8_is_malformed(self, raw: bytes) -> None:
        """RFC 8259, 8.1."""
        with pytest.raises(Malformed):
            request(body=base64.b64encode(raw).decode(), isBase64Encoded=True).json()

    @pytest.mark.parametrize("body", ['{"token": "\\ud800"}', '{"\\udfff": 1}', '{"a": [{"b": "\\udead"}]}'])
    def test_a_lone_surrogate_is_malformed(self, body: str) -> None:
        """It is text that cannot be hashed, stored or logged (RFC 7493, 2.1)."""
        with pytest.raises(Malformed):
            request(body=body).json()
        assert request(body='{"token": "\\ud83d\\ude00"}').json() == {"token": "\U0001f600"}

    def test_a_body_over_64_kb_is_malformed(self) -> None:
        fits = '{"a": "' + "x" * (web.MAX_JSON - 9) + '"}'
        assert len(fits) == web.MAX_JSON
        assert request(body=fits).json()
        with pytest.raises(Malformed) as refused:
            request(body=fits + " ").json()
        assert refused.value.code == "body_too_large"

    @given(
        st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode(errors="surrogatepass"))
    )
    def test_any_body_is_an_object_or_malformed(self, body: bytes) -> None:
        with contextlib.suppress(Malformed):
            read = request(body=base64.b64encode(body).decode(), isBase64Encoded=True).json()
            json.dumps(read, ensure_ascii=False).encode()


class TestForm:
    @pytest.mark.parametrize("encoded", [True, False])
    def test_fields_are_read_whether_the_body_is_base64_or_not(self, encoded: bool) -> None:
        body = "session_id=ABC&code=&name=Zo%C3%AB+%26"
        sent = base64.b64encode(body.encode()).decode() if encoded else body
        read = request(body=sent, isBase64Encoded=encoded).form()
        assert read == {"session_id": "ABC", "code": "", "name": "Zo\u00eb &"}

    def test_no_body_is_no_field(self) -> None:
        assert request(body="").form() == {}

    @pytest.mark.parametrize(
        "body",
        ["session_id=A&session_id=B", "session_id=A&session_id=A", "a=1&a=", "%73ession_id=A&session_id=B"],
    )
    def test_a_field_that_comes_twice_is_malformed(self, body: str) -> None:
        with pytest.raises(Malformed) as refused:
            request(body=body).form()
        assert refused.value.code == "malformed_form"

    @pytest.mark.parametrize("body", ["novalue", "a=1&b", "&".join(f"f{n}=1" for n in range(21)), "a=1&&b=2"])
    def test_what_is_no_form_is_malformed(self, body: str) -> None:
        with pytest.raises(Malformed):
            request(body=body).form()

    @given(st.binary(max_size=80))
    def test_any_body_is_a_form_or_malformed(self, body: bytes) -> None:
        with contextlib.suppress(Malformed):
            request(body=base64.b64encode(body).decode(), isBase64Encoded=True).form()


class TestFromOwnPage:
    @pytest.mark.parametrize(
        ("headers", "own"),
        [
            ({"sec-fetch-site": "same-origin"}, True),
            ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
            ({"sec-fetch-site": "same-origin", "origin": ORIGIN}, True),
            ({"origin": ORIGIN}, True),
            ({}, False),
            ({"origin": "null"}, False),
            ({"origin": ""}, False),
            ({"origin": "https://evil.example"}, False),
            ({"origin": "https://login.example.com.evil.example"}, False),
            ({"origin": "https://sibling.example.com"}, False),
            ({"origin": "http://login.example.com"}, False),
            ({"origin": "https://login.example.com:8443"}, False),
            ({"origin": "HTTPS://LOGIN.EXAMPLE.COM"}, False),
            ({"sec-fetch-site": "same-site"}, False),
            ({"sec-fetch-site": "cross-site"}, False),
            ({"sec-fetch-site": "none"}, False),
            ({"sec-fetch-site": ""}, False),
            ({"sec-fetch-site": "cross-site", "origin": ORIGIN}, False),
            ({"sec-fetch-site": "same-site", "origin": ORIGIN}, False),
            ({"sec-fetch-site": "same-origin, cross-site"}, False),
            ({"referer": f"{ORIGIN}/login/ABC"}, False),
        ],
    )
    def test_only_our_own_page_sends_for_us(self, headers: dict[str, str], own: bool) -> None:
        """S20. `null` is what our own pages' posts carry, for they send no referrer; and sandboxed frames, too."""
        assert request(headers=headers).from_own_page(ORIGIN) is own


class TestReplies:
    def test_absent_members_are_left_out_of_json(self) -> None:
        reply = web.json_reply(200, {"a": 1, "b": None, "c": 0, "d": "", "e": False})
        assert json.loads(reply.body) == {"a": 1, "c": 0, "d": "", "e": False}

    @pytest.mark.parametrize(
        "reply",
        [
            web.json_reply(200, {}),
            web.see_other("/login/A"),
            web.page(200, "<html>", "default-src 'none'"),
            web.document("<xml/>", "application/samlmetadata+xml"),
            web.problem(Malformed("x", "y"), request()),
        ],
        ids=["json", "redirect", "page", "document", "problem"],
    )
    def test_no_reply_is_kept_sniffed_or_referred_to(self, reply: web.Reply) -> None:
        headers = reply.to_gateway()["headers"]
        assert "no-store" in headers["cache-control"]
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")

    def test_a_reply_has_the_form_of_payload_format_2(self) -> None:
        reply = web.see_other("/login/A", ("a=1; Path=/", "b=2; Path=/")).to_gateway()
        assert (reply["statusCode"], reply["headers"]["location"]) == (303, "/login/A")
        assert reply["cookies"] == ["a=1; Path=/", "b=2; Path=/"]
        json.dumps(reply)

    def test_a_page_says_what_it_may_do_and_cannot_be_framed(self) -> None:
        headers = web.page(200, "<html>", "default-src 'none'", {"retry-after": "2"}).headers
        assert headers["content-security-policy"] == "default-src 'none'"
        assert headers["x-frame-options"] == "DENY"
        assert headers["retry-after"] == "2"


class TestLoginCookie:
    def test_it_is_kept_from_scripts_other_sites_other_hosts_and_plain_http(self) -> None:
        value = web.login_cookie("ABCDEFGHIJKLMNOP", "secret", 600)
        name, *attributes = value.split("; ")
        assert name == "__Host-login-ABCDEFGH=secret"
        assert set(attributes) == {"Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age=600"}

    def test_it_is_removed_under_the_same_attributes(self) -> None:
        """A browser refuses a __Host- cookie without Secure and Path=/, its removal included."""
        value = web.expired_cookie("__Host-login-ABCDEFGH")
        assert set(value.split("; ")) == {
            "__Host-login-ABCDEFGH=",
            "Path=/",
            "Secure",
            "HttpOnly",
            "SameSite=Lax",
            "Max-Age=0",
        }


class TestProblems:
    @pytest.mark.parametrize(
        ("kind", "status"),
        [
            (Malformed, 400),
            (BadProof, 401),
            (Forbidden, 403),
            (NotFound, 404),
            (Conflict, 409),
            (Gone, 410),
            (Unprocessable, 422),
            (TooMany, 429),
            (UpstreamFault, 502),
            (Unavailable, 503),
            (Failure, 500),
        ],
    )
    def test_each_failure_has_the_status_of_its_meaning(self, kind: type[Failure], status: int) -> None:
        reply = web.problem(kind("some_code", "What went wrong."), request())
        assert (reply.status, json.loads(reply.body)["status"]) == (status, status)

    def test_a_problem_says_everything_that_may_be_said(self) -> None:
        failure = Unavailable(
            "busy",
            "Too much to do.",
            guidance="Wait.",
            private="table x",
            retry_after=7,
            extra={"steps": [1]},
        )
        reply = web.problem(failure, request())
        assert json.loads(reply.body) == {
            "type": "urn:passwordless:problem:busy",
            "title": "Try again",
            "status": 503,
            "detail": "Too much to do.",
            "code": "busy",
            "guidance": "Wait.",
            "correlation_id": "CORRELATION",
            "steps": [1],
        }
        assert (reply.headers["content-type"], reply.headers["retry-after"]) == (
            "application/problem+json",
            "7",
        )

    def test_what_is_private_stays_with_us(self) -> None:
        reply = web.problem(NotFound("gone", "Nothing here.", private="row of tenant b"), request())
        assert "tenant b" not in str(reply.to_gateway())

    def test_what_is_absent_is_left_out(self) -> None:
        reply = web.problem(NotFound("gone", "Nothing here."), request())
        assert "guidance" not in json.loads(reply.body)
        assert "retry-after" not in reply.headers


class TestSameSecret:
    @given(st.text(), st.text())
    def test_it_is_equality_for_any_text(self, one: str, other: str) -> None:
        assert web.same_secret(one, other) is (one == other)
        assert web.same_secret(one, one)

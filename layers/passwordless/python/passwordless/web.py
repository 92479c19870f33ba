"""HTTP as API Gateway gives it to a function: requests read, replies made, failures told in one place.

A reply to a program is JSON, a failure `application/problem+json` (RFC 9457). Pages come from `pages.py`.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from passwordless.errors import Failure, Forbidden, Malformed
from passwordless.texts import negotiated

MAX_JSON = 64 * 1024
MAX_LOGINS = 5
_ALWAYS = {
    "cache-control": "no-store, no-cache",
    "pragma": "no-cache",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


@dataclass(frozen=True, slots=True)
class Request:
    """One call. Header names are in lower case; `body` is decoded; `query` is the raw query string."""

    route: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    query: str
    body: bytes
    ip: str
    domain_name: str
    claims: Mapping[str, Any]
    correlation_id: str

    @classmethod
    def read(cls, event: Mapping[str, Any], correlation_id: str) -> "Request":
        """Read an HTTP API event, payload format 2.0 (AWS and the local emulator differ in where cookies are)."""
        context = event["requestContext"]
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        raw = event.get("body") or ""
        return cls(
            route=event["routeKey"],
            parameters=event.get("pathParameters") or {},
            headers=headers,
            cookies=_cookies(event.get("cookies") or headers.get("cookie", "").split(";")),
            query=event.get("rawQueryString") or "",
            body=base64.b64decode(raw) if event.get("isBase64Encoded") else raw.encode(),
            ip=context["http"]["sourceIp"],
            domain_name=context["domainName"],
            claims=(context.get("authorizer") or {}).get("jwt", {}).get("claims", {}),
            correlation_id=correlation_id,
        )

    def json(self, limit: int = MAX_JSON) -> dict[str, Any]:
        """Return the body, of at most `limit` bytes, as a JSON object.

        Raises Malformed, also for a lone surrogate, which can be neither hashed nor stored (RFC 7493, 2.1).
        """
        if len(self.body) > limit:
            raise Malformed("body_too_large", f"The body is larger than {limit // 1024} kB.")
        try:
            value = json.loads(self.body.decode())
            json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise Malformed("malformed_json", "The body is not a JSON object.")
        return value

    def form(self) -> dict[str, str]:
        """Return the fields of a posted form, each of which may come once. Raises Malformed."""
        try:
            pairs = parse_qsl(
                self.body.decode(), keep_blank_values=True, strict_parsing=bool(self.body), max_num_fields=20
            )
        except ValueError:
            pairs = [("", ""), ("", "")]
        fields = dict(pairs)
        if len(fields) != len(pairs):
            raise Malformed("malformed_form", "The form could not be read.")
        return fields

    @property
    def language(self) -> str:
        """Return the language of our pages that suits the caller best."""
        return negotiated(self.headers.get("accept-language", ""))

    def from_own_page(self, origin: str) -> bool:
        """Tell whether a page of ours sent this (S20): by Sec-Fetch-Site where the browser says it, else by Origin."""
        site = self.headers.get("sec-fetch-site")
        return site == "same-origin" if site is not None else self.headers.get("origin") == origin

    @property
    def unlinked(self) -> bool:
        """Tell whether the browser says that no page led here: an address bar, a camera, or an app that is none."""
        return self.headers.get("sec-fetch-site") == "none"

    def from_elsewhere(self, origin: str) -> bool:
        """Tell whether another site's page led here (S12): by Sec-Fetch-Site where the browser says it, and by Referer.

        A browser that says neither was led by its address bar or its camera, as far as anybody can tell.
        """
        site, referer = self.headers.get("sec-fetch-site", "none"), self.headers.get("referer", origin)
        return site not in ("none", "same-origin") or not f"{referer}/".startswith(f"{origin}/")


def require_own_page(request: Request, origin: str) -> None:
    """Go on only if a page of ours sent the request (S20). Raises Forbidden."""
    if not request.from_own_page(origin):
        raise Forbidden(
            "foreign_origin",
            "This can only be done from our own page.",
            guidance="Go back to the sign-in page and use its button.",
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back; `cookies` are whole Set-Cookie values, `packed` is a compressed body instead of `body`."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()
    packed: bytes | None = None

    def to_gateway(self) -> dict[str, Any]:
        """Return the reply in payload format 2.0; what a reply says of caching stands alone."""
        always = {name: value for name, value in _ALWAYS.items() if name != "pragma"}
        plain = self.packed is None
        return {
            "statusCode": self.status,
            "headers": {**(_ALWAYS if "cache-control" not in self.headers else always), **self.headers},
            "cookies": list(self.cookies),
            "body": self.body if self.packed is None else base64.b64encode(self.packed).decode(),
            **({} if plain else {"isBase64Encoded": True}),
        }


def json_reply(
    status: int,
    body: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    nullable: Container[str] = (),
) -> Reply:
    """Return a JSON reply; absent (None) members are left out, but `nullable` ones are null."""
    members = {name: value for name, value in body.items() if value is not None or name in nullable}
    text = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
    return Reply(status, text, {"content-type": "application/json", **(headers or {})})


def problem(failure: Failure, request: Request) -> Reply:
    """Return a failure as a problem document (RFC 9457)."""
    members = {
        "type": f"urn:passwordless:problem:{failure.code}",
        "title": failure.title,
        "status": failure.status,
        "detail": failure.detail,
        "code": failure.code,
        "guidance": failure.guidance,
        "correlation_id": request.correlation_id,
        **failure.extra,
    }
    headers = {"content-type": "application/problem+json", **retry_after(failure)}
    return json_reply(failure.status, members, headers)


def retry_after(failure: Failure) -> dict[str, str]:
    """Return the Retry-After header of a failure that has one (RFC 9110, 10.2.3)."""
    return {} if failure.retry_after is None else {"retry-after": str(failure.retry_after)}


def see_other(location: str, cookies: tuple[str, ...] = ()) -> Reply:
    """Return a 303 that turns a POST into a GET (RFC 9110, 15.4.4)."""
    return Reply(303, "", {"location": location}, cookies)


def page(
    status: int,
    body: str,
    csp: str,
    headers: Mapping[str, str] | None = None,
    cookies: tuple[str, ...] = (),
) -> Reply:
    """Return an HTML page with its own Content-Security-Policy (S21)."""
    fixed = {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": csp,
        "x-frame-options": "DENY",
    }
    return Reply(status, body, {**fixed, **(headers or {})}, cookies)


def document(body: str, content_type: str, headers: Mapping[str, str] | None = None) -> Reply:
    """Return a document that is not a page."""
    return Reply(200, body, {"content-type": content_type, **(headers or {})})


def versioned(request: Request, body: str, content_type: str) -> Reply:
    """Return a document with its ETag, or a 304 to a caller who has it (RFC 9110, 13.1.2 and 15.4.5)."""
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()}"'
    headers = {"etag": etag, "cache-control": "no-cache"}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    return Reply(304, "", headers) if known & {etag, "*"} else document(body, content_type, headers)


def login_cookie_name(session_id: str) -> str:
    """Return the name of the cookie that holds a session's browser secret."""
    return f"__Host-login-{session_id[:8]}"


def login_cookie(session_id: str, value: str, max_age: int) -> str:
    """Return the Set-Cookie value that gives a browser a session's secret for `max_age` seconds."""
    return (
        f"{login_cookie_name(session_id)}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={max_age}"
    )


SESSION_COOKIE = "__Host-session"
"""The cookie that holds the secret of a browser's session with us; it ends with the browser, or earlier here."""


def session_cookie(value: str) -> str:
    """Return the Set-Cookie value that gives a browser the secret of its session with us."""
    return f"{SESSION_COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax"


KNOWN_COOKIE = "__Host-known"
"""The cookie by which a browser in which somebody finished a login is known again."""


def known_cookie(value: str, max_age: int) -> str:
    """Return the Set-Cookie value by which a browser is known again for `max_age` seconds."""
    return f"{KNOWN_COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={max_age}"


def expired_cookie(name: str) -> str:
    """Return the Set-Cookie value that removes a cookie of ours."""
    return f"{name}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"


def login_cookies(request: Request) -> tuple[str, ...]:
    """Return the names of the login cookies that came, the oldest first (RFC 6265, 5.4)."""
    return tuple(name for name in request.cookies if name.startswith("__Host-login-"))


def surplus_logins(request: Request, kept: str) -> tuple[str, ...]:
    """Return the Set-Cookie values that end the oldest logins of a browser that has more than five, but not `kept`.

    A cross-site POST carries no Lax cookie, so this is done at the login page too.
    """
    others = [name for name in login_cookies(request) if name != kept]
    return tuple(expired_cookie(name) for name in others[: -(MAX_LOGINS - 1)])


def same_secret(one: str, other: str) -> bool:
    """Compare two secrets, or their hashes, in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def _cookies(pairs: list[str]) -> dict[str, str]:
    split = (pair.strip().split("=", 1) for pair in pairs)
    return {parts[0]: parts[1] for parts in split if len(parts) == 2}

"""Answers of Auth0, in its own words, and what the administrator must read of each."""

from typing import Any

from tests.house import Clock
from tests.unit.auth0.fakes import CLIENT_ID, DOMAIN, jwt
from tests.unit.auth0.tenant_server import (
    CREATE,
    DISCOVERY,
    TOKEN,
    Scripted,
    reset,
    silence,
)

GRANTS = "https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants"
AUDIENCE = f"https://{DOMAIN}/api/v2/"
NEED = f"associated to this API. See: {GRANTS}"
NOT_AUTHORIZED = (
    f'Client is not authorized to access "{AUDIENCE}". You need to create a "client-grant" {NEED}',
    f'Client is not authorized to access "{AUDIENCE}". You might probably want to create a "client-grant" {NEED}',
    f'Client "{CLIENT_ID}" is not authorized to access resource server "{AUDIENCE}". You need a "client-grant".',
)


def oauth(status: int, error: str, description: str, **headers: str) -> Scripted:
    """An error of the token endpoint."""
    return Scripted(status, {"error": error, "error_description": description}, headers)


def api(status: int, title: str, message: str, code: str | None = None, **headers: str) -> Scripted:
    """An error of the Management API."""
    body = {"statusCode": status, "error": title, "message": message}
    return Scripted(status, body | ({} if code is None else {"errorCode": code}), headers)


ROWS: list[tuple[str, str, Any, str, int, tuple[str, ...]]] = [
    (
        "no tenant: 404",
        DISCOVERY,
        Scripted(404, ""),
        "auth0_domain_unreachable",
        422,
        (DOMAIN, "Copy Domain"),
    ),
    (
        "no tenant: a page",
        DISCOVERY,
        Scripted(200, "<html>"),
        "auth0_domain_unreachable",
        422,
        ("without https://",),
    ),
    (
        "no tenant: a redirect",
        DISCOVERY,
        Scripted(302, "", {"Location": "https://auth0.com/"}),
        "auth0_domain_unreachable",
        422,
        (),
    ),
    (
        "another issuer",
        DISCOVERY,
        Scripted(200, {"issuer": "https://beta.auth0.com/"}),
        "auth0_domain_unreachable",
        422,
        (),
    ),
    ("no issuer", DISCOVERY, Scripted(200, ["x"]), "auth0_domain_unreachable", 422, ()),
    (
        "preflight too large",
        DISCOVERY,
        Scripted(200, b" " * 300_000),
        "auth0_domain_unreachable",
        422,
        (),
    ),
    ("preflight 503", DISCOVERY, Scripted(503, ""), "auth0_unavailable", 503, ("Nothing was created",)),
    ("preflight limited", DISCOVERY, Scripted(429, ""), "auth0_rate_limited", 429, ()),
    ("preflight silent", DISCOVERY, silence(1), "auth0_unavailable", 503, ("Try again",)),
    (
        "wrong secret",
        TOKEN,
        oauth(401, "access_denied", "Unauthorized"),
        "auth0_bad_credentials",
        422,
        ("does not say which", "same application in tenant acme"),
    ),
    (
        "grant type off",
        TOKEN,
        oauth(403, "unauthorized_client", "Grant type 'client_credentials' not allowed for the client."),
        "auth0_grant_type_disabled",
        422,
        ("Advanced Settings > Grant Types", "Regular Web Application", CLIENT_ID),
    ),
    *(
        (
            f"API not authorized, wording {number}",
            TOKEN,
            oauth(403, "access_denied", text),
            "auth0_api_not_authorized",
            422,
            ("Machine to Machine Applications", "tick create:connections"),
        )
        for number, text in enumerate(NOT_AUTHORIZED)
    ),
    (
        "permission missing",
        TOKEN,
        oauth(403, "access_denied", "Client has not been granted scopes: create:connections"),
        "auth0_missing_scope",
        422,
        ("authorized but lacks create:connections", "expand"),
    ),
    (
        "permission missing in the token",
        TOKEN,
        Scripted(200, {"access_token": jwt(b'{"scope": "read:users"}')}),
        "auth0_missing_scope",
        422,
        (),
    ),
    (
        "service not found",
        TOKEN,
        oauth(403, "access_denied", f"Service not found: {AUDIENCE}"),
        "auth0_wrong_audience",
        422,
        ("not this tenant's own domain",),
    ),
    (
        "service not enabled",
        TOKEN,
        oauth(403, "access_denied", f"Service not enabled within domain: {AUDIENCE}"),
        "auth0_wrong_audience",
        422,
        ("custom domain or wrong region",),
    ),
    (
        "an Action denies",
        TOKEN,
        oauth(403, "access_denied", "Not on a Sunday"),
        "auth0_denied_by_policy",
        422,
        ("Not on a Sunday", "Action"),
    ),
    (
        "token limited",
        TOKEN,
        oauth(429, "too_many_requests", "Global limit has been reached", **{"Retry-After": "17"}),
        "auth0_rate_limited",
        429,
        ("rate-limiting tenant acme", "17 seconds"),
    ),
    (
        "token limited by reset",
        TOKEN,
        oauth(
            429,
            "too_many_requests",
            "Global limit has been reached",
            **{"X-RateLimit-Reset": str(int(Clock().now) + 33)},
        ),
        "auth0_rate_limited",
        429,
        ("33 seconds",),
    ),
    ("token 500", TOKEN, Scripted(500, "<html>"), "auth0_unavailable", 503, ("Nothing was created",)),
    ("token silent", TOKEN, silence(1), "auth0_unavailable", 503, ()),
    ("token reset", TOKEN, reset, "auth0_unavailable", 503, ()),
    ("token: a page", TOKEN, Scripted(200, "<html>"), "auth0_unexpected_answer", 502, ("status 200",)),
    ("token: truncated", TOKEN, Scripted(200, '{"access_token": "x'), "auth0_unexpected_answer", 502, ()),
    ("token: none in it", TOKEN, Scripted(200, {}), "auth0_unexpected_answer", 502, ()),
    (
        "token with a line break",
        TOKEN,
        Scripted(200, {"access_token": "a\r\nX: y"}),
        "auth0_unexpected_answer",
        502,
        (),
    ),
    ("token: redirect", TOKEN, Scripted(307, "", {"Location": "/x"}), "auth0_unexpected_answer", 502, ()),
    ("token: 418", TOKEN, oauth(418, "teapot", "I am one"), "auth0_refused", 422, ("I am one", "418")),
    (
        "configuration refused",
        CREATE,
        api(
            400,
            "Bad Request",
            "Payload validation error: 'String is too long (2049 chars), maximum 2048' on property "
            "options.signInEndpoint (SAML single login URL for the connection).",
            "invalid_body",
        ),
        "auth0_rejected_configuration",
        422,
        ("options.signInEndpoint",),
    ),
    (
        "token refused by the API",
        CREATE,
        api(401, "Unauthorized", "Invalid token"),
        "auth0_token_rejected",
        422,
        ("usually because of a custom domain",),
    ),
    (
        "scope missing at the API",
        CREATE,
        api(
            403,
            "Forbidden",
            "Insufficient scope, expected any of: create:connections",
            "insufficient_scope",
        ),
        "auth0_missing_scope",
        422,
        ("tick create:connections",),
    ),
    (
        "entity limit",
        CREATE,
        api(
            403,
            "Forbidden",
            "You reached the limit of entities of this type for this tenant.",
            "too_many_entities",
        ),
        "auth0_plan_limit",
        422,
        ("plan allows no more enterprise connections",),
    ),
    (
        "plan limit",
        CREATE,
        api(403, "Forbidden", "You can only create 1 non-Okta enterprise connection(s) for this tenant."),
        "auth0_plan_limit",
        422,
        ("You can only create 1",),
    ),
    (
        "another 403",
        CREATE,
        api(403, "Forbidden", "Not from this network"),
        "auth0_refused",
        422,
        ("Not from this network", "403"),
    ),
    (
        "name taken",
        CREATE,
        api(409, "Conflict", "A connection with the same name already exists", "connection_conflict"),
        "auth0_name_taken",
        409,
        ("already exists in tenant acme", "would delete its users"),
    ),
    (
        "realm taken",
        CREATE,
        api(409, "Conflict", "A connection with the same realm already exists", "connection_conflict"),
        "auth0_name_taken",
        409,
        ("same realm",),
    ),
    (
        "domain taken",
        CREATE,
        api(409, "Conflict", "A connection with the same domain already exists", "connection_conflict"),
        "auth0_name_taken",
        409,
        ("same domain",),
    ),
    (
        "being deleted",
        CREATE,
        api(
            409,
            "Conflict",
            "A connection with the same name is being deleted, try again later",
            "connection_conflict",
        ),
        "auth0_name_being_deleted",
        409,
        ("still being deleted", "another name"),
    ),
    (
        "create limited",
        CREATE,
        api(
            429,
            "Too Many Requests",
            "Global limit has been reached",
            "too_many_requests",
            **{"X-RateLimit-Reset": str(int(Clock().now) + 42)},
        ),
        "auth0_rate_limited",
        429,
        ("42 seconds",),
    ),
    ("create: a page", CREATE, Scripted(404, "<html>"), "auth0_refused", 422, ("no reason given",)),
    ("create: 500", CREATE, Scripted(500, ""), "auth0_outcome_unknown", 502, ("look for", "press Verify")),
    ("create: 408", CREATE, Scripted(408, ""), "auth0_outcome_unknown", 502, ()),
    ("create: 302", CREATE, Scripted(302, "", {"Location": "/x"}), "auth0_outcome_unknown", 502, ()),
    ("create: HTML 200", CREATE, Scripted(200, "<html>"), "auth0_outcome_unknown", 502, ()),
    ("create: truncated", CREATE, Scripted(201, '{"id": "con'), "auth0_outcome_unknown", 502, ()),
    ("create: silent", CREATE, silence(1), "auth0_outcome_unknown", 502, ("Absent: Connect again",)),
    ("create: reset", CREATE, reset, "auth0_outcome_unknown", 502, ()),
]

"""What is known of Auth0's refusals, row by row: of its token endpoint, of its connections API, and what Connect tells.

`answers` names the rows of `auth0_answers.ROWS` that stand for one; `words` are read by the administrator, with the
names of domain, tenant, application and connection filled in (`{connection}` stands for the name that we chose).
"""

from dataclasses import dataclass

from tests.unit.auth0.fakes import CLIENT_ID, DOMAIN


@dataclass(frozen=True)
class Fact:
    """One row: in which table it is, what it is about, and what it becomes."""

    table: str
    about: str
    answers: tuple[str, ...]
    code: str
    status: int
    words: tuple[str, ...] = ()


_APPS = f"In Auth0 open Applications > your app (Client ID {CLIENT_ID}) > Advanced Settings > Grant Types"
_API = "Applications > APIs > Auth0 Management API > Machine to Machine Applications"
_COPY = "Copy Domain from Applications > your app > Settings, e.g. acme.us.auth0.com, without https://."
_UNAUTHORIZED = tuple(f"API not authorized, wording {number}" for number in range(3))
_NO_TENANT = ("no tenant: 404", "no tenant: a page", "no tenant: a redirect", "no name", "no TLS")

TOKEN_FACTS = (
    Fact("token", "wrong secret or unknown client id", ("wrong secret",), "auth0_bad_credentials", 422),
    Fact("token", "Client Credentials grant off", ("grant type off",), "auth0_grant_type_disabled", 422),
    Fact("token", "not authorized for the API", _UNAUTHORIZED, "auth0_api_not_authorized", 422),
    Fact("token", "permission missing", ("permission missing",), "auth0_missing_scope", 422),
    Fact(
        "token", "wrong audience", ("service not found", "service not enabled"), "auth0_wrong_audience", 422
    ),
    Fact("token", "rate limit", ("token limited", "token limited by reset"), "auth0_rate_limited", 429),
    Fact("token", "an Action denies", ("an Action denies",), "auth0_denied_by_policy", 422),
    Fact("token", "no such tenant", _NO_TENANT, "auth0_domain_unreachable", 422),
)
CREATE_FACTS = (
    Fact("create", "400 invalid_body", ("configuration refused",), "auth0_rejected_configuration", 422),
    Fact("create", "401 Invalid token", ("token refused by the API",), "auth0_token_rejected", 422),
    Fact("create", "403 insufficient_scope", ("scope missing at the API",), "auth0_missing_scope", 422),
    Fact("create", "403 too_many_entities", ("entity limit",), "auth0_plan_limit", 422),
    Fact("create", "403 of the plan", ("plan limit",), "auth0_plan_limit", 422, ("You can only create 1",)),
    Fact("create", "409 connection_conflict", ("name taken",), "auth0_name_taken", 409),
    Fact("create", "409 being deleted", ("being deleted",), "auth0_name_being_deleted", 409),
    Fact("create", "409 realm and domain", ("realm taken", "domain taken"), "auth0_name_taken", 409),
    Fact("create", "429", ("create limited",), "auth0_rate_limited", 429),
)
TOLD_FACTS = (
    Fact(
        "told",
        "NXDOMAIN, TLS, non-JSON, issuer mismatch",
        (*_NO_TENANT, "another issuer", "no issuer"),
        "auth0_domain_unreachable",
        422,
        (f"We could not find an Auth0 tenant at {DOMAIN}.", _COPY),
    ),
    Fact(
        "told",
        "a domain not ending in auth0.com",
        ("a custom domain",),
        "auth0_custom_domain",
        422,
        ("Enter the domain ending in auth0.com (Settings > Custom Domains shows it).", "optional field"),
    ),
    Fact(
        "told",
        "timeout, 5xx before the create call",
        ("preflight 503", "preflight silent", "token 500", "token silent", "token reset"),
        "auth0_unavailable",
        503,
        (f"Auth0 did not answer at {DOMAIN}. Nothing was created.", "Try again."),
    ),
    Fact(
        "told",
        "401 access_denied",
        ("wrong secret",),
        "auth0_bad_credentials",
        422,
        (
            "Auth0 rejected the Client ID or Client Secret (it does not say which).",
            "Both must come from the same application in tenant acme",
            CLIENT_ID,
        ),
    ),
    Fact(
        "told",
        "403 unauthorized_client",
        ("grant type off",),
        "auth0_grant_type_disabled",
        422,
        (f"{_APPS}: tick Client Credentials, Save.", "The application type must be Regular Web Application."),
    ),
    Fact(
        "told",
        "403 containing client-grant",
        _UNAUTHORIZED,
        "auth0_api_not_authorized",
        422,
        (f"{_API}: switch your application on, tick create:connections, Update.", CLIENT_ID),
    ),
    Fact(
        "told",
        "403 missing scope, at either call",
        ("permission missing", "permission missing in the token", "scope missing at the API"),
        "auth0_missing_scope",
        422,
        (
            f"{CLIENT_ID} is authorized but lacks create:connections.",
            f"{_API}: expand your application in that list, tick create:connections, Update.",
        ),
    ),
    Fact(
        "told",
        "403 Service not found / not enabled",
        ("service not found", "service not enabled"),
        "auth0_wrong_audience",
        422,
        (f"{DOMAIN} is not this tenant's own domain (custom domain or wrong region?).", _COPY),
    ),
    Fact(
        "told",
        "403 other",
        ("an Action denies",),
        "auth0_denied_by_policy",
        422,
        ("Auth0 refused the token: “Not on a Sunday”.", "An Action on machine-to-machine flows may block it"),
    ),
    Fact(
        "told",
        "429",
        ("preflight limited", "token limited", "token limited by reset", "create limited"),
        "auth0_rate_limited",
        429,
        ("Auth0 is rate-limiting tenant acme.", "Retry after {retry_after} seconds."),
    ),
    Fact(
        "told",
        "401 on create",
        ("token refused by the API",),
        "auth0_token_rejected",
        422,
        ("Auth0 issued a token but its API refused it, usually because of a custom domain.", DOMAIN),
    ),
    Fact(
        "told",
        "403 entity or plan limit",
        ("entity limit", "plan limit"),
        "auth0_plan_limit",
        422,
        ("Your Auth0 plan allows no more enterprise connections.", "tenant acme"),
    ),
    Fact(
        "told",
        "400 on create",
        ("configuration refused",),
        "auth0_rejected_configuration",
        422,
        ("Payload validation error: 'String is too long (2049 chars)",),
    ),
    Fact(
        "told",
        "409 connection_conflict",
        ("name taken", "realm taken", "domain taken"),
        "auth0_name_taken",
        409,
        (
            "A connection called {connection} already exists in tenant acme.",
            "Choose another name. Deleting {connection} would delete its users in Auth0.",
        ),
    ),
    Fact(
        "told",
        "409 being deleted",
        ("being deleted",),
        "auth0_name_being_deleted",
        409,
        ("{connection} is still being deleted by Auth0.", "Wait, or use another name."),
    ),
    Fact(
        "told",
        "answer lost after create, unresolved by metadata",
        ("create: 500", "create: silent", "create: reset", "create: truncated", "create: HTML 200"),
        "auth0_outcome_unknown",
        502,
        (
            "Auth0's answer was lost",
            "In Authentication > Enterprise > SAML of tenant acme look for {connection}.",
            "Present: press Verify. Absent: Connect again.",
        ),
    ),
    Fact(
        "told",
        "201, client not in the echo",
        ("not enabled",),
        "needs_enable",
        201,
        (
            "Connected. Last step: Authentication > Enterprise > SAML > {connection} > Applications: enable your app",
            CLIENT_ID,
        ),
    ),
    Fact(
        "told",
        "201, metadata differs or unreachable",
        ("metadata differs", "metadata unreachable"),
        "unverified",
        201,
        ("Created as con_0123456789ABCDEF, settings not confirmed", "Press Verify before rollout."),
    ),
    Fact(
        "told",
        "more scopes than asked",
        ("more scopes",),
        "over_granted",
        201,
        ("can also do: delete:users", "emove those permissions"),
    ),
)
FACTS = (*TOKEN_FACTS, *CREATE_FACTS, *TOLD_FACTS)
COUNTS = {"token": 8, "create": 9, "told": 19}
"""How many rows each table has; the texts about realm and domain, part of a row of the 409s, are one by themselves."""

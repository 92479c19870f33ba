"""What an administrator reads when Auth0 and we did not agree: the kind of failure, what happened, what to do.

The words for Auth0's screens are those of its dashboard; placeholders are filled in by `problems.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from passwordless.errors import Conflict, Failure, TooMany, Unavailable, Unprocessable, UpstreamFault

_SETTINGS = "In Auth0 open Applications > your app (Client ID {client_id})"
_API_LIST = "In Auth0 open Applications > APIs > Auth0 Management API > Machine to Machine Applications"
_COPY_DOMAIN = (
    "Copy Domain from Applications > your app > Settings, e.g. acme.us.auth0.com, without https://."
)
_NOTHING = "Nothing was created."


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of failure and its texts, with placeholders for names."""

    failure: type[Failure]
    detail: str
    guidance: str


PROBLEMS: Mapping[str, Problem] = {
    "auth0_domain_invalid": Problem(
        Unprocessable, "This is not the domain of an Auth0 tenant. {reason}", _COPY_DOMAIN
    ),
    "auth0_custom_domain": Problem(
        Unprocessable,
        "{domain} is not the tenant's own domain.",
        "Enter the domain ending in auth0.com (Settings > Custom Domains shows it). Your custom domain goes in the "
        "optional field.",
    ),
    "auth0_domain_unreachable": Problem(
        Unprocessable, "We could not find an Auth0 tenant at {domain}.", _COPY_DOMAIN
    ),
    "auth0_unavailable": Problem(
        Unavailable, f"Auth0 did not answer at {{domain}}. {_NOTHING}", "Try again."
    ),
    "auth0_bad_credentials": Problem(
        Unprocessable,
        "Auth0 rejected the Client ID or Client Secret (it does not say which).",
        "Both must come from the same application in tenant {tenant}: copy them again from Applications > your app > "
        "Settings. You entered Client ID {client_id}.",
    ),
    "auth0_grant_type_disabled": Problem(
        Unprocessable,
        "The application with Client ID {client_id} may not use the Client Credentials grant.",
        f"{_SETTINGS} > Advanced Settings > Grant Types: tick Client Credentials, Save. The application type must be "
        "Regular Web Application.",
    ),
    "auth0_api_not_authorized": Problem(
        Unprocessable,
        "The application with Client ID {client_id} is not authorized for the Auth0 Management API.",
        f"{_API_LIST}: switch your application on, tick create:connections, Update.",
    ),
    "auth0_missing_scope": Problem(
        Unprocessable,
        "The application with Client ID {client_id} is authorized but lacks create:connections.",
        f"{_API_LIST}: expand your application in that list, tick create:connections, Update.",
    ),
    "auth0_wrong_audience": Problem(
        Unprocessable,
        "{domain} is not this tenant's own domain (custom domain or wrong region?).",
        _COPY_DOMAIN,
    ),
    "auth0_denied_by_policy": Problem(
        Unprocessable,
        "Auth0 refused the token: “{message}”.",
        "An Action on machine-to-machine flows may block it: look at Actions > Triggers > Credentials Exchange in "
        "tenant {tenant}.",
    ),
    "auth0_rate_limited": Problem(
        TooMany,
        f"Auth0 is rate-limiting tenant {{tenant}}. {_NOTHING}",
        "Retry after {retry_after} seconds.",
    ),
    "auth0_token_rejected": Problem(
        Unprocessable,
        f"Auth0 issued a token but its API refused it, usually because of a custom domain. {_NOTHING}",
        "{domain} must be the tenant's own domain. " + _COPY_DOMAIN,
    ),
    "auth0_plan_limit": Problem(
        Unprocessable,
        "Your Auth0 plan allows no more enterprise connections. Auth0 said: “{message}”.",
        "Change the plan, or remove a connection that tenant {tenant} no longer needs. Removing a connection deletes "
        "its users in Auth0.",
    ),
    "auth0_rejected_configuration": Problem(
        Unprocessable,
        "Auth0 did not accept the connection: “{message}”.",
        "Change the field that Auth0 names and connect again. If it is none of yours, tell support the correlation id.",
    ),
    "auth0_name_taken": Problem(
        Conflict,
        "A connection called {connection} already exists in tenant {tenant}. Auth0 said: “{message}”.",
        "Choose another name. Deleting {connection} would delete its users in Auth0.",
    ),
    "auth0_name_being_deleted": Problem(
        Conflict, "{connection} is still being deleted by Auth0.", "Wait, or use another name."
    ),
    "auth0_refused": Problem(
        Unprocessable,
        f"Auth0 refused with status {{status}}: “{{message}}”. {_NOTHING}",
        "Mend in tenant {tenant} what Auth0 names, then connect again.",
    ),
    "auth0_unexpected_answer": Problem(
        UpstreamFault,
        f"Auth0 answered in a way that we do not understand ({{answer}}). {_NOTHING}",
        "Try again. If it happens again, tell support the correlation id.",
    ),
    "auth0_outcome_unknown": Problem(
        UpstreamFault,
        "Auth0's answer was lost, so we do not know whether it created {connection}.",
        "In Authentication > Enterprise > SAML of tenant {tenant} look for {connection}. Present: press Verify. "
        "Absent: Connect again.",
    ),
    "auth0_connected_not_recorded": Problem(
        UpstreamFault,
        "Auth0 created {connection}, but we could not record it.",
        "Press Verify on this application. Do not connect again: that would make a second connection.",
    ),
}

WARNINGS: Mapping[str, str] = {
    "needs_enable": "Connected. Last step: Authentication > Enterprise > SAML > {connection} > Applications: enable "
    "your app (Client ID {client_id}).",
    "unverified": "Created as {created}, settings not confirmed: {reason} Press Verify before rollout.",
    "auth0_connection_stays": "Removed here only. In Auth0 ({domain}) the connection {connection} stays as it was "
    "made, and logins through it fail now. To remove it there, too: Authentication > Enterprise > SAML > {connection} "
    "> Settings > Delete. Deleting a connection in Auth0 deletes its users there, and that cannot be undone.",
    "break_glass_not_confirmed": "Everyone signs in through {connection} now. Keep another way into Auth0 for the day "
    "when phones or this service fail: under Authentication > Database of tenant {tenant} leave a connection enabled "
    "for your app (Client ID {client_id}), and under Settings > Tenant Members an administrator who signs in without "
    "{connection}. Once that is so, change any application with break_glass_confirmed: true. You are told this once.",
    "over_granted": "The application with Client ID {client_id} can also do: {scopes}. Remove those permissions.",
}

"""What an administrator does after Connect, in order; the words for Auth0's screens are those of its dashboard."""

from collections.abc import Iterable, Mapping

from passwordless.auth0 import problems
from passwordless.model.applications import Application, RolloutMode

_ROTATE = (
    "In Auth0 open Applications > your app (Client ID {client_id}) > Settings and rotate the Client Secret: nothing "
    "here needs it again. If your app uses it, give your app the new one."
)
_REMOVE_SCOPE = (
    "In Auth0 open Applications > APIs > Auth0 Management API > Machine to Machine Applications > your app: untick "
    "create:connections, Update. The token that Auth0 issued for this call was discarded and expires by itself within "
    "24 hours."
)
_CREATE = (
    "Create the connection {connection} in tenant {tenant} in one of three ways: send the JSON body to "
    "https://{domain}/api/v2/connections with a token for create:connections; or run `auth0 login --scopes "
    "create:connections`, then the command; or apply the Terraform block."
)
_VERIFY = "Then press Verify on this application: until it has found the connection, no login is served."
_INVITE = "Invite a phone, if none is enrolled yet."
_INVITE_TEST_USER = "Invite the phone of a test user, if none is enrolled yet."
_TRY = "Open the test link and sign in with that phone."
_EVERYONE = "Once it works for one user, open the application to everyone."
_SECOND_WAY = (
    "Before you rely on it, keep a second way into Auth0: a database connection that stays enabled for your app, or a "
    "dashboard administrator of tenant {tenant} who signs in without {connection}."
)
_EACH_TENANT = (
    "What Auth0 calls a sandbox or a staging environment is a tenant of its own, and this connection is in tenant "
    "{tenant} only: add an application here for each tenant."
)


def connected(application: Application, warnings: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the steps after one-click connect, first what the warnings ask for."""
    warned = [one["guidance"] for one in warnings]
    return [*warned, *_filled(application, [_ROTATE, _REMOVE_SCOPE, *_first_logins(application)])]


def by_hand(application: Application) -> list[str]:
    """Return the steps in manual mode, where the connection does not exist yet."""
    return _filled(application, [_CREATE, _VERIFY, *_first_logins(application)])


def _first_logins(application: Application) -> list[str]:
    if application.rollout.mode is RolloutMode.TEST:
        return [_INVITE_TEST_USER, _TRY, _SECOND_WAY, _EVERYONE, _EACH_TENANT]
    return [_INVITE, _TRY, _SECOND_WAY, _EACH_TENANT]


def _filled(application: Application, texts: Iterable[str]) -> list[str]:
    names = problems.named(application.auth0) if application.auth0 is not None else {}
    return [text.format_map(names) for text in texts]

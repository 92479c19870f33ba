"""What an administrator is told of a connection that was made."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from passwordless.auth0 import next_steps, problems
from passwordless.auth0.by_hand import ByHand
from passwordless.auth0.connection import SCOPE, Created
from passwordless.auth0.steps import Step, Steps
from passwordless.auth0.verification import Verification
from passwordless.model.applications import Application, ApplicationStatus, Auth0Connection

_SHOWN_SCOPES = 20


@dataclass(frozen=True, slots=True)
class Connected:
    """An application that Auth0 knows, how it came about, what to mend, and where a login can be tried.

    With `manual` Auth0 does not know it yet: that is what the administrator creates there.
    """

    application: Application
    steps: list[dict[str, str]]
    warnings: list[dict[str, str]]
    test_url: str
    manual: ByHand | None = None

    @property
    def next_steps(self) -> list[str]:
        """What the administrator does now, in order."""
        if self.manual is not None:
            return next_steps.by_hand(self.application)
        return next_steps.connected(self.application, self.warnings)


def again(
    application: Application, at: Auth0Connection, base_url: str, redirect_uri: str | None
) -> Connected:
    """Return what an earlier call with the same Idempotency-Key made."""
    steps = Steps()
    for step in Step:
        steps.succeed(step)
    found = []
    if application.status is ApplicationStatus.UNVERIFIED:
        reason = "This is what an earlier call found."
        steps.fail(Step.VERIFICATION, reason)
        found = [_unverified(at, reason)]
    return Connected(application, steps.report(), found, authorize_url(base_url, at, redirect_uri))


def unconfirmed(created: Created | None, verification: Verification) -> str | None:
    """Say why the connection's settings are not confirmed; None when they are."""
    if verification.reason is not None or created is None or not created.differences:
        return verification.reason
    return f"Auth0 repeated other settings than we sent: {', '.join(created.differences)}."


def warnings(
    at: Auth0Connection,
    scopes: frozenset[str] | None,
    created: Created | None,
    verification: Verification,
) -> list[dict[str, str]]:
    """Return what stands between this connection and its rollout."""
    found = []
    if created is None or not created.enabled:
        found.append(problems.warning("needs_enable", at))
    reason = unconfirmed(created, verification)
    if reason is not None:
        found.append(_unverified(at, reason, created))
    more = (scopes or frozenset()) - {SCOPE}
    if more:
        found.append(problems.warning("over_granted", at, scopes=_listed(more)))
    return found


def authorize_url(base_url: str, at: Auth0Connection, redirect_uri: str | None) -> str:
    """Return the address that starts a login through the connection (Auth0: GET /authorize)."""
    query = {
        "client_id": at.client_id,
        "response_type": "code",
        "scope": "openid profile email",
        "connection": at.connection_name,
    }
    if redirect_uri is not None:
        query["redirect_uri"] = redirect_uri
    return f"{base_url}/authorize?{urlencode(query, quote_via=quote)}"


def _unverified(at: Auth0Connection, reason: str, created: Created | None = None) -> dict[str, str]:
    known = created.connection_id if created else at.connection_id
    return problems.warning("unverified", at, created=known or at.connection_name, reason=reason)


def _listed(scopes: Iterable[str]) -> str:
    ordered = sorted(scope for scope in scopes if scope.replace(":", "").replace("_", "").isalnum())
    more = len(ordered) - _SHOWN_SCOPES
    return ", ".join(ordered[:_SHOWN_SCOPES]) + (f" and {more} more" if more > 0 else "")

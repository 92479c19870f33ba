"""A login that begins on a page of ours instead of by an AuthnRequest (SAML Profiles, 4.1.5), where allowed (S24)."""

from passwordless.errors import Forbidden
from passwordless.login import trace
from passwordless.login.identity import offered_contexts, one_factor_contexts
from passwordless.login.start import Begun, Visitor, new_session, started, trusted
from passwordless.metrics import Metric
from passwordless.model.applications import Application
from passwordless.model.sessions import SamlRequest
from passwordless.model.tokens import secret
from passwordless.pages import NextStep, Notice
from passwordless.wiring import Wiring


def startable(wiring: Wiring, application_id: str) -> Application:
    """Return an application that lets logins begin here.

    Raises NotFound, Conflict or Unprocessable for the application, Forbidden when it does not.
    """
    to = trusted(wiring, application_id)
    if not to.policy.idp_initiated:
        raise Forbidden(
            "idp_initiated_off",
            "Signing in to this application begins at the application itself.",
            guidance="Open the application and sign in from there.",
        )
    return to


def invitation(wiring: Wiring, application_id: str) -> Notice:
    """Return the notice whose button begins a login; raises as `startable` does."""
    to = startable(wiring, application_id)
    step = NextStep("Sign in", f"/saml/{to.application_id}/start", {"begin": "login"})
    return Notice(f"Sign in to {to.name}", "You will approve it on your phone.", step=step, tone="calm")


def begin_here(wiring: Wiring, application_id: str, visitor: Visitor) -> Begun:
    """Begin a login at the application's default ACS, with the RelayState of its configuration and no other."""
    to = startable(wiring, application_id)
    asked = SamlRequest(
        request_id=None,
        issuer=to.sp.entity_id,
        acs_url=to.sp.acs_urls[0],
        relay_state=to.policy.relay_state,
        signed=False,
        authn_context=offered_contexts(to)[0],
        one_factor_context=one_factor_contexts(to)[0],
    )
    cookie = secret(wiring.randomness)
    session = new_session(wiring, to, asked, visitor, cookie)
    stores = wiring.stores
    stores.commit(
        stores.sessions.starting(session),
        stores.traces.putting(trace.started(session)),
        stores.events.putting(started(wiring, session)),
    )
    wiring.metrics.count(Metric.LOGIN_STARTED, correlation_id=session.correlation_id)
    return Begun(session.session_id, cookie)

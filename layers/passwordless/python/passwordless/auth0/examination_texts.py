"""What an administrator does about a check of an Auth0 connection that does not hold, by name of the case."""

from collections.abc import Mapping

from passwordless.auth0.problems import named
from passwordless.model.applications import Auth0Connection

_SAML = "Authentication > Enterprise > SAML > {connection}"

TEXTS: Mapping[str, str] = {
    "absent": "Tenant {tenant} has no connection {connection}. If you are to create it by hand, do so, then press "
    "Verify again. Otherwise remove this application here and connect again; whoever signed in through the old "
    "connection is a new user of Auth0's through the new one.",
    "unreadable": "Auth0 did not show its metadata of {connection} at {domain} just now. Nothing was changed here: "
    "press Verify again in a moment.",
    "entity_id": "Auth0 names itself otherwise than we know it, so it would refuse our answers. In Auth0 open "
    + _SAML
    + " and put its Entity ID back to the expected one.",
    "acs_urls": "Auth0 does not take answers at every address of this application at {domain}. Set acs_urls to what "
    "Auth0 lists for {connection}.",
    "no_certificate": "Auth0 shows no certificate for signed requests. In Auth0 open "
    + _SAML
    + " > Settings, switch "
    "Sign Request on, Save, then press Verify.",
    "refreshed": "Auth0 had changed its certificates. The new ones are known from now on; nothing is left to do.",
    "withheld": "Auth0's certificates are other ones. They are not taken over while entity id or addresses differ.",
}


def advice(case: str, at: Auth0Connection) -> str:
    """Return the text of a case with the names of this connection."""
    return TEXTS[case].format_map(named(at))

"""What an administrator has to do at a service provider before an application is moved to another signing key.

Auth0 holds one certificate per connection and fetches no metadata again, and create:connections cannot replace it: so
it is changed by hand, and the move follows at once.
"""

from passwordless.administration.signing_keys import signing_key
from passwordless.administration.view import instant
from passwordless.errors import Unprocessable
from passwordless.model.applications import Application, Auth0Connection
from passwordless.model.signing_keys import SigningKey
from passwordless.saml.metadata import CACHE_SECONDS


def unconfirmed(application: Application, key: SigningKey) -> Unprocessable:
    """Return the answer to a move without confirmation: the steps, and the certificate that they speak of."""
    at = application.auth0
    steps = _at_auth0(at, key) if at is not None else _elsewhere(application, key)
    return Unprocessable(
        "certificate_not_confirmed",
        "The application would be cut off unless its service provider trusts the certificate of this key.",
        guidance="Follow next_steps, then send the same request again with confirmed: true.",
        extra={"next_steps": steps, "signing_key": signing_key(key)},
    )


def _at_auth0(at: Auth0Connection, key: SigningKey) -> list[str]:
    sha1 = signing_key(key)["certificate_sha1"]
    upload = (
        "Under X509 Signing Certificate upload the file and save. Auth0 holds one certificate per connection: from then"
        " on it refuses what is signed with the old key, so sign-ins fail until the next step is done."
    )
    confirm = (
        "At once send this request again with confirmed: true. To go back, upload the old certificate and move the"
        " application back in the same way."
    )
    by_api = (
        f"By the Management API instead (scope update:connections): read the connection {at.connection_id or ''}, set"
        " options.signingCert to the base64 of the PEM file, leave out options.cert, expires, subject and thumbprints,"
        " and PATCH all other options with it, since Auth0 replaces options as a whole. Among the thumbprints that it"
        f" answers must be {sha1}."
    )
    return [
        f"Save certificate_pem as a file, for example {key.key_id}.pem.",
        f"In the Auth0 tenant {at.tenant} open Authentication > Enterprise > SAML > {at.connection_name}.",
        upload,
        confirm,
        by_api,
    ]


def _elsewhere(application: Application, key: SigningKey) -> list[str]:
    known = instant(key.created_at + CACHE_SECONDS)
    reads = (
        f"If the service provider reads {application.idp.entity_id} again by itself, wait until {known}: by then it"
        " knows the certificate."
    )
    by_hand = (
        "If it does not, add certificate_pem to the signing certificates that it trusts for this identity provider."
        " If it takes only one, replace the old one: sign-ins fail until the next step is done."
    )
    return [reads, by_hand, "Then send this request again with confirmed: true."]

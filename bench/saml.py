"""`make bench`: what SAML messages cost.

KMS is left out: a local RSA-2048 key signs, so that the figures are of our own work.
"""

import base64
import sys

from bench.timing import Case, report
from passwordless.saml.bindings import from_post, from_redirect
from passwordless.saml.refusals import Refusal
from passwordless.saml.response import success
from passwordless.saml.signing import sign
from tests.unit.saml.answers import an_envelope, claims
from tests.unit.saml.builders import (
    an_authn_request,
    checked,
    deflated,
    key_pair,
    node_escaped,
    sign_post,
    sign_redirect,
)

BOMB = 7 * 1024 * 1024


def _bomb() -> str:
    """Return the query of a message that inflates to 7 MB."""
    payload = base64.b64encode(deflated(b"<a>" + b" " * BOMB + b"</a>")).decode()
    return f"SAMLRequest={node_escaped(payload)}"


def _refused(query: str) -> None:
    try:
        from_redirect(query)
    except Refusal:
        return
    raise AssertionError("the bomb was read")


def cases() -> list[Case]:
    """Return what is measured; each case is prepared here, so that only its own work counts."""
    bomb, query = _bomb(), sign_redirect(an_authn_request())
    body = sign_post(an_authn_request())
    pair = key_pair()
    return [
        Case(
            f"refuse a 7 MB bomb in a {len(bomb) / 1000:.1f} kB query",
            lambda: _refused(bomb),
            5.0,
        ),
        Case("signed query: decode, XSD, all checks", lambda: checked(from_redirect(query)), 3.0),
        Case("signed form: decode, XSD, all checks", lambda: checked(from_post(body)), 3.0),
        Case(
            "build a Response and sign it twice",
            lambda: sign(success(an_envelope(), claims()), pair.key, pair.certificate_pem),
            1.7,
        ),
    ]


if __name__ == "__main__":
    sys.exit(report(cases()))

"""A LogoutResponse to a request of ours is checked: an ordered list of named steps (SAML Profiles, 4.4.4.2).

Transport and encoding come before (`bindings.py`); which request it answers is for the caller to find out. One that
fails here ends on a page, and the sign-out that is under way stays as it is (S32).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from passwordless.model.applications import ServiceProvider
from passwordless.saml import checks, status
from passwordless.saml.bindings import ReceivedMessage
from passwordless.saml.checks import Draft
from passwordless.saml.names import protocol
from passwordless.saml.parsing import parse
from passwordless.saml.refusals import (
    ForeignMessage,
    MalformedMessage,
    Mismatch,
    StaleMessage,
    UnprovenMessage,
    UnreadyApplication,
)
from passwordless.saml.request import Step

_GUIDANCE = "Nothing was changed by it. Close the browser to be signed out of what still keeps you signed in."
_COMPARE = "The application's administrator should compare its SAML settings with what is registered here."


@dataclass(frozen=True, slots=True)
class LogoutAnswer:
    """What the registered service provider, which signed it, says about one request; `done` when nothing is left."""

    in_response_to: str
    done: bool


def check_logout_answer(
    message: ReceivedMessage, sp: ServiceProvider, *, endpoint: str, now: datetime
) -> LogoutAnswer:
    """Check a LogoutResponse that arrived at `endpoint` (our URL) against what its sender registered.

    Raises a Refusal.
    """
    root = parse(message.xml, "LogoutResponse")
    demanding = replace(sp, require_signed_requests=True)
    draft = Draft(
        message, demanding, endpoint, now, auth0=False, acs_indexes={}, root=root, issue_instant=now
    )
    for step in STEPS:
        draft = step(draft)
    codes = [code.get("Value") for code in draft.root.iter(protocol("StatusCode"))]
    return LogoutAnswer(draft.root.get("InResponseTo", ""), done=codes == [status.SUCCESS])


def in_response_to(draft: Draft) -> Draft:
    """InResponseTo names a request: nobody tells us of a logout unasked (SAML Core, 3.2.2)."""
    if not draft.root.get("InResponseTo"):
        raise Mismatch("the ID of a request", None)
    return draft


STEPS = (
    Step(
        "version",
        checks.version,
        MalformedMessage,
        "saml_version_unsupported",
        "The answer to the sign-out is not SAML 2.0.",
        _GUIDANCE,
    ),
    Step(
        "id",
        checks.identifier,
        MalformedMessage,
        "saml_response_malformed",
        "The answer to the sign-out has no usable ID.",
        _GUIDANCE,
    ),
    Step(
        "issued_already",
        checks.issued_already,
        MalformedMessage,
        "saml_response_from_future",
        "The answer to the sign-out says that it was made in the future.",
        _COMPARE,
    ),
    Step(
        "issued_recently",
        checks.issued_recently,
        StaleMessage,
        "saml_response_expired",
        "The answer to the sign-out is too old.",
        _GUIDANCE,
    ),
    Step(
        "issuer",
        checks.issuer,
        ForeignMessage,
        "saml_issuer_unknown",
        "The answer to the sign-out comes from a service provider that is not registered here.",
        _COMPARE,
    ),
    Step(
        "registered_key",
        checks.registered_key,
        UnreadyApplication,
        "sp_not_verified",
        "The answer to a sign-out must be signed, and this application's certificate is not known yet.",
        "Your administrator can press Verify in AdminX, which reads the application's certificate.",
    ),
    Step(
        "signed",
        checks.signed,
        UnprovenMessage,
        "saml_signature_required",
        "The answer to the sign-out is not signed.",
        _COMPARE,
    ),
    Step(
        "signature",
        checks.signature,
        UnprovenMessage,
        "saml_signature_invalid",
        "The signature of the answer to the sign-out does not hold.",
        _COMPARE,
    ),
    Step(
        "destination",
        checks.destination,
        ForeignMessage,
        "saml_destination_mismatch",
        "The answer to the sign-out was meant for another address.",
        _COMPARE,
    ),
    Step(
        "in_response_to",
        in_response_to,
        MalformedMessage,
        "saml_response_unasked",
        "The answer to the sign-out does not say which request it answers.",
        _GUIDANCE,
    ),
)

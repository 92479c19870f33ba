"""A LogoutRequest is checked: an ordered list of named steps, each with its refusal beside it (SAML Profiles, 4.4).

Transport and encoding come before (`bindings.py`), replay after, at the caller. Whoever sends one must have signed it
with a registered key (S32), so every failure here ends on a page and nothing is sent to anyone.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from passwordless.model.applications import ServiceProvider
from passwordless.saml import checks, names, reading
from passwordless.saml.bindings import ReceivedMessage
from passwordless.saml.checks import SKEW, Draft
from passwordless.saml.names import assertion, protocol
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

ASYNCHRONOUS = "{urn:oasis:names:tc:SAML:2.0:protocol:ext:async-slo}Asynchronous"
_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?<(?:[\w.-]+:)?LogoutRequest[\s/>]")
_AGAIN = "Sign out again at your application. If this happens again, tell its administrator."
_COMPARE = "The application's administrator should compare its SAML settings with what is registered here."


@dataclass(frozen=True, slots=True)
class LogoutRequest:
    """A request of the registered service provider, signed by it.

    `name_id` is None when the request names the user in a way that we never do. No `session_indexes` stands for all of
    the user's sessions. An `asynchronous` sender wants no answer (Asynchronous Single Logout Protocol Extension).
    """

    id: str
    issuer: str
    relay_state: str | None
    name_id: str | None
    name_id_format: str | None
    session_indexes: frozenset[str]
    asynchronous: bool


def is_logout_request(message: ReceivedMessage) -> bool:
    """Tell whether a message claims to be a LogoutRequest; some service providers send both to one address.

    A guess that decides only which checks a message has to pass.
    """
    return _ROOT.match(message.xml) is not None


def check_logout(
    message: ReceivedMessage, sp: ServiceProvider, *, endpoint: str, now: datetime
) -> LogoutRequest:
    """Check a LogoutRequest that arrived at `endpoint` (our URL) against what its sender registered.

    Raises a Refusal.
    """
    root = parse(message.xml, "LogoutRequest")
    demanding = replace(sp, require_signed_requests=True)
    draft = Draft(
        message, demanding, endpoint, now, auth0=False, acs_indexes={}, root=root, issue_instant=now
    )
    for step in STEPS:
        draft = step(draft)
    return _accepted(draft)


def not_expired(draft: Draft) -> Draft:
    """NotOnOrAfter, if there is one, is still to come (SAML Core, 3.7.1)."""
    written = draft.root.get("NotOnOrAfter")
    ends = reading.instant(written)
    if written is not None and (ends is None or draft.now >= ends + SKEW):
        raise Mismatch(f"an instant after {draft.now - SKEW:%FT%TZ}", written)
    return draft


STEPS = (
    Step(
        "version",
        checks.version,
        MalformedMessage,
        "saml_version_unsupported",
        "The sign-out request is not SAML 2.0.",
        _AGAIN,
    ),
    Step(
        "id",
        checks.identifier,
        MalformedMessage,
        "saml_request_malformed",
        "The sign-out request has no usable ID.",
        _AGAIN,
    ),
    Step(
        "issued_already",
        checks.issued_already,
        MalformedMessage,
        "saml_request_from_future",
        "The sign-out request says that it was made in the future.",
        _COMPARE,
    ),
    Step(
        "issued_recently",
        checks.issued_recently,
        StaleMessage,
        "saml_request_expired",
        "The sign-out request is too old.",
        _AGAIN,
    ),
    Step(
        "not_on_or_after",
        not_expired,
        StaleMessage,
        "saml_request_expired",
        "The sign-out request is too old.",
        _AGAIN,
    ),
    Step(
        "issuer",
        checks.issuer,
        ForeignMessage,
        "saml_issuer_unknown",
        "The sign-out request comes from a service provider that is not registered here.",
        _COMPARE,
    ),
    Step(
        "registered_key",
        checks.registered_key,
        UnreadyApplication,
        "sp_not_verified",
        "A sign-out request must be signed, and this application's certificate is not known yet.",
        "Your administrator can press Verify in AdminX, which reads the application's certificate.",
    ),
    Step(
        "signed",
        checks.signed,
        UnprovenMessage,
        "saml_signature_required",
        "The sign-out request is not signed.",
        _COMPARE,
    ),
    Step(
        "signature",
        checks.signature,
        UnprovenMessage,
        "saml_signature_invalid",
        "The signature of the sign-out request does not hold.",
        _COMPARE,
    ),
    Step(
        "destination",
        checks.destination,
        ForeignMessage,
        "saml_destination_mismatch",
        "The sign-out request was meant for another address.",
        _COMPARE,
    ),
)


def _accepted(draft: Draft) -> LogoutRequest:
    root, name = draft.root, draft.root.find(assertion("NameID"))
    ours = reading.attribute(name, "SPNameQualifier") in (None, draft.sp.entity_id)
    return LogoutRequest(
        id=root.get("ID", ""),
        issuer=draft.sp.entity_id,
        relay_state=draft.message.relay_state,
        name_id=reading.text(name) if ours else None,
        name_id_format=reading.attribute(name, "Format"),
        session_indexes=frozenset(element.text or "" for element in root.findall(protocol("SessionIndex"))),
        asynchronous=root.find(f"{protocol('Extensions')}/{ASYNCHRONOUS}") is not None,
    )


def same_format(request: LogoutRequest, name_id_format: str) -> bool:
    """Tell whether the request means a NameID of this format; without one it means any (SAML Core, 2.2.2)."""
    return request.name_id_format in (None, names.UNSPECIFIED, name_id_format)

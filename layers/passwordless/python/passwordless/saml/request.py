"""An AuthnRequest is checked: an ordered list of named steps, each with its refusal beside it.

Transport and encoding come before (`bindings.py`); replay comes after, at the caller, who then asks `answerable`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from passwordless.model.applications import ServiceProvider
from passwordless.saml import checks, names, reading, status
from passwordless.saml.authn_request import AuthnRequest, RequestedSubject
from passwordless.saml.bindings import ENCODING, TRANSPORT, ReceivedMessage
from passwordless.saml.checks import Draft
from passwordless.saml.contexts import Comparison, RequestedContext, choose
from passwordless.saml.names import assertion, protocol
from passwordless.saml.parsing import XML, parse
from passwordless.saml.refusals import (
    ForeignMessage,
    MalformedMessage,
    Mismatch,
    Refusal,
    StaleMessage,
    UnprovenMessage,
    UnreadyApplication,
)
from passwordless.saml.status import SamlStatus

__all__ = [
    "STEPS",
    "STEP_NAMES",
    "AuthnRequest",
    "Comparison",
    "RequestedContext",
    "RequestedSubject",
    "answerable",
    "check",
    "wrong_subject",
]

_TELL = "Start again at your application. If this happens again, tell its administrator."
_COMPARE = "The application's administrator should compare its SAML settings with what is registered here."
_CLOCK = "The clock of the application's server seems to be wrong. Tell its administrator."
_VERIFY = "The application is not ready: your administrator can press Verify in AdminX, which reads its certificate."


@dataclass(frozen=True, slots=True)
class Step:
    """One check and the refusal that follows when it finds a Mismatch."""

    name: str
    run: Callable[[Draft], Draft]
    refusal: type[Refusal]
    code: str
    detail: str
    guidance: str

    def __call__(self, draft: Draft) -> Draft:
        """Return the draft, perhaps with something learned. Raises the step's refusal."""
        try:
            return self.run(draft)
        except Mismatch as found:
            raise self.refusal(
                self.name, self.code, self.detail, guidance=self.guidance, private=str(found)
            ) from None


STEPS = (
    Step(
        "version",
        checks.version,
        MalformedMessage,
        "saml_version_unsupported",
        "The sign-in request is not SAML 2.0.",
        _TELL,
    ),
    Step(
        "id",
        checks.identifier,
        MalformedMessage,
        "saml_request_malformed",
        "The sign-in request has no usable ID.",
        _TELL,
    ),
    Step(
        "issued_already",
        checks.issued_already,
        MalformedMessage,
        "saml_request_from_future",
        "The sign-in request says that it was made in the future.",
        _CLOCK,
    ),
    Step(
        "issued_recently",
        checks.issued_recently,
        StaleMessage,
        "saml_request_expired",
        "The sign-in request is too old.",
        "Start again at your application.",
    ),
    Step(
        "issuer",
        checks.issuer,
        ForeignMessage,
        "saml_issuer_unknown",
        "The sign-in request comes from a service provider that is not registered here.",
        _COMPARE,
    ),
    Step(
        "registered_key",
        checks.registered_key,
        UnreadyApplication,
        "sp_not_verified",
        "This application signs its requests, and its certificate is not known yet.",
        _VERIFY,
    ),
    Step(
        "signed",
        checks.signed,
        UnprovenMessage,
        "saml_signature_required",
        "The sign-in request is not signed, and this application requires it.",
        _COMPARE,
    ),
    Step(
        "signature",
        checks.signature,
        UnprovenMessage,
        "saml_signature_invalid",
        "The signature of the sign-in request does not hold.",
        _COMPARE,
    ),
    Step(
        "destination",
        checks.destination,
        ForeignMessage,
        "saml_destination_mismatch",
        "The sign-in request was meant for another address.",
        _COMPARE,
    ),
    Step(
        "acs",
        checks.acs,
        ForeignMessage,
        "saml_acs_unknown",
        "The sign-in request asks for an answer to an address that is not registered here.",
        _COMPARE,
    ),
    Step(
        "response_binding",
        checks.response_binding,
        ForeignMessage,
        "saml_binding_unsupported",
        "The sign-in request asks for an answer by another way than HTTP-POST.",
        _COMPARE,
    ),
)
STEP_NAMES = (TRANSPORT, ENCODING, XML, *(step.name for step in STEPS))


def check(
    message: ReceivedMessage,
    sp: ServiceProvider,
    *,
    endpoint: str,
    now: datetime,
    auth0: bool,
    acs_indexes: Mapping[int, str] | None = None,
) -> AuthnRequest:
    """Check an AuthnRequest that arrived at `endpoint` (our URL) against what its sender registered.

    `now` has a time zone. `auth0` admits ProtocolBinding HTTP-Redirect. `acs_indexes` maps the indexes of the service
    provider's metadata to its URLs; without it the place in `sp.acs_urls` is the index.
    Raises a Refusal, whose `step` is one of STEP_NAMES.
    """
    indexes = dict(enumerate(sp.acs_urls)) if acs_indexes is None else acs_indexes
    root = parse(message.xml, "AuthnRequest")
    draft = Draft(message, sp, endpoint, now, auth0, indexes, root, issue_instant=now)
    for step in STEPS:
        draft = step(draft)
    return _accepted(draft)


def answerable(
    request: AuthnRequest,
    *,
    name_id_formats: Collection[str],
    authn_contexts: Sequence[str],
    signed_in: bool = False,
) -> SamlStatus | None:
    """Return the status to answer with when the request cannot be fulfilled, None when it can (steps 10 and 11).

    `name_id_formats` are those the application offers; `authn_contexts` the classes that a login can truthfully have,
    the preferred first; `signed_in` tells whether a session could answer without a word to the user.
    """
    if not _policy_met(request, name_id_formats):
        return status.INVALID_NAME_ID_POLICY
    if request.subject is not None and request.subject.confirmed:
        return status.REQUEST_UNSUPPORTED
    if request.subject is not None and not _nameable(request.subject, request.issuer):
        return status.UNKNOWN_PRINCIPAL
    if choose(request.authn_contexts, authn_contexts) is None:
        return status.NO_AUTHN_CONTEXT
    if request.is_passive and (request.force_authn or not signed_in):
        return status.NO_PASSIVE
    return None


def wrong_subject(wanted: RequestedSubject | None, name_id: str, name_id_format: str) -> SamlStatus | None:
    """Return the status to answer with when a request names another person than the one who signed in."""
    if wanted is None:
        return None
    same_format = wanted.name_id_format in (None, names.UNSPECIFIED, name_id_format)
    return None if same_format and wanted.name_id == name_id else status.UNKNOWN_PRINCIPAL


def _policy_met(request: AuthnRequest, offered: Collection[str]) -> bool:
    wanted = request.name_id_format
    known = wanted is None or wanted == names.UNSPECIFIED or wanted in offered
    return known and request.sp_name_qualifier in (None, request.issuer)


def _nameable(wanted: RequestedSubject, issuer: str) -> bool:
    return wanted.name_id is not None and wanted.sp_name_qualifier in (None, issuer)


def _accepted(draft: Draft) -> AuthnRequest:
    root = draft.root
    policy = root.find(protocol("NameIDPolicy"))
    return AuthnRequest(
        id=root.get("ID", ""),
        issuer=reading.text(root.find(assertion("Issuer"))) or "",
        issue_instant=draft.issue_instant,
        acs_url=draft.acs_url,
        relay_state=draft.message.relay_state,
        signed=draft.signed,
        force_authn=reading.boolean(root.get("ForceAuthn")),
        is_passive=reading.boolean(root.get("IsPassive")),
        name_id_format=reading.attribute(policy, "Format"),
        sp_name_qualifier=reading.attribute(policy, "SPNameQualifier"),
        allow_create=reading.boolean(reading.attribute(policy, "AllowCreate")),
        subject=reading.subject(root),
        authn_contexts=reading.contexts(root),
        attribute_service=reading.number(root.get("AttributeConsumingServiceIndex")),
    )

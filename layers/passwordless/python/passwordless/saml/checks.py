"""The checks of an AuthnRequest, one function each: what it learned, or a Mismatch of expected and actual.

Their order and their refusals are in `request.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lxml import etree

from passwordless.model.applications import ServiceProvider
from passwordless.saml import names, reading
from passwordless.saml.bindings import ReceivedMessage
from passwordless.saml.names import assertion
from passwordless.saml.refusals import Mismatch
from passwordless.saml.signature import enclosed, usable, verify_enveloped, verify_query

SKEW = timedelta(minutes=3)
LIFETIME = timedelta(minutes=3)
MAX_ID = 256
_ID = re.compile(r"[^\s:]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """A request on its way through the checks; `root` becomes the signed bytes, read again, once they verify."""

    message: ReceivedMessage
    sp: ServiceProvider
    endpoint: str
    now: datetime
    auth0: bool
    acs_indexes: Mapping[int, str]
    root: etree._Element
    issue_instant: datetime
    signed: bool = False
    acs_url: str = ""


def version(draft: Draft) -> Draft:
    """Version is 2.0 (SAML Core, 4.1.3.2)."""
    return _equal(draft, "2.0", draft.root.get("Version"))


def identifier(draft: Draft) -> Draft:
    """ID is an NCName, as the schema saw to, without the white space that a schema collapses, and of bounded length."""
    found = draft.root.get("ID", "")
    if not _ID.fullmatch(found) or len(found) > MAX_ID:
        raise Mismatch(f"an NCName of at most {MAX_ID} characters", found)
    return draft


def issued_already(draft: Draft) -> Draft:
    """IssueInstant is a readable instant, not later than the clock skew allows."""
    written = draft.root.get("IssueInstant")
    issued = reading.instant(written)
    if issued is None or issued > draft.now + SKEW:
        raise Mismatch(f"an instant before {draft.now + SKEW:%FT%TZ}", written)
    return replace(draft, issue_instant=issued)


def issued_recently(draft: Draft) -> Draft:
    """IssueInstant is not older than a request's lifetime and the clock skew."""
    oldest = draft.now - LIFETIME - SKEW
    if draft.issue_instant < oldest:
        raise Mismatch(f"an instant after {oldest:%FT%TZ}", draft.root.get("IssueInstant"))
    return draft


def issuer(draft: Draft) -> Draft:
    """Issuer is the registered entity id, byte for byte, in entity format (SAML Profiles, 4.1.4.1)."""
    element = draft.root.find(assertion("Issuer"))
    if element is not None and element.get("Format", names.ENTITY) != names.ENTITY:
        raise Mismatch(names.ENTITY, element.get("Format"))
    return _equal(draft, draft.sp.entity_id, reading.text(element))


def registered_key(draft: Draft) -> Draft:
    """A key is registered where one is needed: no downgrade to unsigned requests (S31)."""
    needed = draft.sp.require_signed_requests or _claims_signature(draft)
    if needed and not usable(draft.sp.certificates):
        raise Mismatch(
            "a registered RSA certificate", f"{len(draft.sp.certificates)} certificates, none usable"
        )
    return draft


def signed(draft: Draft) -> Draft:
    """The request is signed if the application requires it.

    A signature inside a deflated message is no proof (SAML Bindings, 3.4.4.1).
    """
    if draft.sp.require_signed_requests and not (draft.message.query_signature or _proves_inside(draft)):
        raise Mismatch("a signed request", f"an unsigned one by {draft.message.binding}")
    return draft


def signature(draft: Draft) -> Draft:
    """Every signature there is verifies with a registered key, whether required or not; only signed bytes go on."""
    query, certificates = draft.message.query_signature, usable(draft.sp.certificates)
    if query is not None:
        verify_query(query, certificates)
    if not enclosed(draft.root):
        return replace(draft, signed=query is not None)
    proven = query is not None or _proves_inside(draft)
    return replace(draft, root=verify_enveloped(draft.root, certificates), signed=proven)


def destination(draft: Draft) -> Draft:
    """Destination is this endpoint; a signed request must have one (SAML Bindings, 3.4.5.2 and 3.5.5.2)."""
    found = draft.root.get("Destination")
    if found is None and not draft.signed:
        return draft
    return _equal(draft, draft.endpoint, found)


def acs(draft: Draft) -> Draft:
    """The answer goes to a registered URL: the one named, the one with that index, or the default (Core, 3.4.1)."""
    url, index = (draft.root.get("AssertionConsumerService" + kind) for kind in ("URL", "Index"))
    if url is not None and index is not None:
        raise Mismatch(
            "AssertionConsumerServiceURL or AssertionConsumerServiceIndex", f"both, {url} and {index}"
        )
    if url is None:
        return replace(
            draft, acs_url=_default_acs(draft) if index is None else _indexed_acs(draft, int(index))
        )
    if url not in draft.sp.acs_urls:
        raise Mismatch(f"one of {' '.join(draft.sp.acs_urls)}", url)
    return replace(draft, acs_url=url)


def response_binding(draft: Draft) -> Draft:
    """ProtocolBinding is HTTP-POST or absent; Auth0 writes HTTP-Redirect there and expects a POST all the same."""
    accepted = {None, names.BINDING_POST} | ({names.BINDING_REDIRECT} if draft.auth0 else set())
    found = draft.root.get("ProtocolBinding")
    if found not in accepted:
        raise Mismatch(names.BINDING_POST, found)
    return draft


def _default_acs(draft: Draft) -> str:
    if not draft.sp.acs_urls:
        raise Mismatch("a registered assertion consumer service", None)
    return draft.sp.acs_urls[0]


def _indexed_acs(draft: Draft, index: int) -> str:
    url = draft.acs_indexes.get(index)
    if url not in draft.sp.acs_urls:
        raise Mismatch(f"one of the indexes {sorted(draft.acs_indexes)}", index)
    return url


def _equal(draft: Draft, expected: str, actual: str | None) -> Draft:
    if actual != expected:
        raise Mismatch(expected, actual)
    return draft


def _claims_signature(draft: Draft) -> bool:
    return draft.message.query_signature is not None or bool(enclosed(draft.root))


def _proves_inside(draft: Draft) -> bool:
    return not draft.message.deflated and bool(enclosed(draft.root))

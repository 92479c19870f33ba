"""The Response that a service provider gets, built with the element API (SAML Core, 3.3.3; Profiles, 4.1.4.2)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lxml import etree

from passwordless.errors import Unprocessable
from passwordless.saml import names, status
from passwordless.saml.names import assertion, protocol
from passwordless.saml.status import SamlStatus

BACKDATED = timedelta(seconds=60)
LIFETIME = timedelta(minutes=5)
ID_BYTES = 20
MAX_NAME_ID = 256

_BREAKS = re.compile(r"[\t\n\r\x85\u2028\u2029]+")
_ILLEGAL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NAMESPACES = {"samlp": names.PROTOCOL, "saml": names.ASSERTION}
_NIL = f"{{{names.SCHEMA_INSTANCE}}}nil"


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of the user: no value leaves it out, None is written as nil, an empty string stays empty."""

    name: str
    values: tuple[str | None, ...]
    name_format: str = names.ATTRIBUTE_URI
    friendly_name: str | None = None


@dataclass(frozen=True, slots=True)
class NameId:
    """The identifier of a person at one service provider, and its format."""

    value: str
    format: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What we say of the person: who, how and when they signed in, and their attributes.

    Without `name_id` the Subject has its confirmation only.
    """

    name_id: NameId | None
    attributes: tuple[Attribute, ...]
    authn_instant: datetime
    session_index: str
    authn_context: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """From whom to whom: fresh ids, our entity id, the ACS (its query included), the service provider's entity id.

    Without `in_response_to` the Response is unsolicited.
    """

    response_id: str
    assertion_id: str
    issue_instant: datetime
    issuer: str
    acs_url: str
    audience: str
    in_response_to: str | None


def new_id(random_bytes: bytes) -> str:
    """Return an identifier made of exactly 20 random bytes: 160 bits, an NCName (SAML Core, 1.3.4)."""
    if len(random_bytes) != ID_BYTES:
        raise ValueError(f"{ID_BYTES} random bytes are needed")
    return "_" + random_bytes.hex()


def success(envelope: Envelope, claims: Claims) -> etree._Element:
    """Return an unsigned Response with one Assertion.

    Raises Unprocessable `name_id_invalid` for a NameID that cannot be written as it is: cleaned, it might be another's.
    """
    response = _response(envelope)
    _status(response, SamlStatus(status.SUCCESS))
    issued = _instant(envelope.issue_instant)
    element = _sub(
        response, assertion("Assertion"), ID=envelope.assertion_id, Version="2.0", IssueInstant=issued
    )
    _sub(element, assertion("Issuer"), envelope.issuer)
    _subject(element, envelope, claims)
    _conditions(element, envelope)
    _authn_statement(element, claims)
    _attributes(element, claims.attributes)
    return response


def failure(envelope: Envelope, status: SamlStatus) -> etree._Element:
    """Return an unsigned Response with a two-level status and no Assertion."""
    response = _response(envelope)
    _status(response, status)
    return response


def serialize(root: etree._Element) -> bytes:
    """Return UTF-8 without a declaration, as the auto-post page carries it."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=False)


def clean(text: str) -> str:
    """Return text that XML and every reader of it keep as it is: breaks become a space, control characters go."""
    return text if text.isprintable() else _ILLEGAL.sub("", _BREAKS.sub(" ", text))


def _response(envelope: Envelope) -> etree._Element:
    response = etree.Element(protocol("Response"), nsmap=_NAMESPACES)
    _set(
        response,
        ID=envelope.response_id,
        Version="2.0",
        IssueInstant=_instant(envelope.issue_instant),
        Destination=envelope.acs_url,
        InResponseTo=envelope.in_response_to,
    )
    _sub(response, assertion("Issuer"), envelope.issuer)
    return response


def _status(response: etree._Element, told: SamlStatus) -> None:
    element = _sub(response, protocol("Status"))
    code = _sub(element, protocol("StatusCode"), Value=told.top)
    if told.second is not None:
        _sub(code, protocol("StatusCode"), Value=told.second)
    if told.message is not None:
        _sub(element, protocol("StatusMessage"), told.message)


def _subject(parent: etree._Element, envelope: Envelope, claims: Claims) -> None:
    subject = _sub(parent, assertion("Subject"))
    if claims.name_id is not None:
        _name_id(subject, claims.name_id)
    confirmation = _sub(subject, assertion("SubjectConfirmation"), Method=names.BEARER)
    _sub(
        confirmation,
        assertion("SubjectConfirmationData"),
        NotOnOrAfter=_instant(envelope.issue_instant + LIFETIME),
        Recipient=envelope.acs_url,
        InResponseTo=envelope.in_response_to,
    )


def _name_id(parent: etree._Element, told: NameId) -> None:
    if not 0 < len(told.value) <= MAX_NAME_ID or clean(told.value) != told.value:
        raise Unprocessable(
            "name_id_invalid",
            "The user's identifier cannot be told to this application.",
            guidance="It must be 1 to 256 characters without control characters. Your administrator can change it.",
        )
    _sub(parent, assertion("NameID"), told.value, Format=told.format)


def _conditions(parent: etree._Element, envelope: Envelope) -> None:
    conditions = _sub(
        parent,
        assertion("Conditions"),
        NotBefore=_instant(envelope.issue_instant - BACKDATED),
        NotOnOrAfter=_instant(envelope.issue_instant + LIFETIME),
    )
    restriction = _sub(conditions, assertion("AudienceRestriction"))
    _sub(restriction, assertion("Audience"), envelope.audience)


def _authn_statement(parent: etree._Element, claims: Claims) -> None:
    statement = _sub(
        parent,
        assertion("AuthnStatement"),
        AuthnInstant=_instant(claims.authn_instant),
        SessionIndex=claims.session_index,
    )
    context = _sub(statement, assertion("AuthnContext"))
    _sub(context, assertion("AuthnContextClassRef"), claims.authn_context)


def _attributes(parent: etree._Element, attributes: tuple[Attribute, ...]) -> None:
    told = [attribute for attribute in attributes if attribute.values]
    if not told:
        return
    statement = _sub(parent, assertion("AttributeStatement"))
    for attribute in told:
        element = _sub(
            statement,
            assertion("Attribute"),
            Name=attribute.name,
            NameFormat=attribute.name_format,
            FriendlyName=attribute.friendly_name,
        )
        for value in attribute.values:
            _value(element, value)


def _value(parent: etree._Element, value: str | None) -> None:
    if value is None:
        element = etree.SubElement(parent, assertion("AttributeValue"), nsmap={"xsi": names.SCHEMA_INSTANCE})
        element.set(_NIL, "true")
    else:
        text = clean(value)
        _sub(parent, assertion("AttributeValue"), text if text.strip() else "")


def _sub(
    parent: etree._Element, tag: str, text: str | None = None, **attributes: str | None
) -> etree._Element:
    element = etree.SubElement(parent, tag)
    _set(element, **attributes)
    if text is not None:
        element.text = clean(text)
    return element


def _set(element: etree._Element, **attributes: str | None) -> None:
    for name, value in attributes.items():
        if value is not None:
            element.set(name, clean(value))


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"

"""XML from outside, read by one hardened parser and held against the OASIS schemas."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

from passwordless.saml.names import metadata, protocol
from passwordless.saml.refusals import MalformedMessage, shown

XML = "xml"

_SCHEMAS = Path(__file__).parent / "schemas"
_PROTOCOL_SCHEMA = "saml-schema-protocol-2.0.xsd"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_DECLARATION = re.compile(
    rb"""<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.0"|'1\.0')"""
    rb"""(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"(?i:utf-8)"|'(?i:utf-8)'))?"""
    rb"""(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>"""
)
_FORBIDDEN = ((b"<!DOCTYPE", "a document type"), (b"<!--", "a comment"), (b"<?", "a processing instruction"))


@dataclass(frozen=True, slots=True)
class _Kind:
    tag: str
    schema: str


_KINDS = {
    "AuthnRequest": _Kind(protocol("AuthnRequest"), _PROTOCOL_SCHEMA),
    "LogoutRequest": _Kind(protocol("LogoutRequest"), _PROTOCOL_SCHEMA),
    "LogoutResponse": _Kind(protocol("LogoutResponse"), _PROTOCOL_SCHEMA),
    "Response": _Kind(protocol("Response"), _PROTOCOL_SCHEMA),
    "EntityDescriptor": _Kind(metadata("EntityDescriptor"), "saml-schema-metadata-2.0.xsd"),
}


def parser() -> etree.XMLParser:
    """Return a parser that resolves nothing, fetches nothing and keeps libxml2's limits on size and depth."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
    )


@cache
def schema(file: str) -> etree.XMLSchema:
    """Return a compiled schema out of this package; compiled once, at first use."""
    return etree.XMLSchema(etree.parse(_SCHEMAS / file, etree.XMLParser(no_network=True)))


def parse(xml: bytes, root: str) -> etree._Element:
    """Read a document that must be UTF-8, have this root (a local name) and be valid against the OASIS schema.

    A document type, a processing instruction or a comment is refused before the parser sees it; so is what looks
    like one inside CDATA. Raises MalformedMessage.
    """
    kind = _KINDS[root]
    _check_text(xml)
    try:
        element = etree.fromstring(_without_declaration(xml), parser())
    except etree.XMLSyntaxError as error:
        raise _refused("The message is not well-formed XML.", error.msg) from None
    if element.getroottree().docinfo.internalDTD is not None:
        raise _refused("The message holds a document type.")
    if element.tag != kind.tag:
        raise _refused(f"The message is not a SAML 2.0 {root}.", element.tag)
    _check_schema(element, kind.schema)
    return element


def _check_text(xml: bytes) -> None:
    try:
        xml.decode("utf-8")
    except UnicodeDecodeError:
        raise _refused("The message is not UTF-8.") from None
    body = _without_declaration(xml)
    for start, name in _FORBIDDEN:
        if start in body:
            raise _refused(f"The message holds {name}, or declares another version or encoding than UTF-8.")


def _without_declaration(xml: bytes) -> bytes:
    document = xml.removeprefix(_BYTE_ORDER_MARK)
    declared = _DECLARATION.match(document)
    return document[declared.end() :] if declared else document


def _check_schema(element: etree._Element, file: str) -> None:
    against = schema(file)
    if not against.validate(element):
        raise _refused("The message does not follow the SAML 2.0 schema.", against.error_log)


def _refused(detail: str, cause: object = None) -> MalformedMessage:
    return MalformedMessage(
        XML,
        "saml_request_malformed",
        detail,
        guidance="Start again at your application. If this happens again, tell its administrator.",
        private=None if cause is None else shown(cause),
    )

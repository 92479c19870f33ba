"""The LogoutResponse and the LogoutRequest that we send, built with the element API (SAML Core, 3.7)."""

import base64
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from passwordless.saml import names
from passwordless.saml.names import assertion, protocol
from passwordless.saml.response import clean, serialize
from passwordless.saml.status import SamlStatus

_NAMESPACES = {"samlp": names.PROTOCOL, "saml": names.ASSERTION}
_REASON_USER = "urn:oasis:names:tc:SAML:2.0:logout:user"


@dataclass(frozen=True, slots=True)
class Address:
    """From whom (our entity id) to which URL, under which fresh id, made when."""

    message_id: str
    issue_instant: datetime
    issuer: str
    destination: str


def logout_response(address: Address, in_response_to: str, status: SamlStatus) -> etree._Element:
    """Return an unsigned LogoutResponse with a two-level status (SAML Core, 3.7.2)."""
    root = _message("LogoutResponse", address)
    root.set("InResponseTo", in_response_to)
    element = etree.SubElement(root, protocol("Status"))
    code = etree.SubElement(element, protocol("StatusCode"), Value=status.top)
    if status.second is not None:
        etree.SubElement(code, protocol("StatusCode"), Value=status.second)
    if status.message is not None:
        etree.SubElement(element, protocol("StatusMessage")).text = clean(status.message)
    return root


def logout_request(
    address: Address,
    *,
    name_id: str,
    name_id_format: str,
    session_indexes: tuple[str, ...],
    not_on_or_after: datetime,
) -> etree._Element:
    """Return an unsigned LogoutRequest for a user as the service provider knows one (SAML Core, 3.7.1).

    `not_on_or_after` should leave time for a slow answer (SAML Profiles, 4.4.4.1). Raises ValueError when it is past.
    """
    if not_on_or_after <= address.issue_instant:
        raise ValueError("a LogoutRequest ends after it was made")
    root = _message("LogoutRequest", address)
    root.set("NotOnOrAfter", _instant(not_on_or_after))
    root.set("Reason", _REASON_USER)
    etree.SubElement(root, assertion("NameID"), Format=name_id_format).text = name_id
    for index in session_indexes:
        etree.SubElement(root, protocol("SessionIndex")).text = index
    return root


def redirect_url(
    root: etree._Element, relay_state: str | None, key: rsa.RSAPrivateKey, parameter: str = "SAMLResponse"
) -> str:
    """Return a message's Destination with the message in its query, signed there (SAML Bindings, 3.4.4.1).

    `parameter` is SAMLResponse or SAMLRequest; `key` may be an ExternalRsaKey, which is asked once.
    """
    destination = root.get("Destination", "")
    fields = [(parameter, base64.b64encode(_deflated(serialize(root))).decode())]
    fields += [] if relay_state is None else [("RelayState", relay_state)]
    octets = "&".join(
        f"{name}={quote(value, safe='')}" for name, value in (*fields, ("SigAlg", names.RSA_SHA256))
    )
    signature = base64.b64encode(key.sign(octets.encode(), PKCS1v15(), SHA256())).decode()
    joint = "&" if "?" in destination else "?"
    return f"{destination}{joint}{octets}&Signature={quote(signature, safe='')}"


def _message(name: str, address: Address) -> etree._Element:
    root = etree.Element(protocol(name), nsmap=_NAMESPACES)
    root.set("ID", address.message_id)
    root.set("Version", "2.0")
    root.set("IssueInstant", _instant(address.issue_instant))
    root.set("Destination", address.destination)
    etree.SubElement(root, assertion("Issuer")).text = address.issuer
    return root


def _deflated(data: bytes) -> bytes:
    compressing = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressing.compress(data) + compressing.flush()


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"

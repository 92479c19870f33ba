"""How a SAML message arrives: HTTP-Redirect and HTTP-POST (SAML Bindings, 3.4 and 3.5), read within bounds.

Nothing here looks at the XML. The signed octets of a query are kept as they came and are never encoded again.
"""

import binascii
import re
import zlib
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote_to_bytes

from passwordless.saml.names import DEFLATE
from passwordless.saml.refusals import MalformedMessage

MAX_INPUT = 64 * 1024
MAX_MESSAGE = 32 * 1024
MAX_XML = 64 * 1024
MAX_RELAY_STATE = 8 * 1024
MAX_PARAMETERS = 64

TRANSPORT = "transport"
ENCODING = "encoding"

_NAMES = frozenset({"SAMLRequest", "SAMLResponse", "SAMLEncoding", "RelayState", "SigAlg", "Signature"})
_SIGNED = ("SAMLRequest", "SAMLResponse", "RelayState", "SigAlg")
_RELAY_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

type Parameters = dict[str, bytes]
type Parameter = Literal["SAMLRequest", "SAMLResponse"]


@dataclass(frozen=True, slots=True)
class QuerySignature:
    """A signature beside the message: the octets it covers, exactly as they came, and the algorithm's URI."""

    octets: bytes
    algorithm: str
    value: bytes


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """A SAML message taken off its transport; nothing in it is believed yet.

    `deflated` tells whether DEFLATE was applied; a signature inside the XML of such a message proves nothing.
    `parameter` tells whether it came as a request or as the answer to one.
    """

    xml: bytes
    relay_state: str | None
    binding: Literal["redirect", "post"]
    query_signature: QuerySignature | None = None
    deflated: bool = False
    parameter: Parameter = "SAMLRequest"


def from_redirect(raw_query: str, *, answers: bool = False) -> ReceivedMessage:
    """Read a message from the raw query string, without its question mark (SAML Bindings, 3.4.4).

    A value that is not deflated is taken as well: Auth0 sends it so when told `deflate: false`. With `answers` a
    SAMLResponse is taken in place of a SAMLRequest, never beside it. Raises MalformedMessage.
    """
    if not raw_query.isascii():
        raise _refused(TRANSPORT, "The query string holds characters that are not ASCII.")
    parameters, parameter = _parameters(raw_query.encode("ascii"), answers=answers)
    if parameters.get("SAMLEncoding") is not None and _text(parameters["SAMLEncoding"]) != DEFLATE:
        raise _refused(TRANSPORT, "The parameter SAMLEncoding names an unknown encoding.")
    payload = _base64(unquote_to_bytes(parameters[parameter]))
    deflated = not payload.startswith(b"<")
    return ReceivedMessage(
        xml=_inflate(payload) if deflated else payload,
        relay_state=_relay_state(parameters),
        binding="redirect",
        query_signature=_query_signature(parameters),
        deflated=deflated,
        parameter=parameter,
    )


def from_post(body: bytes, *, answers: bool = False) -> ReceivedMessage:
    """Read a message from an `application/x-www-form-urlencoded` body (SAML Bindings, 3.5.4).

    `answers` as in `from_redirect`. Raises MalformedMessage.
    """
    parameters, parameter = _parameters(body, answers=answers)
    if "SigAlg" in parameters or "Signature" in parameters:
        raise _refused(TRANSPORT, "A signature in a form field is not supported.")
    wrapped = _form_value(parameters[parameter])
    payload = _base64(wrapped.replace(b"\r", b"").replace(b"\n", b""))
    return ReceivedMessage(payload, _relay_state(parameters), "post", parameter=parameter)


def _parameters(raw: bytes, *, answers: bool) -> tuple[Parameters, Parameter]:
    if len(raw) > MAX_INPUT or raw.count(b"&") >= MAX_PARAMETERS:
        raise _refused(TRANSPORT, "The message is too large.")
    found = _known(raw)
    parameter = _carrying(found, answers=answers)
    if len(found[parameter]) > MAX_MESSAGE:
        raise _refused(TRANSPORT, f"The parameter {parameter} is too large.")
    return found, parameter


def _carrying(found: Parameters, *, answers: bool) -> Parameter:
    if "SAMLResponse" not in found:
        if "SAMLRequest" not in found:
            raise _refused(TRANSPORT, "The parameter SAMLRequest is missing.")
        return "SAMLRequest"
    if not answers:
        raise _refused(TRANSPORT, "A sign-in request is expected, not a SAML response.")
    if "SAMLRequest" in found:
        raise _refused(TRANSPORT, "A request and a response cannot come together.")
    return "SAMLResponse"


def _known(raw: bytes) -> Parameters:
    found: Parameters = {}
    for part in raw.split(b"&"):
        written, _, value = part.partition(b"=")
        name = _form_value(written).decode("utf-8", "replace")
        if name not in _NAMES:
            continue
        if name in found or written != name.encode():
            raise _refused(TRANSPORT, "A SAML parameter appears twice or in disguise.")
        found[name] = value
    return found


def _relay_state(parameters: Parameters) -> str | None:
    if "RelayState" not in parameters:
        return None
    value = _form_value(parameters["RelayState"])
    if len(value) > MAX_RELAY_STATE:
        raise _refused(TRANSPORT, "The parameter RelayState is longer than 8 kB.")
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        raise _refused(TRANSPORT, "The parameter RelayState is not UTF-8.") from None
    if _RELAY_CONTROLS.search(text):
        raise _refused(TRANSPORT, "The parameter RelayState holds control characters.")
    return text


def _query_signature(parameters: Parameters) -> QuerySignature | None:
    if ("SigAlg" in parameters) != ("Signature" in parameters):
        raise _refused(TRANSPORT, "The parameters SigAlg and Signature belong together.")
    if "Signature" not in parameters:
        return None
    octets = b"&".join(name.encode() + b"=" + parameters[name] for name in _SIGNED if name in parameters)
    value = _base64(unquote_to_bytes(parameters["Signature"]))
    return QuerySignature(octets, _text(parameters["SigAlg"]), value)


def _base64(encoded: bytes) -> bytes:
    try:
        decoded = binascii.a2b_base64(encoded, strict_mode=True)
    except binascii.Error:
        raise _refused(ENCODING, "The message is not valid base64.") from None
    if not decoded:
        raise _refused(ENCODING, "The message is empty.")
    return decoded


def _inflate(compressed: bytes) -> bytes:
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        xml = inflating.decompress(compressed, MAX_XML + 1)
    except zlib.error:
        raise _refused(ENCODING, "The message is not valid DEFLATE.") from None
    if len(xml) > MAX_XML:
        raise _refused(ENCODING, "The message inflates to more than 64 kB.")
    if not inflating.eof or inflating.unused_data:
        raise _refused(ENCODING, "The message is cut off or has trailing bytes.")
    return xml


def _form_value(encoded: bytes) -> bytes:
    return unquote_to_bytes(encoded.replace(b"+", b" "))


def _text(encoded: bytes) -> str:
    return unquote_to_bytes(encoded).decode("utf-8", "replace")


def _refused(step: str, detail: str) -> MalformedMessage:
    return MalformedMessage(
        step,
        "saml_request_malformed",
        detail,
        guidance="Start again at your application. If this happens again, tell its administrator.",
    )

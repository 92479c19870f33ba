"""What an answer tells: a failure's status and code, or the SAML Response that a page posts."""

import base64
import re
from typing import Any

from lxml import etree

from tests.calls import Answer

_MEMBERS = {"type", "title", "status", "detail", "code", "correlation_id"}
_NAMESPACES = {
    "p": "urn:oasis:names:tc:SAML:2.0:protocol",
    "a": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
_CODES = "urn:oasis:names:tc:SAML:2.0:status:"


def failure(answer: Answer) -> tuple[int, str]:
    """Return status and code of a failure, a page or a problem document, that carries a correlation id."""
    if answer.headers["content-type"] == "application/problem+json":
        assert answer.json.keys() >= _MEMBERS
        assert answer.json["status"] == answer.status
    else:
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert correlation_id(answer)
    return answer.status, answer.code


def correlation_id(answer: Answer) -> str:
    """Return the reference by which support finds the case."""
    found = re.search(r'(?:<code>|"correlation_id":")([A-Z2-7]{16})\b', answer.body)
    assert found, answer.body
    return found[1]


def apart_from_its_reference(answer: Answer) -> tuple[int, dict[str, str], tuple[str, ...], str]:
    """Return all of an answer but its correlation id, to be compared with another."""
    body = answer.body.replace(correlation_id(answer), "reference")
    return answer.status, dict(answer.headers), answer.cookies, body


def response(answer: Answer) -> etree._Element:
    """Return the Response that an auto-post page carries."""
    assert answer.status == 200, answer.body
    return etree.fromstring(base64.b64decode(answer.field("SAMLResponse")))


def status_codes(root: etree._Element) -> list[str]:
    """Return the status codes of a Response, the top one first, without their common prefix."""
    return [value.removeprefix(_CODES) for value in found(root, "//p:StatusCode/@Value")]


def found(root: etree._Element, path: str) -> list[str]:
    """Return the strings at a path; the prefixes are p (protocol), a (assertion) and ds."""
    values: Any = root.xpath(path, namespaces=_NAMESPACES)
    return [str(value) for value in values]

"""A logout goes round: what each application is asked, what it answers, how it ends."""

import base64
import re
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from functions.sso import handler as sso
from passwordless.model.applications import Application
from passwordless.model.logout_rounds import LogoutRound
from passwordless.model.tokens import digest
from passwordless.saml.certificates import base64_der, rsa_key
from passwordless.saml.parsing import schema
from passwordless.saml.signature import verify_enveloped
from tests.calls import OWN_PAGE, Answer, call, cookie_lines
from tests.house import House
from tests.told import found, status_codes
from tests.unit.saml.builders import KeyPair, an_issuer, enveloped, post, sign_redirect

SUCCESS = '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>'
REFUSAL = '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"/>'
PARTIAL = SUCCESS.replace(
    "/>",
    '><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:PartialLogout"/></samlp:StatusCode>',
)


@dataclass(frozen=True)
class Sent:
    """A signed message of ours as the service provider at `url` receives it: its kind, fields and document."""

    url: str
    kind: str
    fields: Mapping[str, str]
    root: etree._Element

    def one(self, path: str) -> str:
        """Return the only string at a path; the prefixes are p (protocol), a (assertion) and ds."""
        (only,) = found(self.root, path)
        return only

    @property
    def codes(self) -> list[str]:
        """Return the status codes of a response, the top one first."""
        return status_codes(self.root)


def sent(house: House, application: Application, answer: Answer) -> Sent:
    """Read the message that a browser takes to an application, its signature verified and its schema kept."""
    location = _location(answer)
    read = (
        _from_form(house, application, answer)
        if location is None
        else _from_query(house, application, location)
    )
    schema("saml-schema-protocol-2.0.xsd").assertValid(etree.fromstring(etree.tostring(read.root)))
    assert read.root.get("Destination") == read.url
    assert etree.QName(read.root).localname == read.kind
    return read


def _location(answer: Answer) -> str | None:
    """Return where a redirect, or a page that goes on by itself, leads."""
    if answer.status == 303:
        return answer.headers["location"]
    onward = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.body)
    return unescape(onward[1]) if onward else None


def _from_query(house: House, application: Application, location: str) -> Sent:
    octets, _, signature = urlsplit(location).query.partition("&Signature=")
    octets = octets[octets.index("SAMLRe") :]
    key = rsa_key(_certificate(house, application))
    assert key is not None
    key.verify(base64.b64decode(unquote(signature)), octets.encode(), PKCS1v15(), SHA256())
    fields = {name: values[0] for name, values in parse_qs(octets, strict_parsing=True).items()}
    (parameter,) = fields.keys() & {"SAMLRequest", "SAMLResponse"}
    xml = zlib.decompress(base64.b64decode(fields[parameter]), -zlib.MAX_WBITS)
    url = location[: location.index(octets[:12])].rstrip("?&")
    return Sent(url, parameter.replace("SAML", "Logout"), fields, etree.fromstring(xml))


def _from_form(house: House, application: Application, answer: Answer) -> Sent:
    assert answer.status == 200, answer.body
    (action,) = re.findall(r'<form method="post" action="(https[^"]*)"', answer.body)
    inputs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', answer.body)
    fields = {name: unescape(value) for name, value in inputs}
    (parameter,) = fields.keys() & {"SAMLRequest", "SAMLResponse"}
    root = etree.fromstring(base64.b64decode(fields[parameter], validate=True))
    signed = verify_enveloped(root, (_certificate(house, application),))
    return Sent(unescape(action), parameter.replace("SAML", "Logout"), fields, signed)


def _certificate(house: House, application: Application) -> str:
    """Return the certificate that the application knows us by."""
    key = house.wiring.stores.signing_keys.get(application.tenant, application.idp.signing_key_id)
    assert key is not None
    return base64_der(key.certificate_pem)


def logout_response(
    house: House, application: Application, asked: Sent | str, *, code: str = SUCCESS, **changes: str | None
) -> bytes:
    """Write the LogoutResponse of an application to what it was asked; a change to None leaves an attribute out."""
    attributes: dict[str, str | None] = {
        "ID": f"_{secrets.token_hex(16)}",
        "Version": "2.0",
        "IssueInstant": f"{house.wiring.now_utc:%Y-%m-%dT%H:%M:%SZ}",
        "Destination": application.idp.slo_url,
        "InResponseTo": asked if isinstance(asked, str) else asked.one("/*/@ID"),
        **changes,
    }
    issuer = attributes.pop("issuer", None) or application.sp.entity_id
    written = " ".join(f'{name}="{value}"' for name, value in attributes.items() if value is not None)
    return (
        f'<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" {written}>'
        f"{an_issuer(issuer)}<samlp:Status>{code}</samlp:Status></samlp:LogoutResponse>"
    ).encode()


def answer_by_query(house: House, application: Application, query: str) -> Answer:
    """Come back from an application with a query, as a browser that follows its redirect does."""
    return _come_back(house, application, "GET_slo", rawQueryString=query)


def answer_by_form(house: House, application: Application, body: bytes) -> Answer:
    """Come back from an application by its form."""
    encoded = base64.b64encode(body).decode()
    return _come_back(house, application, "POST_slo", body=encoded, isBase64Encoded=True)


def _come_back(house: House, application: Application, name: str, **changes: Any) -> Answer:
    place = {"application_id": application.application_id}
    return call(house, sso.handler, name, pathParameters=place, **changes)


def signs_out(
    house: House,
    application: Application,
    asked: Sent | str,
    *,
    pair: KeyPair | None = None,
    by_post: bool = False,
    **changes: Any,
) -> Answer:
    """Have an application answer what it was asked, signed by its key."""
    xml = logout_response(house, application, asked, **changes)
    if by_post:
        signed = enveloped(xml, pair=pair)
        return answer_by_form(house, application, post(signed, relay_state=None, parameter="SAMLResponse"))
    query = sign_redirect(xml, pair=pair, relay_state=None, parameter="SAMLResponse")
    return answer_by_query(house, application, query)


def under_way(house: House, asked: Sent) -> LogoutRound | None:
    """Return the round that waits for the answer to this request."""
    return house.wiring.stores.logout_rounds.get(digest(asked.one("/*/@ID")), house.wiring.now)


def show_session(house: House, cookies: Mapping[str, str]) -> Answer:
    """Open the page that tells whether somebody is signed in."""
    return call(house, sso.handler, "GET_own-session", cookies=cookie_lines(cookies))


def end_session(house: House, cookies: Mapping[str, str], **changes: Any) -> Answer:
    """Press its button."""
    given = {"headers": OWN_PAGE, **changes}
    return call(house, sso.handler, "POST_session-end", cookies=cookie_lines(cookies), **given)

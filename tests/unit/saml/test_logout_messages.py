"""What we send about logout: valid against the schema, signed, and the same names as in the assertion."""

import base64
import zlib
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from lxml import etree

from passwordless.saml import signing
from passwordless.saml.bindings import from_post, from_redirect
from passwordless.saml.logout import check_logout, is_logout_request
from passwordless.saml.logout_messages import Address, logout_request, logout_response, redirect_url
from passwordless.saml.names import PERSISTENT
from passwordless.saml.parsing import schema
from passwordless.saml.response import new_id
from passwordless.saml.signature import verify_enveloped
from passwordless.saml.status import LOGGED_OUT, LOGOUT_FAILED, PARTIAL_LOGOUT, SamlStatus
from tests.unit.saml.answers import IDP, found
from tests.unit.saml.builders import NOW, RELAY_STATE, an_sp, key_pair, post

SLO = "https://sp.example.com/slo"
ADDRESS = Address(new_id(bytes(20)), NOW, IDP, SLO)
OURS = an_sp(entity_id=IDP)
ENDS = NOW + timedelta(minutes=5)


def ours(*indexes: str) -> etree._Element:
    """Make a LogoutRequest of ours."""
    return logout_request(
        ADDRESS, name_id="u4ymvy3k", name_id_format=PERSISTENT, session_indexes=indexes, not_on_or_after=ENDS
    )


def assert_valid(root: etree._Element) -> None:
    """Hold a message against the OASIS schema."""
    schema("saml-schema-protocol-2.0.xsd").assertValid(etree.fromstring(etree.tostring(root)))


@pytest.mark.parametrize("status", [LOGGED_OUT, PARTIAL_LOGOUT, LOGOUT_FAILED])
def test_a_response_follows_the_schema_and_names_the_request(status: SamlStatus) -> None:
    root = logout_response(ADDRESS, "_theirs", status)
    assert_valid(root)
    assert found(root, "/*/@InResponseTo") == ["_theirs"]
    assert found(root, "/*/saml:Issuer/text()") == [IDP]
    assert found(root, "/*/saml:Issuer/@Format") == []
    assert found(root, "/*/samlp:Status/samlp:StatusCode/@Value") == [status.top]


@pytest.mark.parametrize("indexes", [(), ("_one",), ("_one", "_two")])
def test_a_request_follows_the_schema_and_names_what_was_told(indexes: tuple[str, ...]) -> None:
    root = ours(*indexes)
    assert_valid(root)
    assert found(root, "//samlp:SessionIndex/text()") == list(indexes)
    assert found(root, "//saml:NameID/text()") == ["u4ymvy3k"]
    assert found(root, "//saml:NameID/@Format") == [PERSISTENT]
    assert found(root, "/*/@NotOnOrAfter") == ["2026-02-09T12:01:42Z"]


def test_a_request_that_is_over_before_it_is_sent_is_not_made() -> None:
    with pytest.raises(ValueError, match="ends after"):
        logout_request(
            ADDRESS, name_id="x", name_id_format=PERSISTENT, session_indexes=(), not_on_or_after=NOW
        )


def test_a_request_by_redirect_is_signed_and_taken_by_a_strict_reader() -> None:
    """The reader is our own, with the roles turned round."""
    url = redirect_url(ours("_one"), RELAY_STATE, key_pair().key, "SAMLRequest")
    message = from_redirect(urlsplit(url).query)
    read = check_logout(message, OURS, endpoint=SLO, now=NOW)
    assert (read.name_id, read.name_id_format, read.session_indexes) == (
        "u4ymvy3k",
        PERSISTENT,
        frozenset({"_one"}),
    )
    assert (read.relay_state, read.asynchronous) == (RELAY_STATE, False)


def test_a_request_by_post_is_signed_and_taken_by_a_strict_reader() -> None:
    signed = signing.sign(ours("_one"), key_pair().key, key_pair().certificate_pem)
    read = check_logout(from_post(post(signed)), OURS, endpoint=SLO, now=NOW)
    assert read.session_indexes == {"_one"}
    assert verify_enveloped(etree.fromstring(signed), (key_pair().certificate,)) is not None


@pytest.mark.parametrize(
    ("destination", "begins"),
    [(SLO, f"{SLO}?SAMLResponse="), (f"{SLO}?tenant=a", f"{SLO}?tenant=a&SAMLResponse=")],
)
def test_the_query_of_the_address_stays(destination: str, begins: str) -> None:
    root = logout_response(Address("_1", NOW, IDP, destination), "_2", LOGGED_OUT)
    assert redirect_url(root, None, key_pair().key).startswith(begins)


def test_relay_state_comes_back_byte_for_byte() -> None:
    url = redirect_url(logout_response(ADDRESS, "_2", LOGGED_OUT), RELAY_STATE, key_pair().key)
    raw = dict(part.split("=", 1) for part in urlsplit(url).query.split("&"))
    assert unquote(raw["RelayState"]) == RELAY_STATE
    xml = zlib.decompress(base64.b64decode(unquote(raw["SAMLResponse"])), -zlib.MAX_WBITS)
    assert etree.fromstring(xml).get("InResponseTo") == "_2"
    assert list(parse_qs(urlsplit(url).query)) == ["SAMLResponse", "RelayState", "SigAlg", "Signature"]


@pytest.mark.parametrize(
    ("xml", "is_one"),
    [
        (b"<samlp:LogoutRequest ", True),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<LogoutRequest>", True),
        (b"<samlp:AuthnRequest ", False),
        (b"<samlp:AuthnRequest a='<LogoutRequest>'", False),
        (b"<!-- x --><samlp:LogoutRequest ", False),
        (b"<LogoutRequests>", False),
        (b"", False),
    ],
)
def test_a_logout_request_is_told_by_its_first_element(xml: bytes, *, is_one: bool) -> None:
    message = from_post(post(xml or b" "))
    assert is_logout_request(message) is is_one

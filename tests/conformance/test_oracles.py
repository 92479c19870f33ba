"""Other people's software judges our Responses: it takes the honest one and no other."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conformance.lab import Login, a_generic_application, login
from tests.conformance.test_metadata_produced import fetched
from tests.house import Clock, House
from tests.oracles.judges import auth0_accepts, node_libraries_accept, onelogin_accepts, pysaml2_accepts
from tests.unit.saml.answers import needs_xmlsec1, xmlsec1_accepts
from tests.unit.saml.builders import KeyPair, key_pair


@pytest.fixture
def present(emulated: House) -> House:
    """The house with the machine's own clock, by which the Python libraries judge."""
    now = House.on(emulated.wiring.aws, Clock(time.time()), emulated.wiring.config)
    return replace(now, signing_keys=emulated.signing_keys)


def pem(house: House, done: Login) -> str:
    """Return the certificate that the application's service provider trusts."""
    row = house.wiring.stores.signing_keys.get("acme", done.application.idp.signing_key_id)
    assert row is not None
    return row.certificate_pem


ALTERATIONS: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda xml: xml,
    "a name": lambda xml: xml.replace(b">Ada<", b">Eve<"),
    "the audience": lambda xml: xml.replace(b"</saml:Audience>", b"x</saml:Audience>"),
    "an end": lambda xml: xml.replace(b'NotOnOrAfter="20', b'NotOnOrAfter="21'),
    "the response alone": lambda xml: xml.replace(b' InResponseTo="_', b' InResponseTo="_0', 1),
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_other_libraries_take_the_honest_response_and_no_altered_one(present: House, name: str) -> None:
    done = login(present)
    metadata, certificate = fetched(present, done.application).body, pem(present, done)
    xml = ALTERATIONS[name](done.posted.xml)
    assert (xml == done.posted.xml) == (name == "nothing")
    request_id = done.posted.one("/p:Response/@InResponseTo")
    now = present.wiring.clock()

    verdicts = {
        "auth0": auth0_accepts(xml, done.application, certificate, request_id, now),
        "python3-saml": onelogin_accepts(xml, done.application, metadata, request_id),
        **node_libraries_accept(xml, done.application, metadata, certificate, now),
    }

    if name == "the response alone":
        # samlify reads nothing but the signed assertion, which is whole.
        assert verdicts.pop("samlify")
    assert set(verdicts.values()) == {name == "nothing"}, verdicts


@needs_xmlsec1
@pytest.mark.parametrize("name", ALTERATIONS)
def test_pysaml2_and_xmlsec1_take_the_honest_response_and_no_altered_one(
    present: House, tmp_path: Path, name: str
) -> None:
    done = login(present)
    metadata = fetched(present, done.application).body
    xml = ALTERATIONS[name](done.posted.xml)
    request_id = done.posted.one("/p:Response/@InResponseTo")

    pair = KeyPair(key_pair().key, pem(present, done), "")
    accepted = pysaml2_accepts(xml, done.application, metadata, request_id)

    assert accepted == xmlsec1_accepts(xml, pair, tmp_path) == (name == "nothing")


def test_iip_md05_c1_the_document_alone_sets_up_a_service_provider(present: House) -> None:
    """Another author's library reads our metadata, and then takes a login by what it read."""
    done, other = login(present), a_generic_application(present, "globex")
    request_id = done.posted.one("/p:Response/@InResponseTo")
    document, foreign = (fetched(present, each).body for each in (done.application, other))
    assert onelogin_accepts(done.posted.xml, done.application, document, request_id)
    assert not onelogin_accepts(done.posted.xml, done.application, foreign, request_id)

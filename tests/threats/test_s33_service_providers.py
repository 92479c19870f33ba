"""S33: hostile metadata and addresses register nothing; every one of them is told as 422 and nothing is fetched."""

import socket
from typing import Any

import pytest

from passwordless.saml import names
from tests.house import ORIGIN, House
from tests.service_providers import a_mark, add, patch, some_fields, some_metadata, with_keys
from tests.service_providers import an_application as a_service_provider
from tests.told import failure
from tests.unit.saml.builders import key_pair
from tests.witness import rows

HOST = "sp.example.com"
HONEST = some_metadata(HOST)
ACS = f'<md:AssertionConsumerService Binding="{names.BINDING_POST}" Location="https://{HOST}/x" index="1"/>'
KEY = HONEST[HONEST.index("<md:KeyDescriptor") : HONEST.index("<md:AssertionConsumerService")]
BOMB = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'><!ENTITY c '&b;&b;'>]>"
XXE = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
REMOTE = "<!DOCTYPE md:EntityDescriptor SYSTEM 'http://169.254.169.254/x.dtd'>"

ADDRESSES = {
    "plain http": "http://sp.example.com/acs",
    "script": "javascript:alert(1)",
    "data": "data:text/html,x",
    "file": "file:///etc/passwd",
    "relative": "/acs",
    "without a scheme": "//sp.example.com/acs",
    "user information": "https://idp.example.com@evil.example.com/acs",
    "a fragment": "https://sp.example.com/acs#x",
    "a foreign alphabet": "https://sp.exämple.com/acs",
    "an underscore": "https://sp_1.example.com/acs",
    "a backslash": "https://sp.example.com\\@evil.example.com/",
    "a line break": "https://sp.example.com/a\r\nSet-Cookie: x",
    "markup": 'https://sp.example.com/"><script>',
    "a number for a host": "https://2130706433/acs",
    "an open bracket": "https://[::1]/acs",
    "a port out of range": "https://sp.example.com:99999/acs",
    "too long": "https://sp.example.com/" + "x" * 2048,
    "our own origin": f"{ORIGIN}/saml/x/sso",
    "nothing": "",
}

DOCUMENTS = {
    "nothing": "",
    "no XML": "hello",
    "another document": "<html/>",
    "cut off": HONEST[:-9],
    "XXE": XXE + HONEST.replace(HOST, "&a;", 1),
    "entity expansion": BOMB + HONEST.replace(HOST, "&c;", 1),
    "a remote DTD": REMOTE + HONEST,
    "a processing instruction": "<?xml-stylesheet href='x'?>" + HONEST,
    "a comment in the entity id": HONEST.replace("<md:SPSSO", "<!-- x --><md:SPSSO", 1),
    "UTF-16 by its own word": "<?xml version='1.0' encoding='UTF-16'?>" + HONEST,
    "UTF-7 by its own word": "<?xml version='1.0' encoding='UTF-7'?>" + HONEST,
    "a control character": HONEST.replace("Location=", "\x01Location=", 1),
    "very deep": HONEST.replace("</md:SPSSO", "<a>" * 5000 + "</a>" * 5000 + "</md:SPSSO", 1),
    "too large": HONEST.replace("<md:SPSSO", " " * 262_144 + "<md:SPSSO", 1),
    "many entities": f'<md:EntitiesDescriptor xmlns:md="{names.METADATA}">{HONEST}{HONEST}</md:EntitiesDescriptor>',
    "an identity provider's": HONEST.replace("SPSSODescriptor", "IDPSSODescriptor"),
    "no HTTP-POST address": HONEST.replace(names.BINDING_POST, names.BINDING_REDIRECT),
    "21 addresses": HONEST.replace("</md:SPSSO", ACS * 21 + "</md:SPSSO", 1),
    "11 certificates": HONEST.replace(
        "<md:Assertion",
        "".join(KEY.replace(key_pair().certificate, key_pair(f"k{n}").certificate) for n in range(11))
        + "<md:Assertion",
        1,
    ),
    "a short key": some_metadata(HOST, certificate=key_pair("short", bits=1024).certificate),
    "a certificate that is none": some_metadata(HOST, certificate="AAAA"),
    "a blank entity id": HONEST.replace(f'entityID="https://{HOST}/metadata"', 'entityID=" "'),
    "an endless entity id": HONEST.replace(f"https://{HOST}/metadata", "x" * 1025),
    "an index out of range": HONEST.replace('index="7"', 'index="70000"'),
}


def metadata_body(document: str) -> dict[str, Any]:
    return {"name": "Wiki", "integration": "saml", "sp_metadata_xml": document}


@pytest.fixture
def no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail on any name that is looked up but the emulator's."""
    known = socket.getaddrinfo

    def look_up(host: Any, *arguments: Any, **more: Any) -> Any:
        assert host in ("127.0.0.1", "localhost", b"127.0.0.1"), host
        return known(host, *arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.usefixtures("no_connection")
@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_hostile_metadata_is_refused_and_registers_nothing(house: House, document: str) -> None:
    before = rows(house)
    status, code = failure(add(with_keys(house), metadata_body(document)))
    assert (status, code) == (422, "sp_metadata_invalid")
    assert rows(house) == before


def test_the_same_metadata_without_hostility_is_taken(house: House) -> None:
    assert add(with_keys(house), metadata_body(some_metadata(a_mark()))).status == 201


@pytest.mark.parametrize("url", ADDRESSES.values(), ids=ADDRESSES.keys())
def test_an_address_that_answers_must_not_go_to_is_refused_wherever_it_is_named(
    house: House, url: str
) -> None:
    application, before = a_service_provider(house), rows(house)
    fields = add(with_keys(house), some_fields(acs_urls=[f"https://{a_mark()}/acs", url]))
    change = patch(house, application, acs_urls=[url])
    assert failure(fields) == failure(change) == (422, "endpoint_url_invalid")
    assert rows(house) == before


@pytest.mark.parametrize("name", ["plain http", "user information", "our own origin", "script"])
def test_an_address_in_metadata_is_held_to_the_same_rules(house: House, name: str) -> None:
    document = some_metadata(a_mark()).replace(
        'Location="https://', f'Location="{ADDRESSES[name]}" ResponseLocation="https://', 1
    )
    assert failure(add(with_keys(house), metadata_body(document)))[0] == 422


@pytest.mark.parametrize(
    "certificate",
    ["", "AAAA", "not base64!", key_pair("short", bits=1024).certificate],
    ids=["nothing", "no certificate", "not base64", "a short key"],
)
def test_a_certificate_without_a_strong_rsa_key_is_refused(house: House, certificate: str) -> None:
    answer = add(with_keys(house), some_fields(sp_certificates=[certificate]))
    assert failure(answer) == (422, "sp_certificate_invalid")

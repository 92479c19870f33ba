"""XML from outside is UTF-8, has no document type, comment or instruction, and obeys the OASIS schema."""

import tracemalloc
from pathlib import Path

import pytest
from lxml import etree

from passwordless.saml import parsing
from passwordless.saml.parsing import parse
from passwordless.saml.refusals import MalformedMessage
from tests.cpu_time import within
from tests.unit.saml.builders import ISSUER, an_authn_request, an_issuer

XML = an_authn_request()
MARK = "attacker-text-7f3a"


def refusal(xml: bytes) -> MalformedMessage:
    with pytest.raises(MalformedMessage) as caught:
        parse(xml, "AuthnRequest")
    assert caught.value.step == "xml"
    assert MARK not in f"{caught.value.detail}{caught.value.guidance}"
    return caught.value


@pytest.mark.parametrize(
    "prolog",
    [
        "",
        "<?xml version='1.0'?>",
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        "<?xml version='1.0' encoding='utf-8' standalone='yes'?>",
        "\ufeff",
    ],
)
def test_an_ordinary_request_is_read(prolog: str) -> None:
    root = parse(prolog.encode() + XML, "AuthnRequest")
    assert root.findtext("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer") == ISSUER


def test_xxe_is_refused_and_nothing_is_read(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    canary.write_text("canary-content")
    entity = f'<!DOCTYPE r [<!ENTITY x SYSTEM "file://{canary}">]>'
    found = refusal(an_authn_request(prolog=entity, issuer=an_issuer("&x;")))
    assert "canary-content" not in str(vars(found))


def test_entity_expansion_is_refused_within_time_and_memory() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = an_authn_request(prolog=f'<!DOCTYPE r [<!ENTITY e0 "x">{levels}]>', issuer=an_issuer("&e9;"))
    tracemalloc.start()
    within(0.05, lambda: refusal(bomb))
    assert tracemalloc.get_traced_memory()[1] < 1024 * 1024
    tracemalloc.stop()


@pytest.mark.parametrize(
    "prolog",
    [
        "<!DOCTYPE AuthnRequest>",
        '<!DOCTYPE r SYSTEM "http://192.0.2.1/x.dtd">',
        "<?xml version='1.0'?>\n<!DOCTYPE r [<!ATTLIST r a CDATA 'x'>]>",
        "<?target data?>",
        "<!-- comment -->",
        "<?xml-stylesheet href='x'?>",
    ],
)
def test_a_document_type_instruction_or_comment_before_the_message_is_refused(prolog: str) -> None:
    refusal(an_authn_request(prolog=prolog))


@pytest.mark.parametrize("inside", ["<!-- c -->", "<?p i?>"])
def test_a_comment_in_issuer_is_refused(inside: str) -> None:
    refusal(an_authn_request(issuer=an_issuer(f"{ISSUER}{inside}.attacker.example")))


def test_a_comment_after_the_message_is_refused() -> None:
    refusal(XML + b"<!-- c -->")


def test_cdata_is_plain_text_and_never_shortens_a_value() -> None:
    root = parse(an_authn_request(issuer=an_issuer(f"<![CDATA[{ISSUER}]]>.example")), "AuthnRequest")
    assert root.findtext("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer") == f"{ISSUER}.example"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037"])
def test_other_encodings_are_refused(encoding: str) -> None:
    refusal(an_authn_request().decode().encode(encoding))


def test_a_document_type_hidden_in_utf_7_is_refused() -> None:
    hidden = "<!DOCTYPE r [<!ENTITY x 'y'>]>".encode("utf-7")
    refusal(b"<?xml version='1.0' encoding='UTF-7'?>" + hidden + XML)
    refusal(hidden + XML)


@pytest.mark.parametrize("encoding", ["UTF-7", "UTF-16", "ISO-8859-1", "US-ASCII", "x-unknown", "utf8"])
def test_a_declared_encoding_other_than_utf_8_is_refused(encoding: str) -> None:
    refusal(f"<?xml version='1.0' encoding='{encoding}'?>".encode() + XML)


def test_xml_1_1_is_refused() -> None:
    refusal(b"<?xml version='1.1'?>" + XML)


@pytest.mark.parametrize(
    "text", ["&#0;", "&#1;", "\x00", "\x1f", "&#xFFFF;", "&#xD800;", "&undefined;", "\x0b"]
)
def test_illegal_characters_are_refused(text: str) -> None:
    refusal(an_authn_request(issuer=an_issuer(text)))


def test_bytes_that_are_not_utf_8_are_refused() -> None:
    refusal(XML.replace(b"acme", b"\xc0\xaf\xff"))


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b" ",
        b"<",
        b"plain",
        XML[:-1],
        XML + XML,
        b"<AuthnRequest/>",
        XML.replace(b"SAML:2.0:protocol", b"SAML:1.0:protocol"),
        XML.replace(b"AuthnRequest", b"LogoutRequest"),
    ],
)
def test_another_document_is_refused(xml: bytes) -> None:
    refusal(xml)


def test_another_valid_message_of_the_protocol_is_refused() -> None:
    response = (
        XML.replace(b"AuthnRequest", b"Response")
        .replace(b"ProtocolBinding", b"Consent")
        .replace(
            b"</samlp:Response>",
            b'<samlp:Status><samlp:StatusCode Value="urn:x"/></samlp:Status></samlp:Response>',
        )
    )
    assert parse(response, "Response").get("ID")
    assert "AuthnRequest" in refusal(response).detail


@pytest.mark.parametrize(
    "xml",
    [
        an_authn_request(request_id="7starts-with-a-digit"),
        an_authn_request(request_id=""),
        an_authn_request(request_id="a:b"),
        an_authn_request(request_id=f"{MARK} &lt;b>"),
        an_authn_request(instant="yesterday"),
        an_authn_request(attributes='ForceAuthn="TRUE"'),
        an_authn_request(attributes='AssertionConsumerServiceIndex="-1"'),
        an_authn_request(attributes=f'Unknown="{MARK}"'),
        an_authn_request(children=an_issuer()),
        an_authn_request(children=f'<x:{MARK} xmlns:x="urn:x"/>'),
        an_authn_request().replace(b'Version="2.0"', b""),
        an_authn_request().replace(b"IssueInstant", b"Instant"),
    ],
)
def test_a_request_that_breaks_the_schema_is_refused(xml: bytes) -> None:
    refusal(xml)


def test_unknown_content_of_extensions_does_no_harm() -> None:
    nested = "<x:y xmlns:x='urn:x' a='1'>" * 30 + "text" * 1000 + "</x:y>" * 30
    assert len(
        parse(an_authn_request(children=f"<samlp:Extensions>{nested}</samlp:Extensions>"), "AuthnRequest")
    )


def test_deep_nesting_is_refused_within_bounds() -> None:
    deep = "<x>" * 5000 + "</x>" * 5000
    refusal(an_authn_request(children=f"<samlp:Extensions>{deep}</samlp:Extensions>"))


def test_thousands_of_schema_errors_cost_little() -> None:
    wrong = an_authn_request(children="<samlp:Bad/>" * 4000)
    within(0.2, lambda: refusal(wrong))


def test_a_schema_named_in_the_message_is_not_loaded(tmp_path: Path) -> None:
    lenient = tmp_path / "lenient.xsd"
    lenient.write_text("not a schema at all")
    hint = (
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="urn:oasis:names:tc:SAML:2.0:protocol file://{lenient} urn:x file://{lenient}"'
    )
    assert parse(an_authn_request(attributes=hint), "AuthnRequest").get("ID")
    refusal(an_authn_request(attributes=hint, children="<samlp:Bad/>"))


def test_schemas_name_only_files_that_are_in_the_package() -> None:
    folder = Path(parsing.__file__).parent / "schemas"
    for file in folder.glob("*.xsd"):
        for element in etree.parse(file).iter("{http://www.w3.org/2001/XMLSchema}import"):
            named = element.get("schemaLocation")
            assert named is None or (folder / named).is_file(), f"{file.name} imports {named}"


def test_the_cause_is_kept_for_the_log_cleaned_and_bounded() -> None:
    found = refusal(an_authn_request(children=f'<x:{MARK} xmlns:x="urn:x\t\u202e"/>' + "<a/>" * 500))
    assert found.private is not None
    assert found.private.isascii()
    assert found.private.isprintable()
    assert len(found.private) < 300

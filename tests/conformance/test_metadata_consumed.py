"""Metadata consumed: what a service provider's document says takes effect, and nothing else does."""

import pytest

from passwordless.errors import Unprocessable
from passwordless.saml.endpoint_url import check_endpoint_url
from passwordless.saml.metadata import read_service_provider
from tests.conformance.lab import (
    a_generic_application,
    a_request,
    asked,
    is_begun,
    send,
    send_unsigned,
)
from tests.conformance.sp_metadata import (
    ACS,
    a_document,
    a_key,
    a_key_value,
    an_acs,
    arrives,
    own_document,
    registered,
    upload,
    uploaded,
)
from tests.house import House
from tests.service_providers import a_mark
from tests.sign_in import begun, by_post, by_redirect
from tests.told import failure
from tests.unit.saml.builders import key_pair, sign_post, sign_redirect


@pytest.mark.parametrize("flag", ["true", "1", "false", None])
def test_iip_sso06_a_flags_keys_and_services_take_effect_from_the_document_alone(
    house: House, flag: str | None
) -> None:
    pair = key_pair("own.example.com")
    role = "" if flag is None else f'AuthnRequestsSigned="{flag}"'
    document = a_document(role=role, keys=a_key(pair.certificate), services=an_acs(ACS + "&own=1"))
    application = registered(house, document)
    assert application.sp.acs_urls[0].endswith("&own=1")
    unsigned = is_begun(send_unsigned(house, application, a_request(house, application)))
    assert unsigned == (flag not in ("true", "1"))
    query = sign_redirect(a_request(house, application), pair=pair)
    assert is_begun(by_redirect(house, application.application_id, query))
    assert not is_begun(send(house, application, a_request(house, application)))


@pytest.mark.parametrize(
    ("defaults", "chosen"),
    [
        (("true", None, "true"), 0),
        ((None, "1", "true"), 1),
        (("false", None, None), 1),
        (("false", "false", "false"), 0),
        ((None, None, None), 0),
    ],
)
def test_iip_md05_av_the_default_acs_is_that_of_the_specification(
    house: House, defaults: tuple[str | None, ...], chosen: int
) -> None:
    services = "".join(an_acs(f"{ACS}&place={n}", n, default) for n, default in enumerate(defaults))
    application = registered(house, a_document(services=services))
    assert asked(house, application, attributes='IsPassive="1"').action.endswith(f"&place={chosen}")


def test_iip_md06_a2_a_key_counts_only_in_its_role_and_use(house: House) -> None:
    own, other = key_pair("own.example.com"), key_pair("other.example.com")
    foreign_role = (
        '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        f"{a_key(other.certificate)}"
        '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" '
        'Location="https://sp.example.com/sso"/></md:IDPSSODescriptor>'
    )
    encryption = a_key(own.certificate) + a_key(other.certificate, use="encryption")
    for document in (
        a_document(keys=a_key(own.certificate), after=foreign_role),
        a_document(keys=encryption),
    ):
        application = registered(house, document)
        for pair, taken in ((own, True), (other, False)):
            query = sign_redirect(a_request(house, application), pair=pair)
            assert is_begun(by_redirect(house, application.application_id, query)) == taken


def test_iip_md05_g_unknown_elements_and_attributes_do_no_harm(house: House) -> None:
    extensions = '<md:Extensions><x:y xmlns:x="urn:x" a="1"><x:z>text</x:z></x:y></md:Extensions>'
    document = a_document(
        entity='xmlns:x="urn:x" x:attribute="1"',
        before=extensions,
        inside=extensions,
        role='xmlns:x="urn:x" x:attribute="1"',
        services=an_acs().replace("/>", ' xmlns:x="urn:x" x:hint="1"/>'),
    )
    application = registered(house, document)
    assert is_begun(send(house, application, a_request(house, application)))


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        (ACS, True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("data:text/html,<script>", False),
        ("https://sp.example.com/<script>", False),
        ("http://sp.example.com/acs", False),
    ],
)
def test_iip_md05_fg_urls_of_metadata_cannot_attack_our_pages(url: str, taken: bool) -> None:
    (read,) = read_service_provider(a_document(services=an_acs(url))).acs_urls
    if taken:
        check_endpoint_url(read, public_origin="https://login.example.com", allow_http_loopback=False)
    else:
        with pytest.raises(Unprocessable):
            check_endpoint_url(read, public_origin="https://login.example.com", allow_http_loopback=False)


def test_iip_md05_a2_one_entity_id_never_means_two_entities(house: House) -> None:
    first = a_generic_application(house)
    stores = house.wiring.stores
    with pytest.raises(AssertionError):
        a_generic_application(house, entity_id=first.sp.entity_id)
    kept = stores.applications.get(first.application_id)
    assert kept is not None
    assert kept.sp == first.sp
    assert a_generic_application(house).sp.entity_id != first.sp.entity_id


UI = 'xmlns:ui="urn:oasis:names:tc:SAML:metadata:ui"'
DISPLAYED = (
    f'<ui:UIInfo {UI}><ui:DisplayName xml:lang="de">Das Wiki</ui:DisplayName>'
    '<ui:DisplayName xml:lang="en-GB">The\u202e \n Wiki</ui:DisplayName></ui:UIInfo>'
)
FOREIGN = f'<ui:UIInfo {UI}><ui:DisplayName xml:lang="de">Das Wiki</ui:DisplayName></ui:UIInfo>'
SERVED = (
    '<md:AttributeConsumingService index="1"><md:ServiceName xml:lang="de">Dienst</md:ServiceName>'
    '<md:ServiceName xml:lang="en">Service</md:ServiceName><md:RequestedAttribute Name="mail"/>'
    "</md:AttributeConsumingService>"
)


@pytest.mark.parametrize(
    ("displayed", "served", "given", "shown"),
    [
        (DISPLAYED, SERVED, "Ours", "Ours"),
        (DISPLAYED, SERVED, None, "The Wiki"),
        (FOREIGN, SERVED, None, "Das Wiki"),
        ("", SERVED, None, "Service"),
        (
            f'<ui:UIInfo {UI}><ui:DisplayName xml:lang="en">\u3164</ui:DisplayName></ui:UIInfo>',
            "",
            None,
            "host",
        ),
        ("", "", None, "host"),
    ],
)
def test_iip_md05_fj_the_name_shown_is_the_best_that_there_is(
    house: House, displayed: str, served: str, given: str | None, shown: str
) -> None:
    host = a_mark()
    inside = f"<md:Extensions>{displayed}</md:Extensions>" if displayed else ""
    plain = own_document(host, inside=inside)
    document = plain.replace(b"</md:SPSSODescriptor>", served.encode() + b"</md:SPSSODescriptor>")
    named = {} if given is None else {"name": given}
    application = uploaded(house, document, **named)
    request = sign_redirect(a_request(house, application))
    session = begun(house, by_redirect(house, application.application_id, request)).session
    assert session.context["application"] == (host if shown == "host" else shown)


def test_iip_md05_fj_an_entity_id_without_a_host_is_shown_itself(house: House) -> None:
    entity_id = f"urn:example:{a_mark()}"
    assert uploaded(house, own_document(a_mark(), entity_id=entity_id)).name == entity_id


def test_iip_md05_fj_without_metadata_a_name_is_required(house: House) -> None:
    body = {"sp_entity_id": f"urn:example:{a_mark()}", "acs_urls": [f"https://{a_mark()}/acs"]}
    answer = upload(house, b"", **body, sp_metadata_xml=None)
    assert failure(answer) == (400, "invalid_field")
    assert upload(house, b"", **body, sp_metadata_xml=None, name="Wiki").status == 201


OWN, STRANGER = key_pair("own.example.com"), key_pair("other.example.com")
CERTIFICATE = f"<ds:X509Data><ds:X509Certificate>{OWN.certificate}</ds:X509Certificate></ds:X509Data>"


@pytest.mark.parametrize(
    ("keys", "registered"),
    [
        (a_key(OWN.certificate), 1),
        (a_key_value(OWN), 1),
        (a_key_value(OWN, before=CERTIFICATE), 1),
        (a_key_value(OWN) + a_key(key_pair("third.example.com").certificate), 2),
    ],
)
def test_iip_md06_a7_a_certificate_and_a_bare_key_both_verify(
    house: House, keys: str, registered: int
) -> None:
    application = uploaded(house, own_document(a_mark(), keys=keys, role='AuthnRequestsSigned="true"'))
    assert len(application.sp.certificates) == registered
    for pair, taken in ((OWN, True), (STRANGER, False)):
        assert arrives(house, application, pair) == taken
        body = sign_post(a_request(house, application), pair=pair)
        assert is_begun(by_post(house, application.application_id, body)) == taken


@pytest.mark.parametrize(
    ("keys", "taken"),
    [
        (a_key_value(OWN), True),
        (a_key_value(key_pair("small.example.com", bits=1024)), False),
        (a_key_value(OWN, exponent=2), False),
        (a_key_value(OWN, exponent=0), False),
        (a_key_value(OWN).replace("RSAKeyValue", "Unknown"), False),
    ],
)
def test_iip_md06_a7_a_bare_key_is_held_to_the_same_size(house: House, keys: str, taken: bool) -> None:
    answer = upload(house, own_document(a_mark(), keys=keys))
    assert (answer.status, answer.json.get("code")) == (
        (201, None) if taken else (422, "sp_metadata_invalid")
    )

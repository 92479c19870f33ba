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
from tests.conformance.sp_metadata import ACS, a_document, a_key, an_acs, registered
from tests.house import House
from tests.sign_in import by_redirect
from tests.unit.saml.builders import key_pair, sign_redirect


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

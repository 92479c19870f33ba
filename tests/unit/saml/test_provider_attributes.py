"""What a service provider's metadata asks for, and the attributes that it has itself."""

import pytest

from passwordless.errors import Unprocessable
from passwordless.model.applications import ServiceProvider
from passwordless.model.attribute_services import EntityAttribute, RequestedAttribute
from passwordless.saml import names
from passwordless.saml.metadata import read_service_provider
from passwordless.store.codec import decode, encode
from tests.conformance.sp_metadata import a_document, a_service, an_acs, entity_attribute

MAIL = "urn:oid:0.9.2342.19200300.100.1.3"


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
def test_the_default_service_is_that_of_the_specification(
    defaults: tuple[str | None, ...], chosen: int
) -> None:
    services = "".join(a_service(n, f'Name="{MAIL}"', default=default) for n, default in enumerate(defaults))
    read = read_service_provider(a_document(services=an_acs() + services))
    assert read.attribute_services[0].index == chosen
    assert sorted(one.index for one in read.attribute_services) == [0, 1, 2]


def test_a_requested_attribute_is_read_whole() -> None:
    full = f'Name="{MAIL}" NameFormat="{names.ATTRIBUTE_URI}" isRequired="1"'
    read = read_service_provider(a_document(services=an_acs() + a_service(7, full, 'Name="x"')))
    (service,) = read.attribute_services
    assert service.index == 7
    assert service.requested == (
        RequestedAttribute(MAIL, names.ATTRIBUTE_URI, required=True),
        RequestedAttribute("x"),
    )


def test_entity_attributes_are_read_value_by_value() -> None:
    read = read_service_provider(a_document(before=entity_attribute("urn:c", " a\n", "b", "a")))
    assert read.entity_attributes == (EntityAttribute("urn:c", "a"), EntityAttribute("urn:c", "b"))


def test_entity_attributes_of_the_role_are_no_attributes_of_the_entity() -> None:
    assert read_service_provider(a_document(inside=entity_attribute("urn:c", "a"))).entity_attributes == ()


@pytest.mark.parametrize(
    "document",
    [
        a_document(services=an_acs() + "".join(a_service(n, 'Name="x"') for n in range(21))),
        a_document(services=an_acs() + a_service(0, *(f'Name="x{n}"' for n in range(51)))),
        a_document(before=entity_attribute("urn:c", *(str(n) for n in range(51)))),
    ],
    ids=["services", "requested", "entity attributes"],
)
def test_more_than_can_be_kept_is_refused(document: bytes) -> None:
    with pytest.raises(Unprocessable) as refused:
        read_service_provider(document)
    assert refused.value.code == "sp_metadata_invalid"


def test_a_row_keeps_what_was_read_and_one_stored_before_has_nothing() -> None:
    read = read_service_provider(
        a_document(before=entity_attribute("urn:c", "a"), services=an_acs() + a_service(3, 'Name="x"'))
    )
    sp = ServiceProvider(
        "urn:sp", (), attribute_services=read.attribute_services, entity_attributes=read.entity_attributes
    )
    assert decode(ServiceProvider, encode(sp)) == sp
    before = {name: value for name, value in encode(sp).items() if name in ("entity_id", "acs_urls")}
    assert decode(ServiceProvider, before).wants(3).requested is None

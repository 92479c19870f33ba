"""POST /applications for any SAML service provider: from metadata or fields, without a call to anybody."""

from typing import Any

import pytest

from passwordless.model.applications import ApplicationStatus
from passwordless.model.policies import NameIdFormat
from passwordless.saml import names
from tests.house import ORIGIN, House
from tests.service_providers import a_mark, add, added, some_fields, some_metadata, with_keys
from tests.sign_in import authn_request, begun, by_redirect
from tests.told import failure
from tests.unit.saml.builders import key_pair, sign_redirect
from tests.witness import events_of

POST_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"


def from_metadata(host: str, **more: Any) -> dict[str, Any]:
    """Return a body with metadata."""
    return {
        "name": "Acme Wiki",
        "integration": "saml",
        "sp_metadata_xml": some_metadata(host, **more),
    }


def test_a_service_provider_added_from_fields_is_connected_at_once(house: House) -> None:
    body = some_fields()
    told = add(with_keys(house), body).json
    one = told["application"]
    assert (one["status"], one["integration"]) == ("connected", "saml")
    assert one["sp"] == {
        "entity_id": body["sp_entity_id"],
        "acs_urls": body["acs_urls"],
        "certificates": [key_pair().certificate],
        "require_signed_requests": True,
    }
    assert one["saml"]["sso_url"] == f"{ORIGIN}/saml/{one['application_id']}/sso"
    assert "auth0" not in one
    assert (told["steps"], told["warnings"]) == ([], [])


def test_adding_leaves_an_event(house: House) -> None:
    application = added(with_keys(house), some_fields())
    (event,) = events_of(house, application.application_id)
    assert (event["type"], event["actor"]) == ("application.connected", "admin|ada")


def test_metadata_brings_its_default_acs_its_indexes_and_its_signing_flag(house: House) -> None:
    host = a_mark()
    application = added(with_keys(house), from_metadata(host, role='AuthnRequestsSigned="true"'))
    assert application.sp.acs_urls == (f"https://{host}/one", f"https://{host}/two")
    assert application.sp.acs_indexes == (3, 7)
    assert application.sp.require_signed_requests
    assert application.status is ApplicationStatus.CONNECTED


def test_an_index_of_the_metadata_chooses_its_acs(house: House) -> None:
    host = a_mark()
    application = added(with_keys(house), from_metadata(host))
    request = authn_request(
        house, application, binding=POST_BINDING, attributes='AssertionConsumerServiceIndex="7"'
    )
    browser = begun(house, by_redirect(house, application.application_id, sign_redirect(request)))
    assert browser.session.request.acs_url == f"https://{host}/two"


def test_an_index_that_is_only_a_place_in_the_list_is_refused(house: House) -> None:
    application = added(with_keys(house), from_metadata(a_mark()))
    request = authn_request(
        house, application, binding=POST_BINDING, attributes='AssertionConsumerServiceIndex="0"'
    )
    answer = by_redirect(house, application.application_id, sign_redirect(request))
    assert failure(answer) == (403, "saml_acs_unknown")


@pytest.mark.parametrize(
    ("formats", "default"),
    [
        ((), NameIdFormat.PERSISTENT),
        ((names.UNSPECIFIED, names.EMAIL_ADDRESS), NameIdFormat.EMAIL_ADDRESS),
        (("urn:example:unheard-of", names.TRANSIENT, names.PERSISTENT), NameIdFormat.TRANSIENT),
    ],
)
def test_the_first_format_of_the_metadata_that_means_something_becomes_the_default(
    house: House, formats: tuple[str, ...], default: NameIdFormat
) -> None:
    application = added(with_keys(house), from_metadata(a_mark(), formats=formats))
    assert application.policy.name_id_format is default


@pytest.mark.parametrize(
    ("certificates", "required", "status", "codes"),
    [
        ([], None, "unverified", ["certificate_missing"]),
        ([], True, "unverified", ["certificate_missing"]),
        ([], False, "connected", ["unsigned_requests"]),
        (None, False, "connected", ["unsigned_requests"]),
        ([key_pair().certificate], False, "connected", ["unsigned_requests"]),
    ],
)
def test_without_a_certificate_it_is_unverified_unless_unsigned_requests_are_allowed(
    house: House, certificates: list[str] | None, required: bool | None, status: str, codes: list[str]
) -> None:
    body = some_fields(sp_certificates=certificates, require_signed_requests=required)
    told = add(with_keys(house), body).json
    assert told["application"]["status"] == status
    assert [warning["code"] for warning in told["warnings"]] == codes


def test_pem_and_base64_of_one_certificate_are_one(house: House) -> None:
    pair = key_pair()
    body = some_fields(sp_certificates=[pair.certificate_pem, pair.certificate])
    assert added(with_keys(house), body).sp.certificates == (pair.certificate,)


@pytest.mark.parametrize(
    "changes",
    [
        {"sp_entity_id": None},
        {"acs_urls": None},
        {"acs_urls": []},
        {"acs_urls": "https://sp.example.com/acs"},
        {"acs_urls": [7]},
        {"acs_urls": [f"https://sp.example.com/{n}" for n in range(21)]},
        {"sp_entity_id": "https://sp.example.com/\nmetadata"},
        {"sp_entity_id": ""},
        {"sp_entity_id": "x" * 1025},
        {"sp_certificates": ["x"] * 11},
        {"require_signed_requests": "false"},
        {"sp_metadata_xml": "<md/>"},
        {"name": " "},
        {"auth0_domain": "acme.auth0.com"},
        {"test_users": ["nobody"]},
    ],
)
def test_fields_that_cannot_be_are_malformed(house: House, changes: dict[str, Any]) -> None:
    assert failure(add(with_keys(house), some_fields(**changes))) == (400, "invalid_field")


def test_metadata_as_large_as_is_allowed_fits_into_a_body(house: House) -> None:
    host = a_mark()
    xml = some_metadata(host)
    padded = xml.replace("<md:SPSSO", "\n" * (256 * 1024 - len(xml)) + "<md:SPSSO")
    body = {"name": "Acme Wiki", "integration": "saml", "sp_metadata_xml": padded}
    assert add(with_keys(house), body).status == 201

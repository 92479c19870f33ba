"""GET /saml/{application_id}/metadata: signed once, stored, the same bytes until something changes or a day passes."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree
from signxml.verifier import SignatureConfiguration, XMLVerifier

from passwordless.login.metadata import signed_metadata
from passwordless.model.applications import Application, ApplicationStatus, Integration
from passwordless.model.metadata import RENEWED, VALID
from passwordless.model.policies import NameIdFormat, Policy
from passwordless.saml import names
from passwordless.saml.certificates import pem
from passwordless.saml.parsing import parse
from tests.calls import Answer
from tests.house import House
from tests.parallel import at_once
from tests.rotation import fetch_metadata, make_next, move, rotate, with_keys_function
from tests.witness import Witness


@pytest.fixture
def application(house: House) -> Application:
    """An application of a tenant of its own."""
    return house.application(f"metadata-{secrets.token_hex(4)}")


def document(answer: Answer) -> etree._Element:
    """Return the metadata, valid against the OASIS schema, with its signature verified by its first certificate."""
    assert answer.status == 200, answer.body
    (first, *_) = certificates(parse(answer.body.encode(), "EntityDescriptor"))
    config = SignatureConfiguration(location="./", expect_references=1)
    verified = XMLVerifier().verify(answer.body.encode(), x509_cert=pem(first), expect_config=config)
    root = verified[0].signed_xml if isinstance(verified, list) else verified.signed_xml
    assert root is not None
    assert root.tag == names.metadata("EntityDescriptor")
    return root


def certificates(root: etree._Element) -> list[str]:
    """Return the certificates of our role as base64 DER."""
    role = root.find(names.metadata("IDPSSODescriptor"))
    assert role is not None
    return [element.text or "" for element in role.iter(names.signature("X509Certificate"))]


def formats(root: etree._Element) -> list[str | None]:
    """Return the NameID formats of our role."""
    return [element.text for element in root.iter(names.metadata("NameIDFormat"))]


def wants_signed(house: House, application: Application) -> str | None:
    """Return what our metadata says of signed requests."""
    role = document(fetch_metadata(house, application)).find(names.metadata("IDPSSODescriptor"))
    assert role is not None
    return role.get("WantAuthnRequestsSigned")


def test_the_metadata_is_signed_by_the_application_s_key(house: House, application: Application) -> None:
    answer = fetch_metadata(house, application)
    root = document(answer)
    assert answer.headers["content-type"] == "application/samlmetadata+xml"
    assert root.get("entityID") == application.idp.entity_id
    assert root[0].tag == names.metadata("Extensions")  # the signature is gone from what was verified


def test_it_is_signed_once_for_all_who_ask_on_a_day(house: House, application: Application) -> None:
    """S34: 100 calls by anybody cost one signature."""
    witness = Witness.of(house)
    first = fetch_metadata(house, application)
    for _ in range(99):
        house.clock.forward((RENEWED - 1) / 99)
        assert fetch_metadata(house, application) == first
    assert witness.signatures == 1


def test_it_is_signed_anew_after_a_day(house: House, application: Application) -> None:
    first = fetch_metadata(house, application)
    house.clock.forward(RENEWED)
    witness = Witness.of(house)
    second = fetch_metadata(house, application)
    assert witness.signatures == 1
    assert document(second).get("validUntil") != document(first).get("validUntil")
    assert second.headers["etag"] != first.headers["etag"]


def test_it_is_valid_for_a_week_and_to_be_read_again_after_six_hours(
    house: House, application: Application
) -> None:
    root = document(fetch_metadata(house, application))
    until = datetime.strptime(root.get("validUntil", ""), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert until == house.wiring.now_utc.replace(microsecond=0) + timedelta(days=7)
    assert (root.get("cacheDuration"), VALID) == ("PT6H", 7 * 86400)


def test_a_change_of_the_application_is_told_at_once(house: House, application: Application) -> None:
    assert wants_signed(house, application) == "true"
    lenient = replace(application, sp=replace(application.sp, require_signed_requests=False))
    assert not house.wiring.stores.commit(house.wiring.stores.applications.replacing(lenient))
    assert wants_signed(house, application) == "false"


@pytest.mark.parametrize("default", [NameIdFormat.PERSISTENT, NameIdFormat.UNSPECIFIED])
def test_the_formats_are_those_that_the_application_gets_when_it_asks(
    house: House, application: Application, default: NameIdFormat
) -> None:
    policy = Policy(name_id_format=default)
    generic = house.application(application.tenant, integration=Integration.SAML, auth0=None, policy=policy)
    every = [names.PERSISTENT, names.TRANSIENT, names.EMAIL_ADDRESS]
    expected = every if default is NameIdFormat.PERSISTENT else [names.UNSPECIFIED, *every]
    assert formats(document(fetch_metadata(house, generic))) == expected
    assert formats(document(fetch_metadata(house, application))) == [names.PERSISTENT]


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_the_document_gets_a_304(house: House, application: Application, form: str) -> None:
    etag = fetch_metadata(house, application).headers["etag"]
    answer = fetch_metadata(house, application, form.format(etag))
    assert (answer.status, answer.body, answer.headers["etag"]) == (304, "", etag)
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("etag", ["", '"other"', "x" * 5000, ",,,"])
def test_who_has_another_one_gets_the_document(house: House, application: Application, etag: str) -> None:
    assert fetch_metadata(house, application, etag).status == 200


def test_all_who_ask_at_once_get_the_same_bytes(house: House, application: Application) -> None:
    answers = at_once(lambda _: fetch_metadata(house, application), range(8))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    assert fetch_metadata(house, application).body == answers[0].body


def test_the_first_write_wins(house: House, application: Application) -> None:
    """Two sign at once: the slower one gives its own document up."""
    store, wiring = house.wiring.stores.metadata, house.wiring
    signed_metadata(wiring, application.application_id, "REFERENCE")
    known = store.get(application.application_id)
    assert known is not None
    faster = replace(known, xml="<faster/>", made_at=known.made_at + 1)
    assert store.put(faster, known)
    assert not store.put(replace(known, xml="<slower/>"), known)
    assert not store.put(replace(known, xml="<slower/>"), None)
    assert signed_metadata(wiring, application.application_id, "REFERENCE") == "<faster/>"


class _Late:
    """A store in which another is always faster and nothing is ever found."""

    def get(self, _: str) -> None:
        return None

    def put(self, *_: object) -> bool:
        return False


def test_who_always_comes_too_late_is_told_to_try_again(house: House, application: Application) -> None:
    house.wiring.stores.__dict__["metadata"] = _Late()
    answer = fetch_metadata(house, application)
    assert (answer.status, answer.code, answer.headers["retry-after"]) == (503, "metadata_busy", "1")


def test_current_next_and_retiring_keys_are_listed_and_a_retired_one_is_not(
    house: House, application: Application
) -> None:
    acting, tenant = with_keys_function(house), application.tenant
    listed = [certificates(document(fetch_metadata(house, application)))]
    following = make_next(acting, tenant)
    listed.append(certificates(document(fetch_metadata(house, application))))
    rotate(acting, tenant, "promote", following)
    assert move(acting, application, following).status == 200
    listed.append(certificates(document(fetch_metadata(house, application))))
    house.clock.forward(61)
    assert rotate(acting, tenant, "retire", application.idp.signing_key_id).status == 200
    listed.append(certificates(document(fetch_metadata(house, application))))
    (old,), (_, new), *_ = listed
    assert listed == [[old], [old, new], [new, old], [new]]


def test_an_application_that_is_not_connected_yet_has_none(house: House) -> None:
    waiting = house.application("metadata-waiting", status=ApplicationStatus.CONNECTING)
    answer = fetch_metadata(house, waiting)
    assert (answer.status, answer.code) == (409, "application_not_ready")
    unknown = fetch_metadata(house, replace(waiting, application_id="app_" + "2" * 20))
    assert (unknown.status, unknown.code) == (404, "unknown_application")


def test_unknown_applications_cost_no_signature_and_write_nothing(
    house: House, application: Application
) -> None:
    witness = Witness.of(house)
    for _ in range(20):
        fetch_metadata(house, replace(application, application_id="app_" + "7" * 20))
    assert (witness.signatures, witness.written) == (0, [])

"""The browser finishes: it gets its Response, the same one if it has to ask again."""

import base64
from typing import Any

import boto3
from botocore.exceptions import ClientError
from signxml.verifier import XMLVerifier

from passwordless.model.applications import Application
from passwordless.model.name_ids import pairwise
from tests.calls import complete
from tests.house import House
from tests.sign_in import approve, arrive, sign_in
from tests.told import failure, found, response, status_codes
from tests.witness import Witness, events_of

CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"


def certificate(house: House, application: Application) -> str:
    key = house.wiring.stores.signing_keys.get(application.tenant, application.idp.signing_key_id)
    assert key is not None
    return key.certificate_pem


def test_the_response_is_for_this_request_this_application_and_this_person(house: House) -> None:
    application, person = house.application(), house.person()
    browser = arrive(house, application)
    house.clock.forward(7)

    answer = sign_in(house, person, browser)

    root, request = response(answer), browser.session.request
    assert status_codes(root) == ["Success"]
    assert answer.field("RelayState") == "eyJhbGc!&#x27;()*~.-_ /+=&amp;?#"
    assert f'action="{request.acs_url}"' in answer.body
    assert set(found(root, "//@InResponseTo")) == {request.request_id}
    assert {*found(root, "/*/@Destination"), *found(root, "//@Recipient")} == {request.acs_url}
    assert found(root, "//a:Audience/text()") == [application.sp.entity_id]
    assert set(found(root, "//a:Issuer/text()")) == {application.idp.entity_id}
    assert found(root, "//a:AuthnStatement/@AuthnInstant") == ["2026-02-09T11:56:49Z"]


def test_both_signatures_are_by_the_application_s_own_key(house: House) -> None:
    application, person = house.application(), house.person()
    browser, witness = arrive(house, application), Witness.of(house)

    xml = base64.b64decode(sign_in(house, person, browser).field("SAMLResponse"))

    pem = certificate(house, application)
    outer: Any = XMLVerifier().verify(xml, x509_cert=pem, id_attribute="ID")
    inner: Any = XMLVerifier().verify(outer.signed_data, x509_cert=pem, id_attribute="ID")
    assert [result.signed_xml.tag.rpartition("}")[2] for result in (outer, inner)] == [
        "Response",
        "Assertion",
    ]
    assert witness.signatures == 2


def test_the_person_is_the_owner_of_the_phone_that_approved(house: House) -> None:
    application, person = house.application(), house.person()

    root = response(sign_in(house, person, house.browser(application)))

    assert found(root, "//a:NameID/text()") == [
        pairwise(person.user.pairwise_key, application.application_id)
    ]
    named = zip(found(root, "//a:Attribute/@Name"), found(root, "//a:AttributeValue/text()"), strict=True)
    assert dict(named) == {
        f"{CLAIMS}emailaddress": person.user.email,
        f"{CLAIMS}name": "Ada Example",
        f"{CLAIMS}givenname": "Ada",
        f"{CLAIMS}surname": "Example",
    }


def test_a_name_id_stays_the_same_at_one_application_and_differs_at_another(house: House) -> None:
    one, other, person = house.application(), house.application(), house.person()
    names = [
        found(response(sign_in(house, person, house.browser(application))), "//a:NameID/text()")
        for application in (one, one, other)
    ]
    assert names[0] == names[1]
    assert names[1] != names[2]


def test_a_login_leaves_one_event_of_its_completion(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    sign_in(house, person, browser)
    assert complete(house, browser).status == 200
    left = [event["type"] for event in events_of(house, browser.session.application_id)]
    assert sorted(left) == ["login.approved", "login.completed"]


def test_the_same_browser_gets_the_same_bytes_three_times(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    first = sign_in(house, person, browser)
    house.clock.forward(59)
    repeated = [complete(house, browser) for _ in range(2)]
    assert [answer.body for answer in repeated] == [first.body] * 2


class FaultySigning:
    """A signing service that fails."""

    def sign(self, **_: object) -> None:
        """Fail as an overloaded KMS does."""
        raise ClientError({"Error": {"Code": "KMSInternalException", "Message": "secret detail"}}, "Sign")


class WithoutSigning(boto3.Session):
    """A session on the same account whose signing service fails."""

    def __init__(self, session: boto3.Session) -> None:
        super().__init__(botocore_session=session._session)

    def client(self, service_name: str, *args: Any, **kwargs: Any) -> Any:
        """Return the client of a service."""
        return FaultySigning() if service_name == "kms" else super().client(service_name, *args, **kwargs)  # type: ignore[call-overload]


def test_a_fault_of_the_signing_service_loses_nothing(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    approve(house, person, browser)
    assert house.wiring.aws is not None
    broken = House.on(WithoutSigning(house.wiring.aws), house.clock, house.wiring.config)

    failed, mended = complete(broken, browser), complete(house, browser)

    assert failure(failed) == (503, "signing_unavailable")
    assert failed.headers["retry-after"] == "2"
    assert "secret detail" not in failed.body
    assert status_codes(response(mended)) == ["Success"]

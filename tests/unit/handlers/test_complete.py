"""The browser finishes: it gets its Response once, or the reason why there is none."""

import base64
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from botocore.exceptions import ClientError
from signxml.verifier import XMLVerifier

from functions.sso import handler as sso
from local.phone_simulator.proofs import Decision
from passwordless.login.answer import posting
from passwordless.model.applications import Application
from passwordless.model.name_ids import pairwise
from passwordless.model.sessions import Status
from tests.acts import remove
from tests.calls import Answer, call, complete, cookie_lines, poll_session, post_json
from tests.house import Browser, House
from tests.sign_in import approve, arrive, press_restart, scan, sign_in
from tests.told import apart_from_its_reference, failure, found, response, status_codes
from tests.unit.handlers.test_login_page import denied, strangers
from tests.witness import Witness, events_of, nothing_written

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


@pytest.mark.parametrize("state", ["pending", "scanned", "started over"])
def test_nothing_is_finished_before_the_approval(house: House, state: str) -> None:
    browser, person = house.browser(house.application()), house.person()
    if state != "pending":
        scan(house, person, browser)
    if state == "started over":
        press_restart(house, browser)
    witness = Witness.of(house)
    with nothing_written(house, browser):
        answer = complete(house, browser)
    assert failure(answer) == (409, "not_approved")
    assert witness.signatures == 0


def test_the_same_browser_gets_the_same_bytes_three_times(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    first = sign_in(house, person, browser)
    house.clock.forward(59)
    repeated = [complete(house, browser) for _ in range(2)]
    assert [answer.body for answer in repeated] == [first.body] * 2


def test_the_third_repetition_is_refused(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    sign_in(house, person, browser)
    for _ in range(2):
        complete(house, browser)
    witness = Witness.of(house)
    with nothing_written(house, browser):
        answer = complete(house, browser)
    assert failure(answer) == (409, "already_finished")
    assert (answer.body.count("SAMLResponse"), witness.signatures) == (0, 0)


def test_a_repetition_after_a_minute_is_refused(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    sign_in(house, person, browser)
    house.clock.forward(60)
    with nothing_written(house, browser):
        answer = complete(house, browser)
    assert failure(answer) == (409, "already_finished")


def test_the_bytes_do_not_depend_on_the_order_in_which_the_database_returns_a_map(house: House) -> None:
    application, person = house.application(), house.person()
    browser = house.browser(application)
    sign_in(house, person, browser)
    stored = house.stored(browser)
    assert stored.ending is not None
    backwards = replace(stored.ending, attributes=dict(reversed([*stored.ending.attributes.items()])))

    one, other = (
        posting(house.wiring, application, replace(stored, ending=ending))
        for ending in (stored.ending, backwards)
    )

    assert one == other


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


def post(house: House, application_id: str, session_id: str, cookies: dict[str, str]) -> Answer:
    return call(
        house,
        sso.handler,
        "POST_complete",
        pathParameters={"application_id": application_id},
        cookies=cookie_lines(cookies),
        body=urlencode({"session_id": session_id}),
        isBase64Encoded=False,
    )


def test_finishing_without_the_right_cookie_is_answered_as_for_an_unknown_login(house: House) -> None:
    application, person = house.application(), house.person()
    browser, other = house.browser(application), house.browser(application)
    approve(house, person, browser)
    witness = Witness.of(house)

    with nothing_written(house, browser):
        answers = {
            case: post(house, application.application_id, *stranger)
            for case, stranger in strangers(browser, other).items()
        }

    assert {case: failure(answer) for case, answer in answers.items()} == dict.fromkeys(
        answers, (404, "unknown_session")
    )
    assert len({str(apart_from_its_reference(answer)) for answer in answers.values()}) == 1
    assert witness.signatures == 0


def test_a_login_is_finished_at_its_own_application_only(house: House) -> None:
    browser, person, other = house.browser(house.application()), house.person(), house.application()
    approve(house, person, browser)
    with nothing_written(house, browser):
        answer = complete(house, browser, application_id=other.application_id)
    assert failure(answer) == (404, "unknown_session")


@pytest.mark.parametrize("body", [b"", b"session_id", b"session_id=a&session_id=b", b"\xff=1", b"a=1&" * 30])
def test_a_form_that_names_no_login_is_refused(house: House, body: bytes) -> None:
    browser = house.browser(house.application())
    form = {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    path = {"application_id": browser.session.application_id}
    with nothing_written(house, browser):
        answer = call(
            house,
            sso.handler,
            "POST_complete",
            pathParameters=path,
            cookies=cookie_lines(browser.cookies),
            **form,
        )
    assert failure(answer) in {(404, "unknown_session"), (400, "malformed_form")}


def ended(house: House, how: str) -> Browser:
    """Return a login that came to nothing."""
    browser, person = house.browser(house.application()), house.person()
    if how == "denied":
        denied(house, person, browser)
    elif how == "not approved":
        house.clock.forward(600)
    else:
        approve(house, person, browser)
        house.clock.forward(120)
    return browser


ENDS = {
    "denied": ["Responder", "RequestDenied"],
    "not approved": ["Responder", "AuthnFailed"],
    "approved and left": ["Responder", "AuthnFailed"],
}


@pytest.mark.parametrize(("how", "codes"), ENDS.items(), ids=ENDS)
def test_a_login_that_came_to_nothing_returns_with_a_signed_status(
    house: House, how: str, codes: list[str]
) -> None:
    browser = ended(house, how)
    application = house.wiring.stores.applications.get(browser.session.application_id)
    assert application is not None

    answer = complete(house, browser)

    root = response(answer)
    assert status_codes(root) == codes
    assert found(root, "//a:Assertion") == []
    assert found(root, "/*/@InResponseTo") == [browser.session.request.request_id]
    xml = base64.b64decode(answer.field("SAMLResponse"))
    assert XMLVerifier().verify(xml, x509_cert=certificate(house, application), id_attribute="ID")
    left = [event["type"] for event in events_of(house, application.application_id)]
    assert left.count("login.returned") == 1


@pytest.mark.parametrize("how", ENDS)
def test_a_status_too_is_returned_three_times_and_not_again(house: House, how: str) -> None:
    browser = ended(house, how)
    bodies = {complete(house, browser).body for _ in range(3)}
    assert len(bodies) == 1
    assert failure(complete(house, browser)) == (409, "already_finished")


def test_an_unsigned_request_gets_its_status_unsigned(house: House) -> None:
    browser = house.browser(house.application())
    unsigned = house.browser(
        house.application(), request=replace(browser.session.request, signed=False, request_id="_u")
    )
    house.clock.forward(600)
    witness = Witness.of(house)

    root = response(complete(house, unsigned))

    assert status_codes(root) == ["Responder", "AuthnFailed"]
    assert (found(root, "//ds:Signature"), witness.signatures) == ([], 0)


@pytest.mark.parametrize("how", ENDS)
def test_there_is_nothing_to_return_to_once_the_application_is_removed(house: House, how: str) -> None:
    browser = ended(house, how)
    application = house.wiring.stores.applications.get(browser.session.application_id)
    assert application is not None
    if how == "approved and left":
        assert house.stored(browser).status is Status.APPROVED
    remove(house, application)
    with nothing_written(house, browser):
        assert failure(complete(house, browser)) == (404, "unknown_application")


def test_a_decision_after_the_end_changes_nothing(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    told = scan(house, person, browser)
    post_json(house, "POST_verify", house.verify_body(person, told))
    complete(house, browser)
    house.clock.forward(1)
    with nothing_written(house, browser):
        answer = post_json(house, "POST_verify", house.verify_body(person, told, Decision.DENY))
    assert failure(answer) == (409, "already_decided")
    assert poll_session(house, browser).json["status"] == "completed"

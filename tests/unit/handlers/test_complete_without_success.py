"""A login that came to nothing: the application is told so, with a signed status."""

import base64
from dataclasses import replace

import pytest
from signxml.verifier import XMLVerifier

from passwordless.model.applications import Application
from passwordless.model.sessions import Status
from tests.acts import remove
from tests.calls import complete
from tests.house import Browser, House
from tests.logins import denied
from tests.sign_in import approve
from tests.told import failure, found, response, status_codes
from tests.witness import Witness, events_of, nothing_written


def certificate(house: House, application: Application) -> str:
    key = house.wiring.stores.signing_keys.get(application.tenant, application.idp.signing_key_id)
    assert key is not None
    return key.certificate_pem


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

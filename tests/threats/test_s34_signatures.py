"""S34: KMS signs after an approval, or for a request whose signature verified, and for nobody else."""

from dataclasses import replace

import pytest

from passwordless.model.applications import Application
from tests.calls import complete
from tests.house import House
from tests.sign_in import approve, authn_request, begun, by_post, by_redirect
from tests.told import failure, found, response, status_codes
from tests.unit.saml.builders import post, redirect, sign_redirect
from tests.witness import Witness

REQUESTS = 1000
EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
UNANSWERABLE = {
    "passive": ({"attributes": 'IsPassive="true"'}, ["Responder", "NoPassive"]),
    "a NameID that we do not give": (
        {"children": f'<samlp:NameIDPolicy Format="{EMAIL}"/>'},
        ["Requester", "InvalidNameIDPolicy"],
    ),
}


def undemanding(house: House) -> Application:
    """Return an application that takes unsigned requests."""
    plain = house.application()
    sp = replace(
        plain.sp,
        entity_id=f"{plain.sp.entity_id}-unsigned",
        acs_urls=(f"{plain.sp.acs_urls[0]}-unsigned",),
        require_signed_requests=False,
    )
    return house.application(sp=sp)


def test_a_thousand_anonymous_requests_cost_no_signature(house: House) -> None:
    application, witness = undemanding(house), Witness.of(house)

    for number in range(REQUESTS):
        changes, codes = list(UNANSWERABLE.values())[number % 2]
        xml = authn_request(house, application, **changes)
        if number % 4 < 2:
            answer = by_redirect(house, application.application_id, redirect(xml))
        else:
            answer = by_post(house, application.application_id, post(xml))
        assert status_codes(response(answer)) == codes

    assert witness.signatures == 0


@pytest.mark.parametrize(("changes", "codes"), UNANSWERABLE.values(), ids=UNANSWERABLE)
def test_a_signed_request_that_cannot_be_answered_costs_one(
    house: House, changes: dict[str, str], codes: list[str]
) -> None:
    """Without this the test before could pass because nothing is ever signed."""
    application, witness = undemanding(house), Witness.of(house)
    query = sign_redirect(authn_request(house, application, **changes))
    root = response(by_redirect(house, application.application_id, query))
    assert (status_codes(root), witness.signatures) == (codes, 1)


def test_an_unsigned_login_that_expires_costs_no_signature(house: House) -> None:
    application, witness = undemanding(house), Witness.of(house)
    answer = by_redirect(house, application.application_id, redirect(authn_request(house, application)))
    browser = begun(house, answer)
    house.clock.forward(600)
    root = response(complete(house, browser))
    assert (status_codes(root), found(root, "//ds:Signature"), witness.signatures) == (
        ["Responder", "AuthnFailed"],
        [],
        0,
    )


def test_an_unsigned_login_that_is_approved_is_signed(house: House) -> None:
    application, person = undemanding(house), house.person()
    answer = by_redirect(house, application.application_id, redirect(authn_request(house, application)))
    browser, witness = begun(house, answer), Witness.of(house)
    approve(house, person, browser)
    assert status_codes(response(complete(house, browser))) == ["Success"]
    assert witness.signatures == 2


def test_a_broken_signature_is_no_anonymous_request(house: House) -> None:
    """Where signatures are not required, one that is there must still hold."""
    application, witness = undemanding(house), Witness.of(house)
    changes = UNANSWERABLE["passive"][0]
    query = sign_redirect(authn_request(house, application, **changes)) + "AAAA"
    assert failure(by_redirect(house, application.application_id, query))[0] in {400, 401}
    assert witness.signatures == 0

"""IdP-initiated login: off unless set, and then under the rules of every other Response."""

import re
from urllib.parse import urlencode

import pytest

from functions.sso import handler as sso
from passwordless.model.applications import Application
from passwordless.model.policies import Policy
from tests.calls import OWN_PAGE, Answer, call, complete
from tests.conformance.lab import Posted, a_generic_application, assert_local, posted
from tests.house import House
from tests.sign_in import approve, begun

ALLOWED = Policy(idp_initiated=True)


def start(house: House, application: Application, **changes: object) -> Answer:
    """Press the button of our start page."""
    parameters = {"application_id": application.application_id}
    return call(
        house, sso.handler, "POST_start", pathParameters=parameters, **{"headers": OWN_PAGE, **changes}
    )


def unsolicited(house: House, policy: Policy = ALLOWED, **changes: object) -> tuple[Application, Posted]:
    """Sign somebody in without an AuthnRequest."""
    application = a_generic_application(house, hosts=("one", "two"), policy=policy)
    browser = begun(house, start(house, application, **changes))
    approve(house, house.person(), browser)
    return application, posted(complete(house, browser))


def test_iip_sso01_z_an_unsolicited_response_is_sent_where_the_application_allows_it(house: House) -> None:
    _, answer = unsolicited(house)
    assert answer.codes == ["Success"]
    assert_local(start(house, a_generic_application(house)))


def test_iip_sso01_y_it_has_no_in_response_to(house: House) -> None:
    assert unsolicited(house)[1].all("//@InResponseTo") == []


def test_iip_sso01_y1_it_goes_to_the_default_acs(house: House) -> None:
    application, answer = unsolicited(house)
    assert answer.action == application.sp.acs_urls[0]
    assert answer.one("//a:SubjectConfirmationData/@Recipient") == answer.action


def test_iip_sso01_bk_relay_state_is_the_configured_address_and_no_other(house: House) -> None:
    agreed = Policy(idp_initiated=True, relay_state="https://app.example.com/inbox")
    evil = urlencode({"RelayState": "https://attacker.example"})
    for policy in (agreed, ALLOWED):
        _, answer = unsolicited(house, policy, rawQueryString=evil)
        assert answer.fields.get("RelayState") == policy.relay_state
    with pytest.raises(ValueError, match="RelayState"):
        Policy(idp_initiated=True, relay_state="javascript:alert(1)")


def test_prf_4_1_5_a_all_other_rules_of_a_response_hold(house: House) -> None:
    """`posted` holds it against the schema."""
    application, answer = unsolicited(house)
    assert answer.one("/p:Response/@Destination") == answer.action
    assert answer.all("//a:Issuer/text()") == [application.idp.entity_id] * 2
    assert answer.all("//a:Audience/text()") == [application.sp.entity_id]
    assert len(list(answer.root.iter("{http://www.w3.org/2000/09/xmldsig#}Signature"))) == 2
    assert re.fullmatch(r"\S+Z", answer.one("//a:SubjectConfirmationData/@NotOnOrAfter"))

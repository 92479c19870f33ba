"""S14: an assertion never claims a factor that was not there."""

import pytest

from local.phone_simulator.proofs import ABSENT
from passwordless.model.policies import Policy
from passwordless.saml.names import CLASSES
from tests.calls import complete, post_json
from tests.house import House
from tests.sign_in import arrive, authn_request, begun, by_redirect, scan
from tests.single_sign_on import HOUR, finished
from tests.told import failure, found, response
from tests.two_places import NEXT_DOOR, approve_from
from tests.unit.saml.builders import sign_redirect
from tests.witness import events_of, nothing_written

REFEDS = "https://refeds.org/profile/mfa"
TWO, ONE = f"{CLASSES}MobileTwoFactorContract", f"{CLASSES}MobileOneFactorContract"
FORBIDDEN = None

TABLE = [
    # what the policy allows and names, how the person was recognised, what the assertion says
    (Policy(), "face", TWO),
    (Policy(), "fingerprint", TWO),
    (Policy(), "pin", TWO),
    (Policy(), None, FORBIDDEN),
    (Policy(one_factor=True), "face", TWO),
    (Policy(one_factor=True), "pin", TWO),
    (Policy(one_factor=True), None, ONE),
    (
        Policy(one_factor=True, authn_context=f"{CLASSES}MobileTwoFactorUnregistered"),
        "face",
        f"{CLASSES}MobileTwoFactorUnregistered",
    ),
    (
        Policy(one_factor=True, authn_context=f"{CLASSES}MobileTwoFactorUnregistered"),
        None,
        f"{CLASSES}MobileOneFactorUnregistered",
    ),
    (Policy(authn_context=f"{CLASSES}unspecified"), None, FORBIDDEN),
    (Policy(one_factor=True, authn_context=f"{CLASSES}unspecified"), None, f"{CLASSES}unspecified"),
    (Policy(one_factor=True, authn_context=REFEDS), "face", REFEDS),
    (Policy(one_factor=True, authn_context=REFEDS), None, ONE),
]


@pytest.mark.parametrize(("policy", "uv", "told"), TABLE)
def test_the_class_follows_from_policy_and_recognition(
    house: House, policy: Policy, uv: str | None, told: str | None
) -> None:
    browser, person = arrive(house, house.application(policy=policy)), house.person()
    scanned = scan(house, person, browser)

    answer = post_json(house, "POST_verify", house.verify_body(person, scanned, uv=uv))

    if told is FORBIDDEN:
        assert failure(answer) == (403, "user_verification_required")
        return
    assert answer.json == {"status": "approved"}
    root = response(complete(house, browser))
    assert found(root, "//a:AuthnContextClassRef/text()") == [told]


def test_a_forbidden_approval_changes_nothing_and_a_better_one_succeeds(house: House) -> None:
    browser, person = house.browser(house.application()), house.person()
    scanned = scan(house, person, browser)
    with nothing_written(house, browser):
        answer = post_json(house, "POST_verify", house.verify_body(person, scanned, uv=None))
    assert failure(answer) == (403, "user_verification_required")
    assert post_json(house, "POST_verify", house.verify_body(person, scanned)).status == 200


@pytest.mark.parametrize("uv", ["", "iris", "FACE", None, True, ["face"]])
def test_a_way_of_recognition_that_does_not_exist_is_no_approval(house: House, uv: object) -> None:
    """Not even where the phone alone would do."""
    browser, person = arrive(house, house.application(policy=Policy(one_factor=True))), house.person()
    body = house.verify_body(person, scan(house, person, browser), claims={"uv": uv})
    assert failure(post_json(house, "POST_verify", body)) == (400, "malformed_proof")
    body = house.verify_body(person, scan(house, person, browser), claims={"uv": ABSENT})
    assert post_json(house, "POST_verify", body).status == 200


@pytest.mark.parametrize(
    ("wanted", "comparison", "allowed"),
    [(TWO, "exact", False), (TWO, "minimum", False), (ONE, "minimum", True), (TWO, "maximum", True)],
)
def test_a_request_that_demands_two_factors_is_not_answered_with_one(
    house: House, wanted: str, comparison: str, *, allowed: bool
) -> None:
    application, person = house.application(policy=Policy(one_factor=True)), house.person()
    children = (
        f'<samlp:RequestedAuthnContext Comparison="{comparison}"><saml:AuthnContextClassRef'
        f' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{wanted}</saml:AuthnContextClassRef>'
        "</samlp:RequestedAuthnContext>"
    )
    query = sign_redirect(authn_request(house, application, children=children))
    browser = begun(house, by_redirect(house, application.application_id, query))
    answer = approve_from(house, person, browser, NEXT_DOOR, uv=None)
    if allowed:
        root = response(complete(house, browser))
        assert found(root, "//a:AuthnContextClassRef/text()") == [ONE]
    else:
        assert failure(answer) == (403, "user_verification_required")


def test_no_browser_session_begins_on_the_strength_of_the_phone_alone(house: House) -> None:
    application = house.application(policy=Policy(one_factor=True, session_seconds=HOUR))
    browser, person = arrive(house, application), house.person()
    assert approve_from(house, person, browser, NEXT_DOOR, uv=None).status == 200
    assert finished(complete(house, browser)).cookies == {}


@pytest.mark.parametrize("uv", ["face", None])
def test_how_the_person_was_recognised_is_recorded_as_the_phone_s_own_word(
    house: House, uv: str | None
) -> None:
    application = house.application(policy=Policy(one_factor=True))
    browser, person = arrive(house, application), house.person()
    approve_from(house, person, browser, NEXT_DOOR, uv=uv)
    (left,) = events_of(house, application.application_id, kind="login.approved")
    assert left["details"]["uv"] == {"S": uv or "none"}
    assert left["details"]["uv_evidence"] == {"S": "self-asserted"}

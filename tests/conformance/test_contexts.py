"""RequestedAuthnContext, ForceAuthn and IsPassive."""

import pytest

from local.phone_simulator.proofs import Decision
from passwordless.saml.contexts import Comparison, RequestedContext, choose
from passwordless.saml.names import CLASSES
from tests.calls import complete, post_json
from tests.conformance.lab import (
    KEEPING,
    a_generic_application,
    a_kept_login,
    a_request,
    asked,
    assert_local,
    authn_context,
    come_again,
    is_begun,
    login,
    posted,
    send,
)
from tests.house import House
from tests.sign_in import begun, scan

OURS = f"{CLASSES}MobileTwoFactorContract"
WEAKER = f"{CLASSES}PasswordProtectedTransport"
STRONGER = f"{CLASSES}SmartcardPKI"
REFUSED = ["Responder", "NoAuthnContext"]


def given(house: House, *classes: str, comparison: str | None = None, **more: str) -> str:
    """Sign in with a RequestedAuthnContext and return the class told."""
    context = authn_context(*classes, comparison=comparison, **more)
    answer = login(house, children=context).posted
    assert answer.codes == ["Success"]
    return answer.one("//a:AuthnContextClassRef/text()")


def refused(house: House, *classes: str, comparison: str | None = None, **more: str) -> bool:
    """Tell whether a RequestedAuthnContext is answered at once by an error without an assertion."""
    answer = asked(house, children=authn_context(*classes, comparison=comparison, **more))
    assert answer.root.find("{*}Assertion") is None
    return answer.codes == REFUSED


@pytest.mark.parametrize("comparison", ["exact"])
def test_iip_idp08_a_exact_is_a_listed_class_or_an_error_of_the_responder(
    house: House, comparison: str
) -> None:
    assert given(house, WEAKER, OURS, comparison=comparison) == OURS
    assert refused(house, WEAKER, comparison=comparison)
    assert refused(house, "urn:x", comparison=comparison)
    assert refused(house, OURS, comparison=comparison, element="AuthnContextDeclRef")


def test_cor_3_3_2_2_1_a_without_a_comparison_it_is_exact(house: House) -> None:
    assert given(house, WEAKER, OURS) == OURS
    assert refused(house, WEAKER)
    assert refused(house, STRONGER)


def test_iip_sso01_ga_minimum_is_at_least_as_strong(house: House) -> None:
    assert given(house, WEAKER, comparison="minimum") == OURS
    assert given(house, OURS, comparison="minimum") == OURS
    assert refused(house, STRONGER, comparison="minimum")


def test_iip_sso01_gb_better_is_stronger(house: House) -> None:
    assert given(house, WEAKER, comparison="better") == OURS
    assert refused(house, OURS, comparison="better")
    assert refused(house, STRONGER, comparison="better")


def test_iip_sso01_gc_maximum_is_the_strongest_that_does_not_exceed(house: House) -> None:
    assert given(house, STRONGER, comparison="maximum") == OURS
    assert given(house, OURS, comparison="maximum") == OURS
    assert refused(house, WEAKER, comparison="maximum")
    low, middle = f"{CLASSES}Password", f"{CLASSES}MobileOneFactorContract"
    wanted = RequestedContext(Comparison.MAXIMUM, (OURS,))
    assert choose(wanted, (low, middle)) == choose(wanted, (middle, low)) == middle


def test_iip_sso01_gj_the_order_of_the_list_is_the_order_of_preference(house: House) -> None:
    offered = (OURS, WEAKER)
    for order in ((OURS, WEAKER), (WEAKER, OURS)):
        assert choose(RequestedContext(Comparison.EXACT, order), offered) == order[0]
    assert given(house, STRONGER, OURS) == given(house, OURS, STRONGER) == OURS


@pytest.mark.parametrize(
    "name", ["Password", "PasswordProtectedTransport", "X509", "SmartcardPKI", "TLSClient", "Kerberos"]
)
def test_own_context_the_class_told_is_true(house: House, name: str) -> None:
    """A QR login is approved with a biometric-locked key on a phone: two factors, and nothing else is claimed."""
    assert refused(house, CLASSES + name)
    assert login(house).posted.one("//a:AuthnContextClassRef/text()") == OURS


def test_sdp_idp07_without_user_verification_nothing_is_approved(house: House) -> None:
    application, person = a_generic_application(house), house.person()
    for forced in ("true", "false"):
        xml = a_request(house, application, attributes=f'ForceAuthn="{forced}"')
        browser = begun(house, send(house, application, xml))
        scanned = scan(house, person, browser)
        weak = post_json(house, "POST_verify", house.verify_body(person, scanned, uv=None))
        assert (weak.status, weak.code) == (403, "user_verification_required")
        assert_local(complete(house, browser))
        proven = post_json(house, "POST_verify", house.verify_body(person, scanned))
        assert proven.status == 200
        assert posted(complete(house, browser)).codes == ["Success"]


@pytest.mark.parametrize("passive", ["true", "1"])
def test_iip_idp06_c_passive_and_forced_at_once_authenticate_nobody(house: House, passive: str) -> None:
    answer = asked(house, attributes=f'IsPassive="{passive}" ForceAuthn="true"')
    assert answer.codes == ["Responder", "NoPassive"]
    assert login(house, attributes='IsPassive="false" ForceAuthn="true"').posted.codes == ["Success"]


@pytest.mark.parametrize(
    ("written", "passive"), [("true", True), ("1", True), ("false", False), ("0", False)]
)
def test_cor_3_4_1_a_booleans_are_read_in_every_spelling(house: House, written: str, passive: bool) -> None:
    application = a_generic_application(house)
    for spelled in (written, f" {written} "):
        answer = send(house, application, a_request(house, application, attributes=f'IsPassive="{spelled}"'))
        assert (answer.status == 200) == passive
        assert passive or is_begun(answer)


def test_cor_3_4_1_a_absence_is_false_and_another_spelling_invalid(house: House) -> None:
    application = a_generic_application(house)
    assert is_begun(send(house, application, a_request(house, application)))
    for name in ("IsPassive", "ForceAuthn"):
        xml = a_request(house, application, attributes=f'{name}="TRUE"')
        assert not is_begun(send(house, application, xml))


def test_iip_sso01_ae_there_is_no_success_before_the_person_is_identified(house: House) -> None:
    application, person = a_generic_application(house), house.person()

    def begin() -> object:
        return begun(house, send(house, application, a_request(house, application)))

    early = begun(house, send(house, application, a_request(house, application)))
    assert_local(complete(house, early))
    scanned = scan(house, person, early)
    assert_local(complete(house, early))
    assert post_json(house, "POST_verify", house.verify_body(person, scanned, Decision.DENY)).status == 200
    assert posted(complete(house, early)).codes == ["Responder", "RequestDenied"]
    late = begun(house, send(house, application, a_request(house, application)))
    house.clock.forward(601)
    assert posted(complete(house, late)).codes == ["Responder", "AuthnFailed"]
    assert begin()


def test_iip_idp06_a_force_authn_means_a_new_proof(house: House) -> None:
    application = a_generic_application(house, policy=KEEPING)
    kept = a_kept_login(house, application)
    house.clock.forward(60)
    spared = come_again(house, application, kept.cookies)
    asked_again = come_again(house, application, kept.cookies, attributes='ForceAuthn="1"')
    assert posted(spared).codes == ["Success"]
    assert "SAMLResponse" not in asked_again.body
    forced = a_kept_login(house, application, kept.login.person, attributes='ForceAuthn="1"').login.posted
    instant = forced.one("//a:AuthnStatement/@AuthnInstant")
    assert instant == f"{house.wiring.now_utc:%Y-%m-%dT%H:%M:%SZ}"


def test_iip_idp07_a_a_passive_request_shows_the_user_nothing(house: House) -> None:
    application = a_generic_application(house, policy=KEEPING)
    kept = a_kept_login(house, application)
    with_session = posted(come_again(house, application, kept.cookies, attributes='IsPassive="1"'))
    without = posted(come_again(house, application, {}, attributes='IsPassive="1"'))
    forced = come_again(house, application, kept.cookies, attributes='IsPassive="1" ForceAuthn="1"')
    assert with_session.codes == ["Success"]
    assert without.codes == posted(forced).codes == ["Responder", "NoPassive"]

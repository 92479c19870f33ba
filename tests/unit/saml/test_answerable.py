"""What a checked request asks for, and the status that answers when it cannot be had."""

from dataclasses import replace

import pytest

from passwordless.saml import status
from passwordless.saml.contexts import Comparison, RequestedContext, choose
from passwordless.saml.names import (
    CLASSES,
    EMAIL_ADDRESS,
    MOBILE_ONE_FACTOR_CONTRACT,
    MOBILE_TWO_FACTOR_CONTRACT,
    PASSWORD,
    PASSWORD_PROTECTED_TRANSPORT,
    PERSISTENT,
    SMARTCARD_PKI,
    TRANSIENT,
    UNSPECIFIED,
)
from passwordless.saml.request import AuthnRequest, RequestedSubject, answerable, wrong_subject
from passwordless.saml.status import SamlStatus
from tests.unit.saml.builders import ACS, ISSUER, NOW, REQUEST_ID

REQUEST = AuthnRequest(REQUEST_ID, ISSUER, NOW, ACS, None, signed=True)
OFFERED = (MOBILE_TWO_FACTOR_CONTRACT, MOBILE_ONE_FACTOR_CONTRACT)


def answer(request: AuthnRequest, *, signed_in: bool = False) -> SamlStatus | None:
    return answerable(
        request, name_id_formats=(PERSISTENT, TRANSIENT), authn_contexts=OFFERED, signed_in=signed_in
    )


@pytest.mark.parametrize("wanted", [None, UNSPECIFIED, PERSISTENT, TRANSIENT])
def test_an_offered_or_unspecified_format_is_answerable(wanted: str | None) -> None:
    assert answer(replace(REQUEST, name_id_format=wanted)) is None


@pytest.mark.parametrize(
    "wanted", [EMAIL_ADDRESS, "urn:x", "", "urn:oasis:names:tc:SAML:2.0:nameid-format:encrypted"]
)
def test_another_format_is_an_invalid_policy_and_never_replaced(wanted: str) -> None:
    found = answer(replace(REQUEST, name_id_format=wanted))
    assert found == status.INVALID_NAME_ID_POLICY
    assert found.top == status.REQUESTER


def test_a_qualifier_is_the_service_providers_own() -> None:
    assert answer(replace(REQUEST, sp_name_qualifier=ISSUER)) is None
    assert answer(replace(REQUEST, sp_name_qualifier="urn:other")) == status.INVALID_NAME_ID_POLICY


def test_a_subject_is_matched_at_the_end() -> None:
    request = replace(REQUEST, subject=RequestedSubject("u-1", PERSISTENT))
    assert answer(request) is None
    assert wrong_subject(request.subject, "u-1", PERSISTENT) is None
    assert wrong_subject(request.subject, "u-2", PERSISTENT) == status.UNKNOWN_PRINCIPAL
    assert wrong_subject(request.subject, "u-1", EMAIL_ADDRESS) == status.UNKNOWN_PRINCIPAL
    assert wrong_subject(REQUEST.subject, "u-2", PERSISTENT) is None


@pytest.mark.parametrize("unnamed", [None, UNSPECIFIED])
def test_a_subject_without_a_format_matches_by_value(unnamed: str | None) -> None:
    request = replace(REQUEST, subject=RequestedSubject("u-1", unnamed))
    assert wrong_subject(request.subject, "u-1", EMAIL_ADDRESS) is None


def test_a_subject_that_cannot_be_matched_is_answered_at_once() -> None:
    nobody = replace(REQUEST, subject=RequestedSubject(None))
    assert answer(nobody) == status.UNKNOWN_PRINCIPAL
    confirmed = replace(REQUEST, subject=RequestedSubject("u-1", confirmed=True))
    assert answer(confirmed) == status.REQUEST_UNSUPPORTED


def test_passive_needs_somebody_signed_in_and_no_force() -> None:
    passive = replace(REQUEST, is_passive=True)
    assert answer(passive) == status.NO_PASSIVE
    assert answer(passive, signed_in=True) is None
    assert answer(replace(passive, force_authn=True), signed_in=True) == status.NO_PASSIVE
    assert answer(replace(REQUEST, force_authn=True)) is None


def test_statuses_have_two_levels_and_words_for_a_person() -> None:
    for found in (
        status.INVALID_NAME_ID_POLICY,
        status.UNKNOWN_PRINCIPAL,
        status.REQUEST_UNSUPPORTED,
        status.NO_AUTHN_CONTEXT,
        status.NO_PASSIVE,
        status.DENIED,
        status.FAILED,
    ):
        assert found.top in (status.REQUESTER, status.RESPONDER)
        assert found.second is not None
        assert found.message is not None


@pytest.mark.parametrize(
    ("comparison", "classes", "chosen"),
    [
        ("exact", (MOBILE_TWO_FACTOR_CONTRACT,), MOBILE_TWO_FACTOR_CONTRACT),
        ("exact", (MOBILE_ONE_FACTOR_CONTRACT, MOBILE_TWO_FACTOR_CONTRACT), MOBILE_ONE_FACTOR_CONTRACT),
        ("exact", (MOBILE_TWO_FACTOR_CONTRACT, MOBILE_ONE_FACTOR_CONTRACT), MOBILE_TWO_FACTOR_CONTRACT),
        ("exact", (PASSWORD_PROTECTED_TRANSPORT,), None),
        ("exact", (CLASSES + "unspecified",), None),
        ("exact", (), None),
        ("minimum", (PASSWORD,), MOBILE_TWO_FACTOR_CONTRACT),
        ("minimum", (MOBILE_TWO_FACTOR_CONTRACT,), MOBILE_TWO_FACTOR_CONTRACT),
        ("minimum", (SMARTCARD_PKI,), None),
        ("minimum", (SMARTCARD_PKI, PASSWORD), MOBILE_TWO_FACTOR_CONTRACT),
        ("maximum", (SMARTCARD_PKI,), MOBILE_TWO_FACTOR_CONTRACT),
        ("maximum", (CLASSES + "Smartcard",), MOBILE_ONE_FACTOR_CONTRACT),
        ("maximum", (PASSWORD,), None),
        ("maximum", (PASSWORD, SMARTCARD_PKI), MOBILE_TWO_FACTOR_CONTRACT),
        ("better", (PASSWORD,), MOBILE_TWO_FACTOR_CONTRACT),
        ("better", (MOBILE_ONE_FACTOR_CONTRACT,), MOBILE_TWO_FACTOR_CONTRACT),
        ("better", (MOBILE_TWO_FACTOR_CONTRACT,), None),
        ("better", (SMARTCARD_PKI,), None),
        ("minimum", ("urn:unknown",), None),
        ("maximum", ("urn:unknown",), None),
        ("better", ("urn:unknown",), None),
        ("minimum", (), None),
    ],
)
def test_contexts_compare_in_four_ways(comparison: str, classes: tuple[str, ...], chosen: str | None) -> None:
    wanted = RequestedContext(Comparison(comparison), classes)
    assert choose(wanted, OFFERED) == chosen
    assert (answer(replace(REQUEST, authn_contexts=wanted)) is None) == (chosen is not None)


def test_a_context_that_cannot_be_had_is_the_responders_failure() -> None:
    wanted = RequestedContext(Comparison.EXACT, (PASSWORD,))
    found = answer(replace(REQUEST, authn_contexts=wanted))
    assert found == status.NO_AUTHN_CONTEXT
    assert found.top == status.RESPONDER


def test_without_a_request_our_preferred_class_is_chosen() -> None:
    assert choose(None, OFFERED) == MOBILE_TWO_FACTOR_CONTRACT


def test_maximum_is_the_strongest_that_fits_whatever_is_preferred() -> None:
    wanted = RequestedContext(Comparison.MAXIMUM, (SMARTCARD_PKI,))
    assert choose(wanted, tuple(reversed(OFFERED))) == MOBILE_TWO_FACTOR_CONTRACT


def test_better_is_more_than_equally_strong() -> None:
    equal = RequestedContext(Comparison.BETTER, (CLASSES + "TLSClient",))
    assert choose(equal, (MOBILE_ONE_FACTOR_CONTRACT,)) is None
    assert choose(replace(equal, comparison=Comparison.MINIMUM), (MOBILE_ONE_FACTOR_CONTRACT,)) is not None


def test_a_class_of_ones_own_compares_with_itself_only() -> None:
    own = "https://example.com/ac/mfa"
    assert choose(RequestedContext(Comparison.EXACT, (own,)), (own,)) == own
    assert choose(RequestedContext(Comparison.MINIMUM, (own,)), (own,)) == own
    assert choose(RequestedContext(Comparison.MINIMUM, (PASSWORD,)), (own,)) is None

"""S32: while a logout goes round, only who was asked can answer, proven and once; we send to registered addresses."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from passwordless.model.applications import Application
from passwordless.model.logout_rounds import Outcome
from tests.calls import Answer
from tests.house import House
from tests.logout_rounds import (
    Sent,
    answer_by_form,
    answer_by_query,
    logout_response,
    sent,
    signs_out,
    under_way,
)
from tests.parallel import at_once
from tests.participants import an_application, changed, joined, leave
from tests.sign_in import by_redirect
from tests.told import failure
from tests.unit.saml.builders import enveloped, key_pair, post, redirect, sign_redirect
from tests.unit.saml.forgery import ENVELOPED, EXCLUSIVE, Recipe, forge
from tests.witness import Witness, nothing_written, rows

MALLORY = key_pair("mallory.example.com")
RESPONSE = "SAMLResponse"
UNEXPECTED = (409, "logout_answer_unexpected")


def a_round(house: House) -> tuple[Application, Application, Sent]:
    """Begin a logout at one application and return it, the other, and what the other is asked."""
    first, second = an_application(house), an_application(house)
    return first, second, sent(house, second, leave(house, joined(house, first, second)))


def unsigned_query(house: House, to: Application, xml: bytes) -> Answer:
    return answer_by_query(house, to, redirect(xml, parameter=RESPONSE))


def unsigned_form(house: House, to: Application, xml: bytes) -> Answer:
    return answer_by_form(house, to, post(xml, parameter=RESPONSE))


def mallorys_query(house: House, to: Application, xml: bytes) -> Answer:
    return answer_by_query(house, to, sign_redirect(xml, pair=MALLORY, parameter=RESPONSE))


def mallorys_form(house: House, to: Application, xml: bytes) -> Answer:
    return answer_by_form(house, to, post(enveloped(xml, pair=MALLORY), parameter=RESPONSE))


def with_inner_signature_deflated(house: House, to: Application, xml: bytes) -> Answer:
    return answer_by_query(house, to, redirect(enveloped(xml), parameter=RESPONSE))


def cut(house: House, to: Application, xml: bytes) -> Answer:
    return answer_by_query(house, to, sign_redirect(xml, parameter=RESPONSE) + "AAAA")


def signed_as_a_request(house: House, to: Application, xml: bytes) -> Answer:
    """The signature covers the parameter's name too."""
    return answer_by_query(house, to, sign_redirect(xml).replace("SAMLRequest", RESPONSE))


def altered(house: House, to: Application, xml: bytes) -> Answer:
    signed = enveloped(xml.replace(b"status:Success", b"status:Responder"))
    return answer_by_form(
        house, to, post(signed.replace(b"status:Responder", b"status:Success"), parameter=RESPONSE)
    )


def emptied(house: House, to: Application, xml: bytes) -> Answer:
    path = '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>false()</ds:XPath></ds:Transform>'
    forged = forge(xml, Recipe(transforms=(ENVELOPED, path, EXCLUSIVE), covered=b""))
    return answer_by_form(house, to, post(forged, parameter=RESPONSE))


UNPROVEN: tuple[Callable[[House, Application, bytes], Answer], ...] = (
    unsigned_query,
    unsigned_form,
    mallorys_query,
    mallorys_form,
    with_inner_signature_deflated,
    cut,
    signed_as_a_request,
    altered,
    emptied,
)


@pytest.mark.parametrize("how", UNPROVEN, ids=lambda how: how.__name__)
def test_an_unproven_answer_changes_nothing(house: House, how: Callable[..., Answer]) -> None:
    first, second, asked = a_round(house)
    before, witness = under_way(house, asked), Witness.of(house)

    with nothing_written(house):
        answer = how(house, second, logout_response(house, second, asked))

    assert failure(answer)[0] in {400, 401}
    assert (under_way(house, asked), witness.signatures) == (before, 0)
    assert sent(house, first, signs_out(house, second, asked)).codes == ["Success"]


WRONG: dict[str, tuple[dict[str, Any], tuple[int, str]]] = {
    "another request": ({"InResponseTo": "_" + "0" * 40}, UNEXPECTED),
    "the request of who began": ({"InResponseTo": "_began"}, UNEXPECTED),
    "no request": ({"InResponseTo": None}, (400, "saml_response_unasked")),
    "no ID to speak of": ({"ID": "_" * 300}, (400, "saml_response_malformed")),
    "another issuer": ({"issuer": "urn:auth0:acme:other"}, (403, "saml_issuer_unknown")),
    "another address": (
        {"Destination": "https://idp.example.com/slo"},
        (403, "saml_destination_mismatch"),
    ),
    "no address": ({"Destination": None}, (403, "saml_destination_mismatch")),
    "from the future": ({"IssueInstant": "2026-02-09T12:30:00Z"}, (400, "saml_response_from_future")),
    "too old": ({"IssueInstant": "2026-02-09T11:40:00Z"}, (410, "saml_response_expired")),
    "another version": ({"Version": "3.0"}, (400, "saml_version_unsupported")),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_signed_answer_that_does_not_fit_changes_nothing(house: House, case: str) -> None:
    first, second = an_application(house), an_application(house)
    asked = sent(house, second, leave(house, joined(house, first, second), request_id="_began"))
    changes, expected = WRONG[case]
    before, witness = under_way(house, asked), Witness.of(house)
    with nothing_written(house):
        assert failure(signs_out(house, second, asked, **changes)) == expected
    assert (under_way(house, asked), witness.signatures) == (before, 0)


@pytest.mark.parametrize("tenant", ["acme", "other"])
def test_an_answer_of_who_was_not_asked_changes_nothing(house: House, tenant: str) -> None:
    """An application that learned the ID, signing with its own registered key at its own address."""
    _, _, asked = a_round(house)
    stranger = an_application(house, tenant=tenant, certificates=(MALLORY.certificate,))
    with nothing_written(house):
        assert failure(signs_out(house, stranger, asked, pair=MALLORY)) == UNEXPECTED
    assert under_way(house, asked) is not None


def test_who_began_the_logout_cannot_answer_for_the_other(house: House) -> None:
    first, _, asked = a_round(house)
    with nothing_written(house):
        assert failure(signs_out(house, first, asked)) == UNEXPECTED


def test_a_replayed_answer_changes_nothing(house: House) -> None:
    first, second, third = (an_application(house) for _ in range(3))
    order = sorted((second, third), key=lambda one: one.application_id)
    asked = sent(house, order[0], leave(house, joined(house, first, second, third)))
    query = sign_redirect(logout_response(house, order[0], asked), parameter=RESPONSE)
    next_asked = sent(house, order[1], answer_by_query(house, order[0], query))

    before = under_way(house, next_asked)
    with nothing_written(house):
        assert failure(answer_by_query(house, order[0], query)) == UNEXPECTED
        assert failure(signs_out(house, order[0], next_asked)) == UNEXPECTED
    assert before is not None
    assert [one.outcome for one in before.parties] == [Outcome.SIGNED_OUT, Outcome.WAITING]
    assert under_way(house, next_asked) == before


def test_of_the_same_answer_many_times_at_once_one_counts(house: House) -> None:
    _, second, asked = a_round(house)
    query = sign_redirect(logout_response(house, second, asked), parameter=RESPONSE)
    witness = Witness.of(house)
    answers = at_once(lambda _: answer_by_query(house, second, query), range(20))
    assert sorted(answer.status for answer in answers) == [303] + [409] * 19
    assert witness.signatures == 1


def test_an_answer_is_not_taken_at_the_sign_in_address(house: House) -> None:
    _, second, asked = a_round(house)
    xml = logout_response(house, second, asked, Destination=second.idp.sso_url)
    with nothing_written(house):
        answer = by_redirect(house, second.application_id, sign_redirect(xml, parameter=RESPONSE))
    assert failure(answer) == (400, "saml_request_malformed")


def test_a_stray_answer_without_any_logout_gets_a_page(house: House) -> None:
    application = an_application(house)
    with nothing_written(house):
        answer = signs_out(house, application, "_" + "1" * 40)
    assert failure(answer) == UNEXPECTED
    assert "Nothing was changed by it." in answer.body


def test_the_last_answer_goes_to_the_address_that_is_registered_then(house: House) -> None:
    first, second, asked = a_round(house)
    moved = changed(house, first, slo_url="https://moved.example.com/slo")
    assert sent(house, moved, signs_out(house, second, asked)).url == "https://moved.example.com/slo"


def test_without_a_registered_address_nothing_is_sent_at_the_end(house: House) -> None:
    first, second, asked = a_round(house)
    changed(house, first, slo_url=None)
    witness, answer = Witness.of(house), signs_out(house, second, asked)
    assert (answer.status, "location" in answer.headers, witness.signatures) == (200, False, 0)
    assert "SAMLResponse" not in answer.body


def test_a_request_goes_to_the_address_that_is_registered_when_its_turn_comes(house: House) -> None:
    first, second, third = (an_application(house) for _ in range(3))
    order = sorted((second, third), key=lambda one: one.application_id)
    asked = sent(house, order[0], leave(house, joined(house, first, second, third)))
    moved = changed(house, order[1], slo_url="https://moved.example.com/slo")
    assert sent(house, moved, signs_out(house, order[0], asked)).url == "https://moved.example.com/slo"


def test_what_is_stored_of_a_round_tells_nobody_its_id(house: House) -> None:
    _, _, asked = a_round(house)
    stored = "".join(rows(house))
    assert under_way(house, asked) is not None
    assert asked.one("/*/@ID") not in stored


def test_ids_link_no_two_applications(house: House) -> None:
    first, second, third = (an_application(house) for _ in range(3))
    order = sorted((second, third), key=lambda one: one.application_id)
    one = sent(house, order[0], leave(house, joined(house, first, second, third), request_id="_began"))
    two = sent(house, order[1], signs_out(house, order[0], one))
    seen: list[set[Any]] = [
        {each.one("/*/@ID"), each.one("//a:NameID/text()"), each.one("//p:SessionIndex/text()")}
        for each in (one, two)
    ]
    assert seen[0].isdisjoint(seen[1])
    assert {name for each in (one, two) for name in each.fields} == {"SAMLRequest", "SigAlg"}


def test_metadata_that_came_to_its_end_takes_no_answer(house: House) -> None:
    _, second, asked = a_round(house)
    changed(house, second, valid_until=house.wiring.now)
    with nothing_written(house):
        assert failure(signs_out(house, second, asked)) == (422, "sp_metadata_expired")


def test_the_key_counts_that_is_registered_when_the_answer_comes(house: House) -> None:
    _, second, asked = a_round(house)
    changed(house, second, certificates=(MALLORY.certificate,))
    assert failure(signs_out(house, second, asked)) == (401, "saml_signature_invalid")
    assert signs_out(house, second, asked, pair=MALLORY).status == 303


def test_a_round_of_another_tenant_is_not_told_to_anybody(house: House) -> None:
    """A row that should never be: the round asks an application that belongs to somebody else."""
    _, second, asked = a_round(house)
    found = under_way(house, asked)
    foreign = an_application(house, tenant="other")
    assert found is not None
    third = replace(found.parties[0], application_id=foreign.application_id)
    forged = replace(found, parties=(*found.parties, third))
    stores = house.wiring.stores
    assert not stores.commit(*stores.logout_rounds.moving(found, None, house.wiring.now))
    assert not stores.commit(*stores.logout_rounds.moving(replace(found, key=""), forged, house.wiring.now))
    answer = signs_out(house, second, asked)
    assert foreign.sp.slo_url is not None
    assert foreign.sp.slo_url not in answer.headers["location"]

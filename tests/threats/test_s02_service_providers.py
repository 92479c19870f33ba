"""S02: an entity id and an ACS URL belong to one application of the deployment, whichever tenant it is of."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from passwordless.model.applications import Integration
from tests.house import House
from tests.service_providers import a_mark, add, added, patch, some_fields, stored, with_keys
from tests.told import failure
from tests.witness import rows


@pytest.mark.parametrize("owner", ["acme", "other"])
@pytest.mark.parametrize("taken", ["sp_entity_id", "acs_urls"])
def test_a_name_that_somebody_has_is_not_given_again(house: House, owner: str, taken: str) -> None:
    theirs = house.application(owner)
    names: dict[str, Any] = {"sp_entity_id": theirs.sp.entity_id, "acs_urls": list(theirs.sp.acs_urls)}
    keyed = with_keys(house)
    added(keyed, some_fields())
    before = rows(house)
    answer = add(keyed, some_fields(**{taken: names[taken]}))
    assert failure(answer) == (409, "service_provider_exists")
    assert rows(house) == before


def test_the_answer_does_not_tell_whose_name_it_is(house: House) -> None:
    keyed = with_keys(house)
    told = []
    for owner in ("acme", "other"):
        theirs = house.application(owner)
        answer = add(keyed, some_fields(sp_entity_id=theirs.sp.entity_id))
        told.append({**answer.json, "correlation_id": ""})
        assert theirs.application_id not in answer.body
    assert told[0] == told[1]


def test_of_two_administrators_at_once_one_gets_the_name(house: House) -> None:
    keyed, body = with_keys(house), some_fields()
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda _: add(keyed, body).status, range(2)))
    assert sorted(answers) == [201, 409]


def test_a_change_cannot_take_the_address_of_another_tenant_s_application(house: House) -> None:
    theirs, own = house.application("other"), added(with_keys(house), some_fields())
    answer = patch(house, own, acs_urls=[f"https://{a_mark()}/acs", *theirs.sp.acs_urls])
    assert failure(answer) == (409, "service_provider_exists")
    assert stored(house, own) == own


def test_a_new_application_is_pinned_to_its_own_tenant_s_key(house: House) -> None:
    application = added(with_keys(house), some_fields())
    key = house.wiring.stores.signing_keys.get("acme", application.idp.signing_key_id)
    assert key is not None
    assert (application.integration, key.tenant) == (Integration.SAML, "acme")

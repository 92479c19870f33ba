"""S04: a key is enrolled once in the deployment, and names the phone that it belongs to."""

import pytest

from local.phone_simulator.jws import public_jwk, thumbprint
from local.phone_simulator.keys import Keys
from local.phone_simulator.proofs import Decision
from tests.acts import revoke
from tests.calls import post_json
from tests.enrolments import device, enroll, enroll_body, fresh_email, invited, token_of
from tests.house import House, Person
from tests.parallel import at_once
from tests.sign_in import scan, sign_in
from tests.told import failure
from tests.witness import nothing_written


def others(keys: Keys) -> dict[str, Keys]:
    """Return the ways in which a key of these can come again."""
    fresh = Keys.generate()
    assert keys.device is not None
    return {
        "both keys": keys,
        "the first as the first": Keys(keys.biometric, fresh.device),
        "the second as the second": Keys(fresh.biometric, keys.device),
        "the first as the second": Keys(fresh.biometric, keys.biometric),
        "the second as the first": Keys(keys.device, fresh.device),
        "the first as the only one": Keys(keys.biometric, None),
    }


@pytest.mark.parametrize("tenant", ["acme", "globex"])
@pytest.mark.parametrize("case", others(Keys.generate()))
def test_a_key_that_is_enrolled_cannot_be_enrolled_again(house: House, tenant: str, case: str) -> None:
    keys, token = Keys.generate(), token_of(invited(house, tenant))
    enrolled = device(house, enroll(house, token_of(invited(house)), keys))

    with nothing_written(house):
        answer = enroll(house, token, others(keys)[case])

    assert failure(answer) == (409, "key_already_enrolled")
    assert house.wiring.stores.devices.get(enrolled.device_id) == enrolled
    assert house.wiring.stores.devices.by_key(thumbprint(public_jwk(keys.biometric))) == enrolled


def test_a_key_of_a_phone_that_was_revoked_cannot_come_back(house: House) -> None:
    person = house.person()
    revoke(house, person)
    assert failure(enroll(house, token_of(invited(house)), person.keys)) == (409, "key_already_enrolled")


def test_the_invite_stays_good_for_other_keys(house: House) -> None:
    person, token = house.person(), token_of(invited(house))
    enroll(house, token, person.keys)
    assert enroll(house, token, Keys.generate()).status == 201


def test_the_first_owner_still_signs_in_after_somebody_tried_to_take_the_key(house: House) -> None:
    person = house.person()
    enroll(house, token_of(invited(house, "globex")), person.keys)
    assert sign_in(house, person, house.browser(house.application())).status == 200


def test_one_key_enrolled_by_many_at_once_is_enrolled_once(house: House) -> None:
    keys = Keys.generate()
    bodies = [enroll_body(house, token_of(invited(house, email=fresh_email())), keys) for _ in range(6)]
    answers = at_once(lambda body: post_json(house, "POST_enroll", body), bodies)
    assert sorted(answer.status for answer in answers) == [201] + [409] * 5


def test_a_proof_cannot_name_another_phone_than_its_key_s(house: House) -> None:
    browser, victim, mallory = house.browser(house.application()), house.person(), house.person()
    as_victim = Person(victim.user, victim.device, mallory.keys)

    with nothing_written(house, browser):
        answer = post_json(house, "POST_scan", house.scan_body(as_victim, browser))

    assert failure(answer) == (401, "bad_proof")


@pytest.mark.parametrize("decision", list(Decision))
def test_a_decision_cannot_name_another_phone_than_its_key_s(house: House, decision: Decision) -> None:
    browser, victim, mallory = house.browser(house.application()), house.person(), house.person()
    told = scan(house, victim, browser)
    as_victim = Person(victim.user, victim.device, mallory.keys)
    with nothing_written(house, browser):
        answer = post_json(house, "POST_verify", house.verify_body(as_victim, told, decision))
    assert failure(answer) == (401, "bad_proof")

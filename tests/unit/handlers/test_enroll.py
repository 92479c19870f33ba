"""A phone uses its invite once, with keys that it has."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from local.phone_simulator.jws import public_jwk, thumbprint
from local.phone_simulator.keys import Keys
from passwordless.model.people import DeviceStatus, EnrollmentStatus, KeyUse
from tests.acts import count_device, disable
from tests.calls import post_json
from tests.enrolments import device, enroll, enroll_body, fresh_email, invited, token_of
from tests.house import House, Person
from tests.parallel import at_once
from tests.sign_in import scan, sign_in
from tests.told import failure
from tests.witness import Witness, events_of, just_before_the_write, nothing_written


def test_a_first_phone_is_active_at_once(house: House) -> None:
    invitation, keys = invited(house), Keys.generate()

    answer = enroll(house, token_of(invitation), keys)

    assert answer.status == 201
    assert answer.json.keys() == {"device_id", "status", "check"}
    assert answer.json["status"] == "active"
    made = device(house, answer)
    assert (made.tenant, made.user_id) == ("acme", invitation.enrollment.user_id)
    assert (made.name, made.os, made.status) == ("Pixel 9", "Android 16", DeviceStatus.ACTIVE)


def test_each_key_is_kept_for_its_own_use(house: House) -> None:
    keys = Keys.generate()
    made = device(house, enroll(house, token_of(invited(house)), keys))
    assert keys.device is not None
    assert {key.kid: key.uses for key in made.keys} == {
        thumbprint(public_jwk(keys.biometric)): {KeyUse.APPROVE},
        thumbprint(public_jwk(keys.device)): {KeyUse.DEVICE},
    }


def test_a_phone_with_one_key_signs_everything_with_it(house: House) -> None:
    keys = Keys(ec.generate_private_key(ec.SECP256R1()), None)
    made = device(house, enroll(house, token_of(invited(house)), keys))
    user = house.wiring.stores.users.get(made.user_id)
    assert user is not None

    finished = sign_in(house, Person(user, made, keys), house.browser(house.application()))

    assert finished.status == 200
    assert [key.uses for key in made.keys] == [{KeyUse.APPROVE, KeyUse.DEVICE}]


def test_the_check_comes_from_the_keys(house: House) -> None:
    checks = {enroll(house, token_of(invited(house)), Keys.generate()).json["check"] for _ in range(3)}
    assert len(checks) == 3
    assert all(len(check) == 4 for check in checks)


def test_the_invite_is_used_and_the_event_is_left(house: House) -> None:
    invitation = invited(house, "enrolment-events")

    made = device(house, enroll(house, token_of(invitation), Keys.generate()))

    used = house.wiring.stores.enrollments.get(invitation.enrollment.enrollment_id)
    assert used is not None
    assert (used.status, used.device_id) == (EnrollmentStatus.USED, made.device_id)
    left = {event["type"]: event for event in events_of(house, None, "enrolment-events")}
    assert left.keys() == {"device.invited", "device.enrolled"}
    assert left["device.enrolled"]["device_id"] == made.device_id


def test_a_second_phone_is_pending_and_cannot_scan(house: House) -> None:
    email = fresh_email()
    enroll(house, token_of(invited(house, email=email)), Keys.generate())
    keys = Keys.generate()

    second = device(house, enroll(house, token_of(invited(house, email=email)), keys))

    assert second.status is DeviceStatus.PENDING
    user = house.wiring.stores.users.get(second.user_id)
    assert user is not None
    assert user.devices == 2
    body = house.scan_body(Person(user, second, keys), house.browser(house.application()))
    assert failure(post_json(house, "POST_scan", body)) == (403, "device_inactive")


def test_an_enrolled_phone_can_scan_at_once(house: House) -> None:
    keys = Keys.generate()
    made = device(house, enroll(house, token_of(invited(house)), keys))
    user = house.wiring.stores.users.get(made.user_id)
    assert user is not None
    assert scan(house, Person(user, made, keys), house.browser(house.application()))


def test_a_used_invite_is_over(house: House) -> None:
    token = token_of(invited(house))
    enroll(house, token, Keys.generate())
    with nothing_written(house):
        answer = enroll(house, token, Keys.generate())
    assert failure(answer) == (410, "invite_over")


@pytest.mark.parametrize(("age", "status"), [(299, 201), (300, 410), (10_000, 410)])
def test_an_invite_lives_as_long_as_it_says(house: House, age: int, status: int) -> None:
    token = token_of(invited(house, ttl_seconds=300))
    house.clock.forward(age)
    assert enroll(house, token, Keys.generate()).status == status


def test_a_new_invite_voids_the_older_one(house: House) -> None:
    email = fresh_email()
    older, newer = (token_of(invited(house, email=email)) for _ in range(2))
    with nothing_written(house):
        answer = enroll(house, older, Keys.generate())
    assert failure(answer) == (410, "invite_over")
    assert enroll(house, newer, Keys.generate()).json["status"] == "active"


def test_an_invite_of_a_user_who_was_disabled_is_over(house: House) -> None:
    person = house.person()
    token = token_of(invited(house, email=person.user.email))
    disable(house, person)
    with nothing_written(house):
        answer = enroll(house, token, Keys.generate())
    assert failure(answer) == (410, "invite_over")


def test_what_the_phone_calls_itself_is_cleaned(house: House) -> None:
    body = enroll_body(house, token_of(invited(house)), Keys.generate())
    body["device"] = {"name": "  My\u202e\n phone" + "x" * 200, "os": "An\x00droid"}
    made = device(house, post_json(house, "POST_enroll", body))
    assert made.name == ("My phone" + "x" * 200)[:64]
    assert made.os == "Android"


def test_a_phone_that_became_the_second_while_it_enrolled_is_pending(house: House) -> None:
    invitation = invited(house)
    user_id = invitation.enrollment.user_id
    body = enroll_body(house, token_of(invitation), Keys.generate())

    with just_before_the_write(house, lambda: count_device(house, user_id)):
        answer = post_json(house, "POST_enroll", body)

    assert device(house, answer).status is DeviceStatus.PENDING


def test_an_invite_that_is_voided_while_a_phone_enrols_is_over(house: House) -> None:
    email = fresh_email()
    body = enroll_body(house, token_of(invited(house, email=email)), Keys.generate())
    with just_before_the_write(house, lambda: invited(house, email=email)):
        answer = post_json(house, "POST_enroll", body)
    assert failure(answer) == (410, "invite_over")


def test_s07_a_hundred_phones_at_once_share_no_invite(house: House) -> None:
    token = token_of(invited(house))
    bodies = [enroll_body(house, token, Keys.generate()) for _ in range(100)]
    witness = Witness.of(house)

    answers = at_once(lambda body: post_json(house, "POST_enroll", body), bodies)

    made = [answer for answer in answers if answer.status == 201]
    assert len(made) == 1
    assert made[0].json["status"] == "active"
    refused = {failure(answer) for answer in answers if answer.status != 201}
    assert refused == {(410, "invite_over")}
    assert witness.written == ["TransactWriteItems"]


def test_the_same_phone_enrolling_many_times_at_once_is_one_phone(house: House) -> None:
    body = enroll_body(house, token_of(invited(house)), Keys.generate())

    answers = at_once(lambda _: post_json(house, "POST_enroll", body), range(8))

    assert sorted(answer.status for answer in answers) == [201] + [410] * 7

"""A phone uses its invite once, with keys that it has."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from local.phone_simulator.jws import public_jwk, thumbprint
from local.phone_simulator.keys import Keys
from local.phone_simulator.proofs import ABSENT
from passwordless.model.people import DeviceStatus, EnrollmentStatus, KeyUse
from passwordless.model.tokens import digest
from tests.acts import disable
from tests.calls import post_json
from tests.enrolments import device, enroll, enroll_body, fresh_email, invited, token_of
from tests.house import ORIGIN, House, Person
from tests.parallel import at_once
from tests.sign_in import scan, sign_in
from tests.told import failure
from tests.witness import Witness, events_of, nothing_written

OTHER_KEY = ec.generate_private_key(ec.SECP256R1())


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


@pytest.mark.parametrize("token", ["A" * 26, "a", "", "x" * 60_000])
def test_an_unknown_invite_is_refused(house: House, token: str) -> None:
    with nothing_written(house):
        answer = enroll(house, token, Keys.generate())
    assert failure(answer) == (404, "unknown_invite")


def test_the_id_of_an_invite_opens_nothing(house: House) -> None:
    invitation = invited(house)
    with nothing_written(house):
        answer = enroll(house, invitation.enrollment.enrollment_id, Keys.generate())
    assert failure(answer) == (404, "unknown_invite")


WRONG_PROOFS: dict[str, tuple[dict[str, Any], int, str]] = {
    "another invite": ({"claims": {"invite": digest("A" * 26)}}, 401, "bad_proof"),
    "no invite": ({"claims": {"invite": ABSENT}}, 400, "malformed_proof"),
    "another audience": ({"claims": {"aud": f"{ORIGIN}/mobile/scan"}}, 401, "bad_proof"),
    "another origin": ({"claims": {"aud": "https://evil.example.com/mobile/enroll"}}, 401, "bad_proof"),
    "another second key": ({"claims": {"device_kid": "A" * 43}}, 401, "bad_proof"),
    "no second key": ({"claims": {"device_kid": ABSENT}}, 401, "bad_proof"),
    "another type": ({"header": {"typ": "qr-scan+jwt"}}, 401, "bad_proof"),
    "no algorithm": ({"header": {"alg": "none"}}, 401, "bad_proof"),
    "another key": ({"key": OTHER_KEY}, 401, "bad_proof"),
    "a key that the phone does not have": ({"sign": lambda _: b"\1" * 64}, 401, "bad_proof"),
    "too long a life": ({"claims": {"exp": 1_770_638_202 + 61}}, 401, "bad_proof"),
    "a wrong clock": ({"claims": {"iat": 1_770_630_000, "exp": 1_770_630_060}}, 401, "clock_skew"),
}


@pytest.mark.parametrize(("overrides", "status", "code"), WRONG_PROOFS.values(), ids=WRONG_PROOFS)
def test_a_wrong_proof_is_refused_and_enrols_nothing(
    house: House, overrides: dict[str, Any], status: int, code: str
) -> None:
    token, keys = token_of(invited(house)), Keys.generate()
    with nothing_written(house):
        answer = post_json(house, "POST_enroll", enroll_body(house, token, keys, **overrides))
    assert failure(answer) == (status, code)


def test_after_wrong_proofs_the_invite_is_still_good(house: House) -> None:
    token, keys = token_of(invited(house)), Keys.generate()
    for overrides, _, _ in WRONG_PROOFS.values():
        post_json(house, "POST_enroll", enroll_body(house, token, keys, **overrides))
    assert enroll(house, token, keys).status == 201


def test_a_second_key_that_was_not_signed_for_is_refused(house: House) -> None:
    token, keys = token_of(invited(house)), Keys.generate()
    planted = enroll_body(house, token, keys) | {"device_jwk": public_jwk(OTHER_KEY)}
    with nothing_written(house):
        assert failure(post_json(house, "POST_enroll", planted)) == (401, "bad_proof")


def test_the_two_keys_are_not_one(house: House) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    body = enroll_body(house, token_of(invited(house)), Keys(key, key))
    with nothing_written(house):
        assert failure(post_json(house, "POST_enroll", body)) == (400, "malformed_enrollment")


JWK = public_jwk(OTHER_KEY)
CHANGES: dict[str, dict[str, Any]] = {
    "no token": {"token": None},
    "a number as token": {"token": 7},
    "half a character as token": {"token": "\ud800" * 26},
    "another alphabet as token": {"token": "é" * 26},
    "an unknown member": {"user_id": "usr_1"},
    "no device": {"device": None},
    "a device without a name": {"device": {"os": "Android"}},
    "a device that says more": {"device": {"name": "P", "os": "A", "user": "me"}},
    "an empty name": {"device": {"name": " ", "os": "Android"}},
    "a name of control characters": {"device": {"name": "\u202e\x00", "os": "Android"}},
    "a number as name": {"device": {"name": 7, "os": "Android"}},
    "no key": {"jwk": None},
    "a private key": {"jwk": {**JWK, "d": JWK["x"]}},
    "another curve": {"jwk": public_jwk(ec.generate_private_key(ec.SECP384R1()))},
    "a key off the curve": {"jwk": {**JWK, "y": JWK["x"]}},
    "a key at zero": {"jwk": {**JWK, "x": "A" * 43, "y": "A" * 43}},
    "a padded key": {"jwk": {**JWK, "x": JWK["x"] + "="}},
    "a key with a name": {"jwk": {**JWK, "kid": "me"}},
    "a text as second key": {"device_jwk": "key"},
    "no proof": {"proof": None},
    "a list as proof": {"proof": []},
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_a_body_that_is_no_enrolment_is_refused(house: House, changes: dict[str, Any]) -> None:
    body = enroll_body(house, token_of(invited(house)), Keys.generate()) | changes
    with nothing_written(house):
        status, code = failure(post_json(house, "POST_enroll", body))
    assert status == 400
    assert code in {"malformed_json", "malformed_enrollment", "malformed_proof"}


def test_what_the_phone_calls_itself_is_cleaned(house: House) -> None:
    body = enroll_body(house, token_of(invited(house)), Keys.generate())
    body["device"] = {"name": "  My\u202e\n phone" + "x" * 200, "os": "An\x00droid"}
    made = device(house, post_json(house, "POST_enroll", body))
    assert made.name == ("My phone" + "x" * 200)[:64]
    assert made.os == "Android"


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

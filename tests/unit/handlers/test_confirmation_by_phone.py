"""A person confirms a new phone with another one, which signs the check that the new one shows."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from local.phone_simulator.proofs import ABSENT, build_confirm_proof
from passwordless.model.people import MAX_CHECKS
from tests.acts import disable, revoke
from tests.calls import Answer, post_json
from tests.enrolments import fresh_email
from tests.house import ORIGIN, House, Person
from tests.people import WEEK, Enrolled, a_tenant, confirm, invite, state, status_of, use, user, waiting
from tests.sign_in import sign_in
from tests.told import failure
from tests.witness import events_of, just_before_the_write, nothing_written


def vouch(house: House, person: Person, check: str, **overrides: Any) -> Answer:
    """Type a check into a phone."""
    proof = build_confirm_proof(
        person.keys, person.device.device_id, ORIGIN, check, house.wiring.now, **overrides
    )
    return post_json(house, "POST_confirm-phone", {"proof": proof})


def two_phones(house: House, tenant: str) -> tuple[Person, Enrolled]:
    """Return a person's phone that is active, and another one that waits."""
    email = fresh_email()
    return use(house, invite(house, tenant, email)).person, waiting(house, tenant, email)


def test_a_phone_that_another_one_vouches_for_signs_in(house: House) -> None:
    tenant = a_tenant()
    old, new = two_phones(house, tenant)

    answer = vouch(house, old, new.check)

    assert (answer.status, answer.json) == (
        200,
        {"device_id": new.person.device.device_id, "status": "active"},
    )
    assert state(house, tenant, new.enrollment_id) == "confirmed"
    assert user(house, old.user.user_id).pending == 0
    assert sign_in(house, new.person, house.browser(house.application(tenant))).status == 200


def test_the_event_tells_which_phone_vouched_for_which(house: House) -> None:
    tenant = a_tenant()
    old, new = two_phones(house, tenant)
    vouch(house, old, new.check)
    (event,) = [one for one in events_of(house, None, tenant) if one["type"] == "device.confirmed"]
    assert event["device_id"] == new.person.device.device_id
    assert event["details"] == {"by_device_id": {"S": old.device.device_id}}


def test_a_phone_that_is_revoked_at_this_very_moment_vouches_for_nobody(house: House) -> None:
    """S06: it is a condition of the write, not only looked at before."""
    tenant = a_tenant()
    old, new = two_phones(house, tenant)
    with just_before_the_write(house, lambda: revoke(house, old)):
        answer = vouch(house, old, new.check)
    assert answer.status == 409
    assert state(house, tenant, new.enrollment_id) == "pending"
    assert status_of(house, new.person.device) == "pending"


def test_the_same_check_again_is_answered_the_same_and_writes_nothing(house: House) -> None:
    tenant = a_tenant()
    old, new = two_phones(house, tenant)
    first = vouch(house, old, new.check)
    with nothing_written(house):
        again = vouch(house, old, new.check)
    assert (again.status, again.json) == (first.status, first.json)


def test_of_two_phones_that_wait_the_one_with_the_check_is_confirmed(house: House) -> None:
    tenant, email = a_tenant(), fresh_email()
    old = use(house, invite(house, tenant, email)).person
    waits = [waiting(house, tenant, email) for _ in range(2)]
    assert vouch(house, old, waits[0].check).status == 200
    assert [status_of(house, one.person.device) for one in waits] == ["active", "pending"]


def test_five_wrong_checks_end_the_phone_that_waits_whoever_typed_them(house: House) -> None:
    tenant = a_tenant()
    old, new = two_phones(house, tenant)
    for _ in range(MAX_CHECKS - 1):
        assert failure(vouch(house, old, new.wrong_check)) == (422, "wrong_check")
    assert failure(confirm(house, tenant, new.enrollment_id, new.wrong_check)) == (
        410,
        "enrollment_withdrawn",
    )
    assert failure(vouch(house, old, new.check)) == (409, "not_pending")
    assert status_of(house, new.person.device) == "revoked"


def test_a_phone_cannot_vouch_for_itself(house: House) -> None:
    tenant = a_tenant()
    _, new = two_phones(house, tenant)
    with nothing_written(house):
        answer = vouch(house, new.person, new.check)
    assert failure(answer) == (403, "device_inactive")


def test_a_phone_that_was_confirmed_is_not_confirmed_by_itself(house: House) -> None:
    tenant = a_tenant()
    old, new = two_phones(house, tenant)
    vouch(house, old, new.check)
    assert failure(vouch(house, new.person, new.check)) == (409, "not_pending")


def test_a_phone_cannot_vouch_for_another_person_s(house: House) -> None:
    tenant = a_tenant()
    (_, new), stranger = two_phones(house, tenant), house.person(tenant)
    with nothing_written(house):
        answer = vouch(house, stranger, new.check)
    assert failure(answer) == (409, "not_pending")


def test_a_revoked_phone_vouches_for_none(house: House) -> None:
    tenant = a_tenant()
    old, new = two_phones(house, tenant)
    revoke(house, old)
    with nothing_written(house):
        answer = vouch(house, old, new.check)
    assert failure(answer) == (403, "device_inactive")


def test_a_disabled_person_s_phone_vouches_for_none(house: House) -> None:
    tenant = a_tenant()
    old, new = two_phones(house, tenant)
    disable(house, old)
    with nothing_written(house):
        answer = vouch(house, old, new.check)
    assert failure(answer) == (403, "user_disabled")


WRONG: dict[str, tuple[dict[str, Any], int, str]] = {
    "another phone": ({"claims": {"iss": "dev_aaaaaaaaaaaaaaaaaaaa"}}, 401, "bad_proof"),
    "another audience": ({"claims": {"aud": f"{ORIGIN}/mobile/verify"}}, 401, "bad_proof"),
    "no check": ({"claims": {"check": ABSENT}}, 400, "malformed_proof"),
    "a number as check": ({"claims": {"check": 7}}, 400, "malformed_proof"),
    "no user verification": ({"claims": {"uv": ABSENT}}, 400, "malformed_proof"),
    "an unknown verification": ({"claims": {"uv": "voice"}}, 400, "malformed_proof"),
    "an unknown claim": ({"claims": {"device": "dev_1"}}, 400, "malformed_proof"),
    "another type": ({"header": {"typ": "qr-login+jwt"}}, 401, "bad_proof"),
    "another key": ({"key": ec.generate_private_key(ec.SECP256R1())}, 401, "bad_proof"),
    "a forged signature": ({"sign": lambda _: b"\1" * 64}, 401, "bad_proof"),
    "too long a life": ({"claims": {"exp": 1_770_638_202 + 61}}, 401, "bad_proof"),
    "a wrong clock": ({"claims": {"iat": 1_770_630_000, "exp": 1_770_630_060}}, 401, "clock_skew"),
}


@pytest.mark.parametrize(("overrides", "status", "code"), WRONG.values(), ids=WRONG)
def test_a_wrong_proof_confirms_nothing_and_counts_no_check(
    house: House, overrides: dict[str, Any], status: int, code: str
) -> None:
    tenant = a_tenant()
    old, new = two_phones(house, tenant)
    with nothing_written(house):
        answer = vouch(house, old, new.check, **overrides)
    assert failure(answer) == (status, code)


def test_the_key_that_never_asks_for_biometrics_vouches_for_none(house: House) -> None:
    tenant = a_tenant()
    old, new = two_phones(house, tenant)
    with nothing_written(house):
        answer = vouch(house, old, new.check, key=old.keys.device)
    assert failure(answer) == (401, "bad_proof")


@pytest.mark.parametrize("body", [{}, {"proof": None}, {"proof": "x", "check": "AAAA"}, {"proof": []}])
def test_a_body_that_is_no_confirmation_is_malformed(house: House, body: dict[str, Any]) -> None:
    with nothing_written(house):
        assert failure(post_json(house, "POST_confirm-phone", body))[0] == 400


def test_a_long_invite_s_first_phone_has_no_other_to_vouch_for_it(house: House) -> None:
    tenant, email = a_tenant(), fresh_email()
    first = waiting(house, tenant, email)
    second = use(house, invite(house, tenant, email, ttl_seconds=WEEK))
    assert failure(vouch(house, first.person, second.check)) == (403, "device_inactive")

"""S07: an invite makes one phone, and a phone that waits signs nobody in before it is confirmed by its check."""

from typing import Any

import pytest

from local.phone_simulator.keys import Keys
from passwordless.model.people import MAX_CHECKS
from tests.calls import Answer, post_json
from tests.enrolments import enroll, enroll_body, fresh_email
from tests.house import House
from tests.parallel import at_once
from tests.people import (
    WEEK,
    Enrolled,
    a_tenant,
    acts,
    ask,
    confirm,
    invite,
    state,
    status_of,
    use,
    user,
    waiting,
)
from tests.sign_in import sign_in
from tests.told import failure
from tests.witness import nothing_written


def token_of(invited: dict[str, Any]) -> str:
    return str(invited["url"]).rpartition("/")[2]


@pytest.mark.parametrize("ttl", [300, WEEK], ids=["a short invite", "a long invite"])
def test_a_hundred_phones_at_once_with_one_invite_are_one_phone(house: House, ttl: int) -> None:
    tenant = a_tenant()
    invited = invite(house, tenant, ttl_seconds=ttl)
    bodies = [enroll_body(house, token_of(invited), Keys.generate()) for _ in range(100)]

    answers = at_once(lambda body: post_json(house, "POST_enroll", body), bodies)

    assert sorted(answer.status for answer in answers) == [201] + [410] * 99
    owner = user(house, invited["user_id"])
    assert (owner.devices, len(owner.device_ids)) == (1, 1)
    assert acts(house, tenant).count("device.enrolled") == 1


def test_a_phone_that_waits_cannot_scan_and_after_confirmation_can(house: House) -> None:
    tenant, email = a_tenant(), fresh_email()
    use(house, invite(house, tenant, email))
    second = use(house, invite(house, tenant, email))
    browser = house.browser(house.application(tenant))

    with nothing_written(house, browser):
        answer = post_json(house, "POST_scan", house.scan_body(second.person, browser))
    assert failure(answer) == (403, "device_inactive")

    assert confirm(house, tenant, second.enrollment_id, second.check).status == 200
    assert sign_in(house, second.person, browser).status == 200


def test_a_phone_that_is_enrolled_by_a_stolen_long_invite_waits_for_ever(house: House) -> None:
    """Whoever reads the mail has the invite but not the person's phone, so nobody reads out the thief's check."""
    tenant = a_tenant()
    thief = waiting(house, tenant)
    house.clock.forward(20 * 86400)
    body = house.scan_body(thief.person, house.browser(house.application(tenant)))
    assert failure(post_json(house, "POST_scan", body)) == (403, "device_inactive")


def test_a_new_invite_voids_older_ones_also_long_ones(house: House) -> None:
    tenant, email = a_tenant(), fresh_email()
    older = [invite(house, tenant, email, ttl_seconds=WEEK) for _ in range(3)]
    newest = invite(house, tenant, email)
    with nothing_written(house):
        answers = [enroll(house, token_of(one), Keys.generate()) for one in older]
    assert {failure(answer) for answer in answers} == {(410, "invite_over")}
    assert enroll(house, token_of(newest), Keys.generate()).status == 201


def test_of_many_invites_at_once_one_is_good(house: House) -> None:
    tenant, email = a_tenant(), fresh_email()
    invite(house, tenant, email)
    invites = at_once(lambda _: invite(house, tenant, email), range(8))
    states = [state(house, tenant, one["enrollment_id"]) for one in invites]
    assert sorted(states) == ["open"] + ["withdrawn"] * 7


def guess(house: House, tenant: str, phone: Enrolled, check: str) -> Answer:
    return confirm(house, tenant, phone.enrollment_id, check)


def test_five_wrong_checks_end_the_phone_and_its_invite(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)

    answers = [guess(house, tenant, phone, phone.wrong_check) for _ in range(MAX_CHECKS)]

    assert [failure(one)[1] for one in answers] == ["wrong_check"] * 4 + ["enrollment_withdrawn"]
    assert status_of(house, phone.person.device) == "revoked"
    assert state(house, tenant, phone.enrollment_id) == "withdrawn"
    assert user(house, phone.person.user.user_id).devices == 0
    with nothing_written(house):
        assert failure(guess(house, tenant, phone, phone.check)) == (410, "enrollment_withdrawn")


def test_a_hundred_checks_at_once_are_five_checks(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)

    answers = at_once(lambda _: guess(house, tenant, phone, phone.wrong_check), range(100))

    compared = [one for one in answers if one.code == "wrong_check"]
    assert sorted(one.json["checks_left"] for one in compared) == [1, 2, 3, 4]
    assert {failure(one) for one in answers} == {(422, "wrong_check"), (410, "enrollment_withdrawn")}
    assert status_of(house, phone.person.device) == "revoked"
    assert acts(house, tenant).count("device.invite_withdrawn") == 1


def test_many_right_checks_at_once_confirm_once(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)
    answers = at_once(lambda _: guess(house, tenant, phone, phone.check), range(MAX_CHECKS))
    assert {answer.status for answer in answers} == {200}
    assert acts(house, tenant).count("device.confirmed") == 1
    assert user(house, phone.person.user.user_id).pending == 0


def test_the_check_of_another_phone_that_waits_confirms_nothing(house: House) -> None:
    tenant, email = a_tenant(), fresh_email()
    thief, own = waiting(house, tenant, email), waiting(house, tenant, email)
    assert failure(guess(house, tenant, thief, own.check)) == (422, "wrong_check")
    assert status_of(house, thief.person.device) == "pending"


def test_no_answer_to_an_administrator_tells_the_check(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)
    ids = {"enrollment_id": phone.enrollment_id, "user_id": phone.person.user.user_id}
    answers = [
        ask(house, tenant, name, **ids)
        for name in ("GET_enrollment", "GET_users", "GET_devices", "DELETE_enrollment")
    ]
    assert {answer.status for answer in answers} == {200}
    assert not [answer.body for answer in answers if f'"{phone.check}"' in answer.body]

"""A phone that waits is confirmed by the check that it shows, and only by that."""

import pytest

from passwordless.model.people import MAX_CHECKS
from tests.acts import disable
from tests.enrolments import fresh_email
from tests.house import House
from tests.people import (
    WEEK,
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
    wrong_fields,
)
from tests.sign_in import sign_in
from tests.told import failure
from tests.witness import events_of, just_before_the_write, nothing_written


def test_a_confirmed_phone_signs_in(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)

    answer = confirm(house, tenant, phone.enrollment_id, phone.check)

    assert (answer.status, answer.json["state"]) == (200, "confirmed")
    assert answer.json["device"]["status"] == status_of(house, phone.person.device) == "active"
    assert user(house, phone.person.user.user_id).pending == 0
    assert sign_in(house, phone.person, house.browser(house.application(tenant))).status == 200
    assert acts(house, tenant) == ["device.confirmed", "device.enrolled", "device.invited"]


def test_a_second_phone_by_a_short_invite_waits_too(house: House) -> None:
    tenant, email = a_tenant(), fresh_email()
    first = use(house, invite(house, tenant, email))
    invited = invite(house, tenant, email)
    second = use(house, invited)

    assert invited["confirmation_required"] is True
    assert [status_of(house, one.person.device) for one in (first, second)] == ["active", "pending"]
    assert confirm(house, tenant, second.enrollment_id, second.check).status == 200


def test_a_first_phone_by_a_short_invite_waits_where_the_administrator_demands_it(house: House) -> None:
    tenant = a_tenant()
    invited = invite(house, tenant, require_confirmation=True)
    phone = use(house, invited)
    assert invited["confirmation_required"] is True
    assert status_of(house, phone.person.device) == "pending"


@pytest.mark.parametrize(("ttl", "status"), [(300, "active"), (301, "pending"), (WEEK, "pending")])
def test_an_invite_that_outlives_five_minutes_needs_confirmation(house: House, ttl: int, status: str) -> None:
    tenant = a_tenant()
    invited = invite(house, tenant, ttl_seconds=ttl)
    assert invited["confirmation_required"] is (status == "pending")
    assert status_of(house, use(house, invited).person.device) == status


def test_a_check_may_be_typed_in_small_letters_with_a_space_behind(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)
    assert confirm(house, tenant, phone.enrollment_id, f"{phone.check.lower()} ").status == 200


def test_a_wrong_check_is_told_with_the_checks_that_are_left_and_activates_nothing(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)

    answer = confirm(house, tenant, phone.enrollment_id, phone.wrong_check)

    assert failure(answer) == (422, "wrong_check")
    assert answer.json["checks_left"] == MAX_CHECKS - 1
    assert phone.check not in answer.body
    assert status_of(house, phone.person.device) == "pending"
    told = ask(house, tenant, "GET_enrollment", enrollment_id=phone.enrollment_id).json
    assert (told["state"], told["checks_left"]) == ("pending", MAX_CHECKS - 1)


def test_the_last_check_that_is_left_may_be_the_right_one(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)
    for _ in range(MAX_CHECKS - 1):
        confirm(house, tenant, phone.enrollment_id, phone.wrong_check)
    assert confirm(house, tenant, phone.enrollment_id, phone.check).status == 200


def test_confirming_again_answers_the_same_and_writes_nothing(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)
    first = confirm(house, tenant, phone.enrollment_id, phone.check)
    with nothing_written(house):
        again = confirm(house, tenant, phone.enrollment_id, phone.check)
    assert (again.status, again.json) == (first.status, first.json)


def test_an_invite_that_nobody_used_has_nothing_to_confirm(house: House) -> None:
    tenant = a_tenant()
    invited = invite(house, tenant, ttl_seconds=WEEK)
    with nothing_written(house):
        answer = confirm(house, tenant, invited["enrollment_id"], "AAAA")
    assert failure(answer) == (409, "not_pending")


def test_a_phone_that_was_active_at_once_has_nothing_to_confirm(house: House) -> None:
    tenant = a_tenant()
    phone = use(house, invite(house, tenant))
    with nothing_written(house):
        answer = confirm(house, tenant, phone.enrollment_id, phone.check)
    assert failure(answer) == (409, "not_pending")


def test_a_phone_of_a_disabled_user_is_not_confirmed(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)
    disable(house, phone.person)
    with nothing_written(house):
        answer = confirm(house, tenant, phone.enrollment_id, phone.check)
    assert failure(answer) == (403, "user_disabled")


def test_a_user_who_is_disabled_while_the_check_is_compared_gets_no_phone(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)
    with just_before_the_write(house, lambda: disable(house, phone.person)):
        answer = confirm(house, tenant, phone.enrollment_id, phone.check)
    assert failure(answer) == (403, "user_disabled")
    assert status_of(house, phone.person.device) == "pending"


def test_a_phone_that_was_revoked_while_it_waited_stays_revoked(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)
    ask(house, tenant, "DELETE_device", device_id=phone.person.device.device_id)
    answer = confirm(house, tenant, phone.enrollment_id, phone.check)
    assert failure(answer) == (409, "not_pending")
    assert status_of(house, phone.person.device) == "revoked"
    assert user(house, phone.person.user.user_id).devices == 0


def test_a_phone_that_is_revoked_while_the_check_is_compared_stays_revoked(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)

    def revoke() -> None:
        ask(house, tenant, "DELETE_device", device_id=phone.person.device.device_id)

    with just_before_the_write(house, revoke):
        answer = confirm(house, tenant, phone.enrollment_id, phone.check)
    assert failure(answer) == (409, "not_pending")
    assert status_of(house, phone.person.device) == "revoked"


def test_an_invite_with_its_phone_waiting_outlives_the_invite_s_end(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)
    house.clock.forward(WEEK + 1)
    assert state(house, tenant, phone.enrollment_id) == "pending"
    assert confirm(house, tenant, phone.enrollment_id, phone.check).status == 200


CHECKS: dict[str, object] = {
    "nothing": None,
    "an empty text": "",
    "a number": 1234,
    "a list": ["A"],
    "a very long text": "A" * 17,
}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_what_is_no_check_is_refused_and_not_counted(house: House, check: object) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)
    with nothing_written(house):
        answer = confirm(house, tenant, phone.enrollment_id, check)
    assert wrong_fields(answer) == ["check"]


def test_letters_that_look_alike_are_a_wrong_check(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)
    answer = confirm(house, tenant, phone.enrollment_id, "А" * 4)  # Cyrillic
    assert failure(answer) == (422, "wrong_check")


def test_an_unknown_member_beside_the_check_is_refused(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)
    body = {"check": phone.check, "force": True}
    answer = ask(house, tenant, "POST_confirm", body, enrollment_id=phone.enrollment_id)
    assert wrong_fields(answer) == ["force"]


def test_a_wrong_check_leaves_an_event_of_who_typed_it_and_not_what(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)
    for left in (4, 3):
        assert confirm(house, tenant, phone.enrollment_id, phone.wrong_check).json["checks_left"] == left
    told = events_of(house, None, tenant, kind="device.check_failed")
    assert sorted(one["details"]["checks_left"]["S"] for one in told) == ["3", "4"]
    for one in told:
        assert (one["actor"], one["device_id"]) == ("admin|ada", phone.person.device.device_id)
        assert phone.wrong_check not in str(one)


def test_the_last_wrong_check_leaves_its_event_besides_that_of_the_withdrawal(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)
    for _ in range(MAX_CHECKS):
        confirm(house, tenant, phone.enrollment_id, phone.wrong_check)
    assert acts(house, tenant).count("device.check_failed") == MAX_CHECKS
    assert acts(house, tenant).count("device.invite_withdrawn") == 1

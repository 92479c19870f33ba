"""An administrator follows an invite, sends it again, withdraws it, or replaces a lost phone by it."""

import pytest

from local.phone_simulator.keys import Keys
from tests.acts import disable
from tests.calls import post_json
from tests.enrolments import enroll, enroll_body, fresh_email
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
)
from tests.told import failure
from tests.witness import between_reads, events_of, just_before_the_write, nothing_written, rows


def test_an_open_invite_is_told_without_its_secret(house: House) -> None:
    tenant = a_tenant()
    invited = invite(house, tenant)
    answer = ask(house, tenant, "GET_enrollment", enrollment_id=invited["enrollment_id"])
    assert answer.status == 200
    assert answer.json.keys() == {"enrollment_id", "user_id", "state", "created_at", "expires_at"}
    assert (answer.json["state"], answer.json["expires_at"]) == ("open", invited["expires_at"])


def test_an_invite_ends_used_expired_or_confirmed(house: House) -> None:
    tenant = a_tenant()
    used = use(house, invite(house, tenant))
    unused, long_one = invite(house, tenant), waiting(house, tenant)
    assert state(house, tenant, long_one.enrollment_id) == "pending"
    confirm(house, tenant, long_one.enrollment_id, long_one.check)
    house.clock.forward(300)
    ids = (used.enrollment_id, unused["enrollment_id"], long_one.enrollment_id)
    assert [state(house, tenant, one) for one in ids] == ["used", "expired", "confirmed"]


def test_a_withdrawn_invite_enrols_no_phone(house: House) -> None:
    tenant = a_tenant()
    invited = invite(house, tenant)

    answer = ask(house, tenant, "DELETE_enrollment", enrollment_id=invited["enrollment_id"])

    assert (answer.status, answer.json["state"]) == (200, "withdrawn")
    assert state(house, tenant, invited["enrollment_id"]) == "withdrawn"
    token = invited["url"].rpartition("/")[2]
    assert failure(enroll(house, token, Keys.generate())) == (410, "invite_over")
    assert acts(house, tenant) == ["device.invite_withdrawn", "device.invited"]


def test_withdrawing_an_invite_whose_phone_waits_revokes_the_phone(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)

    answer = ask(house, tenant, "DELETE_enrollment", enrollment_id=phone.enrollment_id)

    assert (answer.json["state"], answer.json["device"]["status"]) == ("withdrawn", "revoked")
    assert status_of(house, phone.person.device) == "revoked"
    left = user(house, phone.person.user.user_id)
    assert (left.devices, left.pending) == (0, 0)
    assert failure(confirm(house, tenant, phone.enrollment_id, phone.check)) == (410, "enrollment_withdrawn")


def test_withdrawing_again_or_what_expired_writes_nothing(house: House) -> None:
    tenant = a_tenant()
    gone, late = invite(house, tenant)["enrollment_id"], invite(house, tenant)["enrollment_id"]
    ask(house, tenant, "DELETE_enrollment", enrollment_id=gone)
    house.clock.forward(300)
    with nothing_written(house):
        states = [
            ask(house, tenant, "DELETE_enrollment", enrollment_id=one).json["state"] for one in (gone, late)
        ]
    assert states == ["withdrawn", "expired"]


@pytest.mark.parametrize("confirmed", [False, True])
def test_an_invite_whose_phone_may_scan_is_withdrawn_no_more(house: House, *, confirmed: bool) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant) if confirmed else use(house, invite(house, tenant))
    if confirmed:
        confirm(house, tenant, phone.enrollment_id, phone.check)
    with nothing_written(house):
        answer = ask(house, tenant, "DELETE_enrollment", enrollment_id=phone.enrollment_id)
    assert failure(answer) == (409, "enrollment_used")


def test_an_invite_that_is_used_while_it_is_withdrawn_is_withdrawn_no_more(house: House) -> None:
    tenant = a_tenant()
    invited = invite(house, tenant)
    with just_before_the_write(house, lambda: use(house, invited)):
        answer = ask(house, tenant, "DELETE_enrollment", enrollment_id=invited["enrollment_id"])
    assert failure(answer) == (409, "enrollment_used")


def test_an_invite_that_is_used_while_it_is_looked_at_is_told_as_used(house: House) -> None:
    tenant = a_tenant()
    invited = invite(house, tenant)
    with between_reads(house, 2, lambda: use(house, invited)):
        answer = ask(house, tenant, "GET_enrollment", enrollment_id=invited["enrollment_id"])
    assert answer.json["state"] == "used"


def test_a_phone_that_is_confirmed_while_its_invite_is_looked_at_is_told_as_confirmed(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)

    def confirm_it() -> None:
        confirm(house, tenant, phone.enrollment_id, phone.check)

    with between_reads(house, 3, confirm_it):
        assert state(house, tenant, phone.enrollment_id) == "confirmed"


def test_an_invite_that_is_withdrawn_while_a_phone_enrols_is_over(house: House) -> None:
    tenant = a_tenant()
    invited = invite(house, tenant)
    body = enroll_body(house, invited["url"].rpartition("/")[2], Keys.generate())

    def withdraw() -> None:
        ask(house, tenant, "DELETE_enrollment", enrollment_id=invited["enrollment_id"])

    with just_before_the_write(house, withdraw):
        answer = post_json(house, "POST_enroll", body)
    assert failure(answer) == (410, "invite_over")


def test_an_invite_that_is_sent_again_voids_the_first_and_says_so_in_its_event(house: House) -> None:
    tenant, email = a_tenant(), fresh_email()
    first, again = invite(house, tenant, email), invite(house, tenant, email)
    assert first["user_id"] == again["user_id"]
    assert state(house, tenant, first["enrollment_id"]) == "withdrawn"
    assert state(house, tenant, again["enrollment_id"]) == "open"
    assert acts(house, tenant) == ["device.invited", "device.invited_again"]


def test_a_lost_phone_is_revoked_and_its_user_invited_anew_by_one_call(house: House) -> None:
    tenant, email = a_tenant(), fresh_email()
    lost = use(house, invite(house, tenant, email))
    pending = use(house, invite(house, tenant, email))

    invited = invite(house, tenant, email, revoke_devices=True)

    assert invited["confirmation_required"] is False
    assert [status_of(house, one.person.device) for one in (lost, pending)] == ["revoked"] * 2
    fresh = use(house, invited)
    assert status_of(house, fresh.person.device) == "active"
    left = user(house, invited["user_id"])
    assert (left.devices, left.pending, len(left.device_ids)) == (1, 0, 3)
    revoked = [one for one in events_of(house, None, tenant) if one["type"] == "device.revoked"]
    assert {one["device_id"] for one in revoked} == {one.person.device.device_id for one in (lost, pending)}


def test_a_lost_phone_that_enrols_another_while_it_is_revoked_is_revoked_with_it(house: House) -> None:
    tenant, email = a_tenant(), fresh_email()
    lost = use(house, invite(house, tenant, email))
    open_invite, enrolled = invite(house, tenant, email), []

    with just_before_the_write(house, lambda: enrolled.append(use(house, open_invite))):
        invite(house, tenant, email, revoke_devices=True)

    phones = [lost, *enrolled]
    assert [status_of(house, one.person.device) for one in phones] == ["revoked"] * 2
    assert user(house, lost.person.user.user_id).devices == 0


def test_a_new_user_has_no_phones_to_revoke(house: House) -> None:
    tenant = a_tenant()
    assert status_of(house, use(house, invite(house, tenant, revoke_devices=True)).person.device) == "active"


def test_a_disabled_user_s_phones_are_not_replaced(house: House) -> None:
    tenant = a_tenant()
    person = house.person(tenant)
    disable(house, person)
    body = {"user": {"email": person.user.email}, "revoke_devices": True}
    with nothing_written(house):
        answer = ask(house, tenant, "POST_enrollments", body)
    assert failure(answer) == (403, "user_disabled")


def test_a_user_who_had_thirty_phones_is_invited_no_more(house: House) -> None:
    tenant, email = a_tenant(), fresh_email()
    for _ in range(30):
        use(house, invite(house, tenant, email, revoke_devices=True))
    answer = ask(house, tenant, "POST_enrollments", {"user": {"email": email}})
    assert failure(answer) == (409, "too_many_devices")
    user_id = ask(house, tenant, "GET_users", query=f"email={email}").json["users"][0]["user_id"]
    assert ask(house, tenant, "DELETE_user", user_id=user_id).status == 200


def test_an_invite_s_url_is_stored_nowhere(house: House) -> None:
    tenant = a_tenant()
    invited = invite(house, tenant, ttl_seconds=WEEK)
    token = invited["url"].rpartition("/")[2]
    assert not [row for row in rows(house) if token in row or "<svg" in row]


def test_the_progress_of_a_tenant_is_counted(house: House) -> None:
    tenant = a_tenant()
    use(house, invite(house, tenant))
    waiting(house, tenant)
    invite(house, tenant, ttl_seconds=WEEK)
    invite(house, tenant, ttl_seconds=60)
    person = house.person(tenant)
    disable(house, person)
    house.clock.forward(60)

    answer = ask(house, tenant, "GET_enrollments")

    assert answer.json == {
        "users": 5,
        "disabled": 1,
        "none": 0,
        "invited": 1,
        "expired": 1,
        "pending": 1,
        "enrolled": 1,
        "complete": True,
    }

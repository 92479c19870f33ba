"""S05: an administrator neither reads nor changes another tenant's people; their ids are answered as unknown ones."""

from collections.abc import Mapping

import pytest

from tests.house import House
from tests.people import NOBODY, a_tenant, ask, invite, waiting
from tests.told import apart_from_its_reference, failure
from tests.witness import Witness, nothing_written

ROUTES: Mapping[str, tuple[str, dict[str, object] | None]] = {
    "GET_enrollment": ("enrollment_id", None),
    "DELETE_enrollment": ("enrollment_id", None),
    "POST_confirm": ("enrollment_id", {"check": "AAAA"}),
    "GET_user": ("user_id", None),
    "PATCH_user": ("user_id", {"disabled": True}),
    "DELETE_user": ("user_id", None),
    "GET_devices": ("user_id", None),
    "PATCH_device": ("device_id", {"name": "Mine"}),
    "DELETE_device": ("device_id", None),
}
IDS = [
    "",
    "x",
    "%00",
    "a" * 3000,
    "app_aaaaaaaaaaaaaaaaaaaa",
    "email#acme#x",
    "kid#x",
    "USR_AAAAAAAAAAAAAAAAAAAA",
]


@pytest.mark.parametrize("name", ROUTES)
def test_a_foreign_id_is_answered_like_an_unknown_one_after_the_same_reads(house: House, name: str) -> None:
    id_name, body = ROUTES[name]
    phone = waiting(house, a_tenant())
    foreign = {
        "enrollment_id": phone.enrollment_id,
        "user_id": phone.person.user.user_id,
        "device_id": phone.person.device.device_id,
    }
    answers, calls = [], []
    for ids in (foreign, NOBODY):
        witness = Witness.of(house)
        with nothing_written(house):
            answers.append(ask(house, "mallory", name, body, **{id_name: ids[id_name]}))
        calls.append(witness.called)
    assert failure(answers[0])[0] == 404
    assert apart_from_its_reference(answers[0]) == apart_from_its_reference(answers[1])
    assert calls[0] == calls[1]


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("odd", IDS, ids=[str(number) for number in range(len(IDS))])
def test_what_is_no_id_is_unknown(house: House, name: str, odd: str) -> None:
    id_name, body = ROUTES[name]
    with nothing_written(house):
        answer = ask(house, "mallory", name, body, **{id_name: odd})
    assert failure(answer)[0] == 404


def test_an_id_of_another_kind_in_the_same_table_is_unknown(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant)
    kid = phone.person.device.keys[0].kid
    assert failure(ask(house, tenant, "DELETE_device", device_id=f"kid#{kid}"))[0] == 404


def test_lists_and_counts_hold_the_own_tenant_only(house: House) -> None:
    tenant, other = a_tenant(), a_tenant()
    invited = invite(house, tenant)
    assert ask(house, other, "GET_users").json["users"] == []
    assert ask(house, other, "GET_enrollments").json["users"] == 0
    assert [one["user_id"] for one in ask(house, tenant, "GET_users").json["users"]] == [invited["user_id"]]


def test_the_same_address_in_another_tenant_is_another_user_whose_phones_stay(house: House) -> None:
    tenant, other = a_tenant(), a_tenant()
    person = house.person(tenant)
    invited = invite(house, other, person.user.email, revoke_devices=True)
    assert invited["user_id"] != person.user.user_id
    assert house.wiring.stores.devices.get(person.device.device_id) == person.device


def test_the_owner_s_calls_still_work(house: House) -> None:
    """The control: each route answers its own tenant."""
    tenant = a_tenant()
    phone = waiting(house, tenant)
    own = {
        "enrollment_id": phone.enrollment_id,
        "user_id": phone.person.user.user_id,
        "device_id": phone.person.device.device_id,
    }
    bodies = {**{name: body for name, (_, body) in ROUTES.items()}, "POST_confirm": {"check": phone.check}}
    order = ["GET_enrollment", "POST_confirm", "GET_devices", "PATCH_device", "PATCH_user", "DELETE_device"]
    for name in [*order, "DELETE_user"]:
        assert ask(house, tenant, name, bodies[name], **own).status == 200, name

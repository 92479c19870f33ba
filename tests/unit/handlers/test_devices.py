"""An administrator renames and revokes a user's phone."""

from typing import Any

import pytest

from tests.calls import post_json
from tests.house import House
from tests.parallel import at_once
from tests.people import a_tenant, acts, ask, status_of, user, waiting, wrong_fields
from tests.told import failure
from tests.witness import events_of, nothing_written


def test_a_phone_is_renamed_by_a_clean_name(house: House) -> None:
    tenant = a_tenant()
    phone = house.person(tenant).device
    answer = ask(house, tenant, "PATCH_device", {"name": " Ada's\u202e phone\n"}, device_id=phone.device_id)
    assert (answer.status, answer.json["name"]) == (200, "Ada's phone")
    found = house.wiring.stores.devices.get(phone.device_id)
    assert found is not None
    assert (found.name, found.status, found.keys) == ("Ada's phone", phone.status, phone.keys)
    (event,) = events_of(house, None, tenant)
    assert (event["type"], event["device_id"]) == ("device.renamed", phone.device_id)
    assert "Ada's" not in str(event)


def test_the_name_that_a_phone_has_writes_nothing(house: House) -> None:
    tenant = a_tenant()
    phone = house.person(tenant).device
    with nothing_written(house):
        answer = ask(house, tenant, "PATCH_device", {"name": phone.name}, device_id=phone.device_id)
    assert answer.status == 200


BODIES: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, "name"),
    "null": ({"name": None}, "name"),
    "an empty name": ({"name": " \u200b"}, "name"),
    "a number": ({"name": 7}, "name"),
    "a very long name": ({"name": "n" * 257}, "name"),
    "another status": ({"name": "Phone", "status": "active"}, "status"),
    "another user": ({"name": "Phone", "user_id": "usr_1"}, "user_id"),
}


@pytest.mark.parametrize(("body", "field"), BODIES.values(), ids=BODIES)
def test_a_body_that_is_no_name_is_refused(house: House, body: dict[str, Any], field: str) -> None:
    tenant = a_tenant()
    phone = house.person(tenant).device
    with nothing_written(house):
        answer = ask(house, tenant, "PATCH_device", body, device_id=phone.device_id)
    assert wrong_fields(answer) == [field]


def test_a_revoked_phone_scans_no_more(house: House) -> None:
    tenant = a_tenant()
    person = house.person(tenant)

    answer = ask(house, tenant, "DELETE_device", device_id=person.device.device_id)

    assert (answer.status, answer.json["status"]) == (200, "revoked")
    assert status_of(house, person.device) == "revoked"
    assert user(house, person.user.user_id).devices == 0
    body = house.scan_body(person, house.browser(house.application(tenant)))
    assert failure(post_json(house, "POST_scan", body)) == (403, "device_inactive")


def test_a_phone_that_waits_is_counted_no_more_when_it_is_revoked(house: House) -> None:
    tenant = a_tenant()
    phone = waiting(house, tenant).person
    ask(house, tenant, "DELETE_device", device_id=phone.device.device_id)
    left = user(house, phone.user.user_id)
    assert (left.devices, left.pending) == (0, 0)


def test_revoking_many_times_at_once_revokes_once(house: House) -> None:
    tenant = a_tenant()
    person = house.person(tenant)
    answers = at_once(
        lambda _: ask(house, tenant, "DELETE_device", device_id=person.device.device_id), range(6)
    )
    assert {answer.status for answer in answers} == {200}
    assert user(house, person.user.user_id).devices == 0
    assert acts(house, tenant) == ["device.revoked"]

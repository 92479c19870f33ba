"""What an administrator asks about people, through connect's handler, and people who are on their way to a phone."""

import secrets
from dataclasses import dataclass
from typing import Any

from local.phone_simulator.keys import Keys
from passwordless.model.people import Device, DeviceStatus, User
from tests.calls import Answer
from tests.enrolments import device, enroll, fresh_email
from tests.house import House, Person
from tests.rotation import administer
from tests.told import failure
from tests.witness import events_of

NOBODY = {
    "enrollment_id": "enr_aaaaaaaaaaaaaaaaaaaa",
    "user_id": "usr_aaaaaaaaaaaaaaaaaaaa",
    "device_id": "dev_aaaaaaaaaaaaaaaaaaaa",
}
WEEK = 7 * 86400


def a_tenant() -> str:
    """Return a tenant that no other test has."""
    return f"people-{secrets.token_hex(5)}"


def ask(house: House, tenant: str, name: str, body: object = None, query: str = "", **ids: str) -> Answer:
    """Call a route as an administrator of a tenant, by the name of its event."""
    return administer(house, tenant, name, body, rawQueryString=query, pathParameters=ids)


def invite(house: House, tenant: str, email: str | None = None, **members: Any) -> dict[str, Any]:
    """Invite a phone and return the invite."""
    body = {"user": {"email": email or fresh_email()}, **members}
    answer = ask(house, tenant, "POST_enrollments", body)
    assert answer.status == 201, answer.body
    return answer.json


def state(house: House, tenant: str, enrollment_id: str) -> str:
    """Return how an invite stands."""
    answer = ask(house, tenant, "GET_enrollment", enrollment_id=enrollment_id)
    assert answer.status == 200, answer.body
    return str(answer.json["state"])


def confirm(house: House, tenant: str, enrollment_id: str, check: object) -> Answer:
    """Type a check."""
    return ask(house, tenant, "POST_confirm", {"check": check}, enrollment_id=enrollment_id)


@dataclass(frozen=True)
class Enrolled:
    """A phone that used an invite: what it shows, and whose it is."""

    enrollment_id: str
    check: str
    person: Person

    @property
    def wrong_check(self) -> str:
        """Return a check that the phone does not show."""
        return ("A" if self.check[0] != "A" else "B") + self.check[1:]


def use(house: House, invited: dict[str, Any]) -> Enrolled:
    """Enrol a new phone by an invite."""
    keys = Keys.generate()
    answer = enroll(house, invited["url"].rpartition("/")[2], keys)
    person = Person(user(house, invited["user_id"]), device(house, answer), keys)
    return Enrolled(invited["enrollment_id"], answer.json["check"], person)


def waiting(house: House, tenant: str, email: str | None = None) -> Enrolled:
    """Enrol a phone that waits for confirmation, by an invite of a week."""
    enrolled = use(house, invite(house, tenant, email, ttl_seconds=WEEK))
    assert enrolled.person.device.status is DeviceStatus.PENDING
    return enrolled


def user(house: House, user_id: str) -> User:
    """Return a user as stored."""
    found = house.wiring.stores.users.get(user_id)
    assert found is not None
    return found


def status_of(house: House, phone: Device) -> str:
    """Return the status of a phone as stored."""
    found = house.wiring.stores.devices.get(phone.device_id)
    assert found is not None
    return found.status.value


def acts(house: House, tenant: str) -> list[str]:
    """Return the types of what happened to a tenant's people; events of one second have no order."""
    return sorted(event["type"] for event in events_of(house, None, tenant))


def wrong_fields(answer: Answer) -> list[str]:
    """Return the fields that a refused body is told to have wrong."""
    assert failure(answer) == (400, "invalid_field")
    return [one["field"] for one in answer.json["fields"]]

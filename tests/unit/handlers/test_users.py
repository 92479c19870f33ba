"""An administrator lists, changes, disables and erases the tenant's users."""

import base64
import json
from typing import Any

import pytest

from passwordless.model.name_ids import pairwise
from passwordless.model.people import UserStatus
from passwordless.model.tokens import digest
from tests.calls import Answer
from tests.enrolments import enroll, fresh_email, invited, token_of
from tests.house import House, Person
from tests.parallel import at_once
from tests.people import (
    WEEK,
    a_tenant,
    acts,
    ask,
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
from tests.witness import events_of, just_before_the_write, nothing_written, rows


def patch(house: House, tenant: str, user_id: str, **body: Any) -> Answer:
    return ask(house, tenant, "PATCH_user", body, user_id=user_id)


def emails(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.body
    return [one["email"] for one in answer.json["users"]]


class TestList:
    def test_a_user_is_told_with_the_way_to_a_phone(self, house: House) -> None:
        tenant = a_tenant()
        invited = invite(house, tenant, ttl_seconds=WEEK)
        (one,) = ask(house, tenant, "GET_users").json["users"]
        assert one.keys() == {"user_id", "email", "groups", "status", "enrollment", "created_at"}
        assert (one["user_id"], one["status"]) == (invited["user_id"], "active")
        assert one["enrollment"] == {
            "state": "invited",
            "devices": 0,
            "pending_devices": 0,
            "invited_until": invited["expires_at"],
            "enrollment_id": invited["enrollment_id"],
        }
        use(house, invited)
        (one,) = ask(house, tenant, "GET_users").json["users"]
        assert one["enrollment"] == {"state": "pending", "devices": 1, "pending_devices": 1}

    def test_one_user_is_told_as_in_the_list(self, house: House) -> None:
        tenant = a_tenant()
        invited = invite(house, tenant)
        (listed,) = ask(house, tenant, "GET_users").json["users"]
        assert ask(house, tenant, "GET_user", user_id=invited["user_id"]).json == listed

    def test_the_open_invite_is_named_until_it_is_withdrawn(self, house: House) -> None:
        tenant = a_tenant()
        invited = invite(house, tenant)
        told = ask(house, tenant, "GET_user", user_id=invited["user_id"]).json["enrollment"]
        ask(house, tenant, "DELETE_enrollment", enrollment_id=told["enrollment_id"])
        after = ask(house, tenant, "GET_user", user_id=invited["user_id"]).json["enrollment"]
        assert "enrollment_id" not in after

    def test_pages_hold_each_user_once_and_newest_first(self, house: House) -> None:
        tenant, made = a_tenant(), []
        for _ in range(5):
            made.append(fresh_email())
            invite(house, tenant, made[-1])
            house.clock.forward(1)
        seen, query = [], "limit=2"
        while query:
            answer = ask(house, tenant, "GET_users", query=query)
            seen += emails(answer)
            token = answer.json.get("next_page_token")
            query = f"limit=2&page_token={token}" if token else ""
        assert seen == made[::-1]

    def test_a_page_token_of_another_tenant_is_refused(self, house: House) -> None:
        tenant = a_tenant()
        for _ in range(2):
            invite(house, tenant)
        token = ask(house, tenant, "GET_users", query="limit=1").json["next_page_token"]
        answer = ask(house, a_tenant(), "GET_users", query=f"page_token={token}")
        assert failure(answer) == (400, "invalid_page_token")

    @pytest.mark.parametrize("instant", [10**50, -1, True, 1.5, "1"])
    def test_a_page_token_with_a_time_that_no_row_has_is_refused(self, house: House, instant: object) -> None:
        tenant = a_tenant()
        place = json.dumps(["usr_x", instant, digest(tenant)]).encode()
        token = base64.urlsafe_b64encode(place).decode().rstrip("=")
        answer = ask(house, tenant, "GET_users", query=f"page_token={token}")
        assert failure(answer) == (400, "invalid_page_token")

    def test_a_user_is_found_by_address_in_the_own_tenant_only(self, house: House) -> None:
        tenant, other, email = a_tenant(), a_tenant(), fresh_email()
        invite(house, tenant, email)
        invite(house, tenant)
        assert emails(ask(house, tenant, "GET_users", query=f"email={email.upper()}")) == [email]
        assert emails(ask(house, other, "GET_users", query=f"email={email}")) == []

    @pytest.mark.parametrize("email", ["", "nobody", "a%40b%40c.example"])
    def test_what_is_no_address_is_refused(self, house: House, email: str) -> None:
        assert wrong_fields(ask(house, a_tenant(), "GET_users", query=f"email={email}")) == ["email"]

    def test_a_query_of_very_many_fields_is_refused(self, house: House) -> None:
        answer = ask(house, a_tenant(), "GET_users", query="&".join(f"f{n}=1" for n in range(21)))
        assert failure(answer) == (400, "invalid_query")

    def test_the_key_behind_the_name_ids_is_told_to_nobody(self, house: House) -> None:
        tenant = a_tenant()
        person = house.person(tenant)
        assert person.user.pairwise_key not in ask(house, tenant, "GET_users").body


class TestChange:
    def test_names_and_groups_are_changed_and_nothing_else(self, house: House) -> None:
        tenant = a_tenant()
        person = house.person(tenant)

        answer = patch(house, tenant, person.user.user_id, given_name="  Grace\u202e ", groups=["Navy"])

        now = user(house, person.user.user_id)
        assert answer.status == 200
        assert (answer.json["given_name"], answer.json["groups"]) == ("Grace", ["Navy"])
        assert (now.given_name, now.family_name, now.groups) == ("Grace", "Example", ("Navy",))
        assert (now.devices, now.device_ids) == (1, person.user.device_ids)

    def test_a_name_that_is_null_is_taken_away(self, house: House) -> None:
        tenant = a_tenant()
        person = house.person(tenant)
        answer = patch(house, tenant, person.user.user_id, family_name=None)
        assert "family_name" not in answer.json
        assert user(house, person.user.user_id).family_name is None

    def test_the_event_names_what_was_changed_and_not_to_what(self, house: House) -> None:
        tenant = a_tenant()
        person = house.person(tenant)
        patch(house, tenant, person.user.user_id, given_name="Grace", groups=["Navy"])
        (event,) = events_of(house, None, tenant)
        assert (event["type"], event["details"]) == ("user.changed", {"changed": {"S": "given_name,groups"}})
        assert event["user_id"] == person.user.user_id
        assert "Grace" not in json.dumps(event)

    def test_what_is_so_already_writes_nothing(self, house: House) -> None:
        tenant = a_tenant()
        person = house.person(tenant)
        with nothing_written(house):
            answer = patch(house, tenant, person.user.user_id, given_name="Ada", disabled=False)
        assert answer.status == 200

    def test_a_disabled_user_cannot_sign_in_and_after_enabling_can(self, house: House) -> None:
        tenant = a_tenant()
        person = house.person(tenant)
        answer = patch(house, tenant, person.user.user_id, disabled=True)
        assert answer.json["status"] == user(house, person.user.user_id).status.value == "disabled"
        house.clock.forward(1)
        assert patch(house, tenant, person.user.user_id, disabled=False).json["status"] == "active"
        house.clock.forward(1)
        assert sign_in(house, person, house.browser(house.application(tenant))).status == 200
        assert acts(house, tenant) == ["user.disabled", "user.enabled"]

    def test_an_open_invite_does_not_outlive_its_user_s_disabling(self, house: House) -> None:
        tenant = a_tenant()
        invited = invite(house, tenant, ttl_seconds=WEEK)
        for disabled in (True, False):
            patch(house, tenant, invited["user_id"], disabled=disabled)
        assert state(house, tenant, invited["enrollment_id"]) == "withdrawn"

    def test_an_invite_made_while_its_user_is_disabled_does_not_outlive_it_either(self, house: House) -> None:
        tenant, email = a_tenant(), fresh_email()
        user_id = use(house, invite(house, tenant, email)).person.user.user_id
        assert user(house, user_id).open_enrollment is None
        made: list[str] = []

        def again() -> None:
            made.append(invite(house, tenant, email, ttl_seconds=WEEK)["enrollment_id"])

        with just_before_the_write(house, again):
            patch(house, tenant, user_id, disabled=True)
        patch(house, tenant, user_id, disabled=False)
        assert [state(house, tenant, one) for one in made] == ["withdrawn"]

    def test_two_who_disable_at_once_leave_one_event(self, house: House) -> None:
        tenant = a_tenant()
        person = house.person(tenant)
        answers = at_once(lambda _: patch(house, tenant, person.user.user_id, disabled=True), range(4))
        assert [answer.status for answer in answers] == [200] * 4
        assert acts(house, tenant) == ["user.disabled"]

    BODIES: dict[str, tuple[dict[str, Any], str]] = {
        "nothing": ({}, "body"),
        "an unknown member": ({"disabled": True, "role": "admin"}, "role"),
        "another address": ({"email": "mallory@example.com"}, "email"),
        "another tenant": ({"tenant": "globex"}, "tenant"),
        "a member that could be anything": ({"<script>": 1}, "(a field of another name)"),
        "a text as disabled": ({"disabled": "true"}, "disabled"),
        "null as disabled": ({"disabled": None}, "disabled"),
        "a number as name": ({"given_name": 7}, "given_name"),
        "an empty name": ({"family_name": " "}, "family_name"),
        "a very long name": ({"given_name": "g" * 257}, "given_name"),
        "a text as groups": ({"groups": "Staff"}, "groups"),
        "null as groups": ({"groups": None}, "groups"),
        "null among groups": ({"groups": ["Staff", None]}, "groups"),
        "many groups": ({"groups": ["g"] * 51}, "groups"),
    }

    @pytest.mark.parametrize(("body", "field"), BODIES.values(), ids=BODIES)
    def test_a_body_that_is_no_change_is_refused(
        self, house: House, body: dict[str, Any], field: str
    ) -> None:
        tenant = a_tenant()
        person = house.person(tenant)
        with nothing_written(house):
            answer = ask(house, tenant, "PATCH_user", body, user_id=person.user.user_id)
        assert wrong_fields(answer) == [field]


class TestErase:
    def erase(self, house: House, tenant: str, user_id: str) -> Answer:
        return ask(house, tenant, "DELETE_user", user_id=user_id)

    def a_busy_user(self, house: House, tenant: str, email: str) -> Person:
        """Make a user with an active phone, one that waits and one that is revoked, and an open invite."""
        user_of = {"email": email, "given_name": "Marked", "family_name": "Person", "groups": ["Marked"]}
        first = use(house, invite(house, tenant, user=user_of))
        revoked = use(house, invite(house, tenant, email))
        ask(house, tenant, "DELETE_device", device_id=revoked.person.device.device_id)
        waiting(house, tenant, email)
        invite(house, tenant, email)
        return first.person

    def test_nothing_of_the_person_is_left_but_the_id(self, house: House) -> None:
        tenant, email = a_tenant(), fresh_email()
        person = self.a_busy_user(house, tenant, email)

        answer = self.erase(house, tenant, person.user.user_id)

        assert (answer.status, answer.json) == (
            200,
            {"user_id": person.user.user_id, "status": "erased"},
        )
        left = [row for row in rows(house) if tenant in row or person.user.user_id in row]
        assert left
        assert {json.loads(row)[0] for row in left} <= {"events", "enrollments"}
        assert not [row for row in left if email in row or "Marked" in row or "Pixel" in row]
        assert not [row for row in rows(house) if any(key.kid in row for key in person.device.keys)]

    def test_the_events_stay_with_the_user_s_id(self, house: House) -> None:
        tenant, email = a_tenant(), fresh_email()
        person = self.a_busy_user(house, tenant, email)
        before = acts(house, tenant)
        self.erase(house, tenant, person.user.user_id)
        assert acts(house, tenant) == sorted([*before, "user.erased"])
        assert {event["user_id"] for event in events_of(house, None, tenant)} == {person.user.user_id}

    def test_the_same_address_is_then_a_new_user_with_other_name_ids(self, house: House) -> None:
        tenant, email = a_tenant(), fresh_email()
        old = use(house, invite(house, tenant, email)).person.user
        self.erase(house, tenant, old.user_id)
        new = use(house, invite(house, tenant, email)).person.user
        assert new.user_id != old.user_id
        assert pairwise(new.pairwise_key, "app_1") != pairwise(old.pairwise_key, "app_1")

    def test_the_phone_s_keys_may_be_enrolled_again(self, house: House) -> None:
        tenant = a_tenant()
        person = house.person(tenant)
        self.erase(house, tenant, person.user.user_id)
        assert enroll(house, token_of(invited(house, tenant)), person.keys).status == 201

    def test_who_is_erased_is_unknown(self, house: House) -> None:
        tenant = a_tenant()
        person = house.person(tenant)
        self.erase(house, tenant, person.user.user_id)
        again = self.erase(house, tenant, person.user.user_id)
        assert failure(again) == (404, "unknown_user")
        assert ask(house, tenant, "GET_users").json["users"] == []

    def test_a_phone_that_enrols_while_its_user_is_erased_is_erased_too(self, house: House) -> None:
        tenant, email = a_tenant(), fresh_email()
        user_id = use(house, invite(house, tenant, email)).person.user.user_id
        open_invite = invite(house, tenant, email)
        with just_before_the_write(house, lambda: use(house, open_invite)):
            assert self.erase(house, tenant, user_id).status == 200
        assert not [row for row in rows(house) if row.startswith('["devices"') and user_id in row]

    def test_an_erased_user_s_open_invite_is_over(self, house: House) -> None:
        tenant = a_tenant()
        invited = invite(house, tenant)
        self.erase(house, tenant, invited["user_id"])
        assert state(house, tenant, invited["enrollment_id"]) == "withdrawn"


def test_a_user_of_before_the_counts_can_be_listed_changed_and_erased(house: House) -> None:
    """A row without the newer attributes is a user without phones."""
    tenant, email = a_tenant(), fresh_email()
    made = invite(house, tenant, email)
    house.wiring.stores.client.update_item(
        TableName=house.wiring.config.users_table,
        Key={"pk": {"S": made["user_id"]}},
        UpdateExpression="REMOVE pending, device_ids, open_enrollment, invited_until",
    )
    assert emails(ask(house, tenant, "GET_users")) == [email]
    assert patch(house, tenant, made["user_id"], disabled=True).status == 200
    assert user(house, made["user_id"]).status is UserStatus.DISABLED
    assert ask(house, tenant, "DELETE_user", user_id=made["user_id"]).status == 200


def test_a_user_s_phones_are_told_newest_first_and_revoked_ones_too(house: House) -> None:
    tenant, email = a_tenant(), fresh_email()
    first = use(house, invite(house, tenant, email)).person
    house.clock.forward(1)
    second = waiting(house, tenant, email)
    ask(house, tenant, "DELETE_device", device_id=first.device.device_id)

    answer = ask(house, tenant, "GET_devices", user_id=first.user.user_id)

    found = answer.json["devices"]
    assert [one["device_id"] for one in found] == [second.person.device.device_id, first.device.device_id]
    assert [one["status"] for one in found] == ["pending", "revoked"]
    assert found[0]["enrollment_id"] == second.enrollment_id
    assert second.check not in answer.body
    assert status_of(house, first.device) == "revoked"

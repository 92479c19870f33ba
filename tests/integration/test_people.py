"""People over HTTP, with each function in its own role: invited, confirmed, replaced, disabled, erased."""

import secrets
from typing import Any

import pytest

from local.phone_simulator import Phone, Refused
from local.stack import Stack
from tests.stack_calls import call

WEEK = 7 * 86400


@pytest.fixture
def email() -> str:
    """An address that nobody has."""
    return f"grace-{secrets.token_hex(6)}@example.com"


def ask(stack: Stack, method: str, path: str, status: int = 200, **body: Any) -> dict[str, Any]:
    """Call a route as the stack's administrator and return its answer."""
    answer = call(stack, method, path, token=stack.admin_token, body=body or None)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def test_a_person_s_phones_from_the_invite_to_the_end(stack: Stack, email: str) -> None:
    invited = ask(stack, "POST", "/enrollments", 201, user={"email": email}, ttl_seconds=WEEK)
    enrollment, user = f"/enrollments/{invited['enrollment_id']}", f"/users/{invited['user_id']}"
    first = Phone()
    check = first.enroll(invited["url"])["check"]
    assert ask(stack, "GET", enrollment)["state"] == "pending"
    assert ask(stack, "POST", f"{enrollment}/confirm", check=check)["state"] == "confirmed"

    second, again = Phone(), ask(stack, "POST", "/enrollments", 201, user={"email": email})
    check = second.enroll(again["url"])["check"]
    assert first.confirm(check)["status"] == "active"

    found = ask(stack, "GET", f"{user}/devices")["devices"]
    assert [one["status"] for one in found] == ["active", "active"]
    device = f"/devices/{found[0]['device_id']}"
    assert ask(stack, "PATCH", device, name="Old phone")["name"] == "Old phone"
    assert ask(stack, "DELETE", device)["status"] == "revoked"

    third = Phone()
    anew = ask(stack, "POST", "/enrollments", 201, user={"email": email}, revoke_devices=True)
    assert third.enroll(anew["url"])["status"] == "active"
    assert ask(stack, "PATCH", user, disabled=True)["status"] == "disabled"
    assert ask(stack, "GET", f"/users?email={email}")["users"][0]["enrollment"]["devices"] == 1
    assert ask(stack, "DELETE", user)["status"] == "erased"
    assert ask(stack, "GET", f"{user}/devices", 404)["code"] == "unknown_user"
    told = {one["type"] for one in ask(stack, "GET", f"{user}/events")["events"]}
    assert told >= {"device.enrolled", "device.confirmed", "device.revoked", "user.disabled", "user.erased"}
    assert "user.erased" in {one["type"] for one in ask(stack, "GET", "/events")["events"]}


def test_an_invite_is_withdrawn_and_its_phone_is_told(stack: Stack, email: str) -> None:
    invited = ask(stack, "POST", "/enrollments", 201, user={"email": email})
    assert ask(stack, "DELETE", f"/enrollments/{invited['enrollment_id']}")["state"] == "withdrawn"
    with pytest.raises(Refused) as refused:
        Phone().enroll(invited["url"])
    assert (refused.value.status, refused.value.code) == (410, "invite_over")


def test_a_company_is_invited_and_counted(stack: Stack) -> None:
    before = ask(stack, "GET", "/enrollments")
    rows = "\n".join(f"ada-{secrets.token_hex(6)}@example.com,Ada" for _ in range(3))
    done = ask(stack, "POST", "/enrollments", csv=f"email,given_name\n{rows}")
    assert (done["invited"], done["refused"]) == (3, 0)
    assert ask(stack, "GET", "/enrollments")["users"] == before["users"] + 3

"""A company is invited by one call: from a list or from CSV, each row with its own outcome."""

from typing import Any

import pytest

from tests.acts import disable
from tests.calls import Answer
from tests.enrolments import fresh_email
from tests.house import House
from tests.people import WEEK, a_tenant, acts, ask, state, status_of, use, user, wrong_fields
from tests.witness import nothing_written


def invite_all(house: House, tenant: str, **body: Any) -> Answer:
    return ask(house, tenant, "POST_enrollments", body)


def results(answer: Answer) -> list[dict[str, Any]]:
    assert answer.status == 200, answer.body
    return list(answer.json["results"])


def test_each_of_a_list_gets_an_invite_that_works(house: House) -> None:
    tenant, emails = a_tenant(), [fresh_email() for _ in range(3)]

    answer = invite_all(house, tenant, users=[{"email": email} for email in emails], ttl_seconds=WEEK)

    found = results(answer)
    assert (answer.json["invited"], answer.json["refused"]) == (3, 0)
    assert [(one["row"], one["status"]) for one in found] == [(1, "invited"), (2, "invited"), (3, "invited")]
    assert [user(house, one["user_id"]).email for one in found] == emails
    assert all(one["confirmation_required"] for one in found)
    assert status_of(house, use(house, found[1]).person.device) == "pending"
    assert acts(house, tenant) == ["device.enrolled", *["device.invited"] * 3]


def test_csv_says_the_same(house: House) -> None:
    tenant, email = a_tenant(), fresh_email()
    csv = (
        "\ufeffEmail, given_name ,family_name,groups\r\n"
        f'{email.upper()},Grace,"Hopper, Rear Admiral",Staff;Navy\r\n'
        "\r\n"
        f"{fresh_email()},,,\r\n"
    )
    found = results(invite_all(house, tenant, csv=csv))
    assert [one["status"] for one in found] == ["invited", "invited"]
    made = user(house, found[0]["user_id"])
    assert (made.email, made.given_name, made.family_name) == (email, "Grace", "Hopper, Rear Admiral")
    assert made.groups == ("Staff", "Navy")
    assert user(house, found[1]["user_id"]).given_name is None


def test_a_row_that_is_refused_leaves_the_others_as_they_are(house: House) -> None:
    tenant, email = a_tenant(), fresh_email()
    person = house.person(tenant)
    disable(house, person)
    users = [
        {"email": email},
        {"email": "no address"},
        {"email": person.user.email},
        {"email": email.upper()},
        {"email": fresh_email(), "role": "admin"},
        "someone@example.com",
    ]

    answer = invite_all(house, tenant, users=users)

    found = results(answer)
    assert [one.get("code") for one in found] == [
        None,
        "invalid_field",
        "user_disabled",
        "user_named_twice",
        "invalid_field",
        "invalid_field",
    ]
    assert (answer.json["invited"], answer.json["refused"]) == (1, 5)
    assert found[1]["fields"][0]["field"] == "user.email"
    assert state(house, tenant, found[0]["enrollment_id"]) == "open"


FORMULAS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1"]


@pytest.mark.parametrize("cell", FORMULAS)
@pytest.mark.parametrize("column", ["given_name", "family_name", "groups"])
def test_a_cell_that_is_a_formula_is_refused_and_not_repeated(house: House, cell: str, column: str) -> None:
    tenant = a_tenant()
    with nothing_written(house):
        answer = invite_all(house, tenant, csv=f'email,{column}\n{fresh_email()},"{cell}"\n')
    (one,) = results(answer)
    assert (one["status"], one["code"]) == ("refused", "invalid_field")
    assert cell.strip() not in answer.body


def test_whose_an_invite_is_is_told_and_nothing_else_of_a_row(house: House) -> None:
    tenant = a_tenant()
    rows = ["Ada@example.com,MARK", "MARK,MARK", "a@example.com,MARK,MARK"]
    answer = invite_all(house, tenant, csv="\n".join(["email,given_name", *rows]))
    assert [one["status"] for one in results(answer)] == ["invited", "refused", "refused"]
    assert [one.get("email") for one in results(answer)] == ["ada@example.com", None, None]
    assert "mark" not in answer.body.lower()


def test_an_invite_is_told_with_its_address_however_the_rows_lie(house: House) -> None:
    """RFC 4180: a line break in quotes ends no row, and columns come in any order."""
    tenant = a_tenant()
    table = 'given_name,email\n"Ada\nLovelace",a@example.com\n  \nGrace,b@example.com\n'
    told = results(invite_all(house, tenant, csv=table))
    invited = {one["user_id"]: one["email"] for one in told if one["status"] == "invited"}
    assert invited == {user_id: user(house, user_id).email for user_id in invited}
    assert "b@example.com" in invited.values()


def test_a_row_with_another_number_of_cells_is_refused(house: House) -> None:
    csv = f"email,given_name\n{fresh_email()}\n{fresh_email()},A,B\n"
    found = results(invite_all(house, a_tenant(), csv=csv))
    assert [one["fields"][0]["field"] for one in found] == ["row", "row"]


BODIES: dict[str, dict[str, Any]] = {
    "an empty list": {"users": []},
    "a text as list": {"users": "a@example.com"},
    "an object as list": {"users": {"email": "a@example.com"}},
    "too many": {"users": [{"email": "a@example.com"}] * 101},
    "a list and csv": {"users": [{"email": "a@example.com"}], "csv": "email\na@example.com"},
    "a list and one": {"users": [{"email": "a@example.com"}], "user": {"email": "a@example.com"}},
    "phones to revoke": {"users": [{"email": "a@example.com"}], "revoke_devices": True},
    "too long a life": {"users": [{"email": "a@example.com"}], "ttl_seconds": WEEK + 1},
    "a list as csv": {"csv": ["email"]},
    "an empty csv": {"csv": ""},
    "a csv of a header": {"csv": "email\n"},
    "a csv without a header": {"csv": "a@example.com\n"},
    "a csv without addresses": {"csv": "given_name\nAda\n"},
    "a csv with an unknown column": {"csv": "email,role\na@example.com,admin\n"},
    "a csv with a column twice": {"csv": "email,email\na@example.com,b@example.com\n"},
    "a csv with semicolons": {"csv": "email;given_name\na@example.com;Ada\n"},
    "a csv with an open quote": {"csv": 'email\n"a@example.com\n'},
    "too long a csv": {"csv": "email\n" + "a@example.com\n" * 101},
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_is_no_list_of_people_is_refused_as_a_whole(house: House, body: dict[str, Any]) -> None:
    with nothing_written(house):
        answer = invite_all(house, a_tenant(), **body)
    assert wrong_fields(answer)


def test_a_very_large_body_is_refused(house: House) -> None:
    with nothing_written(house):
        answer = invite_all(house, a_tenant(), csv="email\n" + "x" * 65_536)
    assert (answer.status, answer.code) == (400, "body_too_large")

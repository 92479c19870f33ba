"""POST /applications/{application_id}/attributes/preview: what an assertion would carry."""

from typing import Any

import pytest

from passwordless.model.policies import NameIdFormat, Policy
from passwordless.saml import names
from tests.calls import Answer
from tests.conformance.lab import login
from tests.house import House
from tests.service_providers import an_application, preview
from tests.told import failure
from tests.witness import rows


def pairs(answer: Answer) -> list[tuple[str, list[str]]]:
    assert answer.status == 200, answer.body
    return [(one["name"], one["values"]) for one in answer.json["attributes"]]


def test_the_preview_says_what_the_next_assertion_says(house: House) -> None:
    application, person = an_application(house), house.person()
    told = preview(house, application, email=person.user.email.upper())
    sent = login(house, application, person).posted
    assert [name for name, _ in pairs(told)] == sent.all("//a:Attribute/@Name")
    assert [value for _, values in pairs(told) for value in values] == sent.all("//a:AttributeValue/text()")
    assert told.json["name_id"] == {
        "format": sent.one("//a:NameID/@Format"),
        "value": sent.one("//a:NameID/text()"),
    }
    assert told.json["authn_context"] == sent.one("//a:AuthnContextClassRef/text()")


def test_planned_attributes_are_shown_and_not_stored(house: House) -> None:
    application, person = an_application(house), house.person()
    before = rows(house)
    planned = [
        {"name": "mail", "source": "email"},
        {"name": "https://aws.amazon.com/SAML/Attributes/Role", "constant": "arn:aws:iam::1:role/x"},
    ]
    told = preview(house, application, user_id=person.user.user_id, attributes=planned)
    assert pairs(told) == [
        ("mail", [person.user.email]),
        ("https://aws.amazon.com/SAML/Attributes/Role", ["arn:aws:iam::1:role/x"]),
    ]
    assert [one["name_format"] for one in told.json["attributes"]] == [
        names.ATTRIBUTE_BASIC,
        names.ATTRIBUTE_URI,
    ]
    assert rows(house) == before


def test_a_transient_name_id_has_no_value_before_the_login(house: House) -> None:
    application = an_application(house, policy=Policy(name_id_format=NameIdFormat.TRANSIENT))
    told = preview(house, application, user_id=house.person().user.user_id)
    assert told.json["name_id"] == {"format": names.TRANSIENT}


def test_no_name_id_is_shown_where_none_is_told(house: House) -> None:
    application = an_application(house, policy=Policy(name_id_format=NameIdFormat.NONE))
    assert "name_id" not in preview(house, application, user_id=house.person().user.user_id).json


def test_a_user_of_another_tenant_is_told_like_an_unknown_one(house: House) -> None:
    application, foreign = an_application(house), house.person("other")
    for body in (
        {"user_id": foreign.user.user_id},
        {"email": foreign.user.email},
        {"user_id": "usr_unknown"},
        {"user_id": f"email#{foreign.user.email}"},
        {"email": "not an address"},
    ):
        assert failure(preview(house, application, **body)) == (404, "unknown_user")


def test_an_application_of_another_tenant_is_unknown(house: House) -> None:
    answer = preview(house, house.application("other"), email=house.person().user.email)
    assert failure(answer) == (404, "unknown_application")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"user_id": "usr_1", "email": "ada@example.com"},
        {"email": 7},
        {"email": "ada@example.com", "attributes": "mail"},
        {"email": "ada@example.com", "attributes": [{"name": "x", "source": "pairwise_key"}]},
        {"email": "ada@example.com", "attributes": [{"name": "x", "source": "__class__"}]},
        {"email": "ada@example.com", "code": "print(1)"},
    ],
)
def test_a_body_that_cannot_be_is_malformed(house: House, body: dict[str, Any]) -> None:
    assert failure(preview(house, an_application(house), **body)) == (400, "invalid_field")

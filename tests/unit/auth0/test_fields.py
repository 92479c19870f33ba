"""The body of POST /applications."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless.auth0.fields import read
from passwordless.errors import Malformed
from tests.unit.auth0.fakes import SECRET, a_body, some_fields


def complaints(body: dict[str, Any]) -> dict[str, str]:
    """Read a bad body and return the reasons by field."""
    with pytest.raises(Malformed) as caught:
        read(body)
    assert caught.value.code == "invalid_field"
    assert caught.value.__context__ is None
    listed: Any = caught.value.extra["fields"]
    return {one["field"]: one["reason"] for one in listed}


def test_what_people_paste_is_tidied() -> None:
    fields = some_fields(
        name="  Acme\u202e\t Portal ",
        auth0_client_id=" client0123456789\n",
        auth0_client_secret=f" {SECRET}\n",
        test_users=[" Ada@Example.COM "],
        email_domains=["Example.COM", "example.com"],
    )
    assert fields.name == "Acme Portal"
    assert fields.auth0_client_id == "client0123456789"
    assert fields.auth0_client_secret.reveal() == SECRET
    assert fields.test_users == ("ada@example.com",)
    assert fields.email_domains == ("example.com",)


def test_null_counts_as_absent() -> None:
    assert read({**a_body(), "test_users": None, "custom_domain": None, "mode": None}).test_users == ()


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"name": None}, "name", "is required"),
        ({"name": ""}, "name", "visible"),
        ({"name": "\u200b\u202e"}, "name", "visible"),
        ({"name": "x" * 129}, "name", "at most 128"),
        ({"name": 7}, "name", "string"),
        ({"integration": None}, "integration", "is required"),
        ({"integration": "ldap"}, "integration", "not one of"),
        ({"integration": ["auth0-saml"]}, "integration", "not one of"),
        ({"auth0_domain": None}, "auth0_domain", "is required"),
        ({"auth0_domain": {}}, "auth0_domain", "string"),
        ({"auth0_domain": "a" * 301}, "auth0_domain", "at most 300"),
        ({"auth0_client_id": "with space"}, "auth0_client_id", "Client ID"),
        ({"auth0_client_id": "short"}, "auth0_client_id", "Client ID"),
        ({"auth0_client_secret": None}, "auth0_client_secret", "is required"),
        ({"auth0_client_secret": ""}, "auth0_client_secret", "Client Secret"),
        ({"auth0_client_secret": f"{SECRET}\x00"}, "auth0_client_secret", "Client Secret"),
        ({"auth0_client_secret": f"{SECRET} {SECRET}"}, "auth0_client_secret", "Client Secret"),
        ({"auth0_client_secret": [SECRET]}, "auth0_client_secret", "string"),
        ({"auth0_client_secret": SECRET * 40}, "auth0_client_secret", "at most"),
        ({"mode": "magic"}, "mode", "not one of"),
        ({"custom_domain": 7}, "custom_domain", "string"),
        ({"custom_domain": ["login.example.com"]}, "custom_domain", "string"),
        ({"custom_domain": "a" * 301}, "custom_domain", "at most 300"),
        ({"test_users": "ada@example.com"}, "test_users", "list"),
        ({"test_users": ["ada"]}, "test_users", "e-mail"),
        ({"test_users": [None]}, "test_users", "e-mail"),
        ({"test_users": ["a@example.com"] * 201}, "test_users", "at most 200"),
        ({"email_domains": ["example"]}, "email_domains", "domain names"),
        ({"email_domains": ["https://example.com"]}, "email_domains", "domain names"),
        ({"test_redirect_uri": "javascript:alert(1)"}, "test_redirect_uri", "https://"),
        ({"test_redirect_uri": "http://app.example.com/cb"}, "test_redirect_uri", "https://"),
        ({"test_redirect_uri": "https://a@b.example"}, "test_redirect_uri", "https://"),
        ({"auth0_secret": "x"}, "auth0_secret", "not known"),
    ],
)
def test_a_wrong_field_is_named_with_its_reason(changes: dict[str, Any], field: str, reason: str) -> None:
    found = complaints(a_body(**changes))
    assert list(found) == [field]
    assert reason in found[field]


def test_every_wrong_field_is_named_at_once() -> None:
    assert set(complaints({})) == {
        "name",
        "integration",
        "auth0_domain",
        "auth0_client_id",
        "auth0_client_secret",
    }


@pytest.mark.parametrize("secret", [SECRET, "", 7, [SECRET], {"x": SECRET}])
def test_manual_mode_refuses_a_secret_and_does_not_repeat_it(secret: object) -> None:
    found = complaints(a_body(mode="manual", auth0_client_secret=secret))
    assert found == {"auth0_client_secret": "must be left out: in manual mode no secret is taken"}


def test_manual_mode_wants_the_client_that_the_connection_is_for() -> None:
    body = a_body(mode="manual", auth0_client_secret=None, auth0_client_id=None)
    assert complaints(body) == {"auth0_client_id": "is required"}


def test_a_mode_that_is_no_text_is_none_of_the_known_ones() -> None:
    assert complaints(a_body(mode=["manual"])) == {"mode": "is not one of the known values"}


@pytest.mark.parametrize(
    "body",
    [
        a_body(auth0_client_secret=f"{SECRET} {SECRET}"),
        a_body(auth0_client_secret={"a": SECRET}),
        a_body(mode="manual"),
        a_body(custom_domain=[SECRET]),
        a_body(auth0_client_id=f"{SECRET}!"),
        a_body(test_users=[SECRET]),
        a_body(integration=SECRET),
        {**a_body(), SECRET: "x"},
        {**a_body(), "nested": {SECRET: SECRET}},
    ],
)
def test_a_complaint_never_repeats_a_value(body: dict[str, Any]) -> None:
    with pytest.raises(Malformed) as caught:
        read(body)
    told = f"{caught.value.detail} {caught.value.extra} {caught.value} {caught.value.private}"
    assert SECRET not in told


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    [*a_body(), "mode", "custom_domain", "test_users", "email_domains", "test_redirect_uri"]
)


@given(st.dictionaries(NAMES | st.text(max_size=8), JSON, max_size=6))
def test_any_json_is_read_or_refused(changes: dict[str, Any]) -> None:
    with suppress(Malformed):
        assert 0 < len(read({**a_body(), **changes}).name) <= 128

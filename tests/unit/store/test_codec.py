"""Every stored dataclass comes back from DynamoDB's form as it went in."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given, settings
from hypothesis import strategies as st

from passwordless.model.applications import Application
from passwordless.model.blocks import Block
from passwordless.model.browser_sessions import BrowserSession, Participation
from passwordless.model.events import Event
from passwordless.model.people import Device, DeviceKey, Enrollment, KeyUse, User, UserStatus
from passwordless.model.policies import MAX_KM, MAX_SESSION_SECONDS, NameIdFormat, Policy, RelayRisk
from passwordless.model.sessions import Decision, LoginSession, SamlRequest, Status
from passwordless.model.signing_keys import SigningKey
from passwordless.store.attempts import Attempt
from passwordless.store.codec import Item, decode, encode

STORED: list[type] = [
    Application,
    Attempt,
    Block,
    BrowserSession,
    Device,
    Enrollment,
    Event,
    LoginSession,
    Participation,
    SigningKey,
    User,
]
PLAIN: Mapping[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    int: st.integers(min_value=0, max_value=1 << 40),
    bool: st.booleans(),
    bytes: st.binary(max_size=40),
    NoneType: st.none(),
}
BOUNDED: Mapping[Any, st.SearchStrategy[Any]] = {
    Policy: st.builds(
        Policy,
        session_seconds=st.integers(0, MAX_SESSION_SECONDS),
        idp_initiated=st.booleans(),
        relay_state=st.none() | st.just("https://app.example.com/start"),
        name_id_format=st.sampled_from(NameIdFormat),
        authn_context=st.none() | PLAIN[str],
        relay_risk=st.sampled_from(RelayRisk),
        block_beyond_km=st.integers(0, MAX_KM),
        one_factor=st.booleans(),
    )
}
"""Dataclasses that refuse some values of their fields' types."""


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for the values of a field of this type."""
    of, arguments = get_origin(hint), get_args(hint)
    if of is UnionType:
        return st.one_of([values(argument) for argument in arguments])
    if of is Mapping:
        return st.dictionaries(values(arguments[0]), values(arguments[1]), max_size=4)
    if of in (tuple, frozenset):
        return st.lists(values(arguments[0]), max_size=3).map(of)
    if hint in BOUNDED:
        return BOUNDED[hint]
    if is_dataclass(hint):
        return instances(hint)
    return st.sampled_from(hint) if issubclass(hint, Enum) else PLAIN[hint]


def instances(kind: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for instances of a dataclass, every field set."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: values(hints[field.name]) for field in fields(kind)})


def through_dynamodb(item: Item) -> Item:
    """Return an item as it comes back from a table."""
    written = {name: TypeSerializer().serialize(value) for name, value in item.items()}
    return {name: TypeDeserializer().deserialize(value) for name, value in written.items()}


def returned(value: Any) -> Any:
    return decode(type(value), through_dynamodb(encode(value)))


@pytest.mark.parametrize("kind", STORED)
@given(data=st.data())
@settings(max_examples=30)
def test_a_value_comes_back_as_it_went_in(kind: type, data: st.DataObject) -> None:
    value = data.draw(instances(kind))
    assert returned(value) == value


@pytest.mark.parametrize("kind", STORED)
@given(data=st.data())
@settings(max_examples=30)
def test_what_comes_back_has_the_types_that_went_in(kind: type, data: st.DataObject) -> None:
    value = data.draw(instances(kind))
    back = returned(value)
    types = {field.name: type(getattr(value, field.name)) for field in fields(value)}
    assert {name: type(getattr(back, name)) for name in types} == types


@pytest.mark.parametrize("kind", STORED)
@given(data=st.data())
@settings(max_examples=20)
def test_keys_and_expiry_that_a_store_adds_are_passed_over(kind: type, data: st.DataObject) -> None:
    value = data.draw(instances(kind))
    assert decode(kind, through_dynamodb({"pk": "k", "sk": "s", "ttl": 7, **encode(value)})) == value


def test_a_request_without_relay_state_comes_back() -> None:
    """An optional field without a default is left out of the item all the same."""
    request = SamlRequest(
        "_1", "urn:auth0:acme:demo", "https://acme.auth0.com/login/callback", None, signed=True
    )
    assert "relay_state" not in encode(request)
    assert returned(request) == request


def test_a_refusal_without_user_verification_comes_back() -> None:
    decision = Decision("dev_1", "usr_1", 1_800_000_000, "hash", None)
    assert returned(decision) == decision


def test_an_item_that_lacks_a_required_field_is_not_decoded() -> None:
    item = encode(DeviceKey("kid", "x", "y", frozenset({KeyUse.DEVICE})))
    del item["kid"]
    with pytest.raises(TypeError, match="kid"):
        decode(DeviceKey, item)


def test_a_value_outside_an_enumeration_is_not_decoded() -> None:
    user = User("usr_1", "acme", "ada@example.com", "key", 7)
    with pytest.raises(ValueError, match="superuser"):
        decode(User, {**encode(user), "status": "superuser"})


def test_an_item_written_before_a_field_existed_gets_its_default() -> None:
    item = encode(User("usr_1", "acme", "ada@example.com", "key", 7))
    del item["status"]
    assert decode(User, item).status is UserStatus.ACTIVE


def test_absent_values_are_left_out() -> None:
    assert "given_name" not in encode(User("usr_1", "acme", "ada@example.com", "key", 7))


def test_sets_become_ordered_lists_so_that_equal_values_make_equal_items() -> None:
    key = DeviceKey("kid", "x", "y", frozenset({KeyUse.DEVICE, KeyUse.APPROVE}))
    assert encode(key)["uses"] == ["approve", "device"]


def test_an_enumeration_is_stored_by_its_value() -> None:
    assert encode({"status": Status.SCANNED}) == {"status": "scanned"}
    assert type(encode(Status.SCANNED)) is str


@dataclass(frozen=True)
class Counted:
    """A number and bytes as boto3 returns them."""

    number: int
    raw: bytes


def test_numbers_come_back_as_integers_and_binary_as_bytes() -> None:
    item = through_dynamodb(encode(Counted(7, b"\x00\xff")))
    assert isinstance(item["number"], Decimal)
    back = decode(Counted, item)
    assert (type(back.number), type(back.raw), back) == (int, bytes, Counted(7, b"\x00\xff"))

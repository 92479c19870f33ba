"""The keys function: its handler, and how connect reads what it answers."""

import io
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from functions.keys import handler
from passwordless.errors import Conflict, Failure, Unavailable
from passwordless.keys_function import current_signing_key, next_signing_key
from passwordless.model.signing_keys import SigningKey, SigningKeyStatus
from passwordless.store.codec import encode
from passwordless.wiring import Wiring
from tests.house import Clock, config
from tests.unit.auth0.certificates import signing_key

REFERENCE = "ABCDEFGHIJKLMNOP"


@dataclass
class FakeKeyMaker:
    """Makes a key, or fails."""

    failure: Failure | None = None
    tenants: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)

    def current(self, tenant: str, _: datetime, reference: str) -> SigningKey:
        self.references.append(reference)
        self.tenants.append(tenant)
        if self.failure is not None:
            raise self.failure
        return signing_key(tenant)

    def next(self, tenant: str, now: datetime, reference: str) -> SigningKey:
        return replace(self.current(tenant, now, reference), status=SigningKeyStatus.NEXT, last_pinned_at=7)


@dataclass
class FakeLambda:
    """Answers an invocation."""

    payload: bytes = b""
    error: Exception | None = None
    function_error: str | None = None
    invoked: list[dict[str, Any]] = field(default_factory=list)

    def invoke(self, **call: Any) -> dict[str, Any]:
        self.invoked.append(call)
        if self.error is not None:
            raise self.error
        failed = {} if self.function_error is None else {"FunctionError": self.function_error}
        return {"StatusCode": 200, "Payload": io.BytesIO(self.payload), **failed}


def made_by(maker: FakeKeyMaker, event: dict[str, Any]) -> dict[str, Any]:
    """Call the handler."""
    house = Wiring(config(), clock=Clock())
    house.__dict__["key_maker"] = maker
    return handler.key(house, event)


def asked(client: Any) -> SigningKey:
    """Ask for the key of tenant acme."""
    return current_signing_key(client, "stack-keys", "acme", REFERENCE)


def test_a_key_survives_the_way_from_one_function_to_the_other() -> None:
    answer = json.dumps(made_by(FakeKeyMaker(), {"tenant": "acme"})).encode()
    client = FakeLambda(answer)
    assert asked(client) == signing_key("acme")
    (call,) = client.invoked
    assert call["FunctionName"] == "stack-keys"
    assert json.loads(call["Payload"]) == {"tenant": "acme", "correlation_id": REFERENCE}


@pytest.mark.parametrize(
    "event", [{}, {"tenant": ""}, {"tenant": "Acme"}, {"tenant": ["acme"]}, {"tenant": 7}, {"tenant": "a\n"}]
)
def test_no_key_is_made_for_what_is_no_tenant(event: dict[str, Any]) -> None:
    maker = FakeKeyMaker()
    assert made_by(maker, event) == {"error": "invalid_tenant"}
    assert maker.tenants == []


def test_a_failure_is_answered_by_its_code() -> None:
    busy = Unavailable("signing_key_busy", "The tenant's signing key is being made.", retry_after=2)
    assert made_by(FakeKeyMaker(busy), {"tenant": "acme"}) == {"error": "signing_key_busy"}


def test_the_next_key_survives_the_way_too() -> None:
    answer = json.dumps(made_by(FakeKeyMaker(), {"tenant": "acme", "make": "next"})).encode()
    client = FakeLambda(answer)
    key = next_signing_key(cast("Any", client), "stack-keys", "acme", REFERENCE)
    assert key == replace(signing_key("acme"), status=SigningKeyStatus.NEXT, last_pinned_at=7)
    sent = {"tenant": "acme", "make": "next", "correlation_id": REFERENCE}
    assert json.loads(client.invoked[0]["Payload"]) == sent


def test_the_callers_correlation_id_goes_on_to_what_is_signed() -> None:
    maker = FakeKeyMaker()
    made_by(maker, {"tenant": "acme", "correlation_id": REFERENCE})
    assert maker.references == [REFERENCE]


@pytest.mark.parametrize("told", [None, "", "short", 7, "A" * 17, "A" * 15 + "\n", ["A" * 16]])
def test_what_is_no_correlation_id_is_replaced_by_a_fresh_one(told: object) -> None:
    maker = FakeKeyMaker()
    made_by(maker, {"tenant": "acme", "correlation_id": told})
    (reference,) = maker.references
    assert reference != told
    assert handler.REFERENCE.fullmatch(reference)


@pytest.mark.parametrize("make", ["", "first", None, ["next"], 7])
def test_no_key_is_made_for_what_is_neither_current_nor_next(make: object) -> None:
    maker = FakeKeyMaker()
    assert made_by(maker, {"tenant": "acme", "make": make}) == {"error": "invalid_make"}
    assert maker.tenants == []


@pytest.mark.parametrize("code", ["no_signing_key", "next_key_exists"])
def test_a_refusal_arrives_as_what_it_was(code: str) -> None:
    client = FakeLambda(json.dumps({"error": code}).encode())
    with pytest.raises(Conflict) as caught:
        next_signing_key(cast("Any", client), "stack-keys", "acme", REFERENCE)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("client", "code"),
    [
        (FakeLambda(b'{"error": "signing_key_busy"}'), "signing_key_busy"),
        (FakeLambda(b'{"error": "signing_unavailable"}'), "signing_unavailable"),
        (FakeLambda(b'{"error": "invalid_tenant"}'), "signing_unavailable"),
        (FakeLambda(b'{"errorMessage": "x"}', function_error="Unhandled"), "signing_unavailable"),
        (FakeLambda(b"not json"), "signing_unavailable"),
        (FakeLambda(b"null"), "signing_unavailable"),
        (FakeLambda(b'{"key_id": "key_1"}'), "signing_unavailable"),
        (FakeLambda(json.dumps({**encode(signing_key()), "status": "?"}).encode()), "signing_unavailable"),
        (FakeLambda(error=ClientError({"Error": {"Code": "AccessDenied"}}, "Invoke")), "signing_unavailable"),
        (FakeLambda(error=ReadTimeoutError(endpoint_url="https://x")), "signing_unavailable"),
    ],
)
def test_whatever_goes_wrong_is_a_failure_to_try_again(client: FakeLambda, code: str) -> None:
    with pytest.raises(Unavailable) as caught:
        asked(client)
    assert (caught.value.code, caught.value.retry_after) == (code, 2)

"""The keys function: its handler, and how connect reads what it answers."""

import io
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from functions.keys import handler
from passwordless.errors import Failure, Unavailable
from passwordless.keys_function import current_signing_key
from passwordless.model.signing_keys import SigningKey
from passwordless.store.codec import encode
from passwordless.wiring import Wiring
from tests.house import Clock, config
from tests.unit.auth0.certificates import signing_key


@dataclass
class FakeKeyMaker:
    """Makes a key, or fails."""

    failure: Failure | None = None
    tenants: list[str] = field(default_factory=list)

    def current(self, tenant: str, _: datetime) -> SigningKey:
        self.tenants.append(tenant)
        if self.failure is not None:
            raise self.failure
        return signing_key(tenant)


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
    return handler.current(house, event)


def asked(client: Any) -> SigningKey:
    """Ask for the key of tenant acme."""
    return current_signing_key(client, "stack-keys", "acme")


def test_a_key_survives_the_way_from_one_function_to_the_other() -> None:
    answer = json.dumps(made_by(FakeKeyMaker(), {"tenant": "acme"})).encode()
    client = FakeLambda(answer)
    assert asked(client) == signing_key("acme")
    assert client.invoked == [{"FunctionName": "stack-keys", "Payload": b'{"tenant": "acme"}'}]


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

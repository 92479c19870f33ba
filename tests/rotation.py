"""An administrator rotates signing keys: calls of connect, whose keys function is called in this process."""

import base64
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from functions.connect import handler as connect
from functions.keys import handler as keys
from functions.sso import handler as sso
from passwordless.keys_function import current_signing_key, next_signing_key
from passwordless.model.applications import Application
from passwordless.model.signing_keys import SigningKey
from passwordless.wiring import Wiring
from tests.calls import Answer, call
from tests.house import House, event


@dataclass(frozen=True)
class _Lambda:
    """Answers an invocation of the keys function as Lambda does."""

    house: Wiring

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - as the SDK calls it
        assert FunctionName == self.house.config.keys_function
        told = keys.key(self.house, json.loads(Payload))
        return {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(told).encode())}


class _WithKeysFunction(Wiring):
    """A wiring that has the keys function at hand."""

    def current_signing_key(self, tenant: str, correlation_id: str) -> SigningKey:
        keys = self.config.keys_function
        return current_signing_key(cast("Any", _Lambda(self)), keys, tenant, correlation_id)

    def next_signing_key(self, tenant: str, correlation_id: str) -> SigningKey:
        return next_signing_key(cast("Any", _Lambda(self)), self.config.keys_function, tenant, correlation_id)


def with_keys_function(house: House) -> House:
    """Return the same house with its keys function."""
    wiring = _WithKeysFunction(house.wiring.config, clock=house.clock, aws=house.wiring.aws)
    return House(wiring, house.clock, house.signing_keys)


def administer(
    house: House,
    tenant: str,
    name: str,
    body: object = None,
    *,
    raw: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    **changes: Any,
) -> Answer:
    """Call connect as an administrator of a tenant, with a body as JSON or with `raw` bytes."""
    loaded = event(name)
    context = loaded["requestContext"]
    claims = {**context["authorizer"]["jwt"]["claims"], "tenant": tenant}
    context["authorizer"]["jwt"]["claims"] = claims
    parts = [json.dumps(part).encode() for part in ({"typ": "at+jwt", "alg": "RS256"}, claims)]
    token = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (*parts, b"x"))
    given: dict[str, Any] = {} if body is None else {"body": json.dumps(body)}
    if raw is not None:
        given = {"body": base64.b64encode(raw).decode(), "isBase64Encoded": True}
    return call(
        house,
        connect.handler,
        name,
        requestContext=context,
        headers={"authorization": f"Bearer {token}", **(headers or {})},
        **given,
        **changes,
    )


def listed(house: House, tenant: str) -> list[dict[str, Any]]:
    """Return a tenant's keys as GET /signing-keys tells them."""
    answer = administer(house, tenant, "GET_signing-keys")
    assert answer.status == 200, answer.body
    return list(answer.json["signing_keys"])


def states(house: House, tenant: str) -> list[str]:
    """Return the states of a tenant's keys, the oldest key first."""
    return [key["state"] for key in listed(house, tenant)]


def rotate(house: House, tenant: str, action: str, key_id: str | None = None) -> Answer:
    """Call POST /signing-keys."""
    named = {} if key_id is None else {"key_id": key_id}
    return administer(house, tenant, "POST_signing-keys", {"action": action, **named})


def make_next(house: House, tenant: str) -> str:
    """Make the next key, a second later, and return its id."""
    house.clock.forward(1)
    answer = rotate(house, tenant, "next")
    assert answer.status == 201, answer.body
    (key,) = [key for key in answer.json["signing_keys"] if key["state"] == "next"]
    return str(key["key_id"])


def move(house: House, application: Application, key_id: str, **body: Any) -> Answer:
    """Call POST /applications/{application_id}/signing-key, confirmed unless told otherwise."""
    return administer(
        house,
        application.tenant,
        "POST_signing-key",
        {"key_id": key_id, "confirmed": True, **body},
        pathParameters={"application_id": application.application_id},
    )


def fetch_metadata(house: House, application: Application, etag: str | None = None) -> Answer:
    """Fetch an application's metadata, with the ETag of a copy if there is one."""
    headers = {} if etag is None else {"if-none-match": etag}
    parameters = {"application_id": application.application_id}
    return call(house, sso.handler, "GET_metadata", headers=headers, pathParameters=parameters)

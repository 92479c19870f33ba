"""The keys function as its one caller sees it: connect asks for a tenant's keys and may not make one itself."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from passwordless.errors import Failure, Unavailable
from passwordless.model.signing_keys import SigningKey, next_key_exists, no_signing_key
from passwordless.store.codec import decode

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

BUSY = "signing_key_busy"


def current_signing_key(
    client: "LambdaClient", function: str, tenant: str, correlation_id: str
) -> SigningKey:
    """Return the tenant's current key, made now if there is none.

    Raises Unavailable: `signing_key_busy` while another call is making it, `signing_unavailable` otherwise.
    """
    return _asked(client, function, {"tenant": tenant, "correlation_id": correlation_id})


def next_signing_key(client: "LambdaClient", function: str, tenant: str, correlation_id: str) -> SigningKey:
    """Return a new key that is to follow the tenant's current one.

    Raises as `current_signing_key`, and Conflict: `no_signing_key`, `next_key_exists`.
    """
    asked = {"tenant": tenant, "make": "next", "correlation_id": correlation_id}
    return _asked(client, function, asked)


def _asked(client: "LambdaClient", function: str, event: Mapping[str, str]) -> SigningKey:
    try:
        answer = client.invoke(FunctionName=function, Payload=json.dumps(event).encode())
        told = json.loads(answer["Payload"].read())
    except (ClientError, BotoCoreError, ValueError) as error:
        raise _unavailable(type(error).__name__) from None
    if "FunctionError" in answer or not isinstance(told, dict):
        raise _unavailable(answer.get("FunctionError", "unreadable"))
    if "error" in told:
        raise _failure(str(told["error"]))
    return _key(told)


def _key(told: dict[str, Any]) -> SigningKey:
    try:
        return decode(SigningKey, told)
    except (TypeError, ValueError):
        raise _unavailable("unreadable") from None


def _failure(code: str) -> Failure:
    refusals = {refusal.code: refusal for refusal in (no_signing_key(), next_key_exists())}
    return refusals.get(code) or _unavailable(code)


def _unavailable(cause: str) -> Unavailable:
    busy = cause == BUSY
    return Unavailable(
        BUSY if busy else "signing_unavailable",
        "The tenant's signing key is being made." if busy else "The tenant's signing key could not be made.",
        guidance="Try again in a moment.",
        private=f"keys function: {cause}",
        retry_after=2,
    )

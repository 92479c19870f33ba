"""The keys function as its one caller sees it: connect asks for a tenant's key and may not make one itself."""

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from passwordless.errors import Unavailable
from passwordless.model.signing_keys import SigningKey
from passwordless.store.codec import decode

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

BUSY = "signing_key_busy"


def current_signing_key(client: "LambdaClient", function: str, tenant: str) -> SigningKey:
    """Return the tenant's current key, made now if there is none.

    Raises Unavailable: `signing_key_busy` while another call is making it, `signing_unavailable` otherwise.
    """
    try:
        answer = client.invoke(FunctionName=function, Payload=json.dumps({"tenant": tenant}).encode())
        told = json.loads(answer["Payload"].read())
    except (ClientError, BotoCoreError, ValueError) as error:
        raise _unavailable(type(error).__name__) from None
    if "FunctionError" in answer or not isinstance(told, dict):
        raise _unavailable(answer.get("FunctionError", "unreadable"))
    if "error" in told:
        raise _unavailable(str(told["error"]))
    return _key(told)


def _key(told: dict[str, Any]) -> SigningKey:
    try:
        return decode(SigningKey, told)
    except (TypeError, ValueError):
        raise _unavailable("unreadable") from None


def _unavailable(cause: str) -> Unavailable:
    busy = cause == BUSY
    return Unavailable(
        BUSY if busy else "signing_unavailable",
        "The tenant's signing key is being made." if busy else "The tenant's signing key could not be made.",
        guidance="Try again in a moment.",
        private=f"keys function: {cause}",
        retry_after=2,
    )

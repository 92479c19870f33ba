"""Internal, no route: makes a tenant's signing key and its certificate.

Invoked by connect with `{"tenant": …}`; answers the tenant's current key, made now if there is none, or
`{"error": code}`.
"""

from collections.abc import Mapping
from typing import Any

from passwordless.admin import TENANT
from passwordless.errors import Failure
from passwordless.logs import logger
from passwordless.store.codec import encode
from passwordless.wiring import Wiring, wiring

log = logger("keys")


def handler(event: Mapping[str, Any], _: object) -> dict[str, Any]:
    """Answer with the parts that this process's environment asks for."""
    return current(wiring(), event)


def current(house: Wiring, event: Mapping[str, Any]) -> dict[str, Any]:
    """Return a tenant's current key, or the code of what went wrong."""
    tenant = event.get("tenant")
    if not isinstance(tenant, str) or not TENANT.fullmatch(tenant):
        return {"error": "invalid_tenant"}
    try:
        key = house.key_maker.current(tenant, house.now_utc)
    except Failure as failure:
        log.info("refused", extra={"tenant": tenant, "code": failure.code, "private": failure.private})
        return {"error": failure.code}
    answer: dict[str, Any] = encode(key)
    return answer

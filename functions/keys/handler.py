"""Internal, no route: makes a tenant's signing keys and their certificates.

Invoked by connect with `{"tenant": …}`; answers the tenant's current key, made now if there is none. With
`"make": "next"` it makes the key that is to follow the current one. A failure is `{"error": code}`.
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
    return key(wiring(), event)


def key(house: Wiring, event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the key that is asked for, or the code of what went wrong."""
    tenant = event.get("tenant")
    if not isinstance(tenant, str) or not TENANT.fullmatch(tenant):
        return {"error": "invalid_tenant"}
    make = event.get("make", "current")
    if make not in ("current", "next"):
        return {"error": "invalid_make"}
    maker = house.key_maker
    try:
        made = (maker.next if make == "next" else maker.current)(tenant, house.now_utc)
    except Failure as failure:
        log.info("refused", extra={"tenant": tenant, "code": failure.code, "private": failure.private})
        return {"error": failure.code}
    answer: dict[str, Any] = encode(made)
    return answer

"""Internal, no route: makes a tenant's signing keys and their certificates.

Invoked by connect with `{"tenant": …, "correlation_id": …}`; answers the tenant's current key, made now if there is
none. With `"make": "next"` it makes the key that is to follow the current one. A failure is `{"error": code}`.
"""

import re
from collections.abc import Mapping
from typing import Any

from passwordless.admin import TENANT
from passwordless.errors import Failure
from passwordless.logs import logger
from passwordless.model.tokens import base32
from passwordless.store.codec import encode
from passwordless.wiring import Wiring, wiring

REFERENCE = re.compile(r"[A-Z2-7]{16}")
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
    facts = {"tenant": tenant, "correlation_id": _reference(house, event)}
    maker = house.key_maker
    try:
        made = (maker.next if make == "next" else maker.current)(
            tenant, house.now_utc, facts["correlation_id"]
        )
    except Failure as failure:
        log.info("refused", extra={**facts, "code": failure.code, "private": failure.private})
        return {"error": failure.code}
    log.info("answered", extra={**facts, "key_id": made.key_id})
    answer: dict[str, Any] = encode(made)
    return answer


def _reference(house: Wiring, event: Mapping[str, Any]) -> str:
    """Return the caller's correlation id, a fresh one if it told none."""
    told = event.get("correlation_id")
    known = isinstance(told, str) and REFERENCE.fullmatch(told)
    return str(told) if known else base32(house.randomness(10))

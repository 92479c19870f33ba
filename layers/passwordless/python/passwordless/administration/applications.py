"""The applications of a tenant: one, or a page of them."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from passwordless.admin import Admin
from passwordless.errors import Malformed, NotFound
from passwordless.model.applications import Application
from passwordless.model.tokens import base64url, digest
from passwordless.wiring import Wiring

DEFAULT_LIMIT = 50
MAX_LIMIT = 100
_LIMIT = re.compile(r"[1-9][0-9]{0,2}")
_PAGE_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,400}")


@dataclass(frozen=True, slots=True)
class Page:
    """Some applications, newest first; `next_page_token` asks for the ones after them, None at the end."""

    applications: list[Application]
    next_page_token: str | None


def one(house: Wiring, admin: Admin, application_id: str) -> Application:
    """Return an application. Raises NotFound, the same for an unknown one and another tenant's."""
    found = house.stores.applications.get(application_id)
    if found is None or found.tenant != admin.tenant:
        raise NotFound("unknown_application", "There is no such application.")
    return found


def page(house: Wiring, admin: Admin, query: str) -> Page:
    """Return a page by the query's `limit` and `page_token`.

    Raises Malformed: `invalid_limit`; `invalid_page_token` for one that was not made for this tenant.
    """
    asked = parse_qs(query, max_num_fields=20)
    limit = asked.get("limit", [str(DEFAULT_LIMIT)])[-1]
    if not _LIMIT.fullmatch(limit) or int(limit) > MAX_LIMIT:
        raise Malformed("invalid_limit", f"limit must be a whole number from 1 to {MAX_LIMIT}.")
    start = _start(asked.get("page_token", [""])[-1], admin.tenant)
    found, following = house.stores.applications.of_tenant(admin.tenant, limit=int(limit), start=start)
    return Page(found, _token(following, admin.tenant) if following else None)


def _token(following: Mapping[str, Any], tenant: str) -> str:
    place = [str(following["pk"]), int(following["created_at"]), digest(tenant)]
    return base64url(json.dumps(place, separators=(",", ":")).encode())


def _start(token: str, tenant: str) -> dict[str, Any] | None:
    """Return where a page starts, always among the rows of the caller's tenant."""
    if not token:
        return None
    match _decoded(token):
        case [str(pk), int(created_at), str(bound)] if bound == digest(tenant) and 0 < len(pk) < 100:
            return {"pk": pk, "created_at": created_at, "tenant": tenant}
        case _:
            raise Malformed("invalid_page_token", "The page_token is not one of this list.")


def _decoded(token: str) -> Any:
    if not _PAGE_TOKEN.fullmatch(token):
        return None
    try:
        return json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None

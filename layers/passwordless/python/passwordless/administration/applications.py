"""The applications of a tenant: one, or a page of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from passwordless.admin import Admin
from passwordless.administration import paging
from passwordless.errors import NotFound
from passwordless.model.applications import Application
from passwordless.model.tokens import digest
from passwordless.wiring import Wiring


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
    limit, place = paging.asked(query)
    start = None if place is None else _start(place, admin.tenant)
    found, following = house.stores.applications.of_tenant(admin.tenant, limit=limit, start=start)
    return Page(found, _token(following, admin.tenant) if following else None)


def _token(following: Mapping[str, Any], tenant: str) -> str:
    return paging.packed([str(following["pk"]), int(following["created_at"]), digest(tenant)])


def _start(place: Any, tenant: str) -> dict[str, Any]:
    """Return where a page starts, always among the rows of the caller's tenant."""
    match place:
        case [str(pk), int(created_at), str(bound)] if bound == digest(tenant) and 0 < len(pk) < 100:
            return {"pk": pk, "created_at": created_at, "tenant": tenant}
        case _:
            raise paging.not_of_this_list()

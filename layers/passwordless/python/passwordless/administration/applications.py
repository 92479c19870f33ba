"""The applications of a tenant: one, or a page of them."""

from dataclasses import dataclass

from passwordless.admin import Admin
from passwordless.administration import paging
from passwordless.errors import NotFound
from passwordless.model.applications import Application
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
    start = None if place is None else paging.start_of_tenant(place, admin.tenant)
    found, following = house.stores.applications.of_tenant(admin.tenant, limit=limit, start=start)
    return Page(found, paging.packed_of_tenant(following, admin.tenant) if following else None)

"""What happened at an application, and why one login ended as it did."""

from dataclasses import dataclass
from typing import Any

from passwordless.admin import Admin
from passwordless.administration import paging
from passwordless.administration.applications import one
from passwordless.errors import NotFound
from passwordless.model.events import Event
from passwordless.model.tokens import digest
from passwordless.model.traces import Trace
from passwordless.wiring import Wiring


@dataclass(frozen=True, slots=True)
class History:
    """Some events, newest first; `next_page_token` asks for the ones before them, None at the end."""

    events: list[Event]
    next_page_token: str | None


def events(house: Wiring, admin: Admin, application_id: str, query: str) -> History:
    """Return a page of an application's events by the query's `limit` and `page_token`.

    Raises NotFound for an unknown application and another tenant's alike; Malformed `invalid_limit`,
    `invalid_page_token` for one that was not made for this application.
    """
    application = one(house, admin, application_id)
    limit, place = paging.asked(query)
    bound = digest(f"{application.tenant}#{application.application_id}")
    found, following = house.stores.events.of_application(
        application.tenant,
        application.application_id,
        limit=limit,
        after=None if place is None else _after(place, bound),
    )
    return History(found, None if following is None else paging.packed([following, bound]))


def transaction(house: Wiring, admin: Admin, application_id: str, correlation_id: str) -> Trace:
    """Return the trace of a login. Raises NotFound, the same for an unknown one and another tenant's.

    The tenant is a part of its key; an application that was removed since can still be asked about.
    """
    found = house.stores.traces.get(admin.tenant, application_id, correlation_id)
    if found is None:
        raise NotFound(
            "unknown_transaction",
            "There is no such sign-in.",
            guidance="A reference is kept for 30 days, and only of requests that came from the application.",
        )
    return found


def _after(place: Any, bound: str) -> str:
    match place:
        case [str(sk), str(list_of)] if list_of == bound and 0 < len(sk) < 100:
            return sk
        case _:
            raise paging.not_of_this_list()

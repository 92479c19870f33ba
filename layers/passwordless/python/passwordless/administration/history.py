"""What happened at an application, to a user, or elsewhere in a tenant, and why one login ended as it did."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from passwordless.admin import Admin
from passwordless.administration import paging
from passwordless.administration.applications import one
from passwordless.administration.users import one as user
from passwordless.errors import NotFound
from passwordless.model.events import Event
from passwordless.model.tokens import digest
from passwordless.model.traces import Trace
from passwordless.store.events import Place
from passwordless.wiring import Wiring

_APPLICATION = re.compile(r"app_[a-z2-7]{20}")
_KEY = 200

type _Page = tuple[list[Event], Place | None]


@dataclass(frozen=True, slots=True)
class History:
    """Some events, newest first; `next_page_token` asks for the ones before them, None at the end."""

    events: list[Event]
    next_page_token: str | None


def of_application(house: Wiring, admin: Admin, application_id: str, query: str) -> History:
    """Return a page of an application's events by the query's `limit` and `page_token`.

    One that was removed can be asked about as long as its events are kept. Raises NotFound for an unknown application
    and another tenant's alike; Malformed `invalid_limit`, `invalid_page_token` for one of another list.
    """

    def read(limit: int, after: Place | None) -> _Page:
        return house.stores.events.of_application(admin.tenant, application_id, limit=limit, after=after)

    if not _APPLICATION.fullmatch(application_id):
        one(house, admin, application_id)
    found = _history(query, f"{admin.tenant}#{application_id}", read)
    if not found.events:
        one(house, admin, application_id)
    return found


def of_user(house: Wiring, admin: Admin, user_id: str, query: str) -> History:
    """Return a page of what was done by or to a user, at whichever application.

    One who was erased can be asked about as long as the events are kept. Raises as `of_application`, for a user.
    """

    def read(limit: int, after: Place | None) -> _Page:
        return house.stores.events.of_user(admin.tenant, user_id, limit=limit, after=after)

    found = _history(query, f"{admin.tenant}#{user_id}", read)
    if not found.events:
        user(house, admin.tenant, user_id)
    return found


def elsewhere(house: Wiring, admin: Admin, query: str) -> History:
    """Return a page of what happened at no application: to people, phones and signing keys. Raises Malformed."""

    def read(limit: int, after: Place | None) -> _Page:
        return house.stores.events.of_application(admin.tenant, None, limit=limit, after=after)

    return _history(query, f"{admin.tenant}#-", read)


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


def _history(query: str, of: str, read: Callable[[int, Place | None], _Page]) -> History:
    """Return a page; its token is bound to the tenant and what the list is `of`."""
    limit, place = paging.asked(query)
    bound = digest(of)
    found, end = read(limit, None if place is None else _after(place, bound))
    return History(found, None if end is None else paging.packed([end.pk, end.sk, bound]))


def _after(place: Any, bound: str) -> Place:
    match place:
        case [str(pk), str(sk), str(list_of)] if (
            list_of == bound and 0 < len(pk) < _KEY and 0 < len(sk) < _KEY
        ):
            return Place(pk, sk)
        case _:
            raise paging.not_of_this_list()

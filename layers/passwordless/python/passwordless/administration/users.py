"""The users of a tenant: a page of them, how far they have come, and what an administrator changes about one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from passwordless.admin import Admin
from passwordless.administration import paging
from passwordless.enrollment import invite_fields
from passwordless.enrollment.acting import Actor, insist
from passwordless.enrollment.invite_fields import invalid
from passwordless.errors import NotFound
from passwordless.model.email_addresses import normalised
from passwordless.model.events import EventType
from passwordless.model.people import Progress, User, UserStatus
from passwordless.wiring import Wiring

COUNTED_AT_ONCE = 1000
MAX_COUNTED = 20_000
_CHANGES = frozenset({"disabled", "given_name", "family_name", "groups"})


@dataclass(frozen=True, slots=True)
class Page:
    """Some users, newest first; `next_page_token` asks for the ones after them, None at the end."""

    users: list[User]
    next_page_token: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """How many users there are, how far they have come, and how many are disabled; not `complete`: at least so many."""

    users: int
    disabled: int
    by_progress: Mapping[Progress, int]
    complete: bool


def one(house: Wiring, tenant: str, user_id: str) -> User:
    """Return a user. Raises NotFound, the same for an unknown one and another tenant's."""
    found = house.stores.users.get(user_id)
    if found is None or found.tenant != tenant:
        raise NotFound("unknown_user", "There is no such user.")
    return found


def page(house: Wiring, admin: Admin, query: str) -> Page:
    """Return a page by the query's `limit` and `page_token`, or the user with its `email`.

    Raises Malformed: `invalid_limit`, `invalid_query`, `invalid_field` for the address, `invalid_page_token` for one
    that was not made for this tenant.
    """
    limit, place = paging.asked(query)
    email = paging.read(query).get("email")
    if email is not None:
        return Page(_by_email(house, admin.tenant, email), None)
    start = None if place is None else paging.start_of_tenant(place, admin.tenant)
    found, following = house.stores.users.of_tenant(admin.tenant, limit=limit, start=start)
    return Page(found, paging.packed_of_tenant(following, admin.tenant) if following else None)


def summary(house: Wiring, admin: Admin) -> Summary:
    """Count the tenant's users by how far they have come, MAX_COUNTED at most; disabled ones count apart."""
    counted = dict.fromkeys(Progress, 0)
    total = disabled = 0
    start: Mapping[str, Any] | None = None
    while total < MAX_COUNTED:
        found, start = house.stores.users.of_tenant(admin.tenant, limit=COUNTED_AT_ONCE, start=start)
        total += len(found)
        for user in found:
            if user.status is UserStatus.DISABLED:
                disabled += 1
            else:
                counted[user.progress_at(house.now)] += 1
        if start is None:
            break
    return Summary(total, disabled, counted, complete=start is None)


def change(house: Wiring, by: Actor, user_id: str, body: Mapping[str, Any]) -> User:
    """Change what a body `{disabled?, given_name?, family_name?, groups?}` names; a name that is null is taken away.

    Disabling ends what the user began: the open invite, approvals that are not completed, and browsers' sessions, which
    do not come back when the user is enabled again. What is so already leaves no event.

    Raises Malformed `invalid_field`; NotFound `unknown_user`; Conflict `user_busy`.
    """
    changes = _read(body)
    return insist(lambda: _change(house, by, one(house, by.tenant, user_id), changes))


def erase(house: Wiring, by: Actor, user_id: str) -> None:
    """Remove a user with all phones and free address and keys, by one write; events keep the user's id.

    The same address, invited again, is a new user with other NameIDs. Raises NotFound `unknown_user`; Conflict
    `user_busy`.
    """
    insist(lambda: _erase(house, by, one(house, by.tenant, user_id)))


def _change(house: Wiring, by: Actor, old: User, changes: Mapping[str, Any]) -> User | None:
    new = replace(old, **changes)
    if new.status is UserStatus.DISABLED and old.status is UserStatus.ACTIVE:
        new = replace(new, open_enrollment=None, invited_until=None, sessions_ended_at=house.now)
    if new == old:
        return old
    named = sorted(name for name in changes if name != "status" and changes[name] != getattr(old, name))
    events = [by.event(house, EventType.USER_CHANGED, old, changed=",".join(named))] if named else []
    if new.status is not old.status:
        disabled = new.status is UserStatus.DISABLED
        kind = EventType.USER_DISABLED if disabled else EventType.USER_ENABLED
        events.append(by.event(house, kind, old))
    stores = house.stores
    failed = stores.commit(stores.users.changing(old, new), *(stores.events.putting(one) for one in events))
    return None if failed else new


def _erase(house: Wiring, by: Actor, user: User) -> bool | None:
    stores = house.stores
    failed = stores.commit(
        *stores.users.erasing(user),
        *(part for device in stores.devices.of_user(user) for part in stores.devices.erasing(device)),
        stores.events.putting(by.event(house, EventType.USER_ERASED, user)),
    )
    return None if failed else True


def _read(body: Mapping[str, Any]) -> dict[str, Any]:
    invite_fields.only(body, _CHANGES)
    if not body:
        raise invalid("body", f"must have some of {', '.join(sorted(_CHANGES))}")
    changes: dict[str, Any] = {
        field: invite_fields.name(body[field], field)
        for field in ("given_name", "family_name")
        if field in body
    }
    if "groups" in body:
        changes["groups"] = invite_fields.groups(body["groups"], "groups")
    if "disabled" in body:
        disabled = invite_fields.flag(body, "disabled", default=False)
        changes["status"] = UserStatus.DISABLED if disabled else UserStatus.ACTIVE
    return changes


def _by_email(house: Wiring, tenant: str, asked: str) -> list[User]:
    email = normalised(asked)
    if email is None:
        raise invalid("email", "must be an e-mail address")
    found = house.stores.users.by_email(tenant, email)
    return [] if found is None else [found]

"""A tenant with something of everything that an administrator's call can name, and ids that are nobody's."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any

from passwordless.model.blocks import LIFETIME, Block
from passwordless.model.networks import blockable
from passwordless.model.tokens import base64url
from passwordless.model.traces import Outcome, Trace, passed
from tests.house import ROOT, House, event
from tests.people import a_tenant, ask, invite, waiting
from tests.rotation import make_next, with_keys_function
from tests.template import Route, routes

REFERENCE = "ABCDEFGHIJKLMNOP"

type Ids = Mapping[str, str]


@dataclass(frozen=True)
class Estate:
    """A tenant, the house that it lives in, and its ids by the name that calls have for them."""

    house: House
    tenant: str
    ids: Ids

    @classmethod
    def of(cls, house: House) -> "Estate":
        """Fill a new tenant: two applications, people, a phone that waits, two keys, a trace, a reported address."""
        house, tenant = with_keys_function(house), a_tenant()
        application = house.application(tenant)
        house.application(tenant)
        phone = waiting(house, tenant)
        house.clock.forward(1)
        invite(house, tenant)
        _keep_trace(house, tenant, application.application_id)
        address = f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::7"
        _report(house, tenant, address)
        ids = {
            "application_id": application.application_id,
            "correlation_id": REFERENCE,
            "enrollment_id": phone.enrollment_id,
            "check": phone.check,
            "user_id": phone.person.user.user_id,
            "email": phone.person.user.email,
            "device_id": phone.person.device.device_id,
            "key_id": make_next(house, tenant),
            "address": address,
        }
        estate = cls(house, tenant, ids)
        return replace(estate, ids=MappingProxyType({**ids, **estate._page_tokens()}))

    def call(self, name: str, body: object = None, query: str = "", **ids: str) -> Any:
        """Call a route by its event's name as an administrator of this tenant."""
        return ask(self.house, self.tenant, name, body, query, **ids)

    def _page_tokens(self) -> Ids:
        for number in range(2):
            self.call(
                "PATCH_application", {"name": f"Name {number}"}, application_id=self.ids["application_id"]
            )
        asked = {
            "applications_page": self.call("GET_applications", query="limit=1"),
            "users_page": self.call("GET_users", query="limit=1"),
            "events_page": self.call(
                "GET_events", query="limit=1", application_id=self.ids["application_id"]
            ),
            "other_events_page": self.call("GET_other-events", query="limit=1"),
            "user_events_page": self.call("GET_user-events", query="limit=1", user_id=self.ids["user_id"]),
        }
        return {name: answer.json["next_page_token"] for name, answer in asked.items()}


NOBODY_S: Ids = MappingProxyType(
    {
        "application_id": "app_aaaaaaaaaaaaaaaaaaaa",
        "correlation_id": "AAAAAAAAAAAAAAAA",
        "enrollment_id": "enr_aaaaaaaaaaaaaaaaaaaa",
        "check": "AAAA",
        "user_id": "usr_aaaaaaaaaaaaaaaaaaaa",
        "email": "nobody@example.com",
        "device_id": "dev_aaaaaaaaaaaaaaaaaaaa",
        "key_id": "key_aaaaaaaaaaaaaaaaaaaa",
        "address": "192.0.2.1",
        **dict.fromkeys(
            ("applications_page", "users_page", "events_page", "other_events_page", "user_events_page"),
            base64url(b'["x","y","z"]'),
        ),
    }
)
"""Ids that nobody has, and a page token that nobody was given."""


@cache
def events_by_route() -> Mapping[str, str]:
    """Return the name of each route's event."""
    names = (path.stem for path in (ROOT / "events").glob("*.json"))
    return {event(name)["routeKey"]: name for name in names}


def admin_routes() -> list[Route]:
    """Return the routes of administrators, in the template's order."""
    return [route for route in routes() if route.auth]


def _keep_trace(house: House, tenant: str, application_id: str) -> None:
    stores = house.wiring.stores
    trace = Trace(REFERENCE, tenant, application_id, house.wiring.now, Outcome.STARTED, passed("signature"))
    assert not stores.commit(stores.traces.putting(trace))


def _report(house: House, tenant: str, address: str) -> None:
    stores, now = house.wiring.stores, house.wiring.now
    block = Block(frozenset({"usr_aaaaaaaaaaaaaaaaaaaa"}), now + LIFETIME)
    assert not stores.commit(stores.blocks.joining(tenant, blockable(address) or "", block, now))

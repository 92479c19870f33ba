"""A process that ends in the middle of Connect: at a write, or at a call to Auth0, before or after it took effect."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from passwordless.auth0.answers import Answer
from passwordless.auth0.client import Conversation
from passwordless.auth0.deadline import Deadline
from passwordless.auth0.domain import Auth0Tenant
from passwordless.auth0.guard import Guard
from passwordless.auth0.secret import Secret
from passwordless.auth0.transport import Limits, Transport
from passwordless.model.applications import Auth0Connection
from tests.house import House

DEATHS: Mapping[str, tuple[str, str, int]] = {
    "before anything": ("before", "PutItem", 1),
    "when the key is held": ("after", "PutItem", 1),
    "before the preflight": ("before", "/.well-known/openid-configuration", 1),
    "before the reservation": ("before", "TransactWriteItems", 1),
    "after the reservation": ("after", "TransactWriteItems", 1),
    "before the token": ("before", "/oauth/token", 1),
    "after the token": ("after", "/oauth/token", 1),
    "before the point of no return": ("before", "UpdateItem", 1),
    "after the point of no return": ("after", "UpdateItem", 1),
    "before the create call": ("before", "/api/v2/connections", 1),
    "after Auth0 created, before its answer": ("after", "/api/v2/connections", 1),
    "after the answer": ("before", "/samlp/metadata", 1),
    "after the metadata": ("after", "/samlp/metadata", 1),
    "before the record": ("before", "TransactWriteItems", 2),
    "after the record": ("after", "TransactWriteItems", 2),
}
"""When, at what and at the how manyth of these, by a name for people, in the order of the procedure."""
REFUSED: Mapping[str, tuple[str, str, int]] = {
    "before the reservation is given back": ("before", "TransactWriteItems", 2),
    "after the reservation is given back": ("after", "TransactWriteItems", 2),
    "before the key is given back": ("before", "DeleteItem", 1),
    "after the key is given back": ("after", "DeleteItem", 1),
}
"""The same after a refusal of Auth0's."""


class Died(BaseException):
    """The process ended: nothing that handles errors runs any more."""


@dataclass
class Moment:
    """Ends the process when its act comes for the given time."""

    side: str
    act: str
    left: int

    def reached(self, side: str, act: str) -> None:
        """Note that an act is about to take effect, or just did."""
        if side == self.side and act.startswith(self.act):
            self.left -= 1
            if self.left == 0:
                raise Died


@dataclass(frozen=True)
class MortalTransport:
    """The real transport to Auth0, around which the process can end."""

    transport: Transport
    base_url: str
    moment: Moment

    def get(self, url: str) -> Answer:
        return self._around(url, lambda: self.transport.get(url))

    def post(self, url: str, body: Mapping[str, Any], bearer: Secret | None = None) -> Answer:
        return self._around(url, lambda: self.transport.post(url, body, bearer))

    def _around(self, url: str, send: Callable[[], Answer]) -> Answer:
        path = url.removeprefix(self.base_url)
        self.moment.reached("before", path)
        answer = send()
        self.moment.reached("after", path)
        return answer


@dataclass(frozen=True)
class MortalClient:
    """What opens conversations over that transport."""

    moment: Moment
    seconds: float = field(default=20.0)

    @contextmanager
    def conversation(self, tenant: Auth0Tenant, at: Auth0Connection) -> Iterator[Conversation]:
        deadline = Deadline.after(self.seconds)
        transport = Transport(Guard(deadline, local=True), Limits())
        mortal: Any = MortalTransport(transport, tenant.base_url, self.moment)
        try:
            yield Conversation(tenant, at, mortal, deadline, 0)
        finally:
            transport.close()


@contextmanager
def dying(house: House, death: str) -> Iterator[None]:
    """Let the process of whatever is called inside end there."""
    moment = Moment(*{**DEATHS, **REFUSED}[death])
    events, parts = house.wiring.stores.client.meta.events, house.wiring.__dict__

    def before(model: Any, **_: Any) -> None:
        moment.reached("before", model.name)

    def after(model: Any, **_: Any) -> None:
        moment.reached("after", model.name)

    living = house.wiring.auth0
    parts["auth0"] = MortalClient(moment)
    events.register("before-call.dynamodb", before)
    events.register("after-call.dynamodb", after)
    try:
        yield
    finally:
        events.unregister("before-call.dynamodb", before)
        events.unregister("after-call.dynamodb", after)
        parts["auth0"] = living
    assert moment.left == 0

"""How the most recent login at an application ended, out of its events."""

from collections.abc import Iterator
from dataclasses import dataclass

from passwordless.model.applications import Application
from passwordless.model.events import Event, EventType
from passwordless.store.events import Place
from passwordless.wiring import Wiring

_ENDS = frozenset(
    {
        EventType.LOGIN_COMPLETED,
        EventType.LOGIN_RETURNED,
        EventType.LOGIN_REFUSED,
        EventType.LOGIN_DENIED,
        EventType.LOGIN_REPORTED,
    }
)
_PAGE = 100
_PAGES = 3


@dataclass(frozen=True, slots=True)
class LastLogin:
    """How a login ended, when (seconds), and under which reference its trace is found."""

    type: EventType
    at: int
    reference: str | None = None
    reason: str | None = None

    @property
    def succeeded(self) -> bool:
        """Tell whether somebody was signed in."""
        return self.type is EventType.LOGIN_COMPLETED


def last_login(house: Wiring, application: Application) -> LastLogin | None:
    """Return the end of the most recent login among the latest 300 events, None when there is none."""
    recent = list(_recent(house, application))
    end = next((event for event in recent if event.type in _ENDS), None)
    if end is None:
        return None
    same = [event for event in recent if event is end or _of_one_login(event, end)]
    reason = next((event.details["reason"] for event in same if "reason" in event.details), None)
    return LastLogin(end.type, end.at, end.reference, reason)


def _of_one_login(event: Event, other: Event) -> bool:
    return event.reference is not None and event.reference == other.reference


def _recent(house: Wiring, application: Application) -> Iterator[Event]:
    after: Place | None = None
    for _ in range(_PAGES):
        found, after = house.stores.events.of_application(
            application.tenant, application.application_id, limit=_PAGE, after=after
        )
        yield from found
        if after is None:
            return

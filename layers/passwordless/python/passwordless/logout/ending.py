"""The first thing that a logout does: the sessions here end, and what was known of them is told once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from passwordless.model.browser_sessions import BrowserSession, Participation
from passwordless.model.events import Event, EventType, Source
from passwordless.model.tokens import identifier
from passwordless.saml.status import SamlStatus
from passwordless.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Ended:
    """The sessions that ended at this call, and what applications had been told of them and of those before."""

    sessions: tuple[BrowserSession, ...]
    told: frozenset[Participation]

    @property
    def user_id(self) -> str | None:
        """Return whose sessions they were."""
        return next((session.user_id for session in self.sessions), None)


def end(wiring: Wiring, keys: Iterable[str], named: Iterable[Participation] = ()) -> Ended:
    """End sessions, then forget what was told of them, `named` included.

    Nothing is forgotten before every session has ended, so that a sign-out that failed half-way can be repeated whole;
    and by nobody who ended none and was asked to forget nothing, for it may be another call's that is under way. What
    was told is read before, too: whoever comes too late may be forgetting it already. Raises Unavailable.
    """
    store, wanted, asked = wiring.stores.browser_sessions, sorted(set(keys)), frozenset(named)
    told = asked.union(*(store.told_of(key) for key in wanted))
    ended = tuple(session for session in [store.end(key) for key in wanted] if session is not None)
    if not ended and not asked:
        return Ended((), frozenset())
    told = told.union(*(store.told_of(key) for key in wanted))
    for one in told:
        store.forget(one)
    return Ended(ended, told)


def note(wiring: Wiring, tenant: str, application_id: str | None, ended: Ended, source: Source) -> None:
    """Append the event of a logout that this application, or none, asked for."""
    done = _event(wiring, EventType.LOGOUT_COMPLETED, tenant, application_id, source)
    event = replace(done, user_id=ended.user_id, details={"sessions": str(len(ended.sessions))})
    wiring.stores.commit(wiring.stores.events.putting(event))


def refuse(wiring: Wiring, tenant: str, application_id: str, status: SamlStatus, source: Source) -> None:
    """Append the event of a logout that an application asked for and that ended nothing."""
    refused = _event(wiring, EventType.LOGOUT_REFUSED, tenant, application_id, source)
    event = replace(refused, details={"status": (status.second or status.top).rpartition(":")[2]})
    wiring.stores.commit(wiring.stores.events.putting(event))


def _event(wiring: Wiring, kind: EventType, tenant: str, application_id: str | None, source: Source) -> Event:
    return Event(
        event_id=identifier("evt", wiring.randomness),
        type=kind,
        tenant=tenant,
        at=wiring.now,
        correlation_id=source.correlation_id,
        application_id=application_id,
        ip=source.ip,
    )

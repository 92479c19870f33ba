"""How a call that connects an application ended, for those who look later: an event if it failed, and a metric."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from passwordless.auth0.asked import Asked
from passwordless.auth0.problems import OutcomeUnknown
from passwordless.errors import Failure
from passwordless.metrics import Metric
from passwordless.model.events import Event, EventType
from passwordless.model.tokens import identifier
from passwordless.wiring import Wiring


@contextmanager
def told(house: Wiring, asked: Asked, mode: str, application_id: str) -> Iterator[None]:
    """Tell how what happens inside ended.

    A success leaves its event in the transaction that makes the application. Of a failure nothing is kept but its
    code: what was typed may be a secret in the wrong field (S41). Should the database be away, the failure goes on.
    """
    facts = {"mode": mode, "correlation_id": asked.correlation_id}
    try:
        yield
    except Failure as failure:
        house.metrics.count(Metric.CONNECT_FAILED, **facts, code=failure.code)
        made = application_id if isinstance(failure, OutcomeUnknown) else None
        if "fields" in failure.extra:  # what was typed is no domain: nobody was asked for anything
            raise
        with suppress(Failure):
            house.stores.commit(house.stores.events.putting(_failed(house, asked, mode, made, failure)))
        raise
    house.metrics.count(Metric.CONNECT_SUCCEEDED, **facts)


def _failed(house: Wiring, asked: Asked, mode: str, application_id: str | None, failure: Failure) -> Event:
    return Event(
        event_id=identifier("evt", house.randomness),
        type=EventType.APPLICATION_CONNECT_FAILED,
        tenant=asked.admin.tenant,
        at=house.now,
        correlation_id=asked.correlation_id,
        application_id=application_id,
        actor=asked.admin.subject,
        ip=asked.ip,
        details={"code": failure.code, "mode": mode},
    )

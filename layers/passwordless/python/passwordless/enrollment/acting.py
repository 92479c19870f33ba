"""Who acts on users, phones and invites, what that leaves in the events, and how acts meet others' acts."""

from collections.abc import Callable
from dataclasses import dataclass

from passwordless.errors import Conflict, Failure, Forbidden
from passwordless.model.events import Event, EventType
from passwordless.model.people import Device, User
from passwordless.model.tokens import identifier
from passwordless.wiring import Wiring

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Actor:
    """An administrator of a tenant (`subject`), or a user's phone (`phone_id`), in one call."""

    tenant: str
    correlation_id: str
    ip: str
    subject: str | None = None
    phone_id: str | None = None

    def event(
        self,
        house: Wiring,
        kind: EventType,
        user: User | str | None,
        device: Device | None = None,
        **details: str,
    ) -> Event:
        """Return the event of an act on a user, or on none; it names people by their ids and by nothing else."""
        by = {} if self.phone_id is None else {"by_device_id": self.phone_id}
        return Event(
            event_id=identifier("evt", house.randomness),
            type=kind,
            tenant=self.tenant,
            at=house.now,
            correlation_id=self.correlation_id,
            user_id=user.user_id if isinstance(user, User) else user,
            device_id=device.device_id if device else None,
            actor=self.subject,
            ip=self.ip,
            details={**details, **by},
        )


def insist[T](attempt: Callable[[], T | None]) -> T:
    """Return what an attempt returns; one that returns None met another act in between, and looks and tries again.

    Raises Conflict `user_busy` when that happens again and again.
    """
    for _ in range(_TRIES):
        done = attempt()
        if done is not None:
            return done
    raise Conflict(
        "user_busy",
        "Somebody else is changing this user at the same time.",
        guidance="Look again, then repeat what is still needed.",
    )


def disabled() -> Failure:
    """Return the failure of an act for a user who may not sign in."""
    return Forbidden(
        "user_disabled",
        "This user is disabled.",
        guidance="Enable the user first, then try again.",
    )

"""An administrator invites a user's phone; the user is made if new."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from passwordless.errors import Conflict, Forbidden, Malformed
from passwordless.model.email_addresses import normalised
from passwordless.model.events import Event, EventType
from passwordless.model.people import Enrollment, User, UserStatus
from passwordless.model.tokens import digest, enrollment_id, identifier, invite_token, secret
from passwordless.phone import qr
from passwordless.phone.consent import clean_name
from passwordless.wiring import Wiring

DEFAULT_TTL = 300
MIN_TTL, MAX_TTL = 60, 300
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Person:
    """Whose phone is invited; `email` is normalised."""

    email: str
    given_name: str | None
    family_name: str | None
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Invited:
    """An invite as the administrator sees it once; the token is in `url` and nowhere else."""

    enrollment: Enrollment
    url: str
    qr_svg: str


def read(body: Mapping[str, Any]) -> tuple[Person, int]:
    """Read the body of POST /enrollments: the person and the invite's life in seconds. Raises Malformed."""
    user, ttl = body.get("user"), body.get("ttl_seconds", DEFAULT_TTL)
    if not isinstance(user, dict) or body.keys() - {"user", "ttl_seconds"}:
        raise _invalid("user", "an object with at least an email is expected, beside it only ttl_seconds")
    if unknown := user.keys() - {"email", "given_name", "family_name", "groups"}:
        raise _invalid(f"user.{clean_name(min(unknown))}", "is not known")
    if type(ttl) is not int or not MIN_TTL <= ttl <= MAX_TTL:
        raise _invalid("ttl_seconds", f"must be a whole number from {MIN_TTL} to {MAX_TTL}")
    given, family = _name(user, "given_name"), _name(user, "family_name")
    return Person(_email(user.get("email")), given, family, _groups(user.get("groups", []))), ttl


def invite(
    wiring: Wiring, tenant: str, body: Mapping[str, Any], *, actor: str, correlation_id: str, origin: str
) -> Invited:
    """Invite a user's phone; an older invite of the same user is void from now on (S07).

    Raises Malformed for the body, Forbidden for a disabled user.
    """
    person, ttl = read(body)
    user = _user(wiring, tenant, person)
    token = invite_token(wiring.randomness)
    now = wiring.now
    enrollment = Enrollment(enrollment_id(token), tenant, user.user_id, digest(token), now, now + ttl)
    event = Event(
        event_id=identifier("evt", wiring.randomness),
        type=EventType.DEVICE_INVITED,
        tenant=tenant,
        at=now,
        correlation_id=correlation_id,
        user_id=user.user_id,
        actor=actor,
    )
    stores = wiring.stores
    failed = stores.commit(
        stores.enrollments.adding(enrollment),
        stores.users.inviting(user, enrollment.enrollment_id),
        stores.events.putting(event),
    )
    if failed:
        raise Forbidden(
            "user_disabled",
            "This user is disabled.",
            guidance="Enable the user first, then invite again.",
        )
    url = f"{origin}/E/{token}"
    return Invited(enrollment, url, qr.svg(url))


def _user(wiring: Wiring, tenant: str, person: Person) -> User:
    """Return the tenant's user with this address, made if new; a race for the address has one winner."""
    for _ in range(_TRIES):
        known = wiring.stores.users.by_email(tenant, person.email)
        if known is not None:
            return known
        user = User(
            user_id=identifier("usr", wiring.randomness),
            tenant=tenant,
            email=person.email,
            pairwise_key=secret(wiring.randomness),
            created_at=wiring.now,
            given_name=person.given_name,
            family_name=person.family_name,
            groups=person.groups,
            status=UserStatus.ACTIVE,
        )
        if not wiring.stores.commit(*wiring.stores.users.adding(user)):
            return user
    raise Conflict("user_busy", "The user is being changed.", guidance="Try again.")


def _email(value: object) -> str:
    email = normalised(value)
    if email is None:
        raise _invalid("user.email", "must be an e-mail address")
    return email


def _name(user: Mapping[str, Any], field: str) -> str | None:
    value = user.get(field)
    if value is None:
        return None
    if not isinstance(value, str) or not (name := clean_name(value)):
        raise _invalid(f"user.{field}", "must be a name")
    return name


def _groups(value: object) -> tuple[str, ...]:
    if (
        not isinstance(value, list)
        or len(value) > 50
        or not all(isinstance(v, str) and clean_name(v) for v in value)
    ):
        raise _invalid("user.groups", "must be a list of at most 50 names")
    return tuple(clean_name(v) for v in value)


def _invalid(field: str, reason: str) -> Malformed:
    return Malformed(
        "invalid_field", f"{field} {reason}.", extra={"fields": [{"field": field, "reason": reason}]}
    )

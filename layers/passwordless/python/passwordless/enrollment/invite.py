"""An administrator invites a user's phone; the user is made if new. To invite again is to send the invite again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from passwordless.enrollment import invite_fields
from passwordless.enrollment.acting import Actor, disabled, insist
from passwordless.enrollment.invite_fields import Person, Terms
from passwordless.errors import Conflict, Failure
from passwordless.model.events import EventType
from passwordless.model.people import MAX_DEVICES, DeviceStatus, Enrollment, User, UserStatus
from passwordless.model.tokens import digest, enrollment_id, identifier, invite_token, secret
from passwordless.phone import qr
from passwordless.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Invited:
    """An invite as the administrator sees it once; the token is in `url` and nowhere else.

    `waits` tells that the phone will have to be confirmed.
    """

    enrollment: Enrollment
    url: str
    waits: bool

    @property
    def qr_svg(self) -> str:
        """Return the QR code of the URL."""
        return qr.svg(self.url)


def invite(house: Wiring, by: Actor, body: Mapping[str, Any], origin: str) -> Invited:
    """Invite a user's phone by `{user, ttl_seconds?, require_confirmation?, revoke_devices?}`.

    An older invite of the same user is void from now on (S07). With `revoke_devices` all phones of the user are revoked
    by the same write, as for a phone that was lost.

    Raises Malformed `invalid_field`, Forbidden `user_disabled`, Conflict `too_many_devices`, `user_busy`.
    """
    invite_fields.only(body, {"user", "revoke_devices"} | invite_fields.TERMS)
    person, terms = invite_fields.person(body.get("user")), invite_fields.terms(body)
    revoke = invite_fields.flag(body, "revoke_devices", default=False)
    return insist(lambda: _invite(house, by, person, terms, origin, revoke=revoke))


def invite_person(house: Wiring, by: Actor, person: Person, terms: Terms, origin: str) -> Invited:
    """Invite one person's phone. Raises Forbidden `user_disabled`, Conflict `too_many_devices`, `user_busy`."""
    return insist(lambda: _invite(house, by, person, terms, origin, revoke=False))


def _invite(
    house: Wiring, by: Actor, person: Person, terms: Terms, origin: str, *, revoke: bool
) -> Invited | None:
    user = _user(house, by.tenant, person)
    if user is None:
        return None
    if user.status is not UserStatus.ACTIVE:
        raise disabled()
    if len(user.device_ids) >= MAX_DEVICES:
        raise _too_many()
    token, now, stores = invite_token(house.randomness), house.now, house.stores
    enrollment = Enrollment(
        enrollment_id(token),
        by.tenant,
        user.user_id,
        digest(token),
        now,
        now + terms.ttl,
        confirmation=terms.confirmation,
    )
    again = user.open_enrollment is not None
    kind = EventType.DEVICE_INVITED_AGAIN if again else EventType.DEVICE_INVITED
    failed = stores.commit(
        stores.enrollments.adding(enrollment),
        stores.users.inviting_anew(user, enrollment) if revoke else stores.users.inviting(user, enrollment),
        stores.events.putting(by.event(house, kind, user)),
        *(_revoking(house, by, user) if revoke else ()),
    )
    if failed:
        return None
    waits = terms.confirmation or (user.devices > 0 and not revoke)
    return Invited(enrollment, f"{origin}/E/{token}", waits)


def _revoking(house: Wiring, by: Actor, user: User) -> list[Any]:
    stores = house.stores
    living = [one for one in stores.devices.of_user(user) if one.status is not DeviceStatus.REVOKED]
    return [
        part
        for device in living
        for part in (
            stores.devices.revoking(device),
            stores.events.putting(
                by.event(house, EventType.DEVICE_REVOKED, user, device, reason="invited_anew")
            ),
        )
    ]


def _user(house: Wiring, tenant: str, person: Person) -> User | None:
    """Return the tenant's user with this address, made if new; None when somebody else made it at the same time."""
    known = house.stores.users.by_email(tenant, person.email)
    if known is not None:
        return known
    user = User(
        user_id=identifier("usr", house.randomness),
        tenant=tenant,
        email=person.email,
        pairwise_key=secret(house.randomness),
        created_at=house.now,
        given_name=person.given_name,
        family_name=person.family_name,
        groups=person.groups,
        status=UserStatus.ACTIVE,
    )
    return None if house.stores.commit(*house.stores.users.adding(user)) else user


def _too_many() -> Failure:
    return Conflict(
        "too_many_devices",
        f"This user has had {MAX_DEVICES} phones already.",
        guidance="Remove the user, then invite the same address as a new user.",
    )

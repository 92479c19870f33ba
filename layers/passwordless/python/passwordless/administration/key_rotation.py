"""The acts of a rotation: make the next key, move applications to it one by one, promote it, retire the old one.

Moving comes before or after promoting, as the administrator likes: promoting decides only which key new applications
are pinned to. Nothing here may cut an application off (S53): a key lives as long as one is pinned to it, and none is
moved before its service provider is confirmed to trust the other certificate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from passwordless.admin import Admin
from passwordless.administration.applications import one
from passwordless.administration.new_certificate import unconfirmed
from passwordless.errors import Conflict, Failure, Malformed
from passwordless.model.applications import Application, ApplicationStatus
from passwordless.model.events import Event, EventType
from passwordless.model.signing_keys import KeyRing, SigningKey
from passwordless.model.tokens import identifier
from passwordless.wiring import Wiring

ACTIONS = ("next", "promote", "retire")


@dataclass(frozen=True, slots=True)
class Rotation:
    """The acts of one call by one administrator."""

    house: Wiring
    admin: Admin
    correlation_id: str
    ip: str

    def act(self, body: Mapping[str, Any]) -> bool:
        """Do what a body `{"action": "next"|"promote"|"retire", "key_id"?}` asks for; tell whether it made a key.

        Raises Malformed `invalid_field`; NotFound `unknown_signing_key`; Conflict as the transitions of KeyRing do, and
        `key_pinned` for a key that an application is still pinned to.
        """
        action = body.get("action")
        if action not in ACTIONS:
            raise _invalid("action", f"must be one of {', '.join(ACTIONS)}")
        _only(body, {"action"} if action == "next" else {"action", "key_id"})
        makes = bool(action == "next")
        if makes:
            self._next()
        elif action == "promote":
            self._promote(_key_id(body))
        else:
            self._retire(_key_id(body))
        return makes

    def move(self, application_id: str, body: Mapping[str, Any]) -> Application:
        """Pin an application to another key of its tenant, by a body `{"key_id", "confirmed"?: true}`; return it.

        Moving back to the key that it was pinned to before is the same act. Raises Malformed `invalid_field`; NotFound
        `unknown_application`, `unknown_signing_key`; Conflict `key_retired`, `application_connecting`; Unprocessable
        `certificate_not_confirmed`, which says what to do at the service provider.
        """
        _only(body, {"key_id", "confirmed"})
        confirmed = body.get("confirmed", False)
        if not isinstance(confirmed, bool):
            raise _invalid("confirmed", "must be true or false")
        application = one(self.house, self.admin, application_id)
        before = self._ring()
        after = before.pin(_key_id(body), self.house.now)
        key = after.key(_key_id(body))
        if application.idp.signing_key_id == key.key_id:
            return application
        if application.status is ApplicationStatus.CONNECTING:
            raise Conflict(
                "application_connecting", "This application is still being connected.", retry_after=30
            )
        if not confirmed:
            raise unconfirmed(application, key)
        self._commit(
            before,
            after,
            self._event(EventType.APPLICATION_SIGNING_KEY_MOVED, key, application),
            self.house.stores.applications.moving(application, key.key_id, self.house.now),
        )
        idp = replace(application.idp, signing_key_id=key.key_id)
        return replace(application, idp=idp, updated_at=self.house.now)

    def _next(self) -> None:
        made = self.house.next_signing_key(self.admin.tenant, self.correlation_id)
        self.house.stores.commit(
            self.house.stores.events.putting(self._event(EventType.SIGNING_KEY_MADE, made))
        )

    def _promote(self, key_id: str) -> None:
        before = self._ring()
        after = before.promote(key_id, self.house.now)
        self._commit(before, after, self._event(EventType.SIGNING_KEY_PROMOTED, after.key(key_id)))

    def _retire(self, key_id: str) -> None:
        before = self._ring()
        after = before.retire(key_id, self.house.now)
        if after == before:
            return
        pinned = list(self._pinned(key_id))
        if pinned:
            raise _still_pinned(pinned)
        self._commit(before, after, self._event(EventType.SIGNING_KEY_RETIRED, after.key(key_id)))

    def _pinned(self, key_id: str) -> list[Application]:
        """Return the applications pinned to a key; the index may be late, so each one is read from the table."""
        applications = self.house.stores.applications
        listed = (
            applications.get(known.application_id) for known in applications.all_of_tenant(self.admin.tenant)
        )
        return [found for found in listed if found is not None and found.idp.signing_key_id == key_id]

    def _ring(self) -> KeyRing:
        return self.house.stores.signing_keys.ring(self.admin.tenant)

    def _commit(self, before: KeyRing, after: KeyRing, event: Event, *more: Any) -> None:
        stores = self.house.stores
        changes = stores.signing_keys.changing(before, after)
        if stores.commit(*changes, *more, stores.events.putting(event)):
            raise Conflict(
                "signing_keys_changed",
                "Somebody else changed the keys or the application at the same time.",
                guidance="Look at the keys again, then repeat what is still needed.",
            )

    def _event(self, kind: EventType, key: SigningKey, application: Application | None = None) -> Event:
        was = {} if application is None else {"previous_key_id": application.idp.signing_key_id}
        return Event(
            event_id=identifier("evt", self.house.randomness),
            type=kind,
            tenant=self.admin.tenant,
            at=self.house.now,
            correlation_id=self.correlation_id,
            application_id=application.application_id if application else None,
            actor=self.admin.subject,
            ip=self.ip,
            details={"key_id": key.key_id, **was},
        )


def _key_id(body: Mapping[str, Any]) -> str:
    key_id = body.get("key_id")
    if not isinstance(key_id, str) or not key_id:
        raise _invalid("key_id", "must be the id of a signing key")
    return key_id


def _only(body: Mapping[str, Any], known: set[str]) -> None:
    if not body.keys() <= known:
        raise _invalid("body", f"may have {', '.join(sorted(known))} and nothing else")


def _invalid(field: str, reason: str) -> Failure:
    return Malformed(
        "invalid_field", f"{field} {reason}.", extra={"fields": [{"field": field, "reason": reason}]}
    )


def _still_pinned(applications: list[Application]) -> Failure:
    return Conflict(
        "key_pinned",
        "Applications still sign with this key; they would be cut off.",
        guidance="Move each of them to another key first: POST /applications/{application_id}/signing-key.",
        extra={
            "applications": [
                {"application_id": application.application_id, "name": application.name}
                for application in applications
            ]
        },
    )

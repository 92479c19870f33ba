"""The stores that connect may use, in memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from passwordless.errors import Unavailable
from passwordless.model.applications import Application
from passwordless.model.events import Event
from passwordless.model.signing_keys import SigningKey
from passwordless.store.attempts import Attempt, AttemptStatus
from tests.unit.auth0.certificates import signing_key

type Part = Callable[[], bool]
"""Part of a fake transaction: tells whether its condition holds; calling it a second time writes."""


@dataclass
class FakeApplications:
    """Applications in memory, with the names that they own."""

    rows: dict[str, Application] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)

    def get(self, application_id: str) -> Application | None:
        return self.rows.get(application_id)

    def adding(self, application: Application) -> list[Part]:
        names = [application.sp.entity_id, *application.sp.acs_urls]

        def add() -> bool:
            if any(
                self.owners.get(name, application.application_id) != application.application_id
                for name in names
            ):
                return False
            self.owners |= dict.fromkeys(names, application.application_id)
            self.rows[application.application_id] = application
            return True

        return [add]

    def replacing(self, application: Application) -> Part:
        def change() -> bool:
            if application.application_id not in self.rows:
                return False
            self.rows[application.application_id] = application
            return True

        return change

    def removing(self, application: Application) -> list[Part]:
        def take_away() -> bool:
            if self.rows.get(application.application_id) != application:
                return False
            del self.rows[application.application_id]
            self.owners = {
                name: owner for name, owner in self.owners.items() if owner != application.application_id
            }
            return True

        return [take_away]

    def of_tenant(
        self, tenant: str, *, limit: int, start: Mapping[str, Any] | None
    ) -> tuple[list[Application], Mapping[str, Any] | None]:
        if start is not None:
            assert start["tenant"] == tenant
        own = sorted((a for a in self.rows.values() if a.tenant == tenant), key=_newest_first)
        ids = [a.application_id for a in own]
        begin = ids.index(start["pk"]) + 1 if start else 0
        found = own[begin : begin + limit]
        if begin + limit >= len(own):
            return found, None
        return found, {"pk": found[-1].application_id, "tenant": tenant, "created_at": found[-1].created_at}


def _newest_first(application: Application) -> tuple[int, str]:
    return -application.created_at, application.application_id


@dataclass
class FakeAttempts:
    """Attempts in memory, with the same condition as the table's."""

    rows: dict[str, Attempt] = field(default_factory=dict)

    def get(self, attempt: str) -> Attempt | None:
        return self.rows.get(attempt)

    def begin(self, attempt: Attempt, now: int) -> bool:
        known = self.rows.get(attempt.attempt_id)
        dead = (
            known is not None
            and known.status is AttemptStatus.RUNNING
            and known.running_until < now
            and known.fingerprint == attempt.fingerprint
        )
        if known is None or dead:
            self.rows[attempt.attempt_id] = attempt
            return True
        return False

    def finish(self, attempt: Attempt, application_id: str) -> None:
        known = self.rows[attempt.attempt_id]
        self.rows[attempt.attempt_id] = replace(
            known, status=AttemptStatus.DONE, application_id=application_id
        )

    def finishing(self, attempt: Attempt, application_id: str) -> Part:
        def finish() -> bool:
            if attempt.attempt_id not in self.rows:
                return False
            self.finish(attempt, application_id)
            return True

        return finish

    def forget(self, attempt: Attempt) -> None:
        self.rows.pop(attempt.attempt_id, None)


@dataclass
class FakeEvents:
    """Events in memory."""

    rows: list[Event] = field(default_factory=list)

    def putting(self, event: Event) -> Part:
        def put() -> bool:
            self.rows.append(event)
            return True

        return put


@dataclass
class FakeSigningKeys:
    """One key for every tenant."""

    reads: int = 0

    def get(self, tenant: str, key_id: str) -> SigningKey | None:
        self.reads += 1
        return signing_key(tenant) if key_id == "key_1" else None


@dataclass
class FakeStores:
    """The stores that connect may use, and no other. `down` makes every commit from that one on fail."""

    applications: FakeApplications = field(default_factory=FakeApplications)
    attempts: FakeAttempts = field(default_factory=FakeAttempts)
    events: FakeEvents = field(default_factory=FakeEvents)
    signing_keys: FakeSigningKeys = field(default_factory=FakeSigningKeys)
    commits: int = 0
    down: int | None = None

    def commit(self, *parts: Part) -> frozenset[int]:
        self.commits += 1
        if self.down is not None and self.commits >= self.down:
            raise Unavailable("store_unavailable", "Our database did not answer.", retry_after=2)
        for place, part in enumerate(parts):
            if not part():
                return frozenset({place})
        return frozenset()

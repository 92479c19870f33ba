"""The applications table: applications, and who owns an SP entity id or an ACS URL (unique in a deployment, S02).

A row for each tenant remembers that its administrators thought, or were told to think, of another way into Auth0.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from boto3.dynamodb.conditions import Attr

from passwordless.model.applications import Application, ApplicationStatus, RolloutMode
from passwordless.model.tokens import digest
from passwordless.store.codec import decode, encode
from passwordless.store.table import Change, Table

TENANT_INDEX = "by-tenant"
_PAGE = 100
_ID = re.compile(r"app_[a-z2-7]{20}")


class Applications:
    """Reads and writes applications."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, application_id: str) -> Application | None:
        """Return the application with this id, whichever tenant it belongs to."""
        item = self._table.get({"pk": application_id}) if _ID.fullmatch(application_id) else None
        return decode(Application, item) if item and "application_id" in item else None

    def of_tenant(
        self, tenant: str, *, limit: int, start: Mapping[str, Any] | None
    ) -> tuple[list[Application], Mapping[str, Any] | None]:
        """Return a page of a tenant's applications, newest first, and where the next page starts."""
        items, following = self._table.query(TENANT_INDEX, "tenant", tenant, limit=limit, start=start)
        return [decode(Application, item) for item in items], following

    def all_of_tenant(self, tenant: str) -> Iterator[Application]:
        """Yield a tenant's applications as the index has them, which is about a second behind the table."""
        start: Mapping[str, Any] | None = None
        while True:
            found, start = self.of_tenant(tenant, limit=_PAGE, start=start)
            yield from found
            if start is None:
                return

    def adding(self, application: Application) -> list[Any]:
        """Return the parts of a transaction that add an application and claim its entity id and ACS URLs."""
        free = Attr("pk").not_exists()
        owned = Attr("owner").not_exists() | Attr("owner").eq(application.application_id)
        item = {"pk": application.application_id, **encode(application)}
        return [
            self._table.putting(item, free),
            *(
                self._table.putting({"pk": name, "owner": application.application_id}, owned)
                for name in _names(application)
            ),
        ]

    def replacing(self, application: Application) -> Any:
        """Return the part of a transaction that writes an application anew if it is still there, with the same key."""
        item = {"pk": application.application_id, **encode(application)}
        pinned = Attr("idp.signing_key_id").eq(application.idp.signing_key_id)
        return self._table.putting(item, Attr("tenant").eq(application.tenant) & pinned)

    def changing(self, old: Application, new: Application) -> list[Any]:
        """Return the parts of a transaction that write what is new if nobody wrote since `old` was read.

        The first part changes the application; the others claim ACS URLs and give old ones back.
        """
        before, after = encode(old), encode(new)
        put = {name: value for name, value in after.items() if before.get(name) != value}
        change = Change(put=put, remove=sorted(before.keys() - after.keys()))
        unchanged = Attr("tenant").eq(old.tenant) & Attr("updated_at").eq(old.updated_at)
        same_key = Attr("idp.signing_key_id").eq(old.idp.signing_key_id)
        had, has = set(_names(old)), set(_names(new))
        owned = Attr("owner").eq(old.application_id)
        return [
            self._table.updating({"pk": old.application_id}, change, unchanged & same_key),
            *(
                self._table.putting(
                    {"pk": name, "owner": old.application_id}, Attr("owner").not_exists() | owned
                )
                for name in sorted(has - had)
            ),
            *(self._table.deleting({"pk": name}, owned) for name in sorted(had - has)),
        ]

    def removing(self, application: Application) -> list[Any]:
        """Return the parts of a transaction that remove an application as it was read and give its names back."""
        unchanged = Attr("tenant").eq(application.tenant) & Attr("updated_at").eq(application.updated_at)
        unowned = Attr("owner").not_exists() | Attr("owner").eq(application.application_id)
        return [
            self._table.deleting({"pk": application.application_id}, unchanged),
            *(self._table.deleting({"pk": name}, unowned) for name in _names(application)),
        ]

    def moving(self, application: Application, key_id: str, now: int) -> Any:
        """Return the part of a transaction that pins an application to another key if it is as it was read."""
        idp = replace(application.idp, signing_key_id=key_id)
        unchanged = Attr("status").eq(application.status.value) & Attr("idp").eq(encode(application.idp))
        return self._table.updating(
            {"pk": application.application_id},
            Change(put={"idp": encode(idp), "updated_at": now}),
            Attr("tenant").eq(application.tenant) & unchanged,
        )

    def admitting(self, application_id: str, tenant: str, email: str, now: int) -> Any:
        """Return the part of a transaction that demands a tenant's application that admits this user (S01, S06).

        Its metadata must not have come to its end at `now` (seconds).
        """
        serving = Attr("status").is_in(
            [ApplicationStatus.CONNECTED.value, ApplicationStatus.UNVERIFIED.value]
        )
        admitted = Attr("rollout.mode").eq(RolloutMode.EVERYONE.value) | Attr("rollout.test_users").contains(
            email
        )
        valid = Attr("sp.valid_until").not_exists() | Attr("sp.valid_until").gt(now)
        return self._table.checking(
            {"pk": application_id}, Attr("tenant").eq(tenant) & serving & admitted & valid
        )

    def knows_break_glass(self, tenant: str) -> bool:
        """Tell whether a tenant was told to keep another way in, or has confirmed that it has one."""
        return self._table.get(_break_glass(tenant)) is not None

    def remembering_break_glass(self, tenant: str, *, confirmed: bool, now: int) -> Any:
        """Return the part of a transaction that remembers, at `now` (seconds), which of the two happened."""
        change = Change(put={"confirmed_at" if confirmed else "told_at": now})
        return self._table.updating(_break_glass(tenant), change, Attr("owner").not_exists())


def _names(application: Application) -> Iterable[str]:
    yield f"entity#{digest(application.sp.entity_id)}"
    yield from (f"acs#{digest(url)}" for url in application.sp.acs_urls)


def _break_glass(tenant: str) -> dict[str, str]:
    return {"pk": f"break-glass#{tenant}"}

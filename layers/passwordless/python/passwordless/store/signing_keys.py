"""The signing keys table: a tenant's keys, and which one new applications are pinned to."""

from boto3.dynamodb.conditions import Attr

from passwordless.model.signing_keys import SigningKey
from passwordless.store.codec import decode, encode
from passwordless.store.table import Change, Table

_CURRENT = "current"


class SigningKeys:
    """Reads and writes signing keys."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, tenant: str, key_id: str) -> SigningKey | None:
        """Return one key of a tenant."""
        item = self._table.get({"tenant": tenant, "key_id": key_id})
        return decode(SigningKey, item) if item and "kms_key" in item else None

    def current(self, tenant: str) -> SigningKey | None:
        """Return the key that a tenant's new applications are pinned to."""
        item = self._table.get({"tenant": tenant, "key_id": _CURRENT})
        return self.get(tenant, item["points_to"]) if item and "points_to" in item else None

    def reserve(self, tenant: str, *, now: int, until: int) -> bool:
        """Take the right to make the tenant's first key until `until` (seconds); False while another holds it."""
        item = {"tenant": tenant, "key_id": _CURRENT, "reserved_until": until}
        free = Attr("tenant").not_exists() | (Attr("points_to").not_exists() & Attr("reserved_until").lt(now))
        return self._table.put(item, free)

    def add_current(self, key: SigningKey) -> None:
        """Store a key and make it the tenant's current one."""
        self._table.put(encode(key), Attr("key_id").not_exists())
        self._table.update(
            {"tenant": key.tenant, "key_id": _CURRENT},
            Change(put={"points_to": key.key_id}, remove=["reserved_until"]),
            Attr("points_to").not_exists(),
        )

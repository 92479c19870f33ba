"""The signing keys table: a tenant's keys, and one row that points to the current and the next of them.

That row decides: a key made by a call that died before it was pointed to does not count.
"""

from collections.abc import Iterator
from typing import Any

from boto3.dynamodb.conditions import Attr, ConditionBase

from passwordless.model.signing_keys import KeyRing, SigningKey, SigningKeyStatus
from passwordless.store.codec import decode, encode
from passwordless.store.table import Change, Table

_POINTER = "current"
_CURRENT, _NEXT, _RESERVED = "points_to", "next_key_id", "reserved_until"
_POINTED = {SigningKeyStatus.CURRENT: _CURRENT, SigningKeyStatus.NEXT: _NEXT}


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
        item = self._table.get({"tenant": tenant, "key_id": _POINTER})
        return self.get(tenant, item[_CURRENT]) if item and _CURRENT in item else None

    def has_next(self, tenant: str) -> bool:
        """Tell whether a tenant has a next key."""
        return _NEXT in (self._table.get({"tenant": tenant, "key_id": _POINTER}) or {})

    def ring(self, tenant: str) -> KeyRing:
        """Return all keys of a tenant."""
        items = {item["key_id"]: item for item in self._table.items("tenant", tenant)}
        pointer = items.pop(_POINTER, {})
        keys = [decode(SigningKey, item) for item in items.values()]
        counting = [
            key
            for key in keys
            if key.status not in _POINTED or pointer.get(_POINTED[key.status]) == key.key_id
        ]
        return KeyRing(tuple(sorted(counting, key=_age)))

    def reserve(self, tenant: str, *, now: int, until: int) -> bool:
        """Take the right to make the tenant's first key until `until` (seconds); False while another holds it."""
        item = {"tenant": tenant, "key_id": _POINTER, _RESERVED: until}
        free = Attr("tenant").not_exists() | (Attr(_CURRENT).not_exists() & Attr(_RESERVED).lt(now))
        return self._table.put(item, free)

    def reserve_next(self, tenant: str, *, now: int, until: int) -> bool:
        """Take the right to make the tenant's next key; False without a current key, or where a next one is."""
        free = Attr(_RESERVED).not_exists() | Attr(_RESERVED).lt(now)
        wanted = Attr(_CURRENT).exists() & Attr(_NEXT).not_exists() & free
        place = {"tenant": tenant, "key_id": _POINTER}
        return self._table.update(place, Change(put={_RESERVED: until}), wanted) is not None

    def add(self, key: SigningKey) -> bool:
        """Store a current or a next key as its tenant's; False if another was faster."""
        pointer = _POINTED[key.status]
        self._table.put(encode(key), Attr("key_id").not_exists())
        pointed = self._table.update(
            {"tenant": key.tenant, "key_id": _POINTER},
            Change(put={pointer: key.key_id}, remove=[_RESERVED]),
            Attr(pointer).not_exists(),
        )
        return pointed is not None

    def changing(self, before: KeyRing, after: KeyRing) -> Iterator[Any]:
        """Yield the parts of a transaction that turn one ring into the other, if it is still as it was read."""
        known = {key.key_id: key for key in before.keys}
        for key in after.keys:
            if key != known[key.key_id]:
                yield self._rewriting(known[key.key_id], key)
        if _pointers(before) != _pointers(after):
            yield self._repointing(before, after)

    def _rewriting(self, before: SigningKey, after: SigningKey) -> Any:
        place = {"tenant": before.tenant, "key_id": before.key_id}
        pinned = {} if after.last_pinned_at is None else {"last_pinned_at": after.last_pinned_at}
        as_read = Attr("status").eq(before.status.value) & _same("last_pinned_at", before.last_pinned_at)
        return self._table.updating(place, Change(put={"status": after.status.value, **pinned}), as_read)

    def _repointing(self, before: KeyRing, after: KeyRing) -> Any:
        (old_current, old_next), (new_current, new_next) = _pointers(before), _pointers(after)
        place = {"tenant": before.keys[0].tenant, "key_id": _POINTER}
        change = Change(
            put={name: value for name, value in ((_CURRENT, new_current), (_NEXT, new_next)) if value},
            remove=[] if new_next else [_NEXT],
        )
        return self._table.updating(place, change, _same(_CURRENT, old_current) & _same(_NEXT, old_next))


def _pointers(ring: KeyRing) -> tuple[str | None, str | None]:
    current, following = ring.current_key, ring.next_key
    return current.key_id if current else None, following.key_id if following else None


def _same(name: str, value: str | int | None) -> ConditionBase:
    return Attr(name).not_exists() if value is None else Attr(name).eq(value)


_LIFE = (
    SigningKeyStatus.RETIRED,
    SigningKeyStatus.RETIRING,
    SigningKeyStatus.CURRENT,
    SigningKeyStatus.NEXT,
)


def _age(key: SigningKey) -> tuple[int, int, str]:
    """Return what puts keys in order; of those that were made in one second the one that came further is the older."""
    return key.created_at, _LIFE.index(key.status), key.key_id

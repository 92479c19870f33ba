"""Logouts on their way round, one row each in the browser_sessions table while somebody is asked."""

from typing import Any

from boto3.dynamodb.conditions import Attr

from passwordless.model.logout_rounds import LogoutRound
from passwordless.store.codec import decode, encode
from passwordless.store.table import Table

_ROUND = "round"


class LogoutRounds:
    """Reads rounds and moves them on."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, key: str, now: int) -> LogoutRound | None:
        """Return the round whose LogoutRequest has this key, if it may still be answered."""
        item = self._table.get(_key(key))
        found = decode(LogoutRound, item) if item else None
        return found if found is not None and now < found.expires_at else None

    def moving(self, before: LogoutRound, after: LogoutRound | None, now: int) -> tuple[Any, ...]:
        """Return the parts of a transaction that put a round in the place of what it was, which counts once.

        `before` is in no row unless it has a key; without `after` it ends.
        """
        gone = self._table.deleting(_key(before.key), Attr("expires_at").gt(now)) if before.key else None
        come = None if after is None else self._table.putting(_item(after), Attr("pk").not_exists())
        return tuple(part for part in (gone, come) if part is not None)


def _item(one: LogoutRound) -> dict[str, Any]:
    return {**_key(one.key), **encode(one), "ttl": one.expires_at}


def _key(key: str) -> dict[str, str]:
    return {"pk": f"logout#{key}", "sk": _ROUND}

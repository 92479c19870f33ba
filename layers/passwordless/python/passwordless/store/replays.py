"""The replays table: which AuthnRequests were taken. That a row exists is a replay, whatever its TTL says (S55)."""

from typing import Any

from boto3.dynamodb.conditions import Attr

from passwordless.model.tokens import digest
from passwordless.store.table import Table

KEPT = 3600


class Replays:
    """Remembers (issuer, request id) for longer than a request can be accepted."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def taking(self, application_id: str, issuer: str, request_id: str, session_id: str, now: int) -> Any:
        """Return the part of a transaction that takes a request for the first time."""
        item = {"pk": _key(application_id, issuer, request_id), "session_id": session_id, "ttl": now + KEPT}
        return self._table.putting(item, Attr("pk").not_exists())

    def session_of(self, application_id: str, issuer: str, request_id: str) -> str | None:
        """Return the id of the session that a request began."""
        item = self._table.get({"pk": _key(application_id, issuer, request_id)})
        return str(item["session_id"]) if item else None


def _key(application_id: str, issuer: str, request_id: str) -> str:
    return digest("\n".join((application_id, issuer, request_id)))

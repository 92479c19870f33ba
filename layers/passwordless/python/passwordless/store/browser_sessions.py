"""The browser_sessions table: browsers' sessions with us, and under which names applications know them."""

from typing import Any

from boto3.dynamodb.conditions import Attr

from passwordless.model.browser_sessions import BrowserSession, Participation
from passwordless.model.policies import MAX_SESSION_SECONDS
from passwordless.model.tokens import digest
from passwordless.store.codec import decode, encode
from passwordless.store.table import Change, Table

_SESSION = "session"


class BrowserSessions:
    """Reads and writes browser sessions."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, key: str) -> BrowserSession | None:
        """Return the session with this key, over or not."""
        item = self._table.get(_key(key))
        return decode(BrowserSession, item) if item else None

    def starting(self, session: BrowserSession) -> Any:
        """Return the part of a transaction that begins a session."""
        item = {
            **_key(session.key),
            **encode(session),
            "applications": session.applications,
            "ttl": session.expires_at,
        }
        return self._table.putting(item, Attr("pk").not_exists())

    def joining(self, key: str, application_id: str, now: int) -> Any:
        """Return the part of a transaction that adds an application to a session that still lives."""
        change = Change(add={"applications": frozenset({application_id})})
        return self._table.updating(_key(key), change, _alive(now))

    def living(self, key: str, now: int) -> Any:
        """Return the part of a transaction that demands a session to live still."""
        return self._table.checking(_key(key), _alive(now))

    def participating(self, one: Participation, now: int) -> tuple[Any, ...]:
        """Return the parts of a transaction that remember what an application was told, by name and by session."""
        told = {**encode(one), "ttl": now + MAX_SESSION_SECONDS}
        keys = _participation_keys(one)
        return tuple(self._table.putting({**told, **key}, Attr("pk").not_exists()) for key in keys)

    def participations(self, application_id: str, name_id: str) -> list[Participation]:
        """Return what an application was told of a user."""
        items = self._table.items("pk", _name_key(application_id, name_id))
        return [decode(Participation, item) for item in items]

    def told_of(self, key: str) -> list[Participation]:
        """Return what applications were told of a session, which may be over."""
        items = self._table.items("pk", key)
        return [decode(Participation, item) for item in items if item["sk"] != _SESSION]

    def end(self, key: str) -> BrowserSession | None:
        """End a session, there or not, and return what it was: to one caller only."""
        item = self._table.delete(_key(key))
        return decode(BrowserSession, item) if item else None

    def forget(self, one: Participation) -> None:
        """Forget what an application was told, once that session is over."""
        for key in _participation_keys(one):
            self._table.delete(key)


def _key(key: str) -> dict[str, str]:
    return {"pk": key, "sk": _SESSION}


def _participation_keys(one: Participation) -> tuple[dict[str, str], dict[str, str]]:
    return (
        {"pk": _name_key(one.application_id, one.name_id), "sk": one.session_index},
        {"pk": one.browser_session, "sk": f"told#{one.session_index}"},
    )


def _name_key(application_id: str, name_id: str) -> str:
    return "name#" + digest("\n".join((application_id, name_id)))


def _alive(now: int) -> Any:
    return Attr("expires_at").gt(now)

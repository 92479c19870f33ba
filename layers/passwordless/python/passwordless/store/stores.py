"""All tables together, and the transactions across them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from passwordless.store.applications import Applications
from passwordless.store.attempts import Attempts
from passwordless.store.blocks import Blocks
from passwordless.store.browser_sessions import BrowserSessions
from passwordless.store.devices import Devices
from passwordless.store.enrollments import Enrollments
from passwordless.store.events import Events
from passwordless.store.logout_rounds import LogoutRounds
from passwordless.store.metadata import Metadata
from passwordless.store.replays import Replays
from passwordless.store.sessions import Sessions
from passwordless.store.signing_keys import SigningKeys
from passwordless.store.table import Table, transact
from passwordless.store.traces import Traces
from passwordless.store.users import Users

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class Stores:
    """The stores of one deployment; `tables` maps a store's name to its table's."""

    client: "DynamoDBClient"
    tables: Mapping[str, str]
    event_retention_days: int

    def commit(self, *parts: Any) -> frozenset[int]:
        """Write all parts or none; return the places of the parts whose condition failed."""
        flat: Sequence[Any] = parts
        return transact(self.client, flat)

    @cached_property
    def applications(self) -> Applications:
        """Applications and the ownership of their names."""
        return Applications(self._table("applications"))

    @cached_property
    def attempts(self) -> Attempts:
        """Calls of Connect under an Idempotency-Key."""
        return Attempts(self._table("attempts"))

    @cached_property
    def users(self) -> Users:
        """Users and the ownership of their e-mail addresses."""
        return Users(self._table("users"))

    @cached_property
    def devices(self) -> Devices:
        """Devices and the ownership of their keys."""
        return Devices(self._table("devices"))

    @cached_property
    def enrollments(self) -> Enrollments:
        """Invites."""
        return Enrollments(self._table("enrollments"))

    @cached_property
    def sessions(self) -> Sessions:
        """Login sessions."""
        return Sessions(self._table("sessions"))

    @cached_property
    def browser_sessions(self) -> BrowserSessions:
        """Browsers' sessions with us."""
        return BrowserSessions(self._table("browser_sessions"))

    @cached_property
    def logout_rounds(self) -> LogoutRounds:
        """Logouts on their way round, beside the sessions that they end."""
        return LogoutRounds(self._table("browser_sessions"))

    @cached_property
    def replays(self) -> Replays:
        """AuthnRequests that were taken."""
        return Replays(self._table("replays"))

    @cached_property
    def metadata(self) -> Metadata:
        """Our metadata, signed once."""
        return Metadata(self._table("metadata"))

    @cached_property
    def signing_keys(self) -> SigningKeys:
        """Tenants' signing keys."""
        return SigningKeys(self._table("signing_keys"))

    @cached_property
    def events(self) -> Events:
        """What happened."""
        return Events(self._table("events"), self.event_retention_days)

    @cached_property
    def traces(self) -> Traces:
        """Why logins ended as they did."""
        return Traces(self._table("traces"))

    @cached_property
    def blocks(self) -> Blocks:
        """Addresses that were reported."""
        return Blocks(self._table("blocks"))

    def _table(self, name: str) -> Table:
        return Table(self.client, self.tables[name])

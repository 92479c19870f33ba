"""The one place where things are put together.

Nothing opens a client or reads the environment at import; each part is made when a function first asks for it, so that
a function pays only for what it uses.
"""

import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from passwordless.config import Config
from passwordless.metrics import Metrics
from passwordless.model.pace import Pace
from passwordless.model.tokens import Randomness

if TYPE_CHECKING:
    from collections.abc import Callable

    import boto3.session

    from passwordless.auth0.client import Auth0Client
    from passwordless.event_bus import EventBus
    from passwordless.keys import KeyMaker
    from passwordless.model.signing_keys import SigningKey
    from passwordless.signatures import KmsSigner
    from passwordless.store.ledger import Ledger
    from passwordless.store.stores import Stores


@dataclass(frozen=True)
class Wiring:
    """Settings, clock, randomness, and the parts of the house made from them; `aws` is the SDK's default if None."""

    config: Config
    clock: "Callable[[], float]" = time.time
    randomness: Randomness = field(default=secrets.token_bytes)
    aws: "boto3.session.Session | None" = None

    @property
    def now(self) -> int:
        """Return the present time in whole seconds."""
        return int(self.clock())

    @property
    def now_utc(self) -> datetime:
        """Return the present time."""
        return datetime.fromtimestamp(self.clock(), UTC)

    @cached_property
    def stores(self) -> "Stores":
        """The tables."""
        from passwordless.store.stores import Stores

        return Stores(
            self._client("dynamodb", read_timeout=3),
            self.config.tables,
            int(self.config.event_retention_days),
        )

    @cached_property
    def pace(self) -> Pace:
        """How fast logins are polled, as this process has seen it."""
        return Pace()

    @cached_property
    def metrics(self) -> Metrics:
        """What is counted."""
        return Metrics(self.config.stack_name, self.clock)

    @cached_property
    def signer(self) -> "KmsSigner":
        """What signs what we say."""
        return self._signer(self._client("kms", read_timeout=3))

    @cached_property
    def key_maker(self) -> "KeyMaker":
        """What makes signing keys."""
        from passwordless.keys import KeyMaker

        kms = self._client("kms", read_timeout=8)
        keys, stack = self.stores.signing_keys, self.config.stack_name
        return KeyMaker(kms, self._signer(kms), keys, stack, self.randomness)

    @cached_property
    def event_bus(self) -> "EventBus":
        """Where events are exported to."""
        from passwordless.event_bus import EventBus

        return EventBus(self._client("events", read_timeout=5), self.config.event_bus)

    @cached_property
    def auth0(self) -> "Auth0Client":
        """What talks to Auth0."""
        from passwordless.auth0.client import Auth0Client

        return Auth0Client(local=self.config.local, now=self.clock)

    def current_signing_key(self, tenant: str, correlation_id: str) -> "SigningKey":
        """Return the tenant's current key, made by the keys function if there is none. Raises Unavailable."""
        from passwordless.keys_function import current_signing_key

        return current_signing_key(self._lambda, self.config.keys_function, tenant, correlation_id)

    def next_signing_key(self, tenant: str, correlation_id: str) -> "SigningKey":
        """Have the keys function make the tenant's next key. Raises Conflict or Unavailable."""
        from passwordless.keys_function import next_signing_key

        return next_signing_key(self._lambda, self.config.keys_function, tenant, correlation_id)

    def _signer(self, kms: Any) -> "KmsSigner":
        from passwordless.signatures import KmsSigner

        return KmsSigner(kms, self.ledger, self.metrics, self.randomness, self.clock)

    @cached_property
    def ledger(self) -> "Ledger":
        """The ledger of signatures; a login waits for it, so it is soon given up."""
        from passwordless.store.ledger import Ledger
        from passwordless.store.table import Table

        client = self._client("dynamodb", connect_timeout=1, read_timeout=1, attempts=2)
        table = Table(client, self.config.ledger_table)
        return Ledger(table, int(self.config.event_retention_days))

    @cached_property
    def _lambda(self) -> Any:
        return self._client("lambda", read_timeout=8)

    @cached_property
    def _session(self) -> "boto3.session.Session":
        import boto3

        return self.aws or boto3.session.Session()

    def _client(self, service: str, *, read_timeout: int, connect_timeout: int = 2, attempts: int = 3) -> Any:
        from botocore.config import Config as ClientConfig

        limits = ClientConfig(
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            retries={"mode": "standard", "max_attempts": attempts},
        )
        client: Any = self._session.client
        return client(service, config=limits)


@cache
def wiring() -> Wiring:
    """Return the wiring of this process, made from its environment at the first call."""
    return Wiring(Config.from_env())

"""The blocks table: addresses that users reported as an attacker's, a tenant's address a row (S18)."""

from typing import Any

from boto3.dynamodb.conditions import Attr

from passwordless.model.blocks import Block
from passwordless.model.tokens import digest
from passwordless.store.codec import decode
from passwordless.store.table import Change, Table


class Blocks:
    """Reads and writes blocked addresses; a row holds the hash of the address, never the address."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, tenant: str, network: str) -> Block | None:
        """Return what was reported of a network, expired or not."""
        item = self._table.get(_key(tenant, network))
        return decode(Block, item) if item else None

    def joining(self, tenant: str, network: str, block: Block, now: int) -> Any:
        """Return the part of a transaction that adds reporters to a living block, or begins one."""
        change = Change(put=_times(block), add={"reporters": block.reporters})
        return self._table.updating(
            _key(tenant, network), change, Attr("pk").not_exists() | Attr("expires_at").gt(now)
        )

    def beginning_anew(self, tenant: str, network: str, block: Block, now: int) -> Any:
        """Return the part of a transaction that replaces a block that is over but still there."""
        change = Change(put={**_times(block), "reporters": block.reporters})
        return self._table.updating(_key(tenant, network), change, Attr("expires_at").lte(now))

    def lifting(self, tenant: str, network: str, now: int) -> Any:
        """Return the part of a transaction that ends a living block before its time."""
        return self._table.deleting(_key(tenant, network), Attr("expires_at").gt(now))


def _key(tenant: str, network: str) -> dict[str, str]:
    return {"pk": f"{tenant}#{digest(network)}"}


def _times(block: Block) -> dict[str, int]:
    return {"expires_at": block.expires_at, "ttl": block.expires_at}

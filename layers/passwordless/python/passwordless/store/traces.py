"""The traces table: why logins ended as they did, for a month, the tenant in every key (S51)."""

import re
from typing import Any

from boto3.dynamodb.conditions import Attr

from passwordless.model.traces import Outcome, Trace
from passwordless.store.codec import decode, encode
from passwordless.store.table import Table

RETENTION = 30 * 86400
_APPLICATION = re.compile(r"app_[a-z2-7]{20}")
_CORRELATION = re.compile(r"[A-Z2-7]{16}")


class Traces:
    """Reads and writes traces."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, tenant: str, application_id: str, correlation_id: str) -> Trace | None:
        """Return the trace that a tenant's application has under this id."""
        if not _APPLICATION.fullmatch(application_id) or not _CORRELATION.fullmatch(correlation_id):
            return None
        item = self._table.get({"pk": _key(tenant, application_id, correlation_id)})
        return decode(Trace, item) if item else None

    def putting(self, trace: Trace) -> Any:
        """Return the part of a transaction that writes a trace; one whose login has ended is never written again."""
        item = {
            "pk": _key(trace.tenant, trace.application_id, trace.correlation_id),
            "ttl": trace.at + RETENTION,
            **encode(trace),
        }
        unended = Attr("pk").not_exists() | Attr("outcome").eq(Outcome.STARTED.value)
        return self._table.putting(item, unended)


def _key(tenant: str, application_id: str, correlation_id: str) -> str:
    return f"{tenant}#{application_id}#{correlation_id}"

"""An event as others see it: administrators by the API, and whoever receives the export."""

from datetime import UTC, datetime
from typing import Any

from passwordless.model.events import Event
from passwordless.store.codec import encode


def public(event: Event) -> dict[str, Any]:
    """Return an event's members, the time as RFC 3339 in UTC; what it lacks is left out."""
    at = datetime.fromtimestamp(event.at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {**encode(event), "at": at}

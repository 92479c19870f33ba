"""Connect as the tests call it."""

from typing import Any

import pytest

from passwordless.auth0 import idempotency
from passwordless.auth0.report import Connected
from passwordless.errors import Failure
from tests.unit.auth0.fakes import (
    ASKED,
    FakeHouse,
    manual_fields,
    some_fields,
)


def connect(house: FakeHouse, **changes: Any) -> Connected:
    """Connect without an Idempotency-Key."""
    return idempotency.connect(house, some_fields(**changes), ASKED, None)


def by_hand(house: FakeHouse, key: str | None = None, **changes: Any) -> Connected:
    """Prepare for a connection that is made by hand."""
    return idempotency.connect(house, manual_fields(**changes), ASKED, key)


def statuses(steps: Any) -> list[str]:
    """Return the statuses of the four steps in order."""
    assert [one["step"] for one in steps] == ["domain", "token", "connection", "verification"]
    return [one["status"] for one in steps]


def failed(house: FakeHouse, **changes: Any) -> Failure:
    """Connect and return the failure."""
    with pytest.raises(Failure) as caught:
        connect(house, **changes)
    return caught.value

"""A tenant of Auth0 on loopback for each test."""

from collections.abc import Iterator

import pytest

from tests.unit.auth0.tenant_server import TenantServer, a_tenant


@pytest.fixture
def tenant() -> Iterator[TenantServer]:
    """A tenant in which everything is as our guide asks for."""
    with a_tenant() as one:
        yield one

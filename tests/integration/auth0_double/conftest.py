"""One tenant double per test module, forgotten afresh before each test."""

from collections.abc import Iterator

import pytest
import requests

from tests.integration.auth0_double.browser import a_browser
from tests.integration.auth0_double.calls import a_body, create
from tests.integration.auth0_double.process import Double, running_double


@pytest.fixture(scope="module")
def tenant() -> Iterator[Double]:
    with running_double() as double:
        yield double


@pytest.fixture
def double(tenant: Double) -> Double:
    tenant.reset()
    return tenant


@pytest.fixture
def browser(double: Double) -> Iterator[requests.Session]:
    """A browser at a tenant that has one connection."""
    assert create(double, a_body(double)).status_code == 201
    with a_browser() as session:
        yield session

"""A wiring on the emulator's tables whose Auth0 is the double, one of each per test module."""

from collections.abc import Iterator

import pytest

from passwordless.wiring import Wiring
from tests.emulator import running_house
from tests.house import House, config
from tests.integration.against_double import InOneProcess
from tests.integration.auth0_double.process import Double, running_double


@pytest.fixture(scope="module")
def emulated() -> Iterator[House]:
    with running_house() as house:
        yield house


@pytest.fixture(scope="module")
def tenant() -> Iterator[Double]:
    with running_double() as double:
        yield double


@pytest.fixture
def double(tenant: Double) -> Double:
    tenant.reset()
    return tenant


@pytest.fixture
def wiring(emulated: House, double: Double) -> Wiring:
    mapped = config(local_auth0_map=f"{double.domain}={double.url}")
    return InOneProcess(mapped, aws=emulated.wiring.aws)

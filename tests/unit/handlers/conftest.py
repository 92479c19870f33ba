"""One emulator for all handler tests; tests stay apart by their own tenants, users and sessions."""

from collections.abc import Iterator

import pytest

from tests.emulator import running_house
from tests.house import House


@pytest.fixture(scope="session")
def emulated() -> Iterator[House]:
    """The house on a running emulator."""
    with running_house() as house:
        yield house


@pytest.fixture
def house(emulated: House) -> House:
    """The house with its clock set back."""
    return emulated.rewound()

"""The fixtures `emulated` and `house`, for the conftest of each folder whose tests call handlers in this process.

One emulator serves all of them; tests stay apart by their own tenants, users and sessions.
"""

from contextlib import ExitStack

import pytest

from tests.emulator import running_house
from tests.house import House

_RUNNING = pytest.StashKey[House]()


@pytest.fixture(scope="session")
def emulated(request: pytest.FixtureRequest) -> House:
    """The house on a running emulator, which whoever asks first starts and the end of the run ends."""
    config = request.config
    if _RUNNING not in config.stash:
        running = ExitStack()
        config.add_cleanup(running.close)
        config.stash[_RUNNING] = running.enter_context(running_house())
    return config.stash[_RUNNING]


@pytest.fixture
def house(emulated: House) -> House:
    """The house with its clock set back."""
    return emulated.rewound()

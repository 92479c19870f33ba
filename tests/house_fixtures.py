"""The fixtures `emulated` and `house`, for the conftest of each folder whose tests call handlers in this process.

One emulator serves all of them; tests stay apart by their own tenants, users and sessions.
"""

from contextlib import ExitStack

import pytest

from tests.acts import forget_reports
from tests.emulator import running_house
from tests.house import House
from tests.witness import WatchedSession

_RUNNING = pytest.StashKey[House]()


@pytest.fixture(scope="session")
def emulated(request: pytest.FixtureRequest) -> House:
    """The house on a running emulator, which whoever asks first starts and the end of the run ends."""
    config = request.config
    if _RUNNING not in config.stash:
        running = ExitStack()
        config.add_cleanup(running.close)
        house = running.enter_context(running_house())
        assert house.wiring.aws is not None
        watched = WatchedSession(house.wiring.aws)
        config.stash[_RUNNING] = House.on(watched, house.clock, house.wiring.config)
    return config.stash[_RUNNING]


@pytest.fixture
def house(emulated: House) -> House:
    """The house with its clock set back and no address reported, since all browsers of the tests share one."""
    forget_reports(emulated)
    return emulated.rewound()

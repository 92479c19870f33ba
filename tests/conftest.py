"""What all tests share: the build, and one local stack for each process that runs tests."""

import fcntl
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from local.commands import down, up
from local.layout import Layout, layout
from local.stack import Stack

pytest_plugins = ["tests.browser"]

# A busy machine is no fault of the code: nothing here is judged by the clock on the wall.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def place() -> Layout:
    """Where the stack of this process's tests lives: beside the developer's own, not in it."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    return layout(ROOT / ".local" / f"test{worker and '-'}{worker}")


@pytest.fixture(scope="session")
def built(place: Layout) -> Path:
    """The folder of an up-to-date `make build`."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    lock = ROOT / ".local" / "build.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as held:  # two processes would build over each other
        fcntl.flock(held, fcntl.LOCK_EX)
        subprocess.run(["make", "build"], cwd=ROOT, env=environment, check=True)
    return place.build_dir


@pytest.fixture(scope="session")
def stack(place: Layout, built: Path) -> Iterator[Stack]:
    """The local stack: one that is already up in .local/test is used and left up, else one is started and ended."""
    assert built.is_dir()
    running, fresh = up(place)
    yield running
    if fresh:
        down(place)

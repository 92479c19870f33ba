"""How much CPU time a call takes, told apart from what else befalls the process that measures it."""

import time
from collections.abc import Callable
from contextlib import suppress

REPEATS = 4


def within[T](seconds: float, run: Callable[[], T]) -> T:
    """Run a call and fail when it takes more CPU time than it may.

    A call that was too slow is repeated: what it costs by itself it costs every time, whereas a pass of the
    garbage collector over a test's own objects, or the page faults of a busy machine, do not come back each time.

    Args:
        seconds: what the call may take, in seconds of CPU time.
        run: the call; repeats are for the time only, the first run's outcome counts.

    Returns:
        What the first run returned.

    Raises:
        AssertionError: every run took longer.
        Exception: whatever the first run raised.
    """
    started = time.process_time()
    try:
        return run()
    finally:
        taken = [time.process_time() - started]
        while min(taken) >= seconds and len(taken) <= REPEATS:
            taken.append(_cpu_seconds(run))
        assert min(taken) < seconds, f"{seconds} s of CPU time allowed, taken: {taken}"


def _cpu_seconds(run: Callable[[], object]) -> float:
    started = time.process_time()
    with suppress(Exception):
        run()
    return time.process_time() - started

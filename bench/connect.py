"""`make bench`: what one-click connect and Verify cost us beside Auth0, in CPU time of one thread, warm, the median.

Tables and keys are the emulator's in a process of its own, Auth0 is a server in another thread: the figures hold our
own work, the calls to the tables and the HTTP client with it, and no waiting.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from functions.connect.handler import handler
from tests.auth0_tenant import at_tenant, press_connect, press_verify
from tests.emulator import running_house
from tests.unit.auth0.tenant_server import a_tenant

RUNS = 40
WARM_UP = 5
LIMITS = {"connect, from the event to the answer": 150.0, "verify, from the event to the answer": 150.0}


def median_ms(run: Callable[[], Any]) -> float:
    """Return the median of the calling thread's CPU time, in milliseconds."""
    for _ in range(WARM_UP):
        run()
    return statistics.median(_once(run) for _ in range(RUNS)) * 1000


def _once(run: Callable[[], Any]) -> float:
    started = time.thread_time()
    run()
    return time.thread_time() - started


def measured() -> dict[str, float]:
    """Return the milliseconds of each piece of work."""
    with running_house() as house, a_tenant() as tenant:
        there = at_tenant(house, tenant.url)
        answer = press_connect(there, None)
        if answer.status != 201:
            raise AssertionError(answer.body)
        application_id = json.loads(answer.body)["application"]["application_id"]
        connect, verify = LIMITS
        return {
            connect: median_ms(lambda: press_connect(there, None)),
            verify: median_ms(lambda: press_verify(there, application_id)),
        }


def main() -> int:
    """Print a table; fail when a limit is exceeded."""
    handler.log.setLevel("ERROR")
    taken = measured()
    print(f"{'CPU time beside Auth0, median of ' + str(RUNS):48} {'ms':>7} {'limit':>7}")
    for name, limit in LIMITS.items():
        print(f"{name:48} {taken[name]:7.1f} {limit:7.1f}{'  too slow' if taken[name] > limit else ''}")
    return int(any(taken[name] > limit for name, limit in LIMITS.items()))


if __name__ == "__main__":
    sys.exit(main())

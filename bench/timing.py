"""What the benchmarks share: a case with its limit, and the median of its CPU time on one core, warm."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

RUNS = 200
WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Case:
    """A piece of work and the milliseconds that it may take."""

    name: str
    run: Callable[[], object]
    limit: float


def report(cases: Iterable[Case]) -> int:
    """Print a table; return 1 when a limit is exceeded."""
    slow = False
    print(f"{'CPU time, median of ' + str(RUNS):48} {'ms':>7} {'limit':>7}")
    for case in cases:
        taken = median_ms(case.run)
        slow = slow or taken > case.limit
        print(f"{case.name:48} {taken:7.3f} {case.limit:7.1f}{'  too slow' if taken > case.limit else ''}")
    return int(slow)


def median_ms(run: Callable[[], object]) -> float:
    """Return the median of the CPU time of this process, in milliseconds."""
    for _ in range(WARM_UP):
        run()
    return statistics.median(_once(run) for _ in range(RUNS)) * 1000


def _once(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started

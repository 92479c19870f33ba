"""What the benchmarks share: a case with its limit, and the median of its CPU time on one core, warm."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

type Clock = Callable[[], float]

RUNS = 200
WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Case:
    """A piece of work and the milliseconds that it may take."""

    name: str
    run: Callable[[], object]
    limit: float


def report(cases: Iterable[Case], clock: Clock = time.process_time, runs: int = RUNS) -> int:
    """Print a table; return 1 when a limit is exceeded. `clock` tells the CPU seconds of what is measured."""
    slow = False
    print(f"{'CPU time, median of ' + str(runs):48} {'ms':>7} {'limit':>7}")
    for case in cases:
        taken = median_ms(case.run, clock, runs)
        slow = slow or taken > case.limit
        print(f"{case.name:48} {taken:7.3f} {case.limit:7.1f}{'  too slow' if taken > case.limit else ''}")
    return int(slow)


def median_ms(run: Callable[[], object], clock: Clock = time.process_time, runs: int = RUNS) -> float:
    """Return the median of the CPU time, by default of this process, in milliseconds."""
    for _ in range(WARM_UP):
        run()
    return statistics.median(_once(run, clock) for _ in range(runs)) * 1000


def _once(run: Callable[[], object], clock: Clock) -> float:
    started = clock()
    run()
    return clock() - started

"""Many calls at the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier


def at_once[Item, Result](act: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Call `act` with each item, each in its own thread, none before all are ready; return the results in order."""
    ready = Barrier(len(items))

    def wait_and_act(item: Item) -> Result:
        ready.wait(timeout=30)
        return act(item)

    with ThreadPoolExecutor(len(items)) as threads:
        return list(threads.map(wait_and_act, items))

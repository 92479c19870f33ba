"""The time that one procedure may take."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant of a monotonic clock, in seconds."""

    ends_at: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    @classmethod
    def after(
        cls,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> "Deadline":
        """Return the deadline that many seconds from now."""
        return cls(clock() + seconds, clock, sleep)

    def remaining(self) -> float:
        """Return the seconds left, 0 when it has passed."""
        return max(0.0, self.ends_at - self.clock())

    def pause(self, seconds: float, *, leave: float) -> bool:
        """Wait if `leave` seconds will remain afterwards; return whether that was so."""
        if self.remaining() < seconds + leave:
            return False
        self.sleep(seconds)
        return True

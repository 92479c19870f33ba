"""How often one login may be polled: a token bucket for each, in the memory of one process.

It slows down a page that runs wild, and no more: every process of the function has buckets of its own, a poll that has
to wait has cost its one read, and API Gateway's throttle bounds what strangers may cost. An honest page never meets
it: its fastest schedule is a poll in 0.72 s, two tabs of one login ask 2.8 times a second, and a burst of tabs that
become visible at once fits as well.
"""

import math
from collections import OrderedDict
from dataclasses import dataclass, field

BURST = 20.0
PER_SECOND = 4.0
MAX_LOGINS = 2000


@dataclass(frozen=True, slots=True)
class _Bucket:
    tokens: float
    at: float


@dataclass(frozen=True, slots=True)
class Pace:
    """The buckets of the logins that asked last; a login that was forgotten begins with a full one."""

    _buckets: OrderedDict[str, _Bucket] = field(default_factory=OrderedDict)

    def wait(self, login: str, now: float) -> int:
        """Count a poll at `now` (seconds); return 0, or the whole seconds that the browser has to wait instead.

        A poll that has to wait costs nothing, so a browser that keeps to what it is told is never locked out.
        """
        last = self._buckets.pop(login, _Bucket(BURST, now))
        tokens = min(BURST, last.tokens + max(0.0, now - last.at) * PER_SECOND)
        allowed = tokens >= 1
        self._buckets[login] = _Bucket(tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > MAX_LOGINS:
            self._buckets.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - tokens) / PER_SECOND))

"""`make bench`: how many polls a login costs and how late the page learns of the approval.

The page's own script runs in Node on a clock without waiting; the server's own schedule answers it. Simulated are the
people: they scan after a lognormal time (median 9 s), approve after another (median 4.5 s), and 8 % go away before they
scan, as people leave a page (median 30 s). The network's own delay is left out.
"""

import json
import math
import random
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from passwordless.model.polling import FIRST_MS, interval_ms, jittered
from passwordless.model.sessions import LoginSession, Status
from tests.unit.model.builders import NOW, a_claim, a_session

ROOT = Path(__file__).resolve().parents[1]
NODE = ROOT / ".venv" / "bin" / "node"
VISITS = 2000
ABANDONED = 0.08
MAX_POLLS = 13.0
MAX_DELAY = 0.45


@dataclass(frozen=True, slots=True)
class Person:
    """What one person does, in seconds after the page was opened; who leaves neither scans nor approves."""

    scans_at: float
    approves_at: float
    leaves_at: float

    def login_at(self, seconds: float) -> LoginSession | None:
        """Return the login as it stands then, None when the page is closed."""
        now = NOW + int(seconds)
        if seconds >= self.leaves_at:
            return None
        if seconds < self.scans_at:
            return a_session()
        claim = a_claim(scanned_at=NOW + int(self.scans_at))
        status = Status.SCANNED if seconds < self.approves_at else Status.APPROVED
        return a_session(status=status, claim=claim, expires_at=now + 60)


@dataclass(frozen=True, slots=True)
class Visit:
    """How one visit went: polls, and the seconds between approval and the page's knowing of it, if it came to that."""

    polls: int
    delay: float | None


def a_person(chance: random.Random) -> Person:
    """Return somebody, by the distributions above."""
    if chance.random() < ABANDONED:
        return Person(math.inf, math.inf, chance.lognormvariate(math.log(30), 0.6))
    scans_at = chance.lognormvariate(math.log(9), 0.5)
    return Person(scans_at, scans_at + chance.lognormvariate(math.log(4.5), 0.4), math.inf)


class Browser:
    """A Node process in which pages are opened one after another."""

    def __init__(self) -> None:
        command = [str(NODE), str(ROOT / "bench" / "page_clock.mjs")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._script = (ROOT / "functions" / "sso" / "page" / "login.js").read_text()

    def visit(self, person: Person, chance: random.Random) -> Visit:
        """Open the page for a person and follow it to the end."""
        said = self._said({"visit": {"script": self._script, "first_poll_ms": FIRST_MS}})
        polls = 0
        while "poll" in said:
            seconds = said["poll"] / 1000
            login = person.login_at(seconds)
            polls += login is not None
            said = self._said(_answer(login, seconds, chance))
        finished = said["ended"] / 1000
        return Visit(polls, finished - person.approves_at if person.approves_at < math.inf else None)

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=10)

    def _said(self, message: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()
        said: dict[str, Any] = json.loads(self._process.stdout.readline())
        return said


def simulate(visits: int, seed: int = 1) -> list[Visit]:
    """Return how that many visits went; the same for the same seed."""
    chance, browser = random.Random(seed), Browser()  # noqa: S311 - a simulation, repeatable
    try:
        return [browser.visit(a_person(chance), chance) for _ in range(visits)]
    finally:
        browser.close()


def _answer(login: LoginSession | None, seconds: float, chance: random.Random) -> dict[str, Any]:
    if login is None:
        return {"closed": True}
    now = NOW + int(seconds)
    return {
        "answer": {
            "status": login.status_at(now).value,
            "next_poll_ms": jittered(interval_ms(login, now), chance.randrange(256)),
            "message": "",
        }
    }


def main() -> int:
    """Print the figures; fail when a limit is exceeded."""
    visits = simulate(VISITS)
    polls = statistics.mean(visit.polls for visit in visits)
    delay = statistics.mean(visit.delay for visit in visits if visit.delay is not None)
    print(f"{VISITS} simulated visits, the page's and the server's own schedule")
    print(f"{'polls a visit, mean':48} {polls:7.2f} {MAX_POLLS:7.1f}")
    print(f"{'seconds from approval to the page, mean':48} {delay:7.3f} {MAX_DELAY:7.2f}")
    return int(polls > MAX_POLLS or delay > MAX_DELAY)


if __name__ == "__main__":
    sys.exit(main())

"""Processes that the supervisor starts: each in a group of its own, so that it can be ended with all its workers."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

GRACE_SECONDS = 1.0
RECORD = "children.json"


class ChildFailed(Exception):
    """Raised when a process that should serve has ended or does not answer; the message carries its last words."""


@dataclass(frozen=True, slots=True)
class Child:
    """A process that we started; `log` is the file that takes its standard error, and output unless piped."""

    name: str
    process: subprocess.Popen[str]
    log: Path

    def require_alive(self) -> None:
        """Raise ChildFailed if the process has ended."""
        code = self.process.poll()
        if code is not None:
            raise ChildFailed(f"{self.name} ended with code {code}:\n{tail(self.log)}")


def start(
    name: str, command: Sequence[str], environment: Mapping[str, str], log: Path, *, piped: bool = False
) -> Child:
    """Start `command` in a new process group with exactly `environment`; standard output is `piped` or in `log`."""
    with log.open("a") as file:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if piped else file,
            stderr=file,
            text=True,
            start_new_session=True,
        )
    return Child(name, process, log)


def tail(log: Path, lines: int = 25) -> str:
    """Return the last lines of a log, or a note that it is empty."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return "\n".join(text.splitlines()[-lines:]) or f"({log} is empty)"


def end(children: Iterable[Child]) -> None:
    """End every child and whatever it started: ask first, insist after GRACE_SECONDS."""
    ended = list(children)
    for child in ended:
        _signal_group(child.process.pid, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    for child in ended:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.0, deadline - time.monotonic()))
        _signal_group(child.process.pid, signal.SIGKILL)
        child.process.wait()


def record(folder: Path, children: Iterable[Child]) -> None:
    """Write down which processes are ours, so that they can be ended even if the supervisor was killed."""
    pids = [child.process.pid for child in children]
    (folder / RECORD).write_text(json.dumps({pid: started_at(pid) for pid in pids}))


def end_leftovers(folder: Path) -> None:
    """End processes of a supervisor that was killed; a pid that now belongs to another process is left alone."""
    file = folder / RECORD
    if not file.exists():
        return
    for pid, started in json.loads(file.read_text()).items():
        if started is not None and started_at(int(pid)) == started:
            _signal_group(int(pid), signal.SIGKILL)
    file.unlink()


def started_at(pid: int) -> str | None:
    """Return when a living process started, in the kernel's ticks; None when there is none, or no /proc to ask."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, *fields = stat.rpartition(")")[2].split()
    return None if state == "Z" else fields[18]


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return

"""The environment that children get, and how they are ended."""

import contextlib
import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.environment import INHERITED, scrubbed
from local.processes import Child, ChildFailed, end, end_leftovers, record, start

HOME = Path("/stack")
SLEEP = "import time; time.sleep(60)"
PARENT = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {SLEEP!r}]); time.sleep(60)"


@given(st.dictionaries(st.text(), st.text()))
def test_nothing_of_the_caller_but_the_inherited_few_reaches_a_child(outside: dict[str, str]) -> None:
    child = scrubbed(outside, HOME)
    own = scrubbed({}, HOME)
    assert {name: value for name, value in child.items() if name not in INHERITED} == own


@pytest.mark.parametrize(
    "name",
    ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_PROFILE", "HTTPS_PROXY", "PYTHONPATH", "NODE_OPTIONS"],
)
def test_what_could_lead_elsewhere_is_left_out(name: str) -> None:
    assert name not in scrubbed({name: "poison"}, HOME)


def a_child(tmp_path: Path, script: str) -> Child:
    return start("child", [sys.executable, "-c", script], dict(os.environ), tmp_path / "child.log")


def processes_of_group(group: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                found.append(int(stat.parent.name))
    return found


def test_the_end_of_a_child_is_the_end_of_its_workers(tmp_path: Path) -> None:
    child = a_child(tmp_path, PARENT)
    while len(processes_of_group(child.process.pid)) < 2:
        time.sleep(0.01)
    end([child])
    killed = time.monotonic() + 5  # the kernel ends a killed process a moment after the call
    while processes_of_group(child.process.pid) and time.monotonic() < killed:
        time.sleep(0.01)
    assert processes_of_group(child.process.pid) == []


def test_a_child_that_ignores_the_request_is_ended_all_the_same(tmp_path: Path) -> None:
    child = a_child(
        tmp_path,
        f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); {SLEEP}",
    )
    while "deaf" not in child.log.read_text():
        time.sleep(0.01)
    end([child])
    assert child.process.returncode == -9


def test_a_child_that_died_says_its_last_words(tmp_path: Path) -> None:
    child = a_child(tmp_path, "raise SystemExit('no port')")
    child.process.wait()
    with pytest.raises(ChildFailed, match="no port"):
        child.require_alive()


def test_what_a_killed_supervisor_left_is_ended(tmp_path: Path) -> None:
    child = a_child(tmp_path, SLEEP)
    record(tmp_path, [child])
    end_leftovers(tmp_path)
    assert child.process.wait() == -9


def test_a_recorded_pid_that_is_another_process_now_is_left_alone(tmp_path: Path) -> None:
    child = a_child(tmp_path, SLEEP)
    (tmp_path / "children.json").write_text(f'{{"{child.process.pid}": "1"}}')
    end_leftovers(tmp_path)
    assert child.process.poll() is None
    end([child])

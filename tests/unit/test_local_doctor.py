"""`make doctor` on machines where something is missing: what it says, and whether that is fatal."""

import ast
import sys
from typing import Any, Final

import pytest

from local import doctor
from local.doctor import Finding, Machine, examine, main
from tests.template import ROOT

NOW: Final = 1_795_000_000.0
FRESH: Final = {
    "Makefile": NOW - 100,
    "template.yaml": NOW - 100,
    "/proc/self/stat": NOW,
    doctor.CHROMIUM: 1.0,
    doctor.MELLON: 1.0,
}
INSTALLED: Final = dict.fromkeys(doctor.STEPS, NOW - 50)
LOCKS: Final = {lock: NOW - 90 for locks in doctor.STEPS.values() for lock in locks}


class FakeMachine(Machine):
    """A machine where all is well, but for what a test says."""

    def __init__(self, **differently: Any) -> None:
        self.system = differently.get("system", "Linux")
        self.python: str | None = differently.get("python", "3.13.7")
        self.make: str | None = differently.get("make", "GNU Make 4.4.1\nBuilt for …")
        self.without: set[str] = differently.get("without", set())
        self.files: dict[str, float] = differently.get("files", FRESH | LOCKS | INSTALLED)
        self.may_write = differently.get("may_write", True)
        self.free = differently.get("free", 50 * doctor.GIGABYTE)
        self.time = differently.get("time", NOW)
        self.listens = differently.get("listens", True)
        self.online = differently.get("online", True)
        self.asked: list[str] = []

    def said(self, *command: str) -> str | None:
        return self.python if command[0] == "python3.13" else self.make

    def has(self, command: str) -> bool:
        return command not in self.without

    def changed(self, path: str) -> float | None:
        return self.files.get(path)

    def writable(self) -> bool:
        return bool(self.may_write)

    def free_bytes(self) -> int:
        return int(self.free)

    def now(self) -> float:
        return float(self.time)

    def loopback(self) -> bool:
        return bool(self.listens)

    def reaches(self, host: str) -> bool:
        self.asked.append(host)
        return bool(self.online)


def without(*paths: str) -> dict[str, float]:
    return {path: changed for path, changed in (FRESH | LOCKS | INSTALLED).items() if path not in paths}


def wrong(machine: Machine) -> list[Finding]:
    return [finding for finding in examine(machine) if finding.remedy]


def test_a_machine_with_everything_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    machine = FakeMachine()
    assert wrong(machine) == []
    assert main(machine) == 0
    assert "can run and test the system" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("machine", "subject", "remedy"),
    [
        (FakeMachine(python=None), "Python 3.13", "apt-get install python3.13 python3.13-venv"),
        (FakeMachine(python="3.12.4"), "Python 3.13", "apt-get install python3.13"),
        (FakeMachine(python=None, system="Darwin"), "Python 3.13", "brew install python@3.13"),
        (FakeMachine(make=None), "make", "apt-get install make"),
        (FakeMachine(make="GNU Make 3.81", system="Darwin"), "make", "brew install make"),
        (FakeMachine(make="bmake 20200710"), "make", "apt-get install make"),
        (FakeMachine(without={"git"}), "git", "apt-get install git"),
        (FakeMachine(without={"bash"}), "bash", "apt-get install bash"),
        (FakeMachine(without={"sha256sum"}, system="Darwin"), "sha256sum", "brew install coreutils"),
        (FakeMachine(files=without("/proc/self/stat")), "/proc", "Linux"),
        (FakeMachine(may_write=False), "folder", "check out"),
        (FakeMachine(free=doctor.GIGABYTE), "folder", "free 3 GB"),
        (FakeMachine(listens=False), "loopback", "ip link set lo up"),
        (FakeMachine(time=0.0), "clock", "set the clock"),
        (FakeMachine(time=NOW - 86_400), "clock", "set the clock"),
    ],
)
def test_what_the_system_needs_is_named_with_how_to_get_it(
    machine: FakeMachine, subject: str, remedy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (finding,) = wrong(machine)
    assert (finding.subject, finding.required) == (subject, True)
    assert remedy in finding.remedy
    assert main(machine) == 1
    assert f"Missing: {subject}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("machine", "subject", "remedy"),
    [
        (FakeMachine(files=without(doctor.CHROMIUM)), "chromium", "apt-get install chromium"),
        (FakeMachine(without={"xmlsec1"}), "xmlsec1", "apt-get install xmlsec1"),
        (FakeMachine(without={"apache2"}), "apache2, mellon", "libapache2-mod-auth-mellon"),
        (FakeMachine(files=without(doctor.MELLON)), "apache2, mellon", "libapache2-mod-auth-mellon"),
        (FakeMachine(without={"apache2"}, system="Darwin"), "apache2, mellon", "not for macOS"),
        (FakeMachine(files=without(".venv/installed")), ".venv", "make install"),
        (FakeMachine(files=without() | {"requirements/tools.txt": NOW}), ".venv-tools", "make install"),
    ],
)
def test_what_only_some_tests_need_or_make_installs_is_named_and_not_fatal(
    machine: FakeMachine, subject: str, remedy: str
) -> None:
    (finding,) = wrong(machine)
    assert (finding.subject, finding.required) == (subject, False)
    assert remedy in finding.remedy
    assert main(machine) == 0


def test_a_registry_is_asked_only_when_something_must_be_installed() -> None:
    complete, fresh = FakeMachine(), FakeMachine(files=FRESH | LOCKS, online=False)
    wrong(complete)
    assert complete.asked == []
    assert {"pypi.org", "registry.npmjs.org"} <= {finding.subject for finding in wrong(fresh)}


def test_it_starts_by_an_old_python_and_with_nothing_installed() -> None:
    source = (ROOT / "local" / "doctor.py").read_text()
    tree = ast.parse(source, feature_version=(3, 9))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names


def test_it_knows_what_make_installs_from_what() -> None:
    """A stamp that is missing here would never be called out of step."""
    makefile = (ROOT / "Makefile").read_text()
    for stamp, locks in doctor.STEPS.items():
        assert stamp in makefile
        assert all(lock in makefile for lock in locks)
    assert set(doctor.STEPS) == set(makefile.partition("\ninstall: ")[2].partition(" ##")[0].split())


def test_this_machine_itself_can_be_examined() -> None:
    assert [finding.subject for finding in examine(Machine()) if finding.fatal] == []

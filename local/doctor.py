"""`make doctor`: whether this machine can run and test the system, what is missing, and how to get it.

It runs before anything is installed, by whatever Python there is (3.9 or newer), so it uses the standard library alone.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GIGABYTE = 1_000_000_000
NEEDED_BYTES = 3 * GIGABYTE
OLDEST_CLOCK = 1_767_225_600.0  # 2026-01-01: no checkout of this project is older
FUTURE_SECONDS = 60.0
STEPS = {
    ".venv/installed": (".python-version", "requirements/uv.txt", "requirements/dev.txt"),
    ".venv-tools/installed": ("requirements/tools.txt",),
    ".venv-ministack/installed": ("requirements/ministack.txt",),
    "local/auth0/node_modules/installed": ("local/auth0/package-lock.json",),
    "tests/oracles/node_modules/installed": ("tests/oracles/package-lock.json",),
}
REGISTRIES = ("pypi.org", "registry.npmjs.org")
MELLON = "/usr/lib/apache2/modules/mod_auth_mellon.so"
CHROMIUM = "/usr/bin/chromium"


class Machine:
    """This machine, as far as the checks look at it; a test puts another in its place."""

    system = platform.system()

    def said(self, *command: str) -> str | None:
        """Return what a command says on standard output; None if it is not there or fails."""
        try:
            done = subprocess.run(
                command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=True, errors="replace"
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout.strip()

    def has(self, command: str) -> bool:
        """Tell whether there is such a command."""
        return shutil.which(command, path=f"{os.environ.get('PATH', '')}:/usr/sbin") is not None

    def changed(self, path: str) -> float | None:
        """Return when a file was last changed, a path being taken from the project's folder; None without one."""
        try:
            return (ROOT / path).stat().st_mtime
        except OSError:
            return None

    def writable(self) -> bool:
        """Tell whether the project's folder can be written to."""
        return os.access(ROOT, os.W_OK)

    def free_bytes(self) -> int:
        """Return how much is free where the project is."""
        return shutil.disk_usage(ROOT).free

    def now(self) -> float:
        """Return the time, in seconds since 1970."""
        return time.time()

    def loopback(self) -> bool:
        """Tell whether a port of 127.0.0.1 can be listened on and reached."""
        try:
            with socket.create_server(("127.0.0.1", 0)) as server:
                socket.create_connection(server.getsockname(), timeout=5).close()
        except OSError:
            return False
        return True

    def reaches(self, host: str) -> bool:
        """Tell whether a host answers on port 443."""
        try:
            socket.create_connection((host, 443), timeout=5).close()
        except OSError:
            return False
        return True


@dataclass(frozen=True)
class Finding:
    """What one check found: `remedy` is empty if all is well. What is not `required` spares some tests only."""

    subject: str
    found: str
    remedy: str = ""
    required: bool = True

    @property
    def fatal(self) -> bool:
        """Tell whether the system cannot run like this."""
        return bool(self.remedy) and self.required

    @property
    def line(self) -> str:
        """Return the finding as a line for a person."""
        state = "ok" if not self.remedy else "MISSING" if self.required else "optional"
        return f"  {state:<9}{self.subject:<28}{self.found}" + (
            f"\n{'':>39}{self.remedy}" if self.remedy else ""
        )


def python(machine: Machine) -> Finding:
    """Look for Python 3.13 with what makes virtual environments."""
    said = machine.said("python3.13", "-c", "import sys, venv, ensurepip; print(sys.version.split()[0])")
    if said and said.startswith("3.13."):
        return Finding("Python 3.13", said)
    how = get(machine, "python3.13 python3.13-venv", "python@3.13")
    return Finding("Python 3.13", "python3.13 with venv does not start", f"{how}; or pyenv install 3.13")


def make(machine: Machine) -> Finding:
    """Look for a GNU make that knows .SHELLFLAGS."""
    read = re.match(r"GNU Make (\d+)\.(\d+)", machine.said("make", "--version") or "")
    if read and (int(read[1]), int(read[2])) >= (3, 82):
        return Finding("make", f"GNU Make {read[1]}.{read[2]}")
    return Finding(
        "make", "no GNU Make 3.82 or newer", f"{get(machine, 'make', 'make')} (on macOS then call it gmake)"
    )


def command(machine: Machine, name: str, debian: str, mac: str) -> Finding:
    """Look for a command that the targets of the Makefile use."""
    return (
        Finding(name, "found") if machine.has(name) else Finding(name, "not found", get(machine, debian, mac))
    )


def processes(machine: Machine) -> Finding:
    """Look for the kernel's list of processes, by which the stack is watched and ended."""
    if machine.changed("/proc/self/stat") is not None:
        return Finding("/proc", "found")
    return Finding(
        "/proc", "not found: the local stack needs Linux", "use a Linux machine, container or virtual machine"
    )


def folder(machine: Machine) -> Finding:
    """Look whether the folder can hold what is installed and built."""
    free = machine.free_bytes()
    if not machine.writable():
        return Finding("folder", f"{ROOT} cannot be written to", "check out as the user that runs make")
    if free < NEEDED_BYTES:
        return Finding("folder", f"{free / GIGABYTE:.1f} GB free", f"free {NEEDED_BYTES / GIGABYTE:.0f} GB")
    return Finding("folder", f"writable, {free / GIGABYTE:.0f} GB free")


def loopback(machine: Machine) -> Finding:
    """Look whether servers can listen here."""
    if machine.loopback():
        return Finding("loopback", "ports of 127.0.0.1 can be used")
    return Finding(
        "loopback",
        "no port of 127.0.0.1 can be listened on and reached",
        "ip link set lo up; look at firewall rules",
    )


def clock(machine: Machine) -> Finding:
    """Look whether the clock can be right: tokens and certificates are judged by it, and make by the dates of files."""
    now, newest = machine.now(), max((machine.changed(one) or 0.0) for one in ("Makefile", "template.yaml"))
    if now < max(OLDEST_CLOCK, newest - FUTURE_SECONDS):
        return Finding(
            "clock", "is behind the files of this folder", "set the clock: timedatectl set-ntp true"
        )
    return Finding("clock", time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(now)))


def installed(machine: Machine) -> list[Finding]:
    """Look which of the project's own environments are there and in step with their locks."""
    states = [_installed(machine, stamp, locks) for stamp, locks in STEPS.items()]
    waiting = any(state.remedy for state in states)
    return states + ([_registry(machine, host) for host in REGISTRIES] if waiting else [])


def _installed(machine: Machine, stamp: str, locks: tuple[str, ...]) -> Finding:
    name, made = str(Path(stamp).parent), machine.changed(stamp)
    if made is None:
        return Finding(name, "not installed yet", "make install (make run does it, too)", required=False)
    if any((machine.changed(lock) or 0.0) > made for lock in locks):
        return Finding(name, "older than its lock file", "make install", required=False)
    return Finding(name, "installed")


def _registry(machine: Machine, host: str) -> Finding:
    if machine.reaches(host):
        return Finding(host, "reachable")
    return Finding(host, "not reachable", "connect, or tell pip and npm of your mirror", required=False)


def chromium(machine: Machine) -> Finding:
    """Look for the browser of the browser tests."""
    if machine.changed(CHROMIUM) is not None:
        return Finding("chromium", "found")
    return Finding(
        "chromium", "browser tests are skipped", get(machine, "chromium", "chromium"), required=False
    )


def xmlsec1(machine: Machine) -> Finding:
    """Look for the second opinion on our XML signatures."""
    if machine.has("xmlsec1"):
        return Finding("xmlsec1", "found")
    how = get(machine, "xmlsec1", "libxmlsec1")
    return Finding("xmlsec1", "its checks of our signatures are skipped", how, required=False)


def mellon(machine: Machine) -> Finding:
    """Look for the service provider that is not ours."""
    if machine.has("apache2") and machine.changed(MELLON) is not None:
        return Finding("apache2, mellon", "found")
    how = get(machine, "apache2 libapache2-mod-auth-mellon", "")
    return Finding("apache2, mellon", "the login through Apache is skipped", how, required=False)


def get(machine: Machine, debian: str, mac: str) -> str:
    """Return how a package is had on this system."""
    if machine.system == "Darwin":
        return f"brew install {mac}" if mac else "not for macOS"
    return f"apt-get install {debian}"


def examine(machine: Machine) -> list[Finding]:
    """Return what all checks found, the required ones first."""
    return [
        python(machine),
        command(machine, "git", "git", "git"),
        make(machine),
        command(machine, "bash", "bash", "bash"),
        command(machine, "sha256sum", "coreutils", "coreutils"),
        processes(machine),
        folder(machine),
        loopback(machine),
        clock(machine),
        *installed(machine),
        chromium(machine),
        xmlsec1(machine),
        mellon(machine),
    ]


def main(machine: Machine) -> int:
    """Tell what was found; 1 if something is missing that the system needs."""
    findings = examine(machine)
    for finding in findings:
        print(finding.line)
    missing = [finding.subject for finding in findings if finding.fatal]
    print(f"\nMissing: {', '.join(missing)}" if missing else "\nThis machine can run and test the system.")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(Machine()))

"""Brings the local stack up and down: `python -m local.commands up|down`."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from local.environment import scrubbed
from local.layout import Layout, layout
from local.processes import end_leftovers, started_at, tail
from local.stack import NoStack, Stack, forget_stack, local_dir, read_stack
from local.supervisor import is_owned

UP_SECONDS = 150.0
DOWN_SECONDS = 120.0  # each cold function left 100 MB of unpacked layers to remove


class NotUp(Exception):
    """Raised when the stack does not come up; the message carries the supervisor's last words."""


def up(place: Layout) -> tuple[Stack, bool]:
    """Return the stack of `place`, and whether it had to be started; one made from an older build is replaced.

    Raises NotUp.
    """
    running = _running(place.folder)
    if running is not None and running.build == place.build_id.read_text().strip():
        return running, False
    if running is not None:
        down(place)
    return _start(place), True


def down(place: Layout) -> bool:
    """End the stack of `place` and wait until it has ended; False if none was up. Raises NotUp if it lives on."""
    stack = _running(place.folder)
    if stack is None:
        end_leftovers(place.folder)
        forget_stack(place.folder)
        return False
    os.kill(stack.pid, signal.SIGTERM)
    if not await_end(place):
        raise NotUp(f"the supervisor {stack.pid} does not end; see {place.log('supervisor')}")
    return True


def await_end(place: Layout) -> bool:
    """Wait until no supervisor lives in `place`; False if one still does after DOWN_SECONDS."""
    deadline = time.monotonic() + DOWN_SECONDS
    while is_owned(place.folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_owned(place.folder)


def _running(folder: Path) -> Stack | None:
    """Return the stack whose supervisor lives, waiting for one that is just starting."""
    deadline = time.monotonic() + UP_SECONDS
    while is_owned(folder) and time.monotonic() < deadline:
        try:
            return read_stack(folder)
        except NoStack:
            time.sleep(0.1)
    return None


def _start(place: Layout) -> Stack:
    log = place.log("supervisor")
    for folder in (place.folder, log.parent, place.folder / "tools", place.folder / "tools" / "tmp"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    log.touch(mode=0o600)
    supervisor = _spawn(place, log)
    deadline = time.monotonic() + UP_SECONDS
    while time.monotonic() < deadline:
        stack = _stack_of(supervisor, place.folder)
        if stack is not None:
            return stack
        if started_at(supervisor) is None:
            raise NotUp(f"the stack did not come up:\n{tail(log)}")
        time.sleep(0.1)
    os.kill(supervisor, signal.SIGTERM)
    raise NotUp(f"the stack was not up within {UP_SECONDS:.0f} s; see {log.parent}")


def _stack_of(pid: int, folder: Path) -> Stack | None:
    """Return what the supervisor `pid` wrote, never what one that was killed left behind."""
    try:
        stack = read_stack(folder)
    except NoStack:
        return None
    return stack if stack.pid == pid else None


def _spawn(place: Layout, log: Path) -> int:
    """Start a supervisor that outlives us and is nobody's child; return its pid."""
    detach = '"$@" >"$0" 2>&1 </dev/null & echo $!'
    spawned = subprocess.run(
        ["/bin/sh", "-c", detach, str(log), sys.executable, "-m", "local.supervisor"],
        cwd=place.root,
        env=scrubbed(os.environ, place.folder / "tools") | {"LOCAL_DIR": str(place.folder)},
        stdout=subprocess.PIPE,
        start_new_session=True,
        check=True,
    )
    return int(spawned.stdout)


def main(arguments: list[str]) -> int:
    """Run one command: 0 when the stack is up (or down) as asked."""
    os.umask(0o077)
    place = layout(local_dir())
    started = time.monotonic()
    try:
        if arguments == ["up"]:
            stack, fresh = up(place)
            took = f"up in {time.monotonic() - started:.1f} s" if fresh else "already up"
            print(f"The local stack is {took}: {stack.api_url}")
            print(f"The console: {stack.console_url} (password: {stack.console_password})")
        elif arguments == ["down"]:
            print("The local stack is down." if down(place) else "No local stack was up.")
        else:
            print("usage: python -m local.commands up|down", file=sys.stderr)
            return 2
    except NotUp as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The emulator without functions, for tests that call handlers in this process: real tables and keys."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local import aws, ministack
from local.processes import end
from tests.house import ROOT, Clock, House, config, make_tables

EXECUTABLE = ROOT / ".venv-ministack" / "bin" / "ministack"


@contextmanager
def running_house() -> Iterator[House]:
    """Start the emulator with the template's tables and return a house on it; end it afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        emulator = ministack.start_ministack(EXECUTABLE, home, home / "ministack.log", os.environ)
        try:
            ministack.await_ready(emulator)
            session = aws.session(emulator.endpoint_url, emulator.access_key_id, emulator.secret_access_key)
            make_tables(session)
            yield House.on(session, Clock(), config())
        finally:
            end([emulator.child])

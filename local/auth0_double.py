"""Starts the Auth0 tenant double of local/auth0 and reads the line in which it introduces itself."""

import json
import select
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from local.environment import scrubbed
from local.processes import Child, ChildFailed, start, tail
from local.stack import Auth0Tenant

DOMAIN = "acme.auth0.com"
READY_SECONDS = 20.0


def start_auth0(
    node: Path, server: Path, home: Path, log: Path, outside: Mapping[str, str], token: str
) -> Child:
    """Start the double on free ports; `token` is what its control API will require."""
    arguments = ["--port", "0", "--app-port", "0", "--domain", DOMAIN, f"--control-token={token}"]
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return start(
        "The Auth0 double", [str(node), str(server), *arguments], scrubbed(outside, home), log, piped=True
    )


def introduction(child: Child, control_token: str) -> Auth0Tenant:
    """Return what the double says about itself; raises ChildFailed if it says nothing within READY_SECONDS."""
    output = child.process.stdout
    if output is None:
        raise ValueError("the double must be started with its output piped")
    readable, _, _ = select.select([output], [], [], READY_SECONDS)
    line = output.readline() if readable else ""
    if not line:
        child.process.poll()
        raise ChildFailed(f"{child.name} did not start:\n{tail(child.log)}")
    threading.Thread(target=_copy, args=(output, child.log), name="auth0-output", daemon=True).start()
    said = json.loads(line)
    return Auth0Tenant(**said, control_token=control_token)


def _copy(output: IO[str], log: Path) -> None:
    """Keep the pipe empty; the first line, which holds the client secret, never reaches a log."""
    for line in output:
        with log.open("a") as file:
            file.write(line)

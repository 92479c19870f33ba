"""The AWS emulator MiniStack: started in an environment of its own, on 127.0.0.1, with IAM enforced."""

import secrets
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import requests

from local.environment import scrubbed
from local.loopback import LOOPBACK, session
from local.processes import Child, ChildFailed, start

READY_SECONDS = 30.0
ROOT_ACCESS_KEY_ID = "local"


@dataclass(frozen=True, slots=True)
class Ministack:
    """A running emulator; the keys are its root's and mean nothing elsewhere."""

    child: Child
    port: int
    access_key_id: str
    secret_access_key: str

    @property
    def endpoint_url(self) -> str:
        """The address of every AWS service."""
        return f"http://{LOOPBACK}:{self.port}"

    def api_url(self, api_id: str) -> str:
        """Return the URL of an HTTP API; browsers resolve *.localhost to loopback and hold it a secure context."""
        return f"http://{api_id}.execute-api.localhost:{self.port}"


def settings(home: Path, port: int, secret: str) -> dict[str, str]:
    """Return the emulator's own variables: loopback only, IAM enforced, files under `home`, no other listener.

    DOCKER_HOST names a socket that is not there: no container of this machine is ever looked at.
    """
    return {
        "AUTH": "true",
        "BIND_HOST": LOOPBACK,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LAMBDA_EXECUTOR": "local",
        "LAMBDA_WARM_TTL_SECONDS": "60",
        "STATE_DIR": str(home / "state"),
        "S3_DATA_DIR": str(home / "s3"),
        "DOCKER_HOST": f"unix://{home}/no-docker",
        "AWS_ACCESS_KEY_ID": ROOT_ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": secret,
    }


def start_ministack(executable: Path, home: Path, log: Path, outside: Mapping[str, str]) -> Ministack:
    """Start the emulator on a free port; `outside` is the caller's environment, of which next to nothing is used."""
    port, secret = free_port(), secrets.token_hex(20)
    for folder in (home, home / "tmp"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = scrubbed(outside, home) | settings(home, port, secret)
    child = start("MiniStack", [str(executable)], environment, log)
    return Ministack(child, port, ROOT_ACCESS_KEY_ID, secret)


def await_ready(ministack: Ministack) -> None:
    """Return once the emulator answers; raises ChildFailed if it ends, or is silent for READY_SECONDS."""
    deadline = time.monotonic() + READY_SECONDS
    with session() as http:
        while time.monotonic() < deadline:
            ministack.child.require_alive()
            if _is_ready(http, ministack.endpoint_url):
                return
            time.sleep(0.05)
    raise ChildFailed(f"MiniStack did not answer within {READY_SECONDS:.0f} s; see {ministack.child.log}")


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _is_ready(http: requests.Session, endpoint_url: str) -> bool:
    try:
        return http.get(f"{endpoint_url}/_ministack/ready", timeout=2).ok
    except requests.ConnectionError:
        return False

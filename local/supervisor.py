"""The process behind a local stack: starts issuer, Auth0 double and MiniStack, deploys, watches, and ends them all.

`python -m local.supervisor` runs until SIGTERM or SIGINT, or until a part of the stack dies.
"""

import fcntl
import os
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import NoReturn

from local.auth0_double import DOMAIN, introduction, start_auth0
from local.aws import session
from local.deploy import DeploymentFailed, deploy, prepare
from local.environment import REGION, scrubbed
from local.issuer import AUDIENCE, SigningKey, admin_claims
from local.issuer_server import Issuer
from local.layout import Layout, layout
from local.ministack import Ministack, await_ready, start_ministack
from local.processes import Child, ChildFailed, end, end_leftovers, record
from local.sign_in import CLIENT_ID
from local.stack import Auth0Tenant, AwsAccount, Stack, forget_stack, local_dir, write_stack

STACK_NAME = "passwordless-local"
LOCK = "lock"
WATCH_SECONDS = 0.3
FRONTEND = "https://admin.localhost:8443"
"""The one origin of another site whose pages may call the API of a local stack (CORS)."""


class AlreadyRunning(Exception):
    """Raised when another supervisor owns the folder."""


def own(folder: Path) -> int:
    """Make `folder` this process's own until the descriptor returned is closed, at the latest when the process ends.

    Raises AlreadyRunning if another process owns it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / LOCK, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise AlreadyRunning(f"a stack is up, or starting, in {folder}") from None
    return descriptor


def is_owned(folder: Path) -> bool:
    """Tell whether a supervisor lives in `folder`."""
    if not (folder / LOCK).exists():
        return False
    try:
        os.close(own(folder))
    except AlreadyRunning:
        return True
    return False


class LocalStack:
    """The parts of one stack while they run."""

    def __init__(self, place: Layout, outside: Mapping[str, str]) -> None:
        """Nothing is started yet; `outside` is the environment that we were called in."""
        self._place = place
        self._outside = outside
        self._children: list[Child] = []
        self._issuer = Issuer(secrets.token_hex(24), SigningKey.generate())

    def start(self) -> Stack:
        """Start everything and deploy; raises ChildFailed or DeploymentFailed. `end` must follow in any case."""
        self._issuer.start()
        ministack, double, control_token = self._start_children()
        auth0 = introduction(double, control_token)
        api_id = secrets.token_hex(4)
        console_url = f"{ministack.api_url(api_id)}/console"
        console_password = self._issuer.serve_console(console_url)
        resources = self._deploy(ministack, api_id, auth0)
        admin_token = self._issuer.key.sign(admin_claims(self._issuer.url, int(time.time())), "at+jwt")
        return Stack(
            api_url=ministack.api_url(api_id),
            issuer=self._issuer.url,
            audience=AUDIENCE,
            admin_token=admin_token,
            issuer_control_token=self._issuer.control_token,
            console_url=console_url,
            console_password=console_password,
            auth0=auth0,
            aws=_account(ministack, resources),
            build=self._place.build_id.read_text().strip(),
            pid=os.getpid(),
        )

    def _start_children(self) -> tuple[Ministack, Child, str]:
        place, token = self._place, secrets.token_hex(24)
        place.log("any").parent.mkdir(mode=0o700, exist_ok=True)
        ministack = start_ministack(
            place.ministack, place.folder / "ministack", place.log("ministack"), self._outside
        )
        self._children.append(ministack.child)
        double = start_auth0(
            place.node, place.auth0_server, place.folder / "auth0", place.log("auth0"), self._outside, token
        )
        self._children.append(double)
        record(place.folder, self._children)
        return ministack, double, token

    def _deploy(self, ministack: Ministack, api_id: str, auth0: Auth0Tenant) -> dict[str, str]:
        place = self._place
        parameters = {
            "Stage": "local",
            "Architecture": place.architecture,
            "PublicOrigin": ministack.api_url(api_id),
            "JwtIssuer": self._issuer.url,
            "JwtAudience": AUDIENCE,
            "ConsoleClientId": CLIENT_ID,
            "LocalAuth0Map": f"{DOMAIN}={auth0.url}",
            "Deployment": "AllAtOnce",
            "CorsOrigins": FRONTEND,
            "DeletionProtection": "false",
        }
        environment = scrubbed(self._outside, place.folder / "tools")
        deployable = prepare(place.build_dir, place.tools_python, environment, parameters, api_id)
        await_ready(ministack)
        keys = (ministack.access_key_id, ministack.secret_access_key)
        return deploy(session(ministack.endpoint_url, *keys), STACK_NAME, deployable)

    def watch(self) -> NoReturn:
        """Return never: raises ChildFailed when a part of the stack dies, KeyboardInterrupt when told to stop."""
        while True:
            for child in self._children:
                child.require_alive()
            time.sleep(WATCH_SECONDS)

    def end(self) -> None:
        """End all parts and remove what they unpacked."""
        self._issuer.stop()
        end(self._children)
        end_leftovers(self._place.folder)
        shutil.rmtree(self._place.folder / "ministack", ignore_errors=True)


def _account(ministack: Ministack, resources: dict[str, str]) -> AwsAccount:
    return AwsAccount(
        endpoint_url=ministack.endpoint_url,
        region=REGION,
        access_key_id=ministack.access_key_id,
        secret_access_key=ministack.secret_access_key,
        stack_name=STACK_NAME,
        resources=resources,
    )


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    """Only the first signal counts: the end of the children must not be interrupted."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def supervise(place: Layout, outside: Mapping[str, str]) -> None:
    """Keep a stack up in `place.folder` until told to stop; raises AlreadyRunning, ChildFailed, DeploymentFailed."""
    own(place.folder)
    forget_stack(place.folder)
    end_leftovers(place.folder)
    stack = LocalStack(place, outside)
    try:
        write_stack(place.folder, stack.start())
        stack.watch()
    finally:
        forget_stack(place.folder)
        stack.end()


def main() -> int:
    """Run until told to stop; 1 if the stack did not come up or a part of it died."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    os.umask(0o077)
    try:
        supervise(layout(local_dir()), os.environ)
    except KeyboardInterrupt:
        return 0
    except (AlreadyRunning, ChildFailed, DeploymentFailed) as error:
        print(error, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())

"""What a running local stack says about itself: the file stack.json in LOCAL_DIR."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "stack.json"


class NoStack(Exception):
    """Raised when a folder holds no stack.json: no stack is up there."""


@dataclass(frozen=True, slots=True)
class Auth0Tenant:
    """The Auth0 tenant double; `app_url` is the application that its logins end at."""

    url: str
    domain: str
    client_id: str
    client_secret: str
    app_url: str
    control_token: str


@dataclass(frozen=True, slots=True)
class AwsAccount:
    """The emulated account; `resources` maps logical ids of the template to physical ones."""

    endpoint_url: str
    region: str
    access_key_id: str
    secret_access_key: str
    stack_name: str
    resources: dict[str, str]


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack that is up. `admin_token` carries both scopes for tenant `local`; `pid` is the supervisor's.

    `console_password` is what the issuer asks of an administrator who signs in to the console.
    """

    api_url: str
    issuer: str
    audience: str
    admin_token: str
    issuer_control_token: str
    console_url: str
    console_password: str
    auth0: Auth0Tenant
    aws: AwsAccount
    build: str
    pid: int


def local_dir() -> Path:
    """Return the folder of this machine's stack: LOCAL_DIR, by default `.local` beside this package."""
    root = Path(__file__).resolve().parent.parent
    return root / os.environ.get("LOCAL_DIR", ".local")


def write_stack(folder: Path, stack: Stack) -> None:
    """Write stack.json, readable by its owner only; a reader sees all of it or none."""
    draft = folder / f"{FILE}.{secrets.token_hex(4)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(stack), file, indent=2)
    draft.replace(folder / FILE)


def read_stack(folder: Path) -> Stack:
    """Return the stack that is up in `folder`; raises NoStack if there is none."""
    try:
        said = json.loads((folder / FILE).read_text())
    except FileNotFoundError:
        raise NoStack(f"no stack is up in {folder}: make up") from None
    return Stack(**{**said, "auth0": Auth0Tenant(**said["auth0"]), "aws": AwsAccount(**said["aws"])})


def forget_stack(folder: Path) -> None:
    """Remove stack.json; there may be none."""
    (folder / FILE).unlink(missing_ok=True)

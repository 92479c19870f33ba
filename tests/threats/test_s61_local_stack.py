"""The local stack itself (S61): who may talk to it, what it takes from its surroundings, how it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from botocore.exceptions import ClientError

from local import aws, commands
from local.deploy import BUCKET, TEMPLATE_KEY
from local.layout import Layout, layout
from local.loopback import LOOPBACK, session
from local.processes import started_at
from local.stack import NoStack, Stack, read_stack

ROOT = Path(__file__).resolve().parents[2]
POISON = "AKIAPOISONPOISON"


def as_admin(stack: Stack) -> dict[str, str]:
    return {"Authorization": f"Bearer {stack.admin_token}"}


def mint(stack: Stack, claims: dict[str, object], control_token: str) -> requests.Response:
    with session() as http:
        return http.post(
            f"{stack.issuer}/_control/mint",
            json={"claims": claims},
            headers={"X-Control-Token": control_token},
            timeout=5,
        )


def claims_of(stack: Stack, **changes: object) -> dict[str, object]:
    now = int(time.time())
    return {
        "iss": stack.issuer,
        "aud": stack.audience,
        "sub": "admin",
        "tenant": "local",
        "token_use": "access",
        "scope": "applications:read",
        "iat": now,
        "exp": now + 60,
        **changes,
    }


def list_applications(stack: Stack, token: str) -> int:
    with session() as http:
        headers = {"Authorization": f"Bearer {token}"}
        return http.get(f"{stack.api_url}/applications", headers=headers, timeout=30).status_code


def listening_addresses(port: int) -> set[str]:
    """Return the local addresses on which this machine listens on `port`, as /proc/net writes them."""
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()
    ]
    return {row[1].split(":")[0] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "0A"}


# ---------------------------------------------------------------- who may talk to it


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks.json"])
def test_the_issuer_refuses_a_foreign_host(stack: Stack, path: str) -> None:
    with session() as http:
        own = http.get(stack.issuer + path, timeout=5)
        foreign = http.get(stack.issuer + path, headers={"Host": "evil.example.com"}, timeout=5)
    assert (own.status_code, foreign.status_code) == (200, 403)


def test_the_issuer_mints_nothing_for_a_foreign_host_that_knows_the_token(stack: Stack) -> None:
    headers = {"Host": "evil.example.com", "X-Control-Token": stack.issuer_control_token}
    with session() as http:
        answer = http.post(f"{stack.issuer}/_control/mint", json={"claims": {}}, headers=headers, timeout=5)
    assert answer.status_code == 403


@pytest.mark.parametrize("control_token", ["", "guess"])
def test_the_issuer_mints_nothing_without_the_control_token(stack: Stack, control_token: str) -> None:
    assert mint(stack, {"sub": "admin"}, control_token).status_code == 403


@pytest.mark.parametrize("path", ["/_control/state", "/samlp/metadata"])
def test_the_auth0_double_refuses_a_foreign_host(stack: Stack, path: str) -> None:
    headers = {"Host": "evil.example.com", "X-Control-Token": stack.auth0.control_token}
    with session() as http:
        assert http.get(stack.auth0.url + path, headers=headers, timeout=5).status_code == 403


def test_the_auth0_double_shows_nothing_without_the_control_token(stack: Stack) -> None:
    with session() as http:
        assert http.get(f"{stack.auth0.url}/_control/state", timeout=5).status_code == 403


def test_every_server_listens_on_loopback_only(stack: Stack) -> None:
    urls = (stack.aws.endpoint_url, stack.issuer, stack.auth0.url, stack.auth0.app_url)
    found = {url: listening_addresses(urlsplit(url).port or 0) for url in urls}
    loopback = f"{int.from_bytes(socket.inet_aton(LOOPBACK), 'little'):08X}"
    assert set(found) == set(urls)
    assert all(addresses == {loopback} for addresses in found.values()), found


def test_stack_json_and_logs_are_for_the_owner_only(stack: Stack, place: Layout) -> None:
    assert stack == read_stack(place.folder)
    files = [place.folder / "stack.json", *place.log("any").parent.iterdir()]
    assert {file.name: file.stat().st_mode & 0o077 for file in files} == {file.name: 0 for file in files}


def test_an_unsigned_call_of_the_emulator_is_refused(stack: Stack) -> None:
    headers = {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"}
    with session() as http:
        answer = http.post(stack.aws.endpoint_url, data="{}", headers=headers, timeout=5)
    assert answer.status_code == 400
    assert "MissingAuthenticationToken" in answer.text


# ---------------------------------------------------------------- it enforces what AWS enforces


def test_the_authorizer_lets_the_admin_in(stack: Stack) -> None:
    assert list_applications(stack, stack.admin_token) == 200


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"exp": 1}, 401),
        ({"aud": "another"}, 401),
        ({"iss": "http://127.0.0.1:1"}, 401),
        ({"scope": "openid"}, 403),
    ],
    ids=["expired", "another audience", "another issuer", "no scope"],
)
def test_the_authorizer_refuses_a_token_that_is(
    stack: Stack, changes: dict[str, object], status: int
) -> None:
    token = mint(stack, claims_of(stack, **changes), stack.issuer_control_token).json()["token"]
    assert list_applications(stack, token) == status


def test_a_role_can_do_what_its_statement_says_and_no_more(stack: Stack) -> None:
    poll = aws.role_session(stack.aws, "PollRole").client("dynamodb")
    sessions = stack.aws.resources["SessionsTable"]
    poll.get_item(TableName=sessions, Key={"session_id": {"S": "unknown"}})
    with pytest.raises(ClientError, match="AccessDenied"):
        poll.delete_item(TableName=sessions, Key={"session_id": {"S": "unknown"}})


def test_local_parameters_outside_the_local_stage_are_refused(stack: Stack) -> None:
    parameters = {
        "Stage": "prod",
        "JwtIssuer": "https://issuer.example.com",
        "JwtAudience": "applications",
        "LocalAuth0Map": "acme.auth0.com=http://127.0.0.1:1",
    }
    with pytest.raises(ClientError, match="LocalAuth0Map is for Stage=local only"):
        aws.account_session(stack.aws).client("cloudformation").create_stack(
            StackName="elsewhere",
            TemplateURL=f"https://s3.amazonaws.com/{BUCKET}/{TEMPLATE_KEY}",
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
            Capabilities=["CAPABILITY_IAM"],
        )


# ---------------------------------------------------------------- what it takes from its surroundings


class Trap:
    """A server of the poisoned environment: whoever connects has used it."""

    def __init__(self) -> None:
        self._socket = socket.create_server((LOOPBACK, 0))
        self._socket.setblocking(False)
        self.url = f"http://{LOOPBACK}:{self._socket.getsockname()[1]}"

    def was_visited(self) -> bool:
        """Tell whether anybody connected."""
        try:
            visitor, _ = self._socket.accept()
        except BlockingIOError:
            return False
        visitor.close()
        return True

    def close(self) -> None:
        """Free the port."""
        self._socket.close()


def poisoned(trap: Trap, home: Path) -> dict[str, str]:
    """Return an environment in which every usual way leads to the trap or to foreign credentials."""
    (home / ".aws").mkdir(parents=True)
    profile = f"aws_access_key_id = {POISON}\naws_secret_access_key = x\n"
    (home / ".aws" / "credentials").write_text(f"[default]\n{profile}[production]\n{profile}")
    (home / ".aws" / "config").write_text(f"[profile production]\nendpoint_url = {trap.url}\n")
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), trap.url)
    return proxies | {
        "HOME": str(home),
        "AWS_ENDPOINT_URL": trap.url,
        "AWS_ENDPOINT_URL_S3": trap.url,
        "AWS_ACCESS_KEY_ID": POISON,
        "AWS_SECRET_ACCESS_KEY": POISON,
        "AWS_SESSION_TOKEN": POISON,
        "AWS_PROFILE": "production",
        "AWS_REGION": "eu-north-1",
        "AWS_DEFAULT_REGION": "eu-north-1",
        "PYTHONPATH": POISON,
        "NODE_OPTIONS": f"--title={POISON}",
    }


@dataclass(frozen=True)
class Poisoned:
    """A stack that was started in a poisoned environment, and the trap in it."""

    stack: Stack
    place: Layout
    trap: Trap


@pytest.fixture(scope="module")
def poisoned_stack(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Poisoned]:
    assert built.is_dir()
    folder = tmp_path_factory.mktemp("poisoned")
    trap, place = Trap(), layout(folder / "stack")
    environment = poisoned(trap, folder / "home") | {
        "LOCAL_DIR": str(place.folder),
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, "-m", "local.commands", "up"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    try:
        yield Poisoned(read_stack(place.folder), place, trap)
    finally:
        commands.down(place)
        trap.close()


def family(pid: int) -> list[Path]:
    """Return the /proc folders of a supervisor and of all that it started, workers included."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        fields = stat.read_text().rpartition(")")[2].split() if stat.exists() else ["", "0"]
        parents[int(stat.parent.name)] = int(fields[1])
    members = {pid}
    while more := {child for child, parent in parents.items() if parent in members} - members:
        members |= more
    return [Path(f"/proc/{member}") for member in members]


def assert_all_ended(members: dict[int, str | None]) -> None:
    """Fail unless every process, given with when it started, ends: the kernel takes a moment for each."""
    deadline = time.monotonic() + 5.0
    while alive := [pid for pid, started in members.items() if started and started_at(pid) == started]:
        assert time.monotonic() < deadline, alive
        time.sleep(0.02)


def test_a_poisoned_aws_environment_is_never_used(poisoned_stack: Poisoned) -> None:
    stack = poisoned_stack.stack
    assert list_applications(stack, stack.admin_token) == 200
    environments = {member: (member / "environ").read_bytes() for member in family(stack.pid)}
    assert len(environments) >= 4
    assert [member for member, said in environments.items() if POISON.encode() in said] == []
    assert [member for member, said in environments.items() if poisoned_stack.trap.url.encode() in said] == []
    assert not poisoned_stack.trap.was_visited()


def test_a_poisoned_environment_does_not_mislead_our_own_clients(
    poisoned_stack: Poisoned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in poisoned(poisoned_stack.trap, tmp_path / "home").items():
        monkeypatch.setenv(name, value)
    account = poisoned_stack.stack.aws
    tables = aws.account_session(account).client("dynamodb").list_tables()["TableNames"]
    assert account.resources["SessionsTable"] in tables
    assert list_applications(poisoned_stack.stack, poisoned_stack.stack.admin_token) == 200
    assert not poisoned_stack.trap.was_visited()


def test_the_trap_of_these_tests_bites(poisoned_stack: Poisoned, monkeypatch: pytest.MonkeyPatch) -> None:
    trap = Trap()
    monkeypatch.setenv("http_proxy", trap.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with pytest.raises(requests.Timeout):
        requests.get("http://example.invalid/", timeout=0.2)
    assert trap.was_visited()
    trap.close()


# ---------------------------------------------------------------- how it ends


def test_two_stacks_live_beside_each_other(stack: Stack, poisoned_stack: Poisoned) -> None:
    assert stack.api_url != poisoned_stack.stack.api_url
    assert list_applications(stack, poisoned_stack.stack.admin_token) == 401


def test_make_up_again_keeps_the_stack_that_is_up(stack: Stack, place: Layout) -> None:
    assert commands.up(place) == (stack, False)


def test_when_a_part_dies_the_supervisor_says_so_and_ends_the_rest(poisoned_stack: Poisoned) -> None:
    stack, place = poisoned_stack.stack, poisoned_stack.place
    members = {int(member.name): started_at(int(member.name)) for member in family(stack.pid)}
    assert len(members) >= 3
    emulator, _ = (int(pid) for pid in json.loads((place.folder / "children.json").read_text()))
    os.kill(emulator, signal.SIGKILL)
    assert commands.await_end(place)
    assert "MiniStack ended with code -9" in place.log("supervisor").read_text()
    assert_all_ended(members)
    with pytest.raises(NoStack):
        read_stack(place.folder)


def test_down_leaves_nothing_behind(built: Path, tmp_path: Path) -> None:
    assert built.is_dir()
    place = layout(tmp_path)
    stack, _ = commands.up(place)
    list_applications(stack, stack.admin_token)
    members = {int(member.name): started_at(int(member.name)) for member in family(stack.pid)}
    assert commands.down(place)
    assert_all_ended(members)
    assert not (tmp_path / "stack.json").exists()
    assert not (tmp_path / "ministack").exists()

"""stack.json: what a stack says about itself, for its owner only."""

import json
from pathlib import Path

import pytest

from local.stack import Auth0Tenant, AwsAccount, NoStack, Stack, forget_stack, read_stack, write_stack


def a_stack() -> Stack:
    return Stack(
        api_url="http://0a1b2c3d.execute-api.localhost:4566",
        issuer="http://127.0.0.1:1",
        audience="applications",
        admin_token="token",
        issuer_control_token="control",
        console_url="http://localhost:1/console",
        console_password="password",
        auth0=Auth0Tenant(
            "http://127.0.0.1:2", "acme.auth0.com", "id", "secret", "http://localhost:3", "control"
        ),
        aws=AwsAccount(
            "http://127.0.0.1:4566", "us-east-1", "local", "secret", "stack", {"Table": "table-1"}
        ),
        build="hash",
        pid=1,
    )


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    write_stack(tmp_path, a_stack())
    assert read_stack(tmp_path) == a_stack()


def test_the_file_holds_what_the_local_contract_promises(tmp_path: Path) -> None:
    write_stack(tmp_path, a_stack())
    said = json.loads((tmp_path / "stack.json").read_text())
    assert {"api_url", "issuer", "admin_token", "auth0", "pid"} <= said.keys()
    assert {"url", "domain", "client_id", "client_secret"} <= said["auth0"].keys()


def test_only_its_owner_can_read_the_file(tmp_path: Path) -> None:
    write_stack(tmp_path, a_stack())
    assert [path.name for path in tmp_path.iterdir()] == ["stack.json"]
    assert (tmp_path / "stack.json").stat().st_mode & 0o777 == 0o600


def test_a_folder_without_a_stack_says_so(tmp_path: Path) -> None:
    write_stack(tmp_path, a_stack())
    forget_stack(tmp_path)
    with pytest.raises(NoStack):
        read_stack(tmp_path)

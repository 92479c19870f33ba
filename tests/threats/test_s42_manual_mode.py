"""S42: what an administrator is given to run by hand is data, whatever an application is called.

The command goes through a real `sh`, to a stub that tells its arguments; the Terraform block through an HCL parser,
whose tree must hold no expression but the one reference of ours.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import hcl2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless.auth0 import by_hand
from passwordless.auth0.connection import REQUEST_TEMPLATE

DOMAIN = "acme.us.auth0.com"
NAMES = [
    "Acme Portal",
    'it\'s "quoted"',
    "'; touch pwned; '",
    "$(touch pwned)",
    "`touch pwned`",
    "$HOME ${HOME} $$ !! \\",
    '${x} ${file("/etc/passwd")}',
    "%{if true}yes%{endif}",
    "$${x} $$${x} %%{x} $%{x} %${x}",
    "\\${x} \\\\ \\n",
    "one\ntwo\r\n\tthree",
    "\x07\x1b[31m\x7f",
    "--data @/etc/passwd",
    "<!--'\"]]>&amp;",
    "Grüße, 日本語, 👩🏽\u200d💻",
]
OPTIONS = {
    "signInEndpoint": "https://login.example.com/saml/app_1/sso",
    "signingCert": "TUlJQw==",
    "entityId": "urn:auth0:acme:portal-abcdef",
    "signSAMLRequest": True,
    "disableSignout": True,
    "fieldsMap": {"user_id": ["nameidentifier"], "email": "emailaddress"},
    "domain_aliases": ["example.com", "example.org"],
    "requestTemplate": REQUEST_TEMPLATE,
}


def a_body(name: str) -> dict[str, Any]:
    """Return the body for a connection with a name that people gave."""
    return {
        "name": "portal-abcdef",
        "strategy": "samlp",
        "display_name": name,
        "show_as_button": True,
        "enabled_clients": ["client0123456789"],
        "options": OPTIONS,
    }


@pytest.fixture
def shell(tmp_path: Path) -> Path:
    """A folder with an `auth0` that tells its arguments as JSON."""
    stub = tmp_path / "auth0"
    stub.write_text(f"#!{sys.executable}\nimport json, sys\nprint(json.dumps(sys.argv[1:]))\n")
    stub.chmod(0o700)
    return tmp_path


def run(command: str, folder: Path) -> list[str]:
    """Run a command as somebody who pasted it into a shell, and return what `auth0` was given."""
    path = f"{folder}{os.pathsep}{os.defpath}"
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={"PATH": path, "HOME": "/leaked"},
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    arguments: list[str] = json.loads(done.stdout)
    return arguments


@pytest.mark.parametrize("name", NAMES)
def test_the_shell_hands_over_the_very_body_and_runs_nothing_else(shell: Path, name: str) -> None:
    arguments = run(by_hand.command(a_body(name), DOMAIN), shell)
    *words, data = arguments
    assert words == ["api", "post", "connections", "--tenant", DOMAIN, "--data"]
    assert json.loads(data) == a_body(name)
    assert [found.name for found in shell.iterdir()] == ["auth0"]


@pytest.mark.parametrize("name", NAMES)
def test_the_command_is_one_line_that_shows_no_hidden_character(name: str) -> None:
    command = by_hand.command(a_body(name), DOMAIN)
    assert command.isascii()
    assert command.isprintable()


@pytest.mark.parametrize("name", NAMES)
def test_terraform_reads_the_very_settings(name: str) -> None:
    block = read_resource(by_hand.terraform(a_body(name)), "auth0_connection")
    (options,) = block.pop("options")
    assert block == {
        "name": "portal-abcdef",
        "strategy": "samlp",
        "display_name": name,
        "show_as_button": True,
    }
    assert json.loads(options.pop("fields_map")) == OPTIONS["fieldsMap"]
    assert options == {
        "sign_in_endpoint": OPTIONS["signInEndpoint"],
        "signing_cert": OPTIONS["signingCert"],
        "entity_id": OPTIONS["entityId"],
        "sign_saml_request": True,
        "disable_sign_out": True,
        "domain_aliases": OPTIONS["domain_aliases"],
        "request_template": REQUEST_TEMPLATE,
    }


@pytest.mark.parametrize("name", NAMES)
def test_terraform_finds_no_expression_but_our_own_reference(name: str) -> None:
    tree = hcl2.parses_to_tree(by_hand.terraform(a_body(name)))
    rules = [found.data for found in tree.iter_subtrees()]
    assert [rule for rule in rules if "interpolation" in rule or rule.startswith("template_")] == []
    assert rules.count("get_attr_expr_term") == 2


def test_the_search_for_expressions_would_find_one() -> None:
    """The control: a name that is quoted but not escaped is an expression."""
    tree = hcl2.parses_to_tree('a = "${x}"\n')
    assert [found.data for found in tree.iter_subtrees() if "interpolation" in found.data] == [
        "interpolation"
    ]


def test_the_client_is_enabled_for_the_connection() -> None:
    block = read_resource(by_hand.terraform(a_body("Acme")), "auth0_connection_client")
    assert block == {
        "connection_id": "${auth0_connection.passwordless_portal_abcdef.id}",
        "client_id": "client0123456789",
    }


@given(st.text(alphabet=st.characters(codec="utf-8")) | st.text(alphabet='${}%\\"~n\n'))
def test_any_text_is_quoted_into_itself(text: str) -> None:
    assert literal(by_hand.quoted(text)) == text


def read_resource(text: str, kind: str) -> dict[str, Any]:
    """Return the arguments of the one resource of a kind."""
    (found,) = [one[f'"{kind}"'] for one in hcl2.loads(text)["resource"] if f'"{kind}"' in one]
    assert list(found) == ['"passwordless_portal_abcdef"']
    block: dict[str, Any] = plain(found['"passwordless_portal_abcdef"'])
    return block


def plain(value: Any) -> Any:
    """Return what the parser leaves quoted as the values that it stands for."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items() if name != "__is_block__"}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return literal(value) if isinstance(value, str) and value.startswith('"') else value


def literal(quoted: str) -> str:
    """Return what a quoted template of HCL stands for, by the rules of its specification; it must be a literal."""
    assert (quoted[0], quoted[-1]) == ('"', '"')
    inner, read, at = quoted[1:-1], [], 0
    while at < len(inner):
        for mark, stands_for in _ESCAPES.items():
            if inner.startswith(mark, at):
                read.append(stands_for)
                at += len(mark)
                break
        else:
            if inner.startswith("\\u", at):
                read.append(chr(int(inner[at + 2 : at + 6], 16)))
                at += 6
                continue
            assert not inner.startswith(("${", "%{", '"', "\\", "\n", "\r"), at), inner[at:]
            read.append(inner[at])
            at += 1
    return "".join(read)


_ESCAPES = {
    "$${": "${",
    "%%{": "%{",
    "\\\\": "\\",
    '\\"': '"',
    "\\n": "\n",
    "\\r": "\r",
    "\\t": "\t",
}

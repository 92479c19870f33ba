"""A connection as an administrator makes it by hand: as JSON, as a command, as Terraform (S42).

All three say the same. Names that came from people are data in each of them: quoted for a POSIX shell, and escaped for
HashiCorp's configuration language, where `${` and `%{` would begin an expression.
"""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_OPTIONS: Mapping[str, str] = {
    "signInEndpoint": "sign_in_endpoint",
    "signingCert": "signing_cert",
    "entityId": "entity_id",
    "signSAMLRequest": "sign_saml_request",
    "signatureAlgorithm": "signature_algorithm",
    "digestAlgorithm": "digest_algorithm",
    "protocolBinding": "protocol_binding",
    "disableSignout": "disable_sign_out",
    "fieldsMap": "fields_map",
    "domain_aliases": "domain_aliases",
    "requestTemplate": "request_template",
}
"""Auth0's options and what the Terraform provider auth0/auth0 calls them."""

_SPECIAL = re.compile(r"[\\\"\x00-\x1f\x7f]|[$%](?=\{)")
_NAMED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "$": "$$", "%": "%%"}


@dataclass(frozen=True, slots=True)
class ByHand:
    """Three ways to make one connection: the body of POST /api/v2/connections, Auth0's command line, Terraform."""

    body: Mapping[str, Any]
    command: str
    terraform: str


def by_hand(body: Mapping[str, Any], domain: str) -> ByHand:
    """Return the three ways for a body that one-click connect would send to the tenant of this domain."""
    return ByHand(body, command(body, domain), terraform(body))


def command(body: Mapping[str, Any], domain: str) -> str:
    """Return the command of auth0-cli, one line of ASCII; it names the tenant, so that no other one is changed."""
    data = json.dumps(body)
    return shlex.join(["auth0", "api", "post", "connections", "--tenant", domain, "--data", data])


def terraform(body: Mapping[str, Any]) -> str:
    """Return the resources for the Terraform provider auth0/auth0, version 1, where a second one enables the client."""
    label = f"passwordless_{body['name'].replace('-', '_')}"
    plain = {name: body[name] for name in ("name", "strategy", "display_name", "show_as_button")}
    options = {_OPTIONS[name]: value for name, value in body["options"].items()}
    return "\n".join(
        [
            f'resource "auth0_connection" "{label}" {{',
            *_arguments(plain, "  "),
            "",
            "  options {",
            *_arguments(options, "    "),
            "  }",
            "}",
            "",
            f'resource "auth0_connection_client" "{label}" {{',
            f"  connection_id = auth0_connection.{label}.id",
            f"  client_id     = {quoted(body['enabled_clients'][0])}",
            "}",
            "",
        ]
    )


def quoted(text: str) -> str:
    """Return a text as a quoted template of HCL that stands for that very text."""
    return f'"{_SPECIAL.sub(_escaped, text)}"'


def _escaped(found: re.Match[str]) -> str:
    return _NAMED.get(found[0]) or f"\\u{ord(found[0]):04x}"


def _arguments(values: Mapping[str, Any], indent: str) -> list[str]:
    width = max(map(len, values))
    return [f"{indent}{name:<{width}} = {_value(value)}" for name, value in values.items()]


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return quoted(value if isinstance(value, str) else json.dumps(value))

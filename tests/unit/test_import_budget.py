"""What a cold function may import: every package costs the person who waits for the page milliseconds.

Each function is imported in a fresh interpreter, as Lambda does: its own folder and the layer on the path, and of the
installed packages only those of requirements.txt. Some of these use others where they are found, as qrcode uses Pillow.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib.metadata import packages_distributions
from typing import Any

import pytest

from passwordless.config import Config
from tests.template import ROOT, functions

LAYER = ROOT / "layers" / "passwordless" / "python"
DENIED: Mapping[str, frozenset[str]] = {
    "poll": frozenset({"lxml", "signxml", "cryptography", "pydantic", "requests", "jose"}),
    "verify": frozenset(
        {"lxml", "signxml", "pydantic", "requests", "qrcode", "webauthn", "cbor2", "OpenSSL"}
    ),
    "sso": frozenset({"pydantic", "requests", "jose"}),
    "connect": frozenset({"signxml", "requests", "jose"}),
    "export": frozenset({"lxml", "signxml", "cryptography", "pydantic", "requests", "jose", "qrcode"}),
    "keys": frozenset({"lxml", "signxml", "pydantic", "requests", "jose", "qrcode"}),
    "console": frozenset(
        {"boto3", "lxml", "signxml", "cryptography", "pydantic", "requests", "jose", "qrcode"}
    ),
}
STRIPPED = ("urllib3.contrib.pyopenssl",)
"""What the layer's recipe takes out."""

SCRIPT = """
import json, sys
told = json.load(sys.stdin)
sys.modules.update(dict.fromkeys(told["absent"]))
import handler
reply = handler.handler(told["event"], None) if told["event"] else None
found = sorted({name.split(".")[0] for name, module in sys.modules.items() if module})
json.dump({"modules": found, "reply": reply}, sys.__stderr__)
"""


@cache
def absent() -> list[str]:
    """Return the top-level modules that are installed here and not in the layers."""
    pinned = re.findall(r"(?m)^([A-Za-z0-9._-]+)==", (ROOT / "requirements.txt").read_text())
    deployed = {_normalized(name) for name in pinned}
    return [
        module
        for module, owners in packages_distributions().items()
        if deployed.isdisjoint(_normalized(owner) for owner in owners)
    ]


def _normalized(name: str) -> str:
    """Return a package's name as PyPI compares it (packaging specification, name normalization)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def environment(function: str) -> dict[str, str]:
    """Return what Lambda would give the function, and nothing of this process's."""
    settings = {field.name.upper(): field.name for field in fields(Config)}
    origin = {"STAGE": "prod", "PUBLIC_ORIGIN": "https://login.example.com", "LOCAL_AUTH0_MAP": ""}
    no_cloudfront = {"ORIGIN_SECRET": ""}
    account = {
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
    }
    paths = os.pathsep.join(str(path) for path in (LAYER, ROOT / "functions" / function))
    return {
        **settings,
        **origin,
        **no_cloudfront,
        **account,
        "EVENT_RETENTION_DAYS": "400",
        "PYTHONPATH": paths,
    }


def cold(function: str, event: Mapping[str, Any] | None = None) -> tuple[set[str], dict[str, Any] | None]:
    """Return the top-level modules of a cold function, and its reply if there is an event to handle."""
    outcome = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps({"event": event, "absent": [*absent(), *STRIPPED]}),
        capture_output=True,
        text=True,
        env=environment(function),
        cwd=ROOT,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr
    told = json.loads(outcome.stderr)
    return set(told["modules"]), told["reply"]


def test_every_function_has_a_budget() -> None:
    assert DENIED.keys() == functions().keys()


def test_what_only_tests_have_is_not_there_for_a_function() -> None:
    assert {"PIL", "pytest", "hypothesis"} <= set(absent())
    assert {"boto3", "cryptography", "jose", "lxml", "pydantic", "requests", "signxml"}.isdisjoint(absent())


@pytest.mark.parametrize("module", STRIPPED)
def test_what_counts_as_stripped_is_taken_out_of_the_layer(module: str) -> None:
    recipe = (ROOT / "layers" / "dependencies" / "Makefile").read_text()
    assert f"$(TARGET)/{module.replace('.', '/')}.py" in recipe


@pytest.mark.parametrize("function", DENIED)
def test_a_cold_function_imports_only_what_it_needs(function: str) -> None:
    modules, _ = cold(function)
    assert "passwordless" in modules
    assert DENIED[function] & modules == set()


def test_a_poll_that_was_answered_has_imported_nothing_more() -> None:
    """The answer is the one to an id that cannot exist: it needs the tables' client and no network."""
    event = json.loads((ROOT / "events" / "GET_session.json").read_text())
    modules, reply = cold("poll", {**event, "pathParameters": {"session_id": "no-such-session"}})
    assert reply is not None
    assert (reply["statusCode"], json.loads(reply["body"])["code"]) == (404, "unknown_session")
    assert "botocore" in modules
    assert DENIED["poll"] & modules == set()


@pytest.mark.parametrize("function", ["connect", "sso", "poll", "verify"])
def test_what_the_tables_need_is_imported_before_the_first_call(function: str) -> None:
    """While Lambda starts a function, it has more CPU than when it answers."""
    modules, _ = cold(function)
    assert "boto3" in modules


@pytest.mark.parametrize(("name", "status"), [("GET_console", 200), ("GET_console-file", 200)])
def test_the_console_is_answered_without_a_client_of_aws(name: str, status: int) -> None:
    modules, reply = cold("console", json.loads((ROOT / "events" / f"{name}.json").read_text()))
    assert reply is not None
    assert reply["statusCode"] == status
    assert DENIED["console"] & modules == set()


@pytest.mark.parametrize("name", ["POST_scan", "POST_verify"])
def test_a_phone_whose_proof_cannot_be_read_is_answered_without_more_imports(name: str) -> None:
    event = json.loads((ROOT / "events" / f"{name}.json").read_text())
    modules, reply = cold("verify", event)
    assert reply is not None
    assert (reply["statusCode"], json.loads(reply["body"])["code"]) == (400, "malformed_proof")
    assert DENIED["verify"] & modules == set()

"""What a cold function may import: every package costs the person who waits for the page milliseconds.

Each function is imported in a fresh interpreter, as Lambda does: its own folder and the layer on the path, without
what only tests have (Pillow, which qrcode uses where it is found).
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pytest

from passwordless.config import Config
from tests.template import ROOT, functions

LAYER = ROOT / "layers" / "passwordless" / "python"
DENIED: Mapping[str, frozenset[str]] = {
    "poll": frozenset({"lxml", "signxml", "cryptography", "pydantic", "requests", "jose"}),
    "verify": frozenset({"lxml", "signxml", "pydantic", "requests"}),
    "sso": frozenset({"pydantic", "requests", "jose"}),
    "connect": frozenset({"signxml", "requests", "jose"}),
    "keys": frozenset({"lxml", "signxml", "pydantic", "requests", "jose", "qrcode"}),
}
SCRIPT = """
import json, sys
sys.modules["PIL"] = None
import handler
event = json.load(sys.stdin)
reply = handler.handler(event, None) if event else None
json.dump({"modules": sorted({name.split(".")[0] for name in sys.modules}), "reply": reply}, sys.__stderr__)
"""


def environment(function: str) -> dict[str, str]:
    """Return what Lambda would give the function, and nothing of this process's."""
    settings = {field.name.upper(): field.name for field in fields(Config)}
    origin = {"STAGE": "prod", "PUBLIC_ORIGIN": "https://login.example.com", "LOCAL_AUTH0_MAP": ""}
    account = {
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
    }
    paths = os.pathsep.join(str(path) for path in (LAYER, ROOT / "functions" / function))
    return {**settings, **origin, **account, "EVENT_RETENTION_DAYS": "400", "PYTHONPATH": paths}


def cold(function: str, event: Mapping[str, Any] | None = None) -> tuple[set[str], dict[str, Any] | None]:
    """Return the top-level modules of a cold function, and its reply if there is an event to handle."""
    outcome = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps(event),
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


def test_a_phone_whose_proof_cannot_be_read_is_answered_without_more_imports() -> None:
    event = json.loads((ROOT / "events" / "POST_scan.json").read_text())
    modules, reply = cold("verify", event)
    assert reply is not None
    assert (reply["statusCode"], json.loads(reply["body"])["code"]) == (400, "malformed_proof")
    assert DENIED["verify"] & modules == set()

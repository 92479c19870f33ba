"""The examples of docs/api.md are those of events/ and of the view: curl, Python, an application, words for states."""

import ast
import json
import re
import shlex
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final, cast

import pytest

from passwordless.administration import view
from passwordless.model.applications import ApplicationStatus, Auth0Connection
from passwordless.model.events import EventType
from passwordless.model.people import DeviceStatus, EnrollmentState, Progress
from passwordless.model.signing_keys import SigningKeyStatus
from passwordless.model.traces import Outcome
from passwordless.store.signing_keys import SigningKeys
from tests.house import event
from tests.template import ROOT
from tests.unit.auth0.fakes import an_application
from tests.unit.test_connect_handler import FILES

API: Final = (ROOT / "docs" / "api.md").read_text()


@pytest.mark.parametrize("route", [one for one in sorted(FILES) if one != "POST /applications"])
def test_curl_and_python_send_what_the_event_of_the_route_holds(route: str) -> None:
    sent, called = _examples(route)
    method, path = route.split(" ")
    recorded = event(FILES[route])
    expected = json.loads(recorded["body"]) if recorded.get("body") else None
    assert (sent[1], *called[:1]) == (method, method)
    for address in (sent[2], called[1]):
        plain, _, query = address.partition("?")
        assert re.fullmatch(re.sub(r"\{\w+\}", r"[A-Za-z0-9_.]+", path), plain)
        assert query == recorded["rawQueryString"]
    assert (json.loads(sent[3]) if sent[3:] else None) == expected
    assert (called[2] if called[2:] else None) == expected


def test_the_application_has_the_members_that_the_code_tells() -> None:
    at = Auth0Connection("acme.auth0.com", "acme", "client", "name", "con_1")
    one = replace(an_application("app_1", "acme"), auth0=at)
    told_by_code = view.application(one, cast("SigningKeys", _NoKeys()))
    example = json.loads(re.findall(r"(?s)```json\n(\{\"application_id\".*?)```", API)[0])
    certificate = {"certificate_sha1", "certificate_expires_at"}
    assert example.keys() == told_by_code.keys()
    assert example["saml"].keys() == told_by_code["saml"].keys() | certificate
    for member in ("auth0", "sp", "rollout", "policy"):
        assert example[member].keys() == told_by_code[member].keys()
    assert example["attributes"] == told_by_code["attributes"][:1]
    assert example["policy"] == told_by_code["policy"]


@pytest.mark.parametrize(
    "words", [ApplicationStatus, SigningKeyStatus, EnrollmentState, Progress, Outcome, DeviceStatus]
)
def test_every_word_for_a_state_is_named(words: type[StrEnum]) -> None:
    assert [word.value for word in words if f"`{word.value}`" not in API] == []


@pytest.mark.parametrize("kind", EventType)
def test_every_type_of_event_is_named(kind: EventType) -> None:
    assert f"`{kind.value}`" in API.partition("### Types of events")[2].partition("\n## ")[0]


class _NoKeys:
    """A table of signing keys that holds none."""

    def get(self, *_: str) -> None:
        """Return that there is no such key."""


def _examples(route: str) -> tuple[list[str], list[Any]]:
    """Return the words of the shell's call, and the arguments of Python's, in the section of a route."""
    section = API.partition(f"### {route}\n")[2].partition("\n### ")[0]
    shell, python = (re.findall(rf"(?s)```{name}\n(.*?)```", section) for name in ("sh", "python"))
    call = ast.parse(python[0], mode="eval").body
    assert isinstance(call, ast.Call)
    return shlex.split(shell[0]), [ast.literal_eval(argument) for argument in call.args]

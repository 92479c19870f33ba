"""What the functions answer, held to docs/openapi.json: every call of a test's harness is a test of the contract."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import jsonschema_rs

from passwordless.entry import Entry
from tests.template import ROOT

DOCUMENT: Final = ROOT / "docs" / "openapi.json"
_PROBLEM: Final = "application/problem+json"
_SUCCESS: Final = range(200, 300)


class Unlike(AssertionError):
    """Raised when an answer, or a request that was accepted, is not what the contract says."""


@cache
def document() -> dict[str, Any]:
    """Return the contract as it is committed."""
    return dict(json.loads(DOCUMENT.read_text()))


def operation(route: str) -> dict[str, Any]:
    """Return the operation of a route. Raises KeyError."""
    method, path = route.split(" ")
    return dict(document()["paths"][path][method.lower()])


def response(route: str, status: int) -> dict[str, Any]:
    """Return what an operation answers with a status. Raises Unlike when it never does."""
    found = operation(route)["responses"].get(str(status))
    if found is None:
        raise Unlike(f"{route} does not answer {status}")
    name = found.get("$ref", "").rpartition("/")[2]
    return dict(document()["components"]["responses"][name] if name else found)


def codes(route: str) -> dict[str, int]:
    """Return the codes that an operation can tell, each with its status."""
    statuses = operation(route)["responses"]
    return {code: int(status) for status in statuses for code in _codes(response(route, int(status)))}


def replied(entry: Entry, house: Any, event: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a function replies to an event. Raises Unlike when that is not what the contract says."""
    reply = entry.answer(house, event)
    check(event, reply)
    return reply


def check(event: Mapping[str, Any], reply: Mapping[str, Any]) -> None:
    """Check a reply in payload format 2.0, and the request that it accepted. Raises Unlike.

    A route that the contract does not have is none of an API's callers: a function was called by hand.
    """
    route, status = event["routeKey"], reply["statusCode"]
    method, _, path = route.partition(" ")
    if method.lower() not in document()["paths"].get(path, {}):
        return
    told = response(route, status)
    content_type = reply["headers"].get("content-type", "").partition(";")[0]
    if content_type not in told.get("content", {"": None}):
        raise Unlike(f"{route} does not answer {status} as {content_type or 'nothing'}")
    if content_type.endswith("json"):
        _hold(reply["body"], _validator(route, status, content_type), f"{route} {status}")
    if content_type == "text/html" and "x-codes" in told:
        _check_page(route, reply["body"], told["x-codes"])
    if status in _SUCCESS and event.get("body") and "requestBody" in operation(route):
        _check_request(route, event)


def check_call(method: str, path: str, sent: object, status: int, told: object) -> None:
    """Check a call that a client made: what it sent, where that was taken, and what it was told. Raises Unlike."""
    route = f"{method} {_template(method, path)}"
    _hold(json.dumps(told), _validator(route, status, _json_type(route, status)), f"{route} {status}")
    asked = operation(route).get("requestBody", {})
    validator = _request_validator(route) if asked and (sent is not None or asked.get("required")) else None
    if validator is not None and status in _SUCCESS:
        _hold(json.dumps(sent), validator, f"{route} sends")


def request_validator(route: str) -> Any:
    """Return the validator of what an operation takes as JSON, None where it takes none."""
    return _request_validator(route)


def _check_page(route: str, body: str, known: list[str]) -> None:
    found = re.search(r"<code>([a-z_0-9]+)</code>", body)
    if found is None or found[1] not in known:
        raise Unlike(f"{route} does not tell {found and found[1]}")


def _check_request(route: str, event: Mapping[str, Any]) -> None:
    validator = _request_validator(route)
    if validator is not None and event["body"].strip():
        _hold(event["body"], validator, f"{route} accepted")


def _hold(body: str, validator: Any, at: str) -> None:
    try:
        validator.validate(json.loads(body))
    except jsonschema_rs.ValidationError as error:
        raise Unlike(f"{at}: {error.message} at {list(error.instance_path)}") from None


def _template(method: str, path: str) -> str:
    """Return the contract's path of an address, one that is written out before one with a parameter."""
    found = [
        known
        for known, methods in document()["paths"].items()
        if method.lower() in methods and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), path)
    ]
    if not found:
        raise Unlike(f"{method} {path} is no operation")
    return str(min(found, key=lambda known: known.count("{")))


def _json_type(route: str, status: int) -> str:
    known = [one for one in response(route, status).get("content", {}) if one.endswith("json")]
    if not known:
        raise Unlike(f"{route} does not answer {status} as JSON")
    return str(known[0])


@cache
def _request_validator(route: str) -> Any:
    content = operation(route)["requestBody"]["content"].get("application/json")
    return None if content is None else _compiled(content["schema"])


@cache
def _validator(route: str, status: int, content_type: str) -> Any:
    return _compiled(response(route, status)["content"][content_type]["schema"])


def _compiled(schema: Mapping[str, Any]) -> Any:
    return jsonschema_rs.Draft202012Validator({**schema, "components": document()["components"]})


def _codes(told: Mapping[str, Any]) -> list[str]:
    problem = told.get("content", {}).get(_PROBLEM)
    return (
        list(told.get("x-codes", []))
        if problem is None
        else list(problem["schema"]["properties"]["code"]["enum"])
    )

"""Failures as the API tells them: each code with its status, found where it is raised; problem documents (RFC 9457)."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from docs.openapi.schema import (
    APPLICATION_ID,
    CORRELATION_ID,
    Schema,
    listed,
    one_of,
    record,
    ref,
    text,
    whole,
    words,
)
from passwordless import errors
from passwordless.auth0.problem_texts import PROBLEMS
from passwordless.model.people import MAX_CHECKS, DeviceStatus
from passwordless.saml import logout, logout_answer, refusals, request

ROOT: Final = Path(__file__).parents[2]
LAYER: Final = ROOT / "layers" / "passwordless" / "python" / "passwordless"
FUNCTIONS: Final = ROOT / "functions"

SSO_STEPS: Final = request.STEPS
SLO_STEPS: Final = (*logout.STEPS, *logout_answer.STEPS)

type Code = tuple[str, int]


def raised(places: Iterable[Path]) -> Iterator[Code]:
    """Yield the code and status of every failure that is written down in these modules and folders."""
    for place in places:
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call):
                    yield from _written(node)


def _written(call: ast.Call) -> Iterator[Code]:
    """Yield the code of a call of one of the classes of failures; a refusal names its step before the code."""
    name = getattr(call.func, "id", "")
    for module, place, root in ((errors, 0, errors.Failure), (refusals, 1, refusals.Refusal)):
        kind: Any = getattr(module, name, None)
        if (
            isinstance(kind, type)
            and issubclass(kind, root)
            and kind.__module__ == module.__name__
            and kind is not refusals.Refusal
        ):
            code = call.args[place] if len(call.args) > place else None
            if isinstance(code, ast.Constant):
                yield str(code.value), kind.status


@cache
def statuses() -> Mapping[str, int]:
    """Return the status of every code. Raises ValueError when a code has two."""
    found = {
        *raised((LAYER, FUNCTIONS)),
        *((code, one.failure.status) for code, one in PROBLEMS.items()),
        *((step.code, step.refusal.status) for step in (*SSO_STEPS, *SLO_STEPS)),
    }
    told = dict(found)
    if len(told) != len(found):
        raise ValueError(f"one code, two statuses: {sorted(code for code, _ in found)}")
    return told


_COMPLAINT: Final = record({"field": text(), "reason": text()})
STEPS_MEMBER: Final = "steps"
EXTRAS: Final[Mapping[str, Mapping[str, Schema]]] = {
    "invalid_field": {"fields": listed(_COMPLAINT, 1, 50)},
    "auth0_domain_invalid": {"fields": listed(_COMPLAINT, 1, 1)},
    "auth0_custom_domain": {"fields": listed(_COMPLAINT, 1, 1)},
    "auth0_outcome_unknown": {"application_id": APPLICATION_ID},
    "auth0_connected_not_recorded": {"application_id": APPLICATION_ID},
    "wrong_check": {"checks_left": whole(1, MAX_CHECKS - 1)},
    "key_pinned": {"applications": listed(record({"application_id": APPLICATION_ID, "name": text()}), 1)},
    "certificate_not_confirmed": {"next_steps": listed(text(), 1), "signing_key": ref("SigningKey")},
    "clock_skew": {"server_time": whole(0, description="Seconds since 1970.")},
    "device_inactive": {"device_status": words(DeviceStatus)},
}
"""The further members of a problem document, by the code that brings them."""

PROBLEM: Final[Schema] = {
    "type": "object",
    "description": "A failure (RFC 9457). Decide by `code`; `detail` and `guidance` are for people.",
    "properties": {
        "type": text(pattern="^urn:passwordless:problem:[a-z0-9_]+$"),
        "title": text(1),
        "status": whole(400, 599),
        "detail": text(1),
        "code": text(pattern="^[a-z0-9_]+$"),
        "guidance": text(1, description="What to do about it."),
        "correlation_id": CORRELATION_ID,
    },
    "required": ["type", "title", "status", "detail", "code", "correlation_id"],
}

GATEWAY_MESSAGE: Final = record(
    {"message": text()},
    description="What API Gateway answers by itself, before or instead of a function.",
)


def problem(status: int, codes: Iterable[str], further: Mapping[str, Schema]) -> Schema:
    """Return the schema of the problem documents of one status; `further` members may come with any of them."""
    told = sorted(codes)
    extras = {name: schema for code in told for name, schema in EXTRAS.get(code, {}).items()}
    return {
        "allOf": [ref("Problem")],
        "type": "object",
        "properties": {"code": one_of(*told), "status": {"const": status}, **extras, **further},
        "unevaluatedProperties": False,
    }


def example_problem(code: str) -> Mapping[str, Any]:
    """Return a problem document of a code, such as this service may answer it."""
    status = statuses()[code]
    title = next(kind.title for kind in errors.Failure.__subclasses__() if kind.status == status)
    return {
        "type": f"urn:passwordless:problem:{code}",
        "title": title,
        "status": status,
        "detail": _EXAMPLE_DETAILS.get(code, "What happened, in a sentence."),
        "code": code,
        "correlation_id": "ABCDEFGHIJKLMNOP",
        **_EXAMPLE_EXTRAS.get(code, {}),
    }


_EXAMPLE_DETAILS: Final = {
    "invalid_field": "name is required.",
    "missing_scope": "The access token lacks the scope applications:write.",
    "unknown_application": "There is no such application.",
    "unknown_user": "There is no such user.",
    "unknown_device": "There is no such phone.",
    "unknown_enrollment": "There is no such invite.",
    "auth0_bad_credentials": "Auth0 rejected the Client ID or Client Secret (it does not say which).",
}
_EXAMPLE_EXTRAS: Final[Mapping[str, Mapping[str, Any]]] = {
    "invalid_field": {"fields": [{"field": "name", "reason": "is required"}]},
    "auth0_custom_domain": {"fields": [{"field": "auth0_domain", "reason": "It does not end in auth0.com."}]},
    "auth0_domain_invalid": {"fields": [{"field": "auth0_domain", "reason": "It is empty."}]},
    "auth0_connected_not_recorded": {"application_id": "app_abcdefghijklmnopqrst"},
    "auth0_outcome_unknown": {"application_id": "app_abcdefghijklmnopqrst"},
    "clock_skew": {"server_time": 1795507200},
    "device_inactive": {"device_status": "pending"},
    "key_pinned": {"applications": [{"application_id": "app_abcdefghijklmnopqrst", "name": "Acme Portal"}]},
    "wrong_check": {"checks_left": 4},
}

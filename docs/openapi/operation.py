"""An operation as it is described here, and as OpenAPI 3.1 writes it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from docs.openapi.failures import example_problem, problem, statuses
from docs.openapi.schema import (
    APPLICATION_ID,
    CORRELATION_ID,
    DEVICE_ID,
    ENROLLMENT_ID,
    SESSION_ID,
    USER_ID,
    Schema,
    ref,
    text,
    whole,
)

JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"
PAGE: Final = "text/html"
FORM: Final = "application/x-www-form-urlencoded"

BY_API_GATEWAY: Final = {
    429: "Throttled",
    500: "API Gateway or a function failed",
    503: "No function was free in time",
}
BEFORE_AN_ADMINISTRATOR_S_ROUTE: Final = {401: "No valid token", 403: "The token lacks the scope"}
WITH_RETRY_AFTER: Final = (409, 429, 503)
TOKEN: Final = ("not_an_access_token", "no_tenant", "no_subject", "missing_scope")
"""What any administrator's operation answers to a token that is good and does not do."""

PATH_PARAMETERS: Final[Mapping[str, Schema]] = {
    "application_id": APPLICATION_ID,
    "user_id": USER_ID,
    "device_id": DEVICE_ID,
    "enrollment_id": ENROLLMENT_ID,
    "correlation_id": CORRELATION_ID,
    "session_id": SESSION_ID,
    "token": text(pattern="^[A-Z2-7]{26}$", examples=["ABCDEFGHIJKLMNOPABCDEFGHIJ"]),
    "address": text(1, examples=["203.0.113.7"], description="IPv4 or IPv6."),
    "file": text(pattern="^[a-z]+[.][0-9a-f]{16}[.](css|js)$", examples=["console.0123456789abcdef.js"]),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is no failure; without a schema it has no body."""

    status: int
    description: str
    schema: Schema | None = None
    example: Any = None
    media: str = JSON
    headers: Mapping[str, Schema] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent; each example has a name."""

    schema: Schema
    examples: Mapping[str, Any]
    media: str = JSON
    required: bool = True


@dataclass(frozen=True, slots=True)
class Operation:
    """A route; `codes` are those of its failures, `further` the members that any of its problem documents may have.

    Failures are problem documents, or pages where `pages` says so. `login` names the security schemes of a browser's
    route, any of which is enough.
    """

    route: str
    operation_id: str
    tag: str
    summary: str
    answers: tuple[Answer, ...]
    codes: tuple[str, ...]
    description: str = ""
    parameters: tuple[Mapping[str, Any], ...] = ()
    body: Body | None = None
    further: Mapping[str, Schema] = field(default_factory=dict)
    pages: bool = False
    login: tuple[Mapping[str, list[str]], ...] = ()

    @property
    def method(self) -> str:
        """Return the method in lower case, as OpenAPI has it."""
        return self.route.split(" ")[0].lower()

    @property
    def path(self) -> str:
        """Return the path."""
        return self.route.split(" ")[1]


def query(name: str, schema: Schema, description: str) -> Mapping[str, Any]:
    """Return a parameter of the query, which may be absent."""
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def header(name: str, schema: Schema, description: str) -> Mapping[str, Any]:
    """Return a header of the request, which may be absent."""
    return {"name": name, "in": "header", "required": False, "description": description, "schema": schema}


def described(one: Operation, scope: str | None, throttle: Mapping[str, Any]) -> dict[str, Any]:
    """Return an operation as OpenAPI writes it; `scope` is what an administrator's token needs for it."""
    security = [{"AdminToken": [scope]}] if scope else [dict(scheme) for scheme in one.login]
    return {
        "operationId": one.operation_id,
        "tags": [one.tag],
        "summary": one.summary,
        **({"description": one.description} if one.description else {}),
        "security": security,
        "x-throttle": dict(throttle),
        **_parameters(one),
        **({} if one.body is None else {"requestBody": _body(one.body)}),
        "responses": _responses(one, admin=scope is not None),
    }


def _parameters(one: Operation) -> dict[str, Any]:
    named = re.findall(r"\{(\w+)\}", one.path)
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": PATH_PARAMETERS[name]} for name in named
    ]
    parameters = [*in_path, *one.parameters]
    return {"parameters": parameters} if parameters else {}


def _body(body: Body) -> dict[str, Any]:
    examples = {name: {"value": value} for name, value in body.examples.items()}
    return {
        "required": body.required,
        "content": {body.media: {"schema": body.schema, "examples": examples}},
    }


def _responses(one: Operation, *, admin: bool) -> dict[str, Any]:
    by_status = _by_status(one.codes)
    gateway = {**BY_API_GATEWAY, **(BEFORE_AN_ADMINISTRATOR_S_ROUTE if admin else {})}
    if "{" in one.path:
        gateway[404] = "No route has this path"
    responses: dict[str, Mapping[str, Any]] = {}
    for answer in one.answers:
        responses[str(answer.status)] = _beside(responses.get(str(answer.status), {}), _answer(answer))
    for status in sorted({*by_status, *gateway}):
        codes = by_status.get(status, [])
        responses[str(status)] = _shared(
            _failure(status, codes, gateway.get(status), one.further, pages=one.pages)
        )
    return dict(sorted(responses.items()))


def _beside(response: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return two responses of one status as one, which is of either media type."""
    content = {**response.get("content", {}), **other.get("content", {})}
    return {**response, **other, **({"content": content} if content else {})}


def shared_responses() -> dict[str, Any]:
    """Return the responses that many operations have, by the name under which they are referred to."""
    return {
        "Unauthorized": _failure(401, [], BEFORE_AN_ADMINISTRATOR_S_ROUTE[401]),
        "Forbidden": _failure(403, sorted(TOKEN), BEFORE_AN_ADMINISTRATOR_S_ROUTE[403]),
        "Throttled": _failure(429, [], BY_API_GATEWAY[429]),
        "Failed": _failure(500, ["internal_error"], BY_API_GATEWAY[500]),
        "FailedPage": _failure(500, ["internal_error"], BY_API_GATEWAY[500], pages=True),
        "Unavailable": _failure(503, ["store_unavailable"], BY_API_GATEWAY[503]),
        "UnavailablePage": _failure(503, ["store_unavailable"], BY_API_GATEWAY[503], pages=True),
    }


def _shared(response: Mapping[str, Any]) -> Mapping[str, Any]:
    name = next((name for name, shared in shared_responses().items() if shared == response), None)
    return response if name is None else {"$ref": f"#/components/responses/{name}"}


def _by_status(codes: Iterable[str]) -> Mapping[int, list[str]]:
    known, found = statuses(), dict[int, list[str]]()
    for code in sorted(set(codes)):
        found.setdefault(known[code], []).append(code)
    return found


def _answer(answer: Answer) -> dict[str, Any]:
    content = (
        {} if answer.schema is None else {"content": {answer.media: _media(answer.schema, answer.example)}}
    )
    return {"description": answer.description, **_headers(answer.headers), **content}


def _failure(
    status: int,
    codes: list[str],
    by_gateway: str | None,
    further: Mapping[str, Schema] | None = None,
    *,
    pages: bool = False,
) -> dict[str, Any]:
    told = [
        *([", ".join(f"`{code}`" for code in codes)] if codes else []),
        *([by_gateway] if by_gateway else []),
    ]
    waits = {"Retry-After": whole(0, description="Seconds.")} if status in WITH_RETRY_AFTER and codes else {}
    return {
        "description": "; ".join(told),
        **_headers(waits),
        **({"x-codes": codes} if codes and pages else {}),
        "content": dict(_contents(status, codes, by_gateway, further or {}, pages=pages)),
    }


def _contents(
    status: int,
    codes: list[str],
    by_gateway: str | None,
    further: Mapping[str, Schema],
    *,
    pages: bool,
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if codes and pages:
        yield PAGE, {"schema": text(1)}
    elif codes:
        yield PROBLEM, _media(problem(status, codes, further), example_problem(codes[0]))
    if by_gateway:
        yield JSON, _media(ref("GatewayMessage"), {"message": HTTPStatus(status).phrase})


def _media(schema: Schema, example: Any) -> dict[str, Any]:
    return {"schema": schema, **({} if example is None else {"example": example})}


def _headers(headers: Mapping[str, Schema]) -> dict[str, Any]:
    return {"headers": {name: {"schema": schema} for name, schema in headers.items()}} if headers else {}

"""The service as the phone reaches it: a JSON object posted, a JSON object or a problem back."""

from collections.abc import Mapping
from typing import Any

import requests

from local.loopback import session
from local.phone_simulator.errors import Refused, UnexpectedAnswer, Unreachable

TIMEOUT = (5, 35)
"""Seconds to connect and to answer: an HTTP API gives a function 30 s."""


def post(origin: str, route: str, body: Mapping[str, object]) -> dict[str, Any]:
    """Post `body` as JSON and return the JSON object of a 2xx answer.

    Raises Refused for any other status (redirects are not followed), Unreachable when no answer came, and
    UnexpectedAnswer when a 2xx answer is not a JSON object.
    """
    try:
        with session() as http:
            answer = http.post(origin + route, json=body, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as lost:
        raise Unreachable(f"{origin} does not answer: {type(lost).__name__}") from lost
    members = _object(answer)
    if not 200 <= answer.status_code < 300:
        raise Refused(answer.status_code, members or {"title": answer.reason})
    if members is None:
        raise UnexpectedAnswer(f"{route} answered {answer.status_code} without a JSON object")
    return members


def _object(answer: requests.Response) -> dict[str, Any] | None:
    try:
        parsed = answer.json()
    except requests.JSONDecodeError:
        return None
    return parsed if isinstance(parsed, dict) else None

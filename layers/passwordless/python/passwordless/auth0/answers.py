"""What comes back from Auth0: an answer, a refusal with its words cleaned, or no answer at all."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

from passwordless.auth0.secret import Secret

MESSAGE_LENGTH = 300
_ERROR_LENGTH = 60
_LONGEST_WAIT = 3600
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class Call(StrEnum):
    """The four calls of one-click connect; there is no fifth."""

    DISCOVERY = "openid-configuration"
    TOKEN = "token"  # noqa: S105 - the name of a call
    CREATE = "create connection"
    METADATA = "service provider metadata"


class Trouble(StrEnum):
    """Why a call has no answer."""

    NO_SUCH_SERVER = "no such server"
    NOT_SENT = "nothing was sent"
    LOST = "the answer was lost"
    UNREADABLE = "the answer cannot be read"


class NoAnswer(Exception):
    """Raised when a call has no usable answer. It holds nothing of the request or the response (S41)."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any] | None:
        """Return the body as a JSON object, None when it is none."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is not what was asked for: Auth0's code and message are cleaned, `retry_after` is in seconds."""

    call: Call
    status: int
    error: str = ""
    message: str = ""
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """The public metadata of a connection as it came, or why there is none.

    `absent` is the word of a tenant that is there and has no such connection; `told` says what came otherwise.
    """

    document: bytes | None
    told: str
    absent: bool = False


def refusal(call: Call, answer: Answer, hidden: Sequence[Secret], now: float) -> Refusal:
    """Read a refusal of the token endpoint (RFC 6749, 5.2) or of the Management API, at `now` (seconds since 1970).

    What is `hidden` is taken out of Auth0's words before anything else happens to them.
    """
    body = answer.json() or {}
    return Refusal(
        call,
        answer.status,
        _text(_first(body, "errorCode", "error"), hidden, _ERROR_LENGTH),
        _text(_first(body, "error_description", "message"), hidden, MESSAGE_LENGTH),
        _wait(answer.headers, now),
    )


def _first(body: Mapping[str, Any], *names: str) -> str:
    return next((body[name] for name in names if isinstance(body.get(name), str)), "")


def _text(raw: str, hidden: Sequence[Secret], length: int) -> str:
    """Return one line without control, format or bidi characters, bounded."""
    for secret in hidden:
        raw = secret.hide_in(raw)
    visible = "".join(" " if unicodedata.category(c) in _HIDDEN else c for c in raw[: 8 * length])
    line = " ".join(visible.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


def _wait(headers: Mapping[str, str], now: float) -> int | None:
    """Return the seconds to wait by Retry-After (RFC 9110, 10.2.3) or by X-RateLimit-Reset (seconds since 1970)."""
    asked, reset = headers.get("retry-after", ""), headers.get("x-ratelimit-reset", "")
    if _is_number(asked):
        return _bounded(int(asked))
    if asked:
        try:
            return _bounded(parsedate_to_datetime(asked).timestamp() - now)
        except (ValueError, OverflowError):
            return None
    return _bounded(int(reset) - now) if _is_number(reset) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12


def _bounded(seconds: float) -> int:
    return max(1, min(_LONGEST_WAIT, round(seconds)))

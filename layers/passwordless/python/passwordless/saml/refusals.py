"""Refusals of SAML messages: failures that also name the step which refused.

Refusal
├── MalformedMessage    400  cannot be read as what it claims to be
├── UnprovenMessage     401  unsigned, or signed by no registered key
├── ForeignMessage      403  well-formed, but not for us or not from this service provider
├── StaleMessage        410  made too long ago
└── UnreadyApplication  422  an administrator can mend it

`detail` holds no byte of the message; `private` holds what was expected and what came, cleaned and bounded.
"""

import re

from passwordless.errors import BadProof, Failure, Forbidden, Gone, Malformed, Unprocessable

SHOWN = 200
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]|\\")


class Refusal(Failure):
    """Raised, as one of the leaves, when a named step refuses a SAML message."""

    def __init__(
        self, step: str, code: str, detail: str, *, guidance: str | None = None, private: str | None = None
    ) -> None:
        super().__init__(code, detail, guidance=guidance, private=private)
        self.step = step


class MalformedMessage(Refusal, Malformed):
    """Raised when a message cannot be read as what it claims to be."""


class UnprovenMessage(Refusal, BadProof):
    """Raised when a message is unsigned where it must not be, or no registered key verifies it."""


class ForeignMessage(Refusal, Forbidden):
    """Raised for a readable message that is not for us, or names what its sender has not registered."""


class StaleMessage(Refusal, Gone):
    """Raised for a message that was made too long ago."""


class UnreadyApplication(Refusal, Unprocessable):
    """Raised when the application's registration lacks what the check needs."""


class Mismatch(Exception):
    """What a check found: the step that ran the check turns it into its refusal. It never leaves this package."""

    def __init__(self, expected: str, actual: object) -> None:
        super().__init__(expected, actual)
        self.expected = expected
        self.actual = actual

    def __str__(self) -> str:
        return f"expected {shown(self.expected)}, got {shown(self.actual)}"


def shown(value: object, limit: int = SHOWN) -> str:
    """Return a value of unknown origin for the log: printable ASCII, quoted, at most `limit` characters of it."""
    if value is None:
        return "nothing"
    text = str(value)
    escaped = _UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], text[:limit])[:limit]
    return f'"{escaped}"' + ("" if len(text) <= limit else f" and more ({len(text)} characters)")

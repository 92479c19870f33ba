"""The canonical form of a flat JSON object of strings (RFC 8785, JCS).

The simulator has its own on purpose: the service's form is checked against an independent one.
"""

import json
from collections.abc import Mapping


def canonical(members: Mapping[str, str]) -> bytes:
    """Return the RFC 8785 form as UTF-8.

    Members are sorted by the UTF-16 code units of their names (section 3.2.3); strings escape only what JSON
    requires, with the short forms where they exist (section 3.2.2.2). Raises TypeError for a value that is no string
    and ValueError for a lone surrogate, which has no UTF-8 form.
    """
    ordered = sorted(members.items(), key=lambda member: _utf16(member[0]))
    return b"{" + b",".join(_quoted(name) + b":" + _quoted(value) for name, value in ordered) + b"}"


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be")


def _quoted(text: str) -> bytes:
    if not isinstance(text, str):
        raise TypeError(f"only strings have a place in this object, not {type(text).__name__}")
    return json.dumps(text, ensure_ascii=False).encode()

"""The attack that no server alone can stop, played out: a login begun by one person is approved by another.

The attacker's browser begins a login and shows its code to a victim, who scans and approves; the victim may then read
the step-up code out to the attacker. What is told at the end is whether the attacker got in (docs/threat-model.md).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import lxml.html

from local.headless import Headless, photograph
from local.phone_simulator.errors import Refused
from local.phone_simulator.phone import Phone

type Victim = Callable[[str], str | None]
"""What the victim, who reads a step-up code on the phone, tells the attacker; None for nothing."""


@dataclass(frozen=True, slots=True)
class Relayed:
    """How an attack ended: in a profile that the attacker sees, or in the code of what stopped it."""

    profile: dict[str, Any] | None
    stopped_by: str | None = None
    code_asked: bool = False


def obedient(code: str) -> str | None:
    """Read the code out to whoever asks."""
    return code


def careful(_: str) -> str | None:
    """Tell nobody."""
    return None


def relay(start_url: str, phone: Phone, *, via: str = "camera", victim: Victim = careful) -> Relayed:
    """Begin a login at the service provider's `start_url`, have the victim's phone approve it, and try to get in.

    Raises UnexpectedPage or the phone's own errors for what is no part of the attack.
    """
    attacker = Headless()
    request_url = attacker.location(attacker.get(start_url))
    page = attacker.get(attacker.location(attacker.get(request_url)))
    try:
        answer = phone.approve(phone.scan(photograph(page), via))
    except Refused as refused:
        return Relayed(None, refused.code)
    code = answer.get("code")
    told = victim(code) if code else None
    if code and told is None:
        return Relayed(None, "the victim kept the code", code_asked=True)
    posting = attacker.submit(page, "/complete", **({"code": told} if told else {}))
    shown = attacker.get(attacker.location(attacker.submit(posting)))
    return Relayed(_profile(shown.content), code_asked=bool(code))


def _profile(content: bytes) -> dict[str, Any] | None:
    document: Any = lxml.html.document_fromstring(content)
    found = document.get_element_by_id("profile", None)
    return None if found is None else dict(json.loads(found.text or ""))

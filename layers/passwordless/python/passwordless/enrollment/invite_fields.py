"""What an administrator says of the people to invite and of their invites, checked; a complaint repeats no value."""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from passwordless.errors import Malformed
from passwordless.model.email_addresses import normalised
from passwordless.phone.consent import clean_name

DEFAULT_TTL = 300
MIN_TTL, MAX_TTL = 60, 7 * 86400
UNCONFIRMED_TTL = 300
"""Seconds that an invite may live without a confirmation at its end."""

MAX_GROUPS = 50
MAX_RAW_NAME = 256
TERMS = frozenset({"ttl_seconds", "require_confirmation"})
_PERSON = frozenset({"email", "given_name", "family_name", "groups"})
_FIELD = re.compile(r"[a-z0-9_]{1,40}")


@dataclass(frozen=True, slots=True)
class Person:
    """Whose phone is invited; `email` is normalised."""

    email: str
    given_name: str | None
    family_name: str | None
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """How long an invite lives (seconds), and whether even a first phone waits for confirmation."""

    ttl: int
    confirmation: bool


def terms(body: Mapping[str, Any]) -> Terms:
    """Read the terms out of a body of POST /enrollments. Raises Malformed `invalid_field`."""
    ttl = body.get("ttl_seconds", DEFAULT_TTL)
    if type(ttl) is not int or not MIN_TTL <= ttl <= MAX_TTL:
        raise invalid("ttl_seconds", f"must be a whole number from {MIN_TTL} to {MAX_TTL}")
    confirmation = flag(body, "require_confirmation", default=ttl > UNCONFIRMED_TTL)
    if ttl > UNCONFIRMED_TTL and not confirmation:
        raise invalid("require_confirmation", f"must be true when ttl_seconds is above {UNCONFIRMED_TTL}")
    return Terms(ttl, confirmation)


def person(value: object) -> Person:
    """Read one person. Raises Malformed `invalid_field`."""
    if not isinstance(value, dict):
        raise invalid("user", "must be an object with at least an email")
    only(value, _PERSON, "user.")
    email = normalised(value.get("email"))
    if email is None:
        raise invalid("user.email", "must be an e-mail address")
    given, family = (name(value.get(one), f"user.{one}") for one in ("given_name", "family_name"))
    return Person(email, given, family, groups(value.get("groups", []), "user.groups"))


def name(value: object, field: str) -> str | None:
    """Return a name that is safe to show, None for none. Raises Malformed `invalid_field`."""
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > MAX_RAW_NAME or not (cleaned := clean_name(value)):
        raise invalid(field, "must be a name")
    return cleaned


def groups(value: object, field: str) -> tuple[str, ...]:
    """Return the names of groups. Raises Malformed `invalid_field`."""
    if not isinstance(value, list) or len(value) > MAX_GROUPS:
        raise invalid(field, f"must be a list of at most {MAX_GROUPS} names")
    return tuple(name(one, field) or _nameless(field) for one in value)


def flag(body: Mapping[str, Any], field: str, *, default: bool) -> bool:
    """Return a member that is true or false. Raises Malformed `invalid_field`."""
    value = body.get(field, default)
    if not isinstance(value, bool):
        raise invalid(field, "must be true or false")
    return value


def only(body: Mapping[str, Any], known: Set[str], at: str = "") -> None:
    """Check that a body has no member but these; one whose name could be anything is not repeated.

    Raises Malformed `invalid_field`.
    """
    if unknown := sorted(body.keys() - known):
        told = unknown[0] if _FIELD.fullmatch(unknown[0]) else "(a field of another name)"
        raise invalid(f"{at}{told}", "is not known")


def invalid(field: str, reason: str) -> Malformed:
    """Return the failure for a field that cannot be what it is."""
    return Malformed(
        "invalid_field", f"{field} {reason}.", extra={"fields": [{"field": field, "reason": reason}]}
    )


def _nameless(field: str) -> str:
    raise invalid(field, "must hold names only")

"""Builders of model values, whole with defaults."""

from typing import Any

from passwordless.model.sessions import LIFETIME, Claim, LoginSession, SamlRequest, Sighting

NOW = 1_800_000_000
SEEN = Sighting(link=False, still=False, age=0)
"""A code that a camera saw as soon as it was there."""


def a_session(**changes: Any) -> LoginSession:
    """Return a pending login that began at NOW."""
    request = SamlRequest(
        "_1", "urn:auth0:acme:demo", "https://acme.auth0.com/login/callback", "opaque", signed=True
    )
    defaults: dict[str, Any] = {
        "session_id": "ABCDEFGHIJKLMNOP",
        "tenant": "acme",
        "application_id": "app_abcdefghijklmnopqrst",
        "request": request,
        "cookie_hash": "cookie-hash",
        "frame_key": b"k" * 32,
        "context": {"application": "Demo"},
        "context_hash": "context-hash",
        "correlation_id": "CORRELATIONABCDE",
        "created_at": NOW,
        "expires_at": NOW + LIFETIME,
        "generation_at": NOW,
    }
    return LoginSession(**{**defaults, **changes})


def a_claim(*, scanned_at: int = NOW) -> Claim:
    """Return the lock of a phone that scanned at `scanned_at`."""
    return Claim("dev_1", "usr_1", "nonce-hash", scanned_at, SEEN)

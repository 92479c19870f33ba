"""POST /applications under an Idempotency-Key: at most one connection a key, whatever is lost on the way.

A call holds its key while it runs. From just before Auth0 is asked to make something, the key belongs to one
application, and its row says what became of it; a failure before that is forgotten, so that the same key may try again.
"""

import json
import re
from collections.abc import Mapping

from passwordless.auth0 import manual, problems
from passwordless.auth0.asked import Asked
from passwordless.auth0.connect import Connect
from passwordless.auth0.domain import base_url
from passwordless.auth0.fields import ConnectFields, ManualFields
from passwordless.auth0.outcome import told
from passwordless.auth0.problems import OutcomeUnknown
from passwordless.auth0.report import Connected, again
from passwordless.errors import Conflict, Failure, Malformed, Unprocessable
from passwordless.model.applications import RUNNING_SECONDS
from passwordless.model.tokens import digest, identifier
from passwordless.store.attempts import Attempt, AttemptStatus, attempt_id
from passwordless.wiring import Wiring

ROUTE = "POST /applications"
_KEY = re.compile(r"[!-~]{8,200}")


def read_key(headers: Mapping[str, str]) -> str | None:
    """Return the Idempotency-Key, 8 to 200 visible ASCII characters, if there is one. Raises Malformed."""
    key = headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise Malformed(
            "invalid_idempotency_key", "The Idempotency-Key must have 8 to 200 visible ASCII characters."
        )
    return key


def connect(house: Wiring, fields: ConnectFields, asked: Asked, key: str | None) -> Connected:
    """Connect, or prepare for it in manual mode, at most once for a key of this administrator.

    Raises Conflict `connect_in_progress` while another call holds the key, Unprocessable `idempotency_key_reused` for
    other fields under it, OutcomeUnknown again when that is how it ended, and what `Connect` raises.
    """
    if key is None:
        return _run(house, fields, asked, None)
    attempt = _attempt(house, fields, asked, key)
    attempts = house.stores.attempts
    if not attempts.begin(attempt, house.now):
        return _earlier(house, fields, attempt)
    try:
        return _run(house, fields, asked, attempt)
    except OutcomeUnknown:
        raise
    except Failure:
        attempts.forget(attempt)
        raise


def _run(house: Wiring, fields: ConnectFields, asked: Asked, attempt: Attempt | None) -> Connected:
    application_id = identifier("app", house.randomness)
    with told(house, asked, fields.mode, application_id):
        return _once(house, fields, asked, attempt, application_id)


def _once(
    house: Wiring, fields: ConnectFields, asked: Asked, attempt: Attempt | None, application_id: str
) -> Connected:
    attempts = house.stores.attempts
    if isinstance(fields, ManualFields):
        done = [] if attempt is None else [attempts.finishing(attempt, application_id)]
        return manual.prepare(house, fields, asked, application_id, done)

    def finish() -> None:
        if attempt is not None:
            attempts.finish(attempt, application_id)

    return Connect(house, fields, asked, application_id, finish)()


def _attempt(house: Wiring, fields: ConnectFields, asked: Asked, key: str) -> Attempt:
    admin = asked.admin
    named = [fields.name, fields.auth0_domain.lower(), fields.auth0_client_id, *_further(fields)]
    return Attempt(
        attempt_id=attempt_id(admin.tenant, admin.subject, ROUTE, key),
        tenant=admin.tenant,
        fingerprint=digest(json.dumps(named)),
        status=AttemptStatus.RUNNING,
        running_until=house.now + RUNNING_SECONDS,
    )


def _further(fields: ConnectFields) -> list[object]:
    """Return what else decides what is made."""
    return [fields.mode, (fields.custom_domain or "").lower(), fields.email_domains]


def _earlier(house: Wiring, fields: ConnectFields, attempt: Attempt) -> Connected:
    """Answer for the call that has the key."""
    known = house.stores.attempts.get(attempt.attempt_id)
    if known is not None and known.fingerprint != attempt.fingerprint:
        raise Unprocessable(
            "idempotency_key_reused",
            "This Idempotency-Key was used with other fields.",
            guidance="Use a new Idempotency-Key.",
        )
    if known is None or known.status is AttemptStatus.RUNNING or known.application_id is None:
        raise _in_progress()
    return _made(house, fields, attempt.tenant, known.application_id)


def _made(house: Wiring, fields: ConnectFields, tenant: str, application_id: str) -> Connected:
    application = house.stores.applications.get(application_id)
    if application is None or application.tenant != tenant or application.auth0 is None:
        raise Conflict(
            "application_removed",
            "The application that this Idempotency-Key made was removed.",
            guidance="Use a new Idempotency-Key.",
        )
    at = application.auth0
    if isinstance(fields, ManualFields):
        return manual.again(house, fields, application, at)
    if application.ready:
        return again(application, at, base_url(at.domain, house.config), fields.test_redirect_uri)
    if application.under_way(house.now):
        raise _in_progress()
    raise problems.unknown_outcome("auth0_outcome_unknown", at, application_id)


def _in_progress() -> Conflict:
    return Conflict(
        "connect_in_progress",
        "This application is being connected.",
        guidance="Ask again in a moment with the same Idempotency-Key.",
        retry_after=2,
    )

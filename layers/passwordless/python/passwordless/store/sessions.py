"""The sessions table: every step of a login is one conditional write."""

import re
from typing import Any

from boto3.dynamodb.conditions import Attr

from passwordless.model.sessions import (
    FINISH_ATTEMPTS,
    FINISH_WINDOW,
    KEPT_AFTER_END,
    LIFETIME,
    OPEN,
    OTHER_PERSON,
    Claim,
    Decision,
    Ending,
    LoginSession,
    Status,
)
from passwordless.store.codec import Item, decode, encode
from passwordless.store.table import Change, Table

_ID = re.compile(r"[A-Z2-7]{16}")


class Sessions:
    """Reads and writes login sessions."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, session_id: str) -> LoginSession | None:
        """Return the session with this id, expired or not."""
        return _session(self._table.get(_key(session_id))) if _ID.fullmatch(session_id) else None

    def starting(self, session: LoginSession) -> Any:
        """Return the part of a transaction that begins a session."""
        item = {"ttl": session.created_at + LIFETIME + KEPT_AFTER_END, **encode(session)}
        return self._table.putting(item, Attr("session_id").not_exists())

    def claim(self, session: LoginSession, claim: Claim, *, expires_at: int, now: int) -> LoginSession | None:
        """Lock the session to one device, or give the device that holds it a new nonce; None if neither is possible."""
        change = Change(
            put={"status": Status.SCANNED.value, "claim": encode(claim), "expires_at": expires_at}
        )
        own = Attr("status").eq(Status.SCANNED.value) & Attr("claim.device_id").eq(claim.device_id)
        free = Attr("status").eq(Status.PENDING.value) | own
        same = Attr("generation").eq(session.generation)
        return _session(self._table.update(_key(session.session_id), change, free & same & _alive(now)))

    def restart(self, session: LoginSession, now: int) -> LoginSession | None:
        """Drop the claim and begin a new generation of QR codes; None if the login is no longer open to a phone."""
        change = Change(
            put={
                "status": Status.PENDING.value,
                "generation_at": now,
                "expires_at": session.created_at + LIFETIME,
            },
            remove=["claim"],
            add={"generation": 1},
        )
        reopenable = Attr("status").is_in([Status.PENDING.value, Status.SCANNED.value])
        same = Attr("generation").eq(session.generation)
        return _session(self._table.update(_key(session.session_id), change, reopenable & same & _alive(now)))

    def remember_browser(self, session: LoginSession, seen: str, now: int) -> None:
        """Remember by which cookie the browser of a session that nobody approved yet is known."""
        waiting = Attr("status").is_in([Status.PENDING.value, Status.SCANNED.value])
        change = Change(put={"known_browser": seen})
        self._table.update(_key(session.session_id), change, waiting & _alive(now))

    def approving(
        self,
        session: LoginSession,
        decision: Decision,
        *,
        nonce_hash: str,
        code_hash: str | None,
        expires_at: int,
        now: int,
    ) -> Any:
        """Return the part of a transaction that approves what this device scanned with this nonce (S03).

        With a `code_hash` the login waits for that code, typed into the browser.
        """
        change = _approved(decision, code_hash, expires_at)
        return self._table.updating(
            _key(session.session_id), change, _claimed_by(decision.device_id, nonce_hash) & _alive(now)
        )

    def denying(self, session: LoginSession, decision: Decision, nonce_hash: str, *, now: int) -> Any:
        """Return the part of a transaction that ends what this device scanned with this nonce."""
        change = Change(put={"status": Status.DENIED.value, "decision": encode(decision)})
        return self._table.updating(
            _key(session.session_id), change, _claimed_by(decision.device_id, nonce_hash) & _alive(now)
        )

    def spend_code(self, session: LoginSession, typed: str, now: int) -> bool:
        """Use up the one attempt to type the code; False if somebody did before, or nothing waits for one (S15).

        `typed` is the keyed hash of what was typed: the identical attempt, come again, is the same attempt.
        """
        waiting = Attr("status").eq(Status.APPROVED.value) & Attr("code_hash").eq(session.code_hash)
        unspent = Attr("code_spent").eq(False)  # noqa: FBT003 - a value, not a flag
        same = Attr("code_typed").eq(typed)
        change = Change(put={"code_spent": True, "code_typed": typed})
        allowed = waiting & (unspent | same) & _alive(now)
        return self._table.update(_key(session.session_id), change, allowed) is not None

    def refusing(self, session: LoginSession, reason: str, now: int) -> Any:
        """Return the part of a transaction that ends an open session because policy says so (S06)."""
        change = Change(put={"status": Status.REFUSED.value, "refusal": reason})
        return self._table.updating(
            _key(session.session_id), change, Attr("status").is_in(_open()) & _alive(now)
        )

    def reusing(self, session: LoginSession, decision: Decision, *, expires_at: int, now: int) -> Any:
        """Return the part of a transaction that approves what no phone scanned yet, by a browser's session (S23)."""
        change = Change(
            put={"status": Status.APPROVED.value, "decision": encode(decision), "expires_at": expires_at}
        )
        untouched = Attr("status").eq(Status.PENDING.value)
        return self._table.updating(_key(session.session_id), change, untouched & _alive(now))

    def approving_unscanned(
        self, session: LoginSession, decision: Decision, *, code_hash: str | None, expires_at: int, now: int
    ) -> Any:
        """Return the part of a transaction that approves by a passkey what no phone scanned (S11).

        With a `code_hash` the login waits for that code, typed into the browser.
        """
        change = _approved(decision, code_hash, expires_at)
        untouched = Attr("status").eq(Status.PENDING.value) & Attr("generation").eq(session.generation)
        return self._table.updating(_key(session.session_id), change, untouched & _alive(now))

    def completing(self, session: LoginSession, ending: Ending, now: int) -> Any:
        """Return the part of a transaction that freezes the Response of an approved login, its code typed if any."""
        change = Change(put={"status": Status.COMPLETED.value, "ending": encode(ending), "attempts": 1})
        approved = Attr("status").eq(Status.APPROVED.value)
        typed = Attr("code_hash").not_exists() | Attr("code_spent").eq(True)  # noqa: FBT003 - a value, not a flag
        return self._table.updating(_key(session.session_id), change, approved & typed & _alive(now))

    def disowning(self, session: LoginSession, ending: Ending, now: int) -> Any:
        """Return the part of a transaction that ends an approved login of another person than the one asked for."""
        refused = {"status": Status.REFUSED.value, "refusal": OTHER_PERSON}
        change = Change(put={**refused, "ending": encode(ending), "attempts": 1})
        approved = Attr("status").eq(Status.APPROVED.value)
        return self._table.updating(_key(session.session_id), change, approved & _alive(now))

    def returning(self, session: LoginSession, status: Status, ending: Ending, now: int) -> Any:
        """Return the part of a transaction that freezes the error Response of a login that came to nothing."""
        change = Change(put={"status": status.value, "ending": encode(ending), "attempts": 1})
        ended = Attr("status").is_in([Status.DENIED.value, Status.REFUSED.value])
        timed_out = Attr("status").is_in(_open()) & Attr("expires_at").lte(now)
        unanswered = Attr("ending").not_exists()
        return self._table.updating(_key(session.session_id), change, unanswered & (ended | timed_out))

    def answer_again(self, session: LoginSession, now: int) -> LoginSession | None:
        """Count one more answer with the frozen Response; None when the time or the attempts are used up (S22)."""
        recent = Attr("ending.issued_at").gt(now - FINISH_WINDOW)
        left = Attr("attempts").lt(FINISH_ATTEMPTS)
        return _session(
            self._table.update(_key(session.session_id), Change(add={"attempts": 1}), recent & left)
        )


def _key(session_id: str) -> dict[str, str]:
    return {"session_id": session_id}


def _session(item: Item | None) -> LoginSession | None:
    return decode(LoginSession, item) if item else None


def _approved(decision: Decision, code_hash: str | None, expires_at: int) -> Change:
    code = {} if code_hash is None else {"code_hash": code_hash}
    approved = {"status": Status.APPROVED.value, "decision": encode(decision), "expires_at": expires_at}
    return Change(put=approved | code)


def _alive(now: int) -> Any:
    return Attr("expires_at").gt(now)


def _open() -> list[str]:
    return sorted(status.value for status in OPEN)


def _claimed_by(device_id: str, nonce_hash: str) -> Any:
    return (
        Attr("status").eq(Status.SCANNED.value)
        & Attr("claim.device_id").eq(device_id)
        & Attr("claim.nonce_hash").eq(nonce_hash)
    )

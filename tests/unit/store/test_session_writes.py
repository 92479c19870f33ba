"""Each write of a login holds its own condition: what was read before it may have changed since."""

from collections.abc import Callable

import pytest

from passwordless.model.sessions import Claim, Decision, Ending, LoginSession, Status
from passwordless.model.tokens import digest
from passwordless.store.sessions import Sessions
from tests.house import House
from tests.unit.model.builders import SEEN

CLAIM = Claim("dev_1", "usr_1", digest("nonce"), 0, SEEN)
DECISION = Decision("dev_1", "usr_1", 0, "proof", "face")

type Write = Callable[[House, Sessions, LoginSession, int], bool]


def ending(now: int) -> Ending:
    return Ending("_response", "_assertion", "_index", now)


def claim(_: House, sessions: Sessions, session: LoginSession, now: int) -> bool:
    return sessions.claim(session, CLAIM, expires_at=now + 120, now=now) is not None


def restart(_: House, sessions: Sessions, session: LoginSession, now: int) -> bool:
    return sessions.restart(session, now) is not None


def approve(house: House, sessions: Sessions, session: LoginSession, now: int) -> bool:
    part = sessions.approving(
        session, DECISION, nonce_hash=digest("nonce"), code_hash=None, expires_at=now + 120, now=now
    )
    return not house.wiring.stores.commit(part)


def deny(house: House, sessions: Sessions, session: LoginSession, now: int) -> bool:
    return not house.wiring.stores.commit(sessions.denying(session, DECISION, digest("nonce"), now=now))


def refuse(house: House, sessions: Sessions, session: LoginSession, now: int) -> bool:
    return not house.wiring.stores.commit(sessions.refusing(session, "user", now))


def complete(house: House, sessions: Sessions, session: LoginSession, now: int) -> bool:
    return not house.wiring.stores.commit(sessions.completing(session, ending(now), now))


def give_back(house: House, sessions: Sessions, session: LoginSession, now: int) -> bool:
    return not house.wiring.stores.commit(sessions.returning(session, Status.EXPIRED, ending(now), now))


WRITES: dict[Write, set[Status]] = {
    claim: {Status.PENDING, Status.SCANNED},
    restart: {Status.PENDING, Status.SCANNED},
    approve: {Status.SCANNED},
    deny: {Status.SCANNED},
    refuse: {Status.PENDING, Status.SCANNED, Status.APPROVED},
    complete: {Status.APPROVED},
    give_back: {Status.DENIED, Status.REFUSED},
}
LATE: dict[Write, set[Status]] = {
    give_back: {Status.PENDING, Status.SCANNED, Status.APPROVED, Status.DENIED, Status.REFUSED}
}
STORED = set(Status) - {Status.EXPIRED}
writes = pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__)


def taken_in(house: House, write: Write, *, later: int) -> set[Status]:
    """Return the states in which a write takes effect, `later` seconds after the login's beginning."""
    application, sessions, now = house.application(), house.wiring.stores.sessions, house.wiring.now + later
    rows = {
        status: house.browser(application, status=status, claim=CLAIM, decision=DECISION).session
        for status in STORED
    }
    return {status for status, row in rows.items() if write(house, sessions, row, now)}


@writes
def test_a_write_takes_effect_in_its_own_states_only(house: House, write: Write) -> None:
    assert taken_in(house, write, later=599) == WRITES[write]


@writes
def test_no_write_but_the_return_takes_effect_past_the_end(house: House, write: Write) -> None:
    assert taken_in(house, write, later=600) == LATE.get(write, set())


def test_a_login_is_returned_once(house: House) -> None:
    session = house.browser(house.application(), status=Status.DENIED).session
    sessions, now = house.wiring.stores.sessions, house.wiring.now
    assert [give_back(house, sessions, session, now) for _ in range(2)] == [True, False]


def test_what_was_never_ended_is_not_answered_again(house: House) -> None:
    session = house.browser(house.application(), status=Status.APPROVED).session
    assert house.wiring.stores.sessions.answer_again(session, house.wiring.now) is None


def test_an_id_that_is_none_is_not_looked_up(house: House) -> None:
    assert house.wiring.stores.sessions.get("../login") is None

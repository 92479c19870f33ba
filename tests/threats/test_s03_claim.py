"""S03: only the phone that scanned decides, with the nonce of its scan, in time, all in one condition."""

from dataclasses import replace

import pytest

from local.phone_simulator.proofs import Decision
from passwordless.model.sessions import Claim, LoginSession
from passwordless.model.sessions import Decision as Decided
from passwordless.model.tokens import digest
from tests.calls import post_json
from tests.house import House
from tests.parallel import at_once
from tests.sign_in import scan
from tests.told import failure
from tests.unit.model.builders import SEEN
from tests.witness import nothing_written


@pytest.mark.parametrize("decision", list(Decision))
def test_a_colleague_s_phone_with_the_first_one_s_nonce_is_refused_and_the_first_succeeds(
    house: House, decision: Decision
) -> None:
    browser, first, second = house.browser(house.application()), house.person(), house.person()
    told = scan(house, first, browser)

    with nothing_written(house, browser):
        answer = post_json(house, "POST_verify", house.verify_body(second, told, decision))

    assert failure(answer) == (409, "session_claimed")
    assert post_json(house, "POST_verify", house.verify_body(first, told)).status == 200


def test_of_many_phones_that_scan_at_once_one_holds_the_login(house: House) -> None:
    browser, people = house.browser(house.application()), [house.person() for _ in range(10)]
    bodies = [house.scan_body(person, browser) for person in people]

    answers = at_once(lambda body: post_json(house, "POST_scan", body), bodies)

    assert sorted(answer.status for answer in answers) == [200] + [409] * 9
    winner = next(person for person, answer in zip(people, answers, strict=True) if answer.status == 200)
    claim = house.stored(browser).claim
    assert claim is not None
    assert claim.device_id == winner.device.device_id


def scanned(house: House) -> LoginSession:
    """Return a login that its phone holds with the nonce `nonce`."""
    browser = house.browser(house.application())
    claim = Claim("dev_1", "usr_1", digest("nonce"), house.wiring.now, SEEN)
    held = house.wiring.stores.sessions.claim(
        browser.session, claim, expires_at=house.wiring.now + 120, now=house.wiring.now
    )
    assert held is not None
    return held


CASES = {
    "another phone": ("dev_2", "nonce", 0),
    "another nonce": ("dev_1", "other", 0),
    "too late": ("dev_1", "nonce", 120),
}


@pytest.mark.parametrize(("device_id", "nonce", "later"), CASES.values(), ids=CASES)
def test_the_write_itself_demands_phone_nonce_and_time(
    house: House, device_id: str, nonce: str, later: int
) -> None:
    """The checks before it may have read a row that changed since."""
    session, stores = scanned(house), house.wiring.stores
    decision = Decided(device_id, "usr_1", house.wiring.now, "proof", "face")
    now = house.wiring.now + later

    parts = (
        stores.sessions.approving(
            session, decision, nonce_hash=digest(nonce), code_hash=None, expires_at=now + 120, now=now
        ),
        stores.sessions.denying(session, decision, digest(nonce), now=now),
    )

    assert [stores.commit(part) for part in parts] == [{0}, {0}]


def test_the_write_passes_when_all_three_hold(house: House) -> None:
    session, stores, now = scanned(house), house.wiring.stores, house.wiring.now
    decision = Decided("dev_1", "usr_1", now, "proof", "face")
    part = stores.sessions.approving(
        session, decision, nonce_hash=digest("nonce"), code_hash=None, expires_at=now + 120, now=now
    )
    assert stores.commit(part) == frozenset()


def test_a_claim_of_a_former_generation_is_not_written(house: House) -> None:
    """The browser started over between the phone's look at the row and its write."""
    browser, now = house.browser(house.application()), house.wiring.now
    sessions, claim = house.wiring.stores.sessions, Claim("dev_1", "usr_1", "hash", house.wiring.now, SEEN)
    assert sessions.restart(browser.session, now)
    assert sessions.claim(browser.session, claim, expires_at=now + 120, now=now) is None
    current = replace(browser.session, generation=1)
    assert sessions.claim(current, claim, expires_at=now + 120, now=now) is not None

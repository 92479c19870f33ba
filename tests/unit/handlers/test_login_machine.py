"""Whatever two phones and a browser do in whatever order, a login moves only along its arrows and succeeds once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from local.phone_simulator.proofs import Decision
from passwordless.model.sessions import Status
from tests.calls import Answer, complete, poll_session, post_json
from tests.house import Browser, House, Person
from tests.sign_in import open_page, press_restart
from tests.told import response, status_codes
from tests.witness import Witness

ARROWS = {
    (Status.PENDING, Status.SCANNED),
    (Status.SCANNED, Status.PENDING),
    (Status.SCANNED, Status.APPROVED),
    (Status.SCANNED, Status.DENIED),
    (Status.APPROVED, Status.COMPLETED),
    (Status.PENDING, Status.EXPIRED),
    (Status.SCANNED, Status.EXPIRED),
    (Status.APPROVED, Status.EXPIRED),
}


@dataclass
class Login:
    """One login that two phones, its browser and time act upon; a phone may use any nonce that either ever got."""

    house: House
    browser: Browser
    people: tuple[Person, Person]
    witness: Witness
    status: Status = Status.PENDING
    scans: tuple[list[dict[str, Any]], list[dict[str, Any]]] = field(default_factory=lambda: ([], []))
    approvals: int = 0
    errors: int = 0
    successes: set[str] = field(default_factory=set)
    seen: set[Status] = field(default_factory=set)

    def scan(self, phone: int) -> None:
        body = self.house.scan_body(self.people[phone], self.browser)
        answer = self.in_order(post_json(self.house, "POST_scan", body))
        if answer.status == 200:
            self.scans[phone].append(answer.json)

    def decide(self, decision: Decision, phone: int, *, whose: int | None = None, scan: int = -1) -> None:
        scans = self.scans[phone if whose is None else whose]
        if not scans:
            return
        body = self.house.verify_body(self.people[phone], scans[max(scan, -len(scans))], decision)
        answer = self.in_order(post_json(self.house, "POST_verify", body))
        if answer.status == 200 and decision is Decision.APPROVE:
            self.approvals += 1

    def sign_in(self, phone: int) -> None:
        self.scan(phone)
        self.decide(Decision.APPROVE, phone)

    def restart(self) -> None:
        self.in_order(press_restart(self.house, self.browser))

    def finish(self) -> None:
        answer = self.in_order(complete(self.house, self.browser))
        if answer.status == 200:
            succeeded = status_codes(response(answer)) == ["Success"]
            self.successes |= {answer.body} if succeeded else set()
            self.errors += not succeeded

    def wait(self, seconds: int) -> None:
        self.house.clock.forward(seconds)
        self.in_order(poll_session(self.house, self.browser))

    def reload(self) -> None:
        self.in_order(open_page(self.house, self.browser.session.session_id, self.browser.cookies))

    def in_order(self, answer: Answer) -> Answer:
        """Check what holds after each call."""
        assert answer.status < 500
        stored = self.house.stored(self.browser)
        status = stored.status_at(self.house.wiring.now)
        assert status is self.status or (self.status, status) in ARROWS
        if status in {Status.APPROVED, Status.COMPLETED}:
            assert stored.decision is not None
            assert stored.claim is not None
            assert stored.decision.device_id == stored.claim.device_id
        assert stored.expires_at <= self.browser.session.created_at + 600
        self.status = status
        self.seen.add(status)
        return answer

    def check(self) -> None:
        """Check what holds between any two steps."""
        assert len(self.successes) <= 1
        assert not self.successes or (self.approvals and not self.errors)
        if not self.approvals:
            assert self.witness.signatures == self.errors


def acts(phone: int) -> list[Any]:
    """Return what a phone can do, the whole sign-in too, so that many logins get far."""
    other = 1 - phone
    return [
        partial(Login.sign_in, phone=phone),
        partial(Login.scan, phone=phone),
        partial(Login.decide, decision=Decision.APPROVE, phone=phone),
        partial(Login.decide, decision=Decision.DENY, phone=phone),
        partial(Login.decide, decision=Decision.REPORT, phone=phone),
        partial(Login.decide, decision=Decision.APPROVE, phone=phone, scan=-2),
        partial(Login.decide, decision=Decision.APPROVE, phone=phone, whose=other),
        partial(Login.decide, decision=Decision.DENY, phone=phone, whose=other),
    ]


STEPS = [
    *acts(0),
    *acts(1),
    Login.finish,
    Login.restart,
    Login.reload,
    *(partial(Login.wait, seconds=seconds) for seconds in (1, 59, 121, 601)),
]


def test_no_order_of_events_breaks_a_login(house: House) -> None:
    application, people, seen = house.application(), (house.person(), house.person()), set[Status]()

    @settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.sampled_from(STEPS), min_size=6, max_size=12))
    @example(
        [partial(Login.scan, phone=1), Login.restart, partial(Login.sign_in, phone=0), *[Login.finish] * 5]
    )
    @example([partial(Login.sign_in, phone=0), partial(Login.wait, seconds=121), *[Login.finish] * 5])
    def hold(steps: Sequence[Any]) -> None:
        login = Login(house, house.browser(application), people, Witness.of(house), seen=seen)
        for step in steps:
            step(login)
            login.check()

    hold()
    assert seen == set(Status) - {Status.REFUSED}, "the orders that were tried must reach every state"

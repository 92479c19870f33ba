"""A phone and a browser that are not in one place: from where each calls, and what the phone says of itself."""

from typing import Any

from local.phone_simulator.proofs import Decision
from passwordless.model.policies import Policy, RelayRisk
from passwordless.phone.frames import Motion
from tests.calls import Answer, post_json
from tests.house import Browser, House, Person

NEXT_DOOR = "203.0.113.200"
ELSEWHERE = "198.51.100.9"
OFF, STEP_UP, BLOCK = (Policy(relay_risk=risk) for risk in RelayRisk)


def scan_from(
    house: House, person: Person, browser: Browser, ip: str, motion: Motion = Motion.MOVING, **signed: Any
) -> dict[str, Any]:
    """Scan with a phone whose address is `ip` and return what it is told."""
    body = house.scan_body(person, browser, token=house.token(browser, motion), **signed)
    answer = post_json(house, "POST_scan", body, ip=ip)
    assert answer.status == 200, answer.body
    return answer.json


def approve_from(
    house: House, person: Person, browser: Browser, ip: str = ELSEWHERE, **signed: Any
) -> Answer:
    """Scan and approve with a phone whose address is `ip`; `uv` and `loc` are signed with the approval."""
    approval = {name: signed.pop(name) for name in ("uv", "loc") if name in signed}
    told = scan_from(house, person, browser, ip, **signed)
    return post_json(house, "POST_verify", house.verify_body(person, told, **approval), ip=ip)


def stepped_up(house: House, person: Person, browser: Browser) -> str:
    """Approve from elsewhere and return the code that the phone shows."""
    answer = approve_from(house, person, browser)
    assert answer.status == 200, answer.body
    return str(answer.json["code"])


def report_from(house: House, person: Person, browser: Browser, ip: str = ELSEWHERE) -> Answer:
    """Scan and report an attack."""
    told = scan_from(house, person, browser, ip)
    return post_json(house, "POST_verify", house.verify_body(person, told, Decision.REPORT), ip=ip)

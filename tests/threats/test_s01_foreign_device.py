"""S01: another tenant's phone meets our code as it would meet an unknown one, and leaves no trace."""

from dataclasses import replace

import pytest

from local.phone_simulator.proofs import Decision, build_scan_proof
from passwordless.model.people import DeviceStatus
from passwordless.model.sessions import Decision as Decided
from passwordless.model.sessions import LoginSession, Status
from tests.acts import move_application, move_device
from tests.calls import Answer, complete, post_json
from tests.house import ORIGIN, Browser, House, Person
from tests.sign_in import approve, scan, sign_in
from tests.told import apart_from_its_reference, failure
from tests.witness import Witness, nothing_written


def scan_token(house: House, person: Person, token: str) -> Answer:
    jws = build_scan_proof(person.keys, person.device.device_id, ORIGIN, token, house.wiring.now)
    return post_json(house, "POST_scan", {"token": token, "proof": jws})


def test_a_foreign_phone_scans_an_unknown_code(house: House) -> None:
    browser, foreign = house.browser(house.application("acme")), house.person("globex")

    with nothing_written(house, browser):
        answer = scan_token(house, foreign, house.token(browser))
        unknown = scan_token(house, foreign, "A" * 26)

    assert failure(answer) == (404, "unknown_code")
    assert apart_from_its_reference(answer) == apart_from_its_reference(unknown)


def test_the_owner_s_phone_succeeds_after_the_foreign_one(house: House) -> None:
    browser, own, foreign = house.browser(house.application()), house.person(), house.person("globex")
    scan_token(house, foreign, house.token(browser))
    assert sign_in(house, own, browser).status == 200


def test_a_foreign_and_an_unknown_code_cost_the_same_calls(house: House) -> None:
    browser, foreign = house.browser(house.application()), house.person("globex")
    foreign_code, watching_first = house.token(browser), Witness.of(house)
    scan_token(house, foreign, foreign_code)
    first, watching_second = watching_first.called, Witness.of(house)
    scan_token(house, foreign, "A" * 26)
    assert first == watching_second.called == ["GetItem"] * 3


@pytest.mark.parametrize("age", [15, 599, 10_000])
def test_a_foreign_phone_does_not_learn_that_a_code_has_expired(house: House, age: int) -> None:
    browser, foreign = house.browser(house.application()), house.person("globex")
    token = house.token(browser)
    house.clock.forward(age)
    assert failure(scan_token(house, foreign, token)) == (404, "unknown_code")


def test_a_foreign_phone_does_not_learn_that_a_login_is_taken(house: House) -> None:
    browser, own, foreign = house.browser(house.application()), house.person(), house.person("globex")
    scan(house, own, browser)
    assert failure(scan_token(house, foreign, house.token(browser))) == (404, "unknown_code")


@pytest.mark.parametrize("decision", list(Decision))
def test_a_foreign_phone_decides_an_unknown_login(house: House, decision: Decision) -> None:
    browser, own, foreign = house.browser(house.application()), house.person(), house.person("globex")
    told = scan(house, own, browser)
    unknown = {**told, "session_id": "A" * 16}

    with nothing_written(house, browser):
        answers = [
            post_json(house, "POST_verify", house.verify_body(foreign, about, decision))
            for about in (told, unknown)
        ]

    assert failure(answers[0]) == (404, "unknown_session")
    assert apart_from_its_reference(answers[0]) == apart_from_its_reference(answers[1])


def forged(house: House, browser: Browser, person: Person) -> LoginSession:
    """Return the login as if this person had approved it."""
    approval = Decided(person.device.device_id, person.user.user_id, house.wiring.now, "proof", "face")
    return replace(browser.session, status=Status.APPROVED, decision=approval)


def approved_by(house: House, person: Person) -> Browser:
    """Return a login whose row says, against all rules, that this person approved it."""
    browser = house.browser(house.application())
    row = forged(house, browser, person)
    house.wiring.stores.client.delete_item(
        TableName=house.wiring.config.sessions_table, Key={"session_id": {"S": row.session_id}}
    )
    assert not house.wiring.stores.commit(house.wiring.stores.sessions.starting(row))
    return Browser(row, browser.cookie)


def test_a_login_that_a_foreign_person_approved_is_refused_at_its_end(house: House) -> None:
    browser, witness = approved_by(house, house.person("globex")), Witness.of(house)

    answer = complete(house, browser)

    assert answer.headers["location"] == f"/login/{browser.session.session_id}"
    assert house.stored(browser).status is Status.REFUSED
    assert witness.signatures == 0


def test_a_login_that_another_person_s_phone_approved_is_refused_at_its_end(house: House) -> None:
    mine, other = house.person(), house.person()
    browser, witness = approved_by(house, Person(mine.user, other.device, other.keys)), Witness.of(house)
    complete(house, browser)
    assert (house.stored(browser).status, witness.signatures) == (Status.REFUSED, 0)


def test_the_forged_approval_is_accepted_when_all_belongs_together(house: House) -> None:
    """Without this the two tests before could pass for another reason."""
    assert complete(house, approved_by(house, house.person())).status == 200


def test_a_phone_whose_owner_is_of_another_tenant_approves_nothing(house: House) -> None:
    browser, person, witness = house.browser(house.application()), house.person("globex"), Witness.of(house)
    move_device(house, person, "acme")

    answer = post_json(house, "POST_verify", house.verify_body(person, scan(house, person, browser)))

    assert failure(answer) == (403, "login_refused")
    assert (house.stored(browser).status, witness.signatures) == (Status.REFUSED, 0)


def test_a_login_that_such_a_phone_approved_is_refused_at_its_end(house: House) -> None:
    person = house.person("globex")
    move_device(house, person, "acme")
    browser, witness = approved_by(house, person), Witness.of(house)
    complete(house, browser)
    assert (house.stored(browser).status, witness.signatures) == (Status.REFUSED, 0)


def test_a_phone_that_became_another_tenant_s_after_its_approval_ends_the_login(house: House) -> None:
    browser, person, witness = house.browser(house.application()), house.person(), Witness.of(house)
    approve(house, person, browser)
    move_device(house, person, "globex")
    complete(house, browser)
    assert (house.stored(browser).status, witness.signatures) == (Status.REFUSED, 0)


def test_an_application_that_became_another_tenant_s_is_not_signed_in_to(house: House) -> None:
    application, person = house.application(), house.person()
    browser, witness = house.browser(application), Witness.of(house)
    approve(house, person, browser)
    move_application(house, application, "globex")

    complete(house, browser)

    assert (house.stored(browser).status, witness.signatures) == (Status.REFUSED, 0)


def test_a_foreign_phone_that_is_not_active_learns_nothing_of_a_code(house: House) -> None:
    browser = house.browser(house.application())
    foreign = house.person("globex", status=DeviceStatus.PENDING)
    answers = [scan_token(house, foreign, token) for token in (house.token(browser), "A" * 26)]
    assert apart_from_its_reference(answers[0]) == apart_from_its_reference(answers[1])

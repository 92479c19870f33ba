"""S06: what an administrator does to a person by a call ends that person's logins, whatever their step."""

from collections.abc import Callable

import pytest

from passwordless.model.sessions import Status
from tests.calls import complete, poll_session, post_json
from tests.house import House, Person
from tests.people import ask, invite
from tests.sign_in import approve, open_page, scan
from tests.single_sign_on import come_again, first_login, lasting, open_login
from tests.told import failure
from tests.witness import Witness, just_before_the_write

type Act = Callable[[House, Person], object]


def revoke(house: House, person: Person) -> None:
    assert ask(house, "acme", "DELETE_device", device_id=person.device.device_id).status == 200


def invite_anew(house: House, person: Person) -> None:
    invite(house, "acme", person.user.email, revoke_devices=True)


def disable(house: House, person: Person) -> None:
    _switch(house, person, disabled=True)


def disable_and_enable(house: House, person: Person) -> None:
    """Switch off and on again: what was approved before counts no more."""
    for disabled in (True, False):
        _switch(house, person, disabled=disabled)


def erase(house: House, person: Person) -> None:
    assert ask(house, "acme", "DELETE_user", user_id=person.user.user_id).status == 200


def _switch(house: House, person: Person, *, disabled: bool) -> None:
    answer = ask(house, "acme", "PATCH_user", {"disabled": disabled}, user_id=person.user.user_id)
    assert answer.status == 200


ACTS: dict[str, tuple[Act, str]] = {
    "the phone is revoked": (revoke, "device"),
    "the phone is lost": (invite_anew, "device"),
    "the user is disabled": (disable, "user"),
    "the user is erased": (erase, "user"),
}
WITH_A_PAUSE = {**ACTS, "the user is disabled and enabled": (disable_and_enable, "user")}
refusing = {name: case for name, case in ACTS.items() if name != "the user is erased"}


@pytest.mark.parametrize("act", [act for act, _ in ACTS.values()], ids=ACTS)
def test_before_the_scan(house: House, act: Act) -> None:
    person, browser, witness = house.person(), house.browser(house.application()), Witness.of(house)
    body = house.scan_body(person, browser)
    act(house, person)
    answer = post_json(house, "POST_scan", body)
    if answer.status == 200:
        answer = post_json(house, "POST_verify", house.verify_body(person, answer.json))
    assert failure(answer) in {(403, "device_inactive"), (403, "login_refused"), (401, "bad_proof")}
    assert house.stored(browser).status in {Status.PENDING, Status.REFUSED}
    assert witness.signatures == 0


@pytest.mark.parametrize(("act", "reason"), refusing.values(), ids=refusing)
def test_between_scan_and_approval(house: House, act: Act, reason: str) -> None:
    person, browser, witness = house.person(), house.browser(house.application()), Witness.of(house)
    told = scan(house, person, browser)
    act(house, person)

    answer = post_json(house, "POST_verify", house.verify_body(person, told))

    assert failure(answer) in {(403, "login_refused"), (403, "device_inactive")}
    assert (house.stored(browser).status, house.stored(browser).refusal) == (Status.REFUSED, reason)
    assert witness.signatures == 0


def test_an_erased_user_s_phone_is_unknown_between_scan_and_approval(house: House) -> None:
    person, browser, witness = house.person(), house.browser(house.application()), Witness.of(house)
    body = house.verify_body(person, scan(house, person, browser))
    erase(house, person)
    assert failure(post_json(house, "POST_verify", body)) == (401, "bad_proof")
    assert complete(house, browser).status == 409
    assert witness.signatures == 0


@pytest.mark.parametrize(("act", "reason"), ACTS.values(), ids=ACTS)
def test_between_the_look_and_the_write_of_the_approval(house: House, act: Act, reason: str) -> None:
    person, browser, witness = house.person(), house.browser(house.application()), Witness.of(house)
    body = house.verify_body(person, scan(house, person, browser))
    with just_before_the_write(house, lambda: act(house, person)):
        answer = post_json(house, "POST_verify", body)
    assert failure(answer) == (403, "login_refused")
    assert house.stored(browser).status is Status.REFUSED
    assert house.stored(browser).refusal in {reason, "device"}
    assert witness.signatures == 0


@pytest.mark.parametrize(("act", "reason"), WITH_A_PAUSE.values(), ids=WITH_A_PAUSE)
def test_between_approval_and_completion(house: House, act: Act, reason: str) -> None:
    person, browser, witness = house.person(), house.browser(house.application()), Witness.of(house)
    approve(house, person, browser)
    act(house, person)

    answer = complete(house, browser)

    assert (answer.status, answer.headers["location"]) == (303, f"/login/{browser.session.session_id}")
    assert (house.stored(browser).status, house.stored(browser).refusal) == (Status.REFUSED, reason)
    assert poll_session(house, browser).json["status"] == "refused"
    assert open_page(house, browser.session.session_id, browser.cookies).status == 200
    assert witness.signatures == 0


@pytest.mark.parametrize(("act", "reason"), WITH_A_PAUSE.values(), ids=WITH_A_PAUSE)
def test_between_the_look_and_the_write_of_the_completion(house: House, act: Act, reason: str) -> None:
    person, browser, witness = house.person(), house.browser(house.application()), Witness.of(house)
    approve(house, person, browser)
    with just_before_the_write(house, lambda: act(house, person)):
        answer = complete(house, browser)
    assert answer.status == 303
    assert house.stored(browser).refusal in {reason, "device"}
    assert witness.signatures == 0


@pytest.mark.parametrize("act", [act for act, _ in WITH_A_PAUSE.values()], ids=WITH_A_PAUSE)
def test_a_browser_s_session_spares_no_scan_any_more(house: House, act: Act) -> None:
    application, person = lasting(house), house.person()
    before = first_login(house, application, person)
    act(house, person)
    house.clock.forward(1)

    browser = come_again(house, application)
    open_login(house, browser, before.cookies)

    assert house.stored(browser).status is Status.PENDING


def test_a_browser_s_session_that_nobody_ended_spares_the_scan(house: House) -> None:
    """The control: the same path without an act."""
    application, person = lasting(house), house.person()
    before = first_login(house, application, person)
    house.clock.forward(1)
    browser = come_again(house, application)
    open_login(house, browser, before.cookies)
    assert house.stored(browser).status is Status.APPROVED


def test_a_user_who_was_enabled_again_signs_in_by_phone_and_keeps_the_new_session(house: House) -> None:
    application, person = lasting(house), house.person()
    disable_and_enable(house, person)
    house.clock.forward(1)
    after = first_login(house, application, person)
    house.clock.forward(1)
    browser = come_again(house, application)
    open_login(house, browser, after.cookies)
    assert house.stored(browser).status is Status.APPROVED


def test_another_person_s_login_goes_on(house: House) -> None:
    person, other = house.person(), house.person()
    browser = house.browser(house.application())
    told = scan(house, other, browser)
    erase(house, person)
    assert post_json(house, "POST_verify", house.verify_body(other, told)).status == 200
    assert complete(house, browser).status == 200

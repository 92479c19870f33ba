"""S22: however often the browser finishes at once, it finishes once."""

from tests.calls import complete
from tests.house import House
from tests.logins import denied
from tests.parallel import at_once
from tests.sign_in import approve
from tests.told import failure
from tests.witness import Witness, events_of


def test_a_hundred_completions_at_once_are_one(house: House) -> None:
    application, person = house.application(), house.person()
    browser = house.browser(application)
    approve(house, person, browser)
    witness = Witness.of(house)

    answers = at_once(lambda _: complete(house, browser), range(100))

    served = [answer for answer in answers if answer.status == 200]
    assert 1 <= len(served) <= 3
    assert len({answer.body for answer in served}) == 1
    assert {failure(answer) for answer in answers if answer.status != 200} == {(409, "already_finished")}
    assert witness.written.count("TransactWriteItems") == 1
    assert witness.signatures == 2 * len(served)
    left = [event["type"] for event in events_of(house, application.application_id)]
    assert left.count("login.completed") == 1


def test_a_hundred_returns_of_a_declined_login_are_one(house: House) -> None:
    application, person = house.application(), house.person()
    browser = house.browser(application)
    denied(house, person, browser)
    witness = Witness.of(house)

    answers = at_once(lambda _: complete(house, browser), range(100))

    served = [answer for answer in answers if answer.status == 200]
    assert 1 <= len(served) <= 3
    assert len({answer.body for answer in served}) == 1
    assert witness.written.count("TransactWriteItems") == 1
    assert witness.signatures == len(served)
    left = [event["type"] for event in events_of(house, application.application_id)]
    assert left.count("login.returned") == 1

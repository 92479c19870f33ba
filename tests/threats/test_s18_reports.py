"""S18: a report blocks the address for the reporter, for the whole tenant after three, and for a day."""

import pytest

from local.phone_simulator.proofs import Decision
from passwordless.model.sessions import Status
from passwordless.model.tokens import digest
from tests.calls import poll_session, post_json
from tests.house import Browser, House, Person
from tests.parallel import at_once
from tests.people import ask
from tests.sign_in import arrive, scan, sign_in
from tests.told import failure, response, status_codes
from tests.two_places import report_from
from tests.witness import events_of, just_before_the_write, nothing_written

DAY = 86400


def reports(house: House, person: Person) -> Browser:
    """Report a login as an attack and return it."""
    browser = arrive(house, house.application(person.user.tenant))
    answer = report_from(house, person, browser, "203.0.113.7")
    assert (answer.status, answer.json) == (200, {"status": "denied"})
    return browser


def is_stopped(house: House, person: Person) -> bool:
    """Tell whether a person's scan of a login from the same address is refused, which changes nothing."""
    browser = arrive(house, house.application(person.user.tenant))
    answer = post_json(house, "POST_scan", house.scan_body(person, browser))
    if answer.status == 200:
        return False
    assert failure(answer) == (403, "address_reported")
    assert house.stored(browser) == browser.session
    return True


def test_a_report_ends_the_login_as_denied_and_leaves_an_event(house: House) -> None:
    browser = reports(house, house.person())
    assert house.stored(browser).status is Status.DENIED
    assert "declined" in poll_session(house, browser).json["message"]
    left = [one["type"] for one in events_of(house, browser.session.application_id)]
    assert sorted(left) == ["login.reported", "login.started"]
    (told,) = events_of(house, browser.session.application_id, kind="login.reported")
    assert told["details"] == {"network": {"S": "203.0.113.7/32"}}


def test_the_reporter_is_stopped_at_that_address_with_a_reason(house: House) -> None:
    person = house.person()
    reports(house, person)
    browser = arrive(house, house.application())
    with nothing_written(house, browser):
        answer = post_json(house, "POST_scan", house.scan_body(person, browser))
    assert failure(answer) == (403, "address_reported")
    assert "reported as an attack" in answer.json["detail"]


def test_one_report_does_not_stop_another_user_not_even_of_the_same_login_page(house: House) -> None:
    reporter, other = house.person(), house.person()
    reports(house, reporter)
    browser = arrive(house, house.application())
    post_json(house, "POST_scan", house.scan_body(reporter, browser))
    assert status_codes(response(sign_in(house, other, browser))) == ["Success"]


def test_the_reporter_is_free_at_another_address(house: House) -> None:
    person = house.person()
    reports(house, person)
    browser = arrive(house, house.application(), ip="198.51.100.9")
    assert post_json(house, "POST_scan", house.scan_body(person, browser)).status == 200


def test_after_three_distinct_reporters_nobody_of_the_tenant_signs_in_there(house: House) -> None:
    bystander = house.person()
    for _ in range(2):
        reports(house, house.person())
        assert not is_stopped(house, bystander)
    reports(house, house.person())
    assert is_stopped(house, bystander)


def test_three_reporters_at_once_all_count(house: House) -> None:
    at_once(lambda person: reports(house, person), [house.person() for _ in range(3)])
    assert is_stopped(house, house.person())


def test_one_reporter_counts_once_however_often_he_reports(house: House) -> None:
    """His second report comes from a login that he scanned before the first."""
    person = house.person()
    logins = [arrive(house, house.application()) for _ in range(4)]
    told = [scan(house, person, login) for login in logins]
    for scanned in told:
        body = house.verify_body(person, scanned, Decision.REPORT)
        assert post_json(house, "POST_verify", body).status == 200
    assert not is_stopped(house, house.person())


def test_another_tenant_s_users_are_not_stopped(house: House) -> None:
    for _ in range(3):
        reports(house, house.person())
    assert not is_stopped(house, house.person("globex"))


def test_a_block_ends_a_day_after_the_last_report(house: House) -> None:
    person = house.person()
    reports(house, person)
    house.clock.forward(DAY - 1)
    assert is_stopped(house, person)
    house.clock.forward(1)
    assert not is_stopped(house, person)


def test_reporters_of_a_block_that_is_over_do_not_count_any_more(house: House) -> None:
    """DynamoDB may keep the row for days."""
    bystander = house.person()
    for _ in range(2):
        reports(house, house.person())
    house.clock.forward(DAY)
    reports(house, house.person())
    assert not is_stopped(house, bystander)
    block = house.wiring.stores.blocks.get("acme", "203.0.113.7/32")
    assert block is not None
    assert len(block.reporters) == 1


def test_a_block_that_begins_while_another_report_is_under_way_loses_neither(house: House) -> None:
    first, second = house.person(), house.person()
    reports(house, house.person())
    house.clock.forward(DAY)
    browser = arrive(house, house.application())
    with just_before_the_write(house, lambda: reports(house, first)):
        assert report_from(house, second, browser, "203.0.113.7").status == 200
    block = house.wiring.stores.blocks.get("acme", "203.0.113.7/32")
    assert block is not None
    assert block.reporters == {first.user.user_id, second.user.user_id}


def test_a_login_that_was_scanned_before_the_report_is_refused_at_its_approval(house: House) -> None:
    person = house.person()
    browser = arrive(house, house.application())
    told = scan(house, person, browser)
    reports(house, person)

    answer = post_json(house, "POST_verify", house.verify_body(person, told))

    assert failure(answer) == (403, "address_reported")
    assert (house.stored(browser).status, house.stored(browser).refusal) == (Status.REFUSED, "reported")
    assert "reported as an attack" in poll_session(house, browser).json["message"]


@pytest.mark.parametrize("times", [1, 2])
def test_the_same_report_that_comes_again_is_one_report(house: House, times: int) -> None:
    person, browser = house.person(), arrive(house, house.application())
    body = house.verify_body(person, scan(house, person, browser), Decision.REPORT)
    for _ in range(times):
        assert post_json(house, "POST_verify", body).json == {"status": "denied"}
    assert len(events_of(house, browser.session.application_id, kind="login.reported")) == 1


def test_a_row_names_no_address(house: House) -> None:
    reports(house, house.person())
    found = house.wiring.stores.client.scan(TableName=house.wiring.config.blocks_table)["Items"]
    assert [item["pk"]["S"] for item in found] == [f"acme#{digest('203.0.113.7/32')}"]


class TestLifting:
    """An administrator opens an address again that reports have shut."""

    def test_everybody_signs_in_there_again(self, house: House) -> None:
        people = [house.person() for _ in range(3)]
        for person in people:
            reports(house, person)
        answer = ask(house, "acme", "DELETE_block", address="203.0.113.7")
        assert (answer.status, answer.json) == (200, {"network": "203.0.113.7/32", "status": "lifted"})
        assert not is_stopped(house, people[0])
        assert not is_stopped(house, house.person())

    def test_it_leaves_an_event_of_who_did_it_and_what_was_opened(self, house: House) -> None:
        reports(house, house.person())
        before = events_of(house, None)
        ask(house, "acme", "DELETE_block", address="203.0.113.7")
        (event,) = [one for one in events_of(house, None) if one not in before]
        assert (event["type"], event["details"]) == (
            "block.lifted",
            {"network": {"S": "203.0.113.7/32"}},
        )
        assert event["actor"] == "admin|ada"

    def test_a_report_after_it_counts_anew(self, house: House) -> None:
        reports(house, house.person())
        ask(house, "acme", "DELETE_block", address="203.0.113.7")
        person = house.person()
        reports(house, person)
        assert is_stopped(house, person)

    @pytest.mark.parametrize("address", ["203.0.113.8", "0.0.0.0/0", "203.0.113.7/24", "x" * 5000, "\u202e"])
    def test_what_is_not_blocked_is_unknown_and_changes_nothing(self, house: House, address: str) -> None:
        reports(house, house.person())
        with nothing_written(house):
            answer = ask(house, "acme", "DELETE_block", address=address)
        assert failure(answer) == (404, "unknown_block")

    def test_another_tenant_opens_nothing_and_learns_nothing(self, house: House) -> None:
        person = house.person()
        reports(house, person)
        assert failure(ask(house, "globex", "DELETE_block", address="203.0.113.7")) == (404, "unknown_block")
        assert is_stopped(house, person)

    def test_a_block_that_is_over_is_unknown(self, house: House) -> None:
        reports(house, house.person())
        house.clock.forward(DAY)
        assert failure(ask(house, "acme", "DELETE_block", address="203.0.113.7")) == (404, "unknown_block")

    def test_an_address_of_a_reported_ipv6_network_opens_the_network(self, house: House) -> None:
        person = house.person()
        browser = arrive(house, house.application(), ip="2001:db8::1")
        report_from(house, person, browser, "2001:db8::9")
        answer = ask(house, "acme", "DELETE_block", address="2001:db8::ffff")
        assert answer.json == {"network": "2001:db8::/64", "status": "lifted"}

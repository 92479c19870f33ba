"""The five attacks that a study of 109 sites found on logins by QR code (USENIX Security 2025), each tried here.

Authorization hijacking, double login, brute force, account takeover by a claimed identity, and abuse of privacy.
"""

import secrets
from typing import Any

import pytest

from passwordless.model.sessions import Status
from passwordless.model.tokens import base32
from tests.calls import complete, poll_session, post_json
from tests.house import House, Person
from tests.logins import strangers
from tests.parallel import at_once
from tests.sign_in import approve, arrive, look, open_page, scan, sign_in
from tests.told import apart_from_its_reference, failure, found, response, status_codes
from tests.witness import Witness, events_of, nothing_written


class TestAuthorizationHijacking:
    """An attacker who saw the code, or the login's id, takes what the victim authorised."""

    def test_whoever_knows_the_code_and_the_id_gets_neither_the_state_nor_the_login(
        self, house: House
    ) -> None:
        application, victim = house.application(), house.person()
        browser, attacker = arrive(house, application), arrive(house, application)
        approve(house, victim, browser)
        for session_id, cookies in strangers(browser, attacker).values():
            assert open_page(house, session_id, cookies).status == 404
        for cookies in ({}, attacker.cookies):
            assert poll_session(house, browser, cookies=cookies).status == 404
            assert failure(complete(house, browser, cookies=cookies)) == (404, "unknown_session")
        assert status_codes(response(complete(house, browser))) == ["Success"]

    def test_the_answer_to_the_phone_carries_nothing_that_finishes_the_login(self, house: House) -> None:
        browser, victim = arrive(house, house.application()), house.person()
        told = scan(house, victim, browser)
        answer = post_json(house, "POST_verify", house.verify_body(victim, told))
        assert (answer.json, answer.cookies) == ({"status": "approved"}, ())
        assert browser.cookie not in str(told)


class TestDoubleLogin:
    """One code, one approval, two logins."""

    def test_a_login_that_is_completed_is_not_completed_by_another_phone(self, house: House) -> None:
        application = house.application()
        browser, first, second = arrive(house, application), house.person(), house.person()
        sign_in(house, first, browser)
        body = house.scan_body(second, browser)
        assert post_json(house, "POST_scan", body).status in (409, 410)
        completed = [
            e for e in events_of(house, application.application_id) if e["type"] == "login.completed"
        ]
        assert [event["user_id"] for event in completed] == [first.user.user_id]

    def test_two_phones_that_scan_at_once_are_one_login(self, house: House) -> None:
        browser, people = arrive(house, house.application()), [house.person() for _ in range(8)]
        bodies = [house.scan_body(person, browser) for person in people]
        answers = at_once(lambda body: post_json(house, "POST_scan", body), bodies)
        assert sorted(answer.status for answer in answers) == [200] + [409] * 7

    def test_one_approval_is_one_assertion_however_often_the_browser_asks(self, house: House) -> None:
        browser, person = arrive(house, house.application()), house.person()
        approve(house, person, browser)
        first, second = complete(house, browser), complete(house, browser)
        ids = {found(response(answer), "//a:Assertion/@ID")[0] for answer in (first, second)}
        assert len(ids) == 1


class TestBruteForce:
    """Guessing ids, codes and step-up codes."""

    def test_a_login_s_id_has_eighty_random_bits_and_so_has_no_neighbour(self, house: House) -> None:
        application = house.application()
        ids = {house.browser(application).session.session_id for _ in range(20)}
        assert {len(one) for one in ids} == {16}
        assert len({one[:4] for one in ids}) > 15

    def test_guessed_codes_of_a_known_login_are_unknown_and_change_nothing(self, house: House) -> None:
        browser, person = arrive(house, house.application()), house.person()
        bodies = [
            house.scan_body(
                person, browser, token=browser.session.session_id + base32(secrets.token_bytes(7))[:10]
            )
            for _ in range(50)
        ]
        with nothing_written(house, browser):
            answers = [post_json(house, "POST_scan", body) for body in bodies]
        assert {failure(answer) for answer in answers} == {(404, "unknown_code")}
        assert len({str(apart_from_its_reference(answer)) for answer in answers}) == 1

    def test_guessed_ids_are_answered_as_unknown_ones_and_write_nothing(self, house: House) -> None:
        browser, witness = house.browser(house.application()), Witness.of(house)
        for _ in range(50):
            guess = base32(secrets.token_bytes(10))
            assert open_page(house, guess, browser.cookies).status == 404
        assert witness.written == []


CLAIMS: dict[str, dict[str, Any]] = {
    "an e-mail address beside the proof": {"email": "victim@example.com"},
    "a user id beside the proof": {"user_id": "usr_victim"},
    "a tenant beside the proof": {"tenant": "globex"},
}


class TestAccountTakeover:
    """A phone that says who its user is."""

    @pytest.mark.parametrize("claimed", CLAIMS.values(), ids=CLAIMS)
    def test_no_field_of_a_phone_s_says_who_it_is(self, house: House, claimed: dict[str, Any]) -> None:
        browser, mallory = arrive(house, house.application()), house.person()
        told = scan(house, mallory, browser)
        body = house.verify_body(mallory, told)
        assert failure(post_json(house, "POST_verify", {**body, **claimed})) == (400, "malformed_body")
        signed = house.verify_body(mallory, told, claims=claimed)
        assert failure(post_json(house, "POST_verify", signed)) == (400, "malformed_proof")
        assert house.stored(browser).status is Status.SCANNED

    def test_a_phone_that_signs_in_another_s_name_is_refused(self, house: House) -> None:
        browser, mallory, victim = arrive(house, house.application()), house.person(), house.person()
        told = scan(house, mallory, browser)
        posed = house.verify_body(mallory, told, claims={"iss": victim.device.device_id})
        assert failure(post_json(house, "POST_verify", posed)) == (401, "bad_proof")

    def test_the_assertion_names_the_owner_of_the_key_that_signed(self, house: House) -> None:
        browser, person = arrive(house, house.application()), house.person()
        root = response(sign_in(house, person, browser))
        assert person.user.email in found(root, "//a:AttributeValue/text()")


class TestPrivacyAbuse:
    """What a look at somebody's code, page or poll tells about a person."""

    def shown(self, house: House, person: Person) -> str:
        """Return all that is told before the login is completed."""
        application = house.application()
        browser = arrive(house, application)
        pages = [look(house, "GET_code", house.token(browser)).body]
        for step in (lambda: None, lambda: scan(house, person, browser)):
            step()
            pages.append(open_page(house, browser.session.session_id, browser.cookies).body)
            pages.append(poll_session(house, browser).body)
        approve(house, person, browser)
        pages.append(poll_session(house, browser).body)
        return "\n".join([*pages, house.token(browser)])

    def test_nothing_tells_who_signs_in_before_the_end(self, house: House) -> None:
        person = house.person()
        told = self.shown(house, person)
        private = (
            person.user.email,
            person.user.given_name or "",
            person.user.user_id,
            person.device.device_id,
            *(key.kid for key in person.device.keys),
        )
        assert [word for word in private if word in told] == []

    def test_the_code_holds_an_id_and_a_tag_and_nothing_else(self, house: House) -> None:
        browser = arrive(house, house.application())
        token = house.token(browser)
        assert (len(token), token[:16]) == (26, browser.session.session_id)

    def test_a_known_and_an_unknown_person_s_phone_are_answered_alike(self, house: House) -> None:
        """Whoever enrolled nowhere learns nothing of a code, not even that it is one."""
        browser, stranger = arrive(house, house.application()), house.person("globex")
        foreign = post_json(house, "POST_scan", house.scan_body(stranger, browser))
        unknown = post_json(house, "POST_scan", house.scan_body(stranger, browser, token="A" * 26))
        assert apart_from_its_reference(foreign) == apart_from_its_reference(unknown)

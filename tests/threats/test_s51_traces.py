"""S51: what is kept of a login so that an administrator can see why it ended, and what is not."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.phone_simulator.proofs import Decision
from passwordless.login import trace
from passwordless.model.applications import Application
from passwordless.model.traces import MAX_VALUE, Outcome, Trace, failed, passed, shown
from passwordless.saml.request import STEP_NAMES
from passwordless.store.codec import encode
from passwordless.store.traces import RETENTION
from tests.acts import disable, narrow, revoke
from tests.calls import complete, post_json
from tests.conformance.lab import FORMATS, name_id_policy, subject
from tests.house import Browser, House, Person
from tests.sign_in import approve, arrive, authn_request, begun, by_redirect, open_page, scan, sign_in
from tests.told import correlation_id
from tests.traces import UNANSWERABLE, item_of, reference_in, told
from tests.unit.saml.builders import sign_redirect

MARK = "MARKED-7f3a"
MAX_ITEM = 4096


def denied(house: House, person: Person, browser: Browser, _: Application) -> None:
    body = house.verify_body(person, scan(house, person, browser), Decision.DENY)
    assert post_json(house, "POST_verify", body).status == 200


def expired(house: House, person: Person, browser: Browser, _: Application) -> None:
    scan(house, person, browser)
    house.clock.forward(600)


def revoked(house: House, person: Person, browser: Browser, _: Application) -> None:
    approve(house, person, browser)
    revoke(house, person)
    complete(house, browser)


def disabled(house: House, person: Person, browser: Browser, _: Application) -> None:
    approve(house, person, browser)
    disable(house, person)
    complete(house, browser)


def not_admitted(house: House, person: Person, browser: Browser, application: Application) -> None:
    told_by_scan = scan(house, person, browser)
    narrow(house, application)
    assert post_json(house, "POST_verify", house.verify_body(person, told_by_scan)).status == 403


type End = Callable[[House, Person, Browser, Application], None]
ENDS: dict[str, tuple[End, str, str]] = {
    "denied": (denied, "denied", "decision"),
    "expired": (expired, "expired", "in_time"),
    "the phone is revoked": (revoked, "refused", "device"),
    "the user is disabled": (disabled, "refused", "user"),
    "the user is not admitted": (not_admitted, "refused", "rollout"),
}
ends = pytest.mark.parametrize(("end", "outcome", "check"), ENDS.values(), ids=ENDS)


class TestALoginThatCameToNothing:
    @ends
    def test_is_found_by_the_reference_in_its_status_message(
        self, house: House, end: End, outcome: str, check: str
    ) -> None:
        application, person = house.application(), house.person()
        browser = arrive(house, application)
        end(house, person, browser, application)

        reference = reference_in(complete(house, browser))

        body = told(house, application.application_id, reference).json
        assert (body["correlation_id"], body["outcome"]) == (reference, outcome)
        last = body["checks"][-1]
        assert (last["name"], last["result"]) == (check, "failed")
        assert last["expected"]
        assert last["actual"]
        assert [one["name"] for one in body["checks"][: len(STEP_NAMES)]] == list(STEP_NAMES)
        assert {one["result"] for one in body["checks"][:-1]} == {"passed"}

    @ends
    def test_shows_the_same_reference_on_its_page(
        self, house: House, end: End, outcome: str, check: str
    ) -> None:
        application, person = house.application(), house.person()
        browser = arrive(house, application)
        end(house, person, browser, application)
        page = open_page(house, browser.session.session_id, browser.cookies)
        assert correlation_id(page) == reference_in(complete(house, browser)), outcome

    def test_repeats_identical_bytes_with_its_reference(self, house: House) -> None:
        application, person = house.application(), house.person()
        browser = arrive(house, application)
        denied(house, person, browser, application)
        assert len({complete(house, browser).body for _ in range(3)}) == 1

    @pytest.mark.parametrize(("check", "asked"), UNANSWERABLE.items(), ids=UNANSWERABLE)
    def test_before_it_began_is_found_too(self, house: House, check: str, asked: dict[str, str]) -> None:
        application = house.application()
        answer = by_redirect(
            house, application.application_id, sign_redirect(authn_request(house, application, **asked))
        )
        body = told(house, application.application_id, reference_in(answer)).json
        assert (body["outcome"], body["checks"][-1]["name"]) == ("unanswerable", check)
        assert body["checks"][-1]["result"] == "failed"

    def test_says_which_format_was_asked_for_and_which_are_given(self, house: House) -> None:
        application = house.application()
        query = sign_redirect(authn_request(house, application, **UNANSWERABLE["name_id_policy"]))
        answer = by_redirect(house, application.application_id, query)
        last = told(house, application.application_id, reference_in(answer)).json["checks"][-1]
        assert last["expected"] == "Format persistent or unspecified"
        assert last["actual"] == f"Format {FORMATS}kerberos"

    def test_is_there_as_begun_when_the_person_never_went_back(self, house: House) -> None:
        application, person = house.application(), house.person()
        browser = arrive(house, application)
        denied(house, person, browser, application)
        page = open_page(house, browser.session.session_id, browser.cookies)
        body = told(house, application.application_id, correlation_id(page)).json
        assert (body["outcome"], {one["result"] for one in body["checks"]}) == ("started", {"passed"})


class TestALoginThatSucceeded:
    def test_keeps_names_only(self, house: House) -> None:
        application, person = house.application(), house.person()
        browser = arrive(house, application)
        assert sign_in(house, person, browser).status == 200
        body = told(house, application.application_id, browser.session.correlation_id).json
        assert body["outcome"] == "completed"
        assert {frozenset(one) for one in body["checks"]} == {frozenset({"name", "result"})}
        assert {one["result"] for one in body["checks"]} == {"passed"}

    def test_is_never_written_again(self, house: House) -> None:
        application, person = house.application(), house.person()
        browser = arrive(house, application)
        sign_in(house, person, browser)
        again = Trace(
            browser.session.correlation_id, "acme", application.application_id, 0, Outcome.STARTED, ()
        )
        assert house.wiring.stores.commit(house.wiring.stores.traces.putting(again)) == {0}


class TestNoPersonalData:
    def test_neither_person_nor_subject_nor_relay_state_is_in_any_trace(self, house: House) -> None:
        application = house.application()
        person = house.person(email=f"{MARK.lower()}@example.com")
        xml = authn_request(house, application, children=subject(MARK))
        query = sign_redirect(xml, relay_state=MARK)
        browser = begun(house, by_redirect(house, application.application_id, query))
        reference = reference_in(sign_in(house, person, browser))
        stored = json.dumps(item_of(house, application, reference))
        assert json.loads(stored)["outcome"] == {"S": "refused"}
        for personal in (MARK, MARK.lower(), person.user.user_id, person.device.device_id, "Ada", "<"):
            assert personal not in stored

    def test_a_secret_of_the_browser_is_in_no_trace(self, house: House) -> None:
        application = house.application()
        browser = arrive(house, application)
        stored = json.dumps(item_of(house, application, browser.session.correlation_id))
        assert browser.cookie not in stored
        assert browser.session.session_id not in stored


class TestBounds:
    def test_a_hostile_value_is_cut_and_escaped(self, house: House) -> None:
        application = house.application()
        hostile = "urn:\u202e\u00e9&lt;script&gt;" + "\u2028" * 200
        asked = authn_request(house, application, children=name_id_policy(f'Format="{hostile}"'))
        answer = by_redirect(house, application.application_id, sign_redirect(asked))
        actual = told(house, application.application_id, reference_in(answer)).json["checks"][-1]["actual"]
        assert len(actual) == MAX_VALUE
        assert actual.isascii()
        assert actual.isprintable()
        assert "<" not in actual
        assert r"\u202e" in actual

    @given(st.text())
    def test_a_value_of_any_kind_is_short_printable_ascii_without_markup(self, value: str) -> None:
        found = shown(value)
        assert len(found) <= MAX_VALUE
        assert found.isascii()
        assert found == "" or found.isprintable()
        assert not set("<>") & set(found)

    def test_the_largest_trace_is_below_four_kilobytes(self) -> None:
        checks = passed(*STEP_NAMES, trace.REPLAY, *trace.ANSWERABLE, *trace.SUCCESS)
        worst = failed("subject_confirmation", "\U0010ffff" * 9999, "<" * 9999)
        one = Trace("A" * 16, "t" * 63, "app_" + "a" * 20, 2**40, Outcome.UNANSWERABLE, (*checks, worst))
        assert len(json.dumps(encode(one)).encode()) < MAX_ITEM - 256

    def test_a_trace_is_forgotten_after_its_time(self, house: House) -> None:
        application = house.application()
        browser = arrive(house, application)
        item = item_of(house, application, browser.session.correlation_id)
        assert int(item["ttl"]["N"]) == house.wiring.now + RETENTION

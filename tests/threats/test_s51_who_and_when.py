"""S51: a trace is stored only for requests that the application made, and read only by its tenant."""

from typing import Any

import pytest

from tests.acts import remove
from tests.house import House
from tests.sign_in import arrive, authn_request, by_redirect
from tests.told import failure
from tests.traces import UNANSWERABLE, item_of, told, trace_rows
from tests.unit.saml.builders import key_pair, sign_redirect
from tests.witness import nothing_written


class TestGarbage:
    WRONG: dict[str, dict[str, Any]] = {
        "another version": {"version": "1.1"},
        "too old": {"instant": "2026-02-09T10:00:00Z"},
        "another issuer": {"issuer": "<saml:Issuer>urn:evil</saml:Issuer>"},
        "another destination": {"destination": "https://idp.example.com/sso"},
        "another ACS": {"attributes": 'AssertionConsumerServiceURL="https://evil.example.com/"'},
    }

    @pytest.mark.parametrize("asked", WRONG.values(), ids=WRONG)
    def test_a_request_that_fails_before_the_replay_check_leaves_no_trace(
        self, house: House, asked: dict[str, Any]
    ) -> None:
        application = house.application()
        before = trace_rows(house)
        with nothing_written(house):
            answer = by_redirect(
                house, application.application_id, sign_redirect(authn_request(house, application, **asked))
            )
        assert failure(answer)[0] // 100 == 4
        assert trace_rows(house) == before

    def test_a_request_that_a_stranger_signed_leaves_no_trace(self, house: House) -> None:
        application, mallory = house.application(), key_pair("mallory.example.com")
        asked = authn_request(house, application, **UNANSWERABLE["passive"])
        with nothing_written(house):
            answer = by_redirect(house, application.application_id, sign_redirect(asked, pair=mallory))
        assert failure(answer) == (401, "saml_signature_invalid")

    def test_a_request_that_comes_again_leaves_no_second_trace(self, house: House) -> None:
        """Whoever saw a request could otherwise fill the table with it."""
        application = house.application()
        query = sign_redirect(authn_request(house, application, **UNANSWERABLE["passive"]))
        by_redirect(house, application.application_id, query)
        with nothing_written(house):
            answer = by_redirect(house, application.application_id, query)
        assert failure(answer) == (409, "request_replayed")


class TestTenants:
    def test_the_tenant_is_in_the_key(self, house: House) -> None:
        application = house.application("globex")
        browser = arrive(house, application)
        item = item_of(house, application, browser.session.correlation_id)
        assert item["pk"]["S"].startswith("globex#")
        assert item["tenant"] == {"S": "globex"}

    def test_an_unknown_and_a_foreign_login_are_answered_alike(self, house: House) -> None:
        application = house.application()
        reference = arrive(house, application).session.correlation_id
        assert told(house, application.application_id, reference).status == 200
        answers = [
            told(house, application.application_id, reference, tenant="globex"),
            told(house, application.application_id, "A" * 16),
            told(house, "app_aaaaaaaaaaaaaaaaaaaa", reference),
            told(house, f"{application.application_id}#{reference}", ""),
            told(house, f"acme#{application.application_id}", reference, tenant="globex"),
        ]
        documents = [{**one.json, "correlation_id": ""} for one in answers]
        assert {failure(one) for one in answers} == {(404, "unknown_transaction")}
        assert all(document == documents[0] for document in documents)

    def test_a_login_of_another_application_of_the_tenant_is_not_found_at_this_one(
        self, house: House
    ) -> None:
        one, other = house.application(), house.application()
        reference = arrive(house, one).session.correlation_id
        assert failure(told(house, other.application_id, reference)) == (404, "unknown_transaction")

    def test_a_login_is_found_after_its_application_was_removed(self, house: House) -> None:
        application = house.application()
        reference = arrive(house, application).session.correlation_id
        remove(house, application)
        assert told(house, application.application_id, reference).status == 200

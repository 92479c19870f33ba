"""Every signature of KMS has its place in the ledger, and no login is lost where the ledger fails."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.sso import handler as sso
from local import loopback
from passwordless.model.applications import Application
from passwordless.model.signatures import LedgerEntry
from tests.calls import Answer, call, complete, poll_session
from tests.house import Clock, House, config
from tests.sign_in import approve, arrive, authn_request, by_redirect, sign_in
from tests.told import response, status_codes
from tests.unit.saml.builders import sign_redirect
from tests.witness import Witness
from tools.ledger import cloudtrail, entries
from tools.ledger.reconcile import Functions, Report, Span, reconcile


def ledger(house: House) -> list[LedgerEntry]:
    """Return the entries of the last hours, as the command reads them."""
    table = house.wiring.config.ledger_table
    return entries.of_table(house.wiring.stores.client, table, int(Clock().now), house.wiring.now)


def of(house: House, application: Application) -> list[LedgerEntry]:
    """Return an application's entries."""
    return [one for one in ledger(house) if one.act.application_id == application.application_id]


def signed_ids(house: House) -> list[str]:
    """Return a list to which the id of each answer of KMS to Sign is added from now on."""
    found: list[str] = []
    events = house.wiring.signer.client.meta.events

    def note(parsed: Any, **_: Any) -> None:
        found.append(parsed["ResponseMetadata"]["RequestId"])

    events.register("after-call.kms.Sign", note)
    return found


def fetch(house: House, application: Application) -> Answer:
    path = {"application_id": application.application_id}
    return call(house, sso.handler, "GET_metadata", pathParameters=path)


def test_a_login_is_one_entry_with_the_ids_of_both_its_signatures(house: House) -> None:
    application = house.application()
    browser, answered = arrive(house, application), signed_ids(house)
    sign_in(house, house.person(), browser)
    (entry,) = of(house, application)
    assert len(answered) == 2
    assert list(entry.request_ids) == answered
    assert entry.act.purpose == "response"
    assert (entry.act.key_id, entry.act.tenant) == (application.idp.signing_key_id, "acme")
    assert entry.act.correlation_id == browser.session.correlation_id
    assert (entry.at, entry.unanswered) == (house.wiring.now, 0)
    key = house.wiring.stores.signing_keys.get("acme", entry.act.key_id)
    assert key is not None
    assert entry.kms_key == key.kms_key


def test_each_attempt_that_signs_has_its_own_entry(house: House) -> None:
    application = house.application()
    browser = arrive(house, application)
    sign_in(house, house.person(), browser)
    for _ in range(3):
        complete(house, browser)
    found = of(house, application)
    assert len(found) == 3
    assert len({one for entry in found for one in entry.request_ids}) == 6


def test_an_entry_is_one_write_beside_the_transaction_and_a_poll_writes_none(house: House) -> None:
    application, person = house.application(), house.person()
    browser = arrive(house, application)
    approve(house, person, browser)
    witness = Witness.of(house)
    complete(house, browser)
    assert witness.written == ["TransactWriteItems", "PutItem"]
    witness = Witness.of(house)
    poll_session(house, browser)
    assert witness.written == []


def test_an_error_response_metadata_and_a_certificate_have_theirs(house: House) -> None:
    application = house.application(tenant="ledger-acts")
    (certificate,) = [one for one in ledger(house) if one.act.tenant == "ledger-acts"]
    assert (certificate.act.purpose, certificate.act.application_id) == ("certificate", None)
    fetch(house, application)
    xml = authn_request(house, application, attributes='IsPassive="true"')
    by_redirect(house, application.application_id, sign_redirect(xml))
    purposes = [entry.act.purpose.value for entry in of(house, application)]
    assert sorted(purposes) == ["error_response", "metadata"]
    assert all(len(entry.request_ids) == 1 for entry in of(house, application))


def test_what_signs_nothing_has_no_entry(house: House) -> None:
    application = house.application()
    fetch(house, application)
    before = len(of(house, application))
    fetch(house, application)
    arrive(house, application)
    assert len(of(house, application)) == before


class TestAgainstCloudTrail:
    """The emulator's CloudTrail records calls when it is told to; its callers are persons, never roles."""

    @pytest.fixture
    def recording(self, house: House) -> Iterator[None]:
        address = f"{house.wiring.stores.client.meta.endpoint_url}/_ministack/config"
        with loopback.session() as here:
            here.post(address, json={"cloudtrail._recording_enabled": True}, timeout=5).raise_for_status()
            yield
            here.post(address, json={"cloudtrail._recording_enabled": False}, timeout=5).raise_for_status()

    def compared(self, house: House, folder: Path) -> Report:
        """Compare the calls that were looked up with the ledger."""
        assert house.wiring.aws is not None
        look_up: Any = house.wiring.aws.client("cloudtrail")
        attributes = [{"AttributeKey": "EventName", "AttributeValue": "Sign"}]
        found = look_up.lookup_events(LookupAttributes=attributes)
        file = folder / "looked_up.json"
        as_aws_writes = [one["CloudTrailEvent"].replace('"KeyId"', '"keyId"') for one in found["Events"]]
        file.write_text(json.dumps({"Events": [{"CloudTrailEvent": one} for one in as_aws_writes]}))
        keys = entries.keys_of_table(house.wiring.stores.client, house.wiring.config.signing_keys_table)
        # The emulator's clock goes on, the house's stands still.
        uses = [replace(use, at=house.wiring.now) for use in cloudtrail.read([file])]
        span = Span(0, 2 * house.wiring.now, now=2 * house.wiring.now)
        return reconcile(uses, ledger(house), keys, Functions("test"), span)

    @pytest.mark.usefixtures("recording")
    def test_a_login_matches_and_a_signature_outside_of_it_is_an_orphan(
        self, house: House, tmp_path: Path
    ) -> None:
        application = house.application()
        sign_in(house, house.person(), arrive(house, application))
        before = self.compared(house, tmp_path)
        assert before.matched >= 2
        assert before.orphans == ()
        key = house.wiring.stores.signing_keys.get("acme", application.idp.signing_key_id)
        assert key is not None
        stolen = house.wiring.signer.client.sign(
            KeyId=key.kms_key,
            Message=b"an assertion of somebody's own",
            MessageType="RAW",
            SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256",
        )
        report = self.compared(house, tmp_path)
        assert [use.request_id for use in report.orphans] == [stolen["ResponseMetadata"]["RequestId"]]
        assert (report.matched, report.clean) == (before.matched, False)


class TestFailures:
    def broken(self, house: House, **settings: str) -> House:
        """Return the house with settings of its own."""
        return House.on(house.wiring.aws, Clock(house.clock.now), config(**settings))

    def test_a_login_is_not_lost_where_the_ledger_fails_and_the_log_has_the_entry(
        self, house: House, capfd: pytest.CaptureFixture[str]
    ) -> None:
        application, person = house.application(), house.person()
        browser = arrive(house, application)
        approve(house, person, browser)
        capfd.readouterr()
        answer = complete(self.broken(house, ledger_table="NoSuchTable"), browser)
        assert status_codes(response(answer)) == ["Success"]
        assert of(house, application) == []
        lines = [json.loads(line) for line in capfd.readouterr().out.splitlines() if line.startswith("{")]
        (told,) = [line for line in lines if line.get("message") == "ledger_failed"]
        assert told["level"] == "ERROR"
        assert told["correlation_id"] == browser.session.correlation_id
        assert len(told["entry"]["request_ids"]) == 2
        (counted,) = [line for line in lines if "LedgerFailed" in line]
        assert counted["LedgerFailed"] == 1

    def test_a_refusal_of_kms_is_counted_and_leaves_no_entry(
        self, house: House, capfd: pytest.CaptureFixture[str]
    ) -> None:
        application = house.application()
        browser = arrive(house, application)
        approve(house, house.person(), browser)
        events = house.wiring.signer.client.meta.events

        def deny(**_: Any) -> Any:
            metadata = {"HTTPStatusCode": 400, "RequestId": "denied", "RetryAttempts": 0}
            http = type("Refused", (), {"status_code": 400, "headers": {}})()
            return http, {"Error": {"Code": "DisabledException", "Message": ""}, "ResponseMetadata": metadata}

        events.register("before-call.kms.Sign", deny)
        try:
            capfd.readouterr()
            assert complete(house, browser).code == "signing_unavailable"
        finally:
            events.unregister("before-call.kms.Sign", deny)
        lines = [json.loads(line) for line in capfd.readouterr().out.splitlines() if line.startswith("{")]
        assert [line["code"] for line in lines if "KmsFailed" in line] == ["DisabledException"]
        assert of(house, application) == []
        assert status_codes(response(complete(house, browser))) == ["Success"]

    def test_a_request_whose_answer_was_lost_is_in_the_entry(self, house: House) -> None:
        application = house.application()
        browser = arrive(house, application)
        approve(house, house.person(), browser)
        events = house.wiring.signer.client.meta.events

        def tried_twice(parsed: Any, **_: Any) -> None:
            parsed["ResponseMetadata"]["RetryAttempts"] = 1

        events.register("after-call.kms.Sign", tried_twice)
        try:
            complete(house, browser)
        finally:
            events.unregister("after-call.kms.Sign", tried_twice)
        (entry,) = of(house, application)
        assert (len(entry.request_ids), entry.unanswered) == (2, 2)

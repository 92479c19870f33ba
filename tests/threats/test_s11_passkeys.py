"""S11: a passkey approves the one login whose fresh code its page showed, and nothing else."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from passwordless.model.sessions import Status
from passwordless.model.tokens import base64url
from passwordless.phone import ceremony
from tests.acts import disable, narrow, remove, revoke
from tests.authenticator import AT, BE, ED, SYNCED, UP, UV, Authenticator, client_data
from tests.calls import Answer, complete, post_json
from tests.enrolments import invited, token_of
from tests.house import ORIGIN, House
from tests.parallel import at_once
from tests.passkeys import Owner, approval, approve, asked, open_code, open_invite, owner
from tests.sign_in import look, press_restart, scan
from tests.told import apart_from_its_reference, failure, found, response
from tests.witness import Witness, events_of, just_before_the_write, nothing_written

HOST = urlsplit(ORIGIN).hostname
SHORT = base64url(b"too short")
REFUSED: dict[str, dict[str, Any]] = {
    "a registration": {"client": {"type": "webauthn.create"}},
    "a payment": {"client": {"type": "payment.get"}},
    "another challenge": {"challenge": base64url(bytes(32))},
    "a shorter challenge": {"challenge": SHORT},
    "another origin": {"client": {"origin": "https://evil.example"}},
    "a subdomain of ours": {"client": {"origin": ORIGIN.replace("//", "//x.")}},
    "our host over https": {"client": {"origin": ORIGIN.replace("http:", "https:")}},
    "our host at another port": {"client": {"origin": f"{ORIGIN}7"}},
    "our origin with a slash": {"client": {"origin": f"{ORIGIN}/"}},
    "an app's origin": {"client": {"origin": "android:apk-key-hash:AAAA"}},
    "a frame in another site": {"client": {"crossOrigin": True}},
    "a cross origin that is a word": {"client": {"crossOrigin": "false"}},
    "a cross origin that is nothing": {"raw_client": None},
    "a page around ours": {"client": {"topOrigin": "https://evil.example"}},
    "another relying party": {"rp_id": "evil.example"},
    "a parent of our domain": {"rp_id": "localhost"},
    "our relying party with its port": {"rp_id": f"{HOST}:4566"},
    "no user presence": {"flags": SYNCED & ~UP},
    "no user verification": {"flags": SYNCED & ~UV},
    "a backup of what cannot be backed up": {"flags": SYNCED & ~BE},
    "data after the authenticator's": {"tail": b"\x00"},
    "a credential that is announced and missing": {"flags": SYNCED | AT},
    "extensions that are announced and missing": {"flags": SYNCED | ED},
}
MALFORMED: dict[str, dict[str, Any]] = {
    "client data that is no JSON": {"raw_client": b"{"},
    "client data that is a list": {"raw_client": b"[]"},
    "client data with a member twice": {
        "raw_client": b'{"type":"webauthn.create","type":"webauthn.get","challenge":"","origin":""}'
    },
    "client data in another encoding": {"raw_client": "\ufeff{}".encode("utf-16")},
    "a challenge that is a number": {"client": {"challenge": 1}},
    "an origin that is a list": {"client": {"origin": [ORIGIN]}},
    "no type": {"client": {"type": None}},
    "a challenge with padding": {"client": {"challenge": "AAA="}},
    "client data of more than 8 kB": {"client": {"other": "x" * 8192}},
}


def verify(house: House, body: object) -> Answer:
    return post_json(house, "POST_verify", body)


@pytest.fixture(scope="module")
def person(emulated: House) -> Owner:
    """A user with a passkey that many attacks may try; none of them changes it."""
    return owner(emulated.rewound())


def test_a_passkey_approves_a_login_that_no_phone_scanned(house: House) -> None:
    browser, person = house.browser(house.application()), owner(house)

    answer = approve(house, person, browser)

    assert (answer.status, answer.json) == (200, {"status": "approved"})
    stored = house.stored(browser)
    assert (stored.status, stored.claim) == (Status.APPROVED, None)
    assert stored.expires_at == house.wiring.now + 120
    assert stored.decision is not None
    assert (stored.decision.device_id, stored.decision.user_id, stored.decision.uv) == (
        person.device.device_id,
        person.user.user_id,
        "passkey",
    )
    (event,) = events_of(house, browser.session.application_id)
    assert (event["type"], event["device_id"]) == ("login.approved", person.device.device_id)


def test_the_login_ends_at_the_application_and_claims_no_resistance_to_phishing(house: House) -> None:
    browser, person = house.browser(house.application()), owner(house)
    approve(house, person, browser)

    told = response(complete(house, browser))

    assert found(told, "//a:AuthnContextClassRef/text()") == [
        "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract"
    ]
    assert person.user.email in found(told, "//a:AttributeValue/text()")


@pytest.mark.parametrize("case", REFUSED)
def test_an_assertion_that_is_not_for_this_login_is_refused(house: House, person: Owner, case: str) -> None:
    browser = house.browser(house.application())
    told = open_code(house, browser)
    forged = dict(REFUSED[case])
    if "raw_client" in forged:
        honest = json.loads(client_data("webauthn.get", told["challenge"]))
        forged["raw_client"] = json.dumps({**honest, "crossOrigin": None}).encode()
    with nothing_written(house, browser):
        answer = verify(house, approval(told, person.authenticator, **forged))
    assert failure(answer) == (401, "bad_proof")
    assert verify(house, approval(told, person.authenticator)).status == 200


@pytest.mark.parametrize("case", MALFORMED)
def test_an_assertion_of_another_form_is_refused(house: House, person: Owner, case: str) -> None:
    browser = house.browser(house.application())
    told = open_code(house, browser)
    with nothing_written(house, browser):
        answer = verify(house, approval(told, person.authenticator, **MALFORMED[case]))
    assert failure(answer) == (400, "malformed_proof")


@pytest.mark.parametrize("name", ["id", "type", "response"])
@pytest.mark.parametrize("value", [None, "", 7, [], "é", "AA=", "not/url"])
def test_a_credential_of_another_form_is_refused(
    house: House, person: Owner, name: str, value: object
) -> None:
    browser = house.browser(house.application())
    body = approval(open_code(house, browser), person.authenticator)
    body["proof"]["credential"][name] = value
    with nothing_written(house, browser):
        assert failure(verify(house, body)) == (400, "malformed_proof")


@pytest.mark.parametrize("name", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
@pytest.mark.parametrize("value", [None, "", 7, "AA==", "AB", "A" * 20000])
def test_a_response_with_a_part_of_another_form_is_refused(
    house: House, person: Owner, name: str, value: object
) -> None:
    browser = house.browser(house.application())
    body = approval(open_code(house, browser), person.authenticator)
    body["proof"]["credential"]["response"][name] = value
    with nothing_written(house, browser):
        assert failure(verify(house, body)) == (400, "malformed_proof")


@pytest.mark.parametrize(
    "change",
    [
        {"session_id": 7},
        {"session_id": "é"},
        {"ticket": None},
        {"ticket": ["a"]},
        {"nonce": "n"},
        {"proof": {"type": "passkey"}},
        {"proof": {"type": "passkey", "credential": {}, "jws": "a.b.c"}},
    ],
)
def test_a_body_of_another_form_is_refused(house: House, person: Owner, change: dict[str, object]) -> None:
    browser = house.browser(house.application())
    body = {**approval(open_code(house, browser), person.authenticator), **change}
    with nothing_written(house, browser):
        assert failure(verify(house, body)) == (400, "malformed_body")


def test_a_signature_by_another_key_is_refused(house: House, person: Owner) -> None:
    browser = house.browser(house.application())
    thief = Authenticator(
        credential_id=person.authenticator.credential_id, user_handle=person.authenticator.user_handle
    )
    with nothing_written(house, browser):
        answer = verify(house, approval(open_code(house, browser), thief))
    assert failure(answer) == (401, "bad_proof")


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData"])
def test_what_was_signed_cannot_be_exchanged(house: House, person: Owner, part: str) -> None:
    browser, other = house.browser(house.application()), house.browser(house.application())
    body = approval(open_code(house, browser), person.authenticator, flags=SYNCED & ~UV)
    honest = approval(open_code(house, other), person.authenticator)
    response = body["proof"]["credential"]["response"]
    response[part] = honest["proof"]["credential"]["response"][part]
    with nothing_written(house, browser):
        assert failure(verify(house, body)) == (401, "bad_proof")


def test_a_passkey_that_is_not_enrolled_is_refused(house: House) -> None:
    browser = house.browser(house.application())
    stranger = Authenticator(user_handle=b"handle")
    with nothing_written(house, browser):
        answer = verify(house, approval(open_code(house, browser), stranger))
    assert failure(answer) == (401, "bad_proof")


def test_s04_the_handle_of_another_user_is_refused(house: House, person: Owner) -> None:
    browser, other = house.browser(house.application()), owner(house)
    mixed = Authenticator(
        person.authenticator.key, person.authenticator.credential_id, other.authenticator.user_handle
    )
    with nothing_written(house, browser):
        answer = verify(house, approval(open_code(house, browser), mixed))
    assert failure(answer) == (401, "bad_proof")


class TestTickets:
    """The ticket says that a fresh code of this login was looked at a moment ago."""

    @pytest.mark.parametrize(("age", "status"), [(119, 200), (120, 410), (590, 410)])
    def test_a_ticket_is_good_for_two_minutes(
        self, house: House, person: Owner, age: int, status: int
    ) -> None:
        browser = house.browser(house.application())
        told = open_code(house, browser)
        house.clock.forward(age)
        assert verify(house, approval(told, person.authenticator)).status == status

    def test_a_stale_ticket_leaves_the_row_unchanged(self, house: House, person: Owner) -> None:
        browser = house.browser(house.application())
        told = open_code(house, browser)
        house.clock.forward(120)
        with nothing_written(house, browser):
            answer = verify(house, approval(told, person.authenticator))
        assert failure(answer) == (410, "ticket_expired")

    def test_a_ticket_of_another_session_is_refused(self, house: House, person: Owner) -> None:
        browser, other = house.browser(house.application()), house.browser(house.application())
        told = {**open_code(house, other), "session_id": browser.session.session_id}
        with nothing_written(house, browser, other):
            answer = verify(house, approval(told, person.authenticator))
        assert failure(answer) == (401, "bad_proof")

    def test_a_ticket_of_another_look_does_not_fit_the_challenge(self, house: House, person: Owner) -> None:
        browser = house.browser(house.application())
        first, second = open_code(house, browser), open_code(house, browser)
        assert first["ticket"] != second["ticket"]
        with nothing_written(house, browser):
            answer = verify(house, approval({**first, "ticket": second["ticket"]}, person.authenticator))
        assert failure(answer) == (401, "bad_proof")

    def test_a_ticket_of_before_the_restart_is_refused(self, house: House, person: Owner) -> None:
        browser = house.browser(house.application())
        told = open_code(house, browser)
        press_restart(house, browser)
        with nothing_written(house, browser):
            answer = verify(house, approval(told, person.authenticator))
        assert failure(answer) == (401, "bad_proof")

    def test_a_ticket_of_the_future_is_refused(self, house: House, person: Owner) -> None:
        browser = house.browser(house.application())
        house.clock.forward(10)
        told = open_code(house, browser)
        house.clock.forward(-10)
        with nothing_written(house, browser):
            answer = verify(house, approval(told, person.authenticator))
        assert failure(answer) == (410, "ticket_expired")

    @pytest.mark.parametrize("change", ["", "AAAA", "A" * 78, "!", "flipped"])
    def test_a_forged_ticket_is_refused(self, house: House, person: Owner, change: str) -> None:
        browser = house.browser(house.application())
        told = open_code(house, browser)
        flipped = ("B" if told["ticket"][0] == "A" else "A") + told["ticket"][1:]
        forged = {**told, "ticket": flipped if change == "flipped" else change}
        with nothing_written(house, browser):
            answer = verify(house, approval(forged, person.authenticator))
        assert failure(answer) == (401, "bad_proof")


class TestEnrolmentIsNoLogin:
    """What a phone signs for an invite is worth nothing at a login."""

    def test_a_registration_in_place_of_an_assertion_is_refused(self, house: House) -> None:
        browser, token = house.browser(house.application()), token_of(invited(house))
        made = Authenticator().create(open_invite(house, token)["options"])
        body = {**approval(open_code(house, browser), Authenticator(user_handle=b"h"))}
        body["proof"] = {"type": "passkey", "credential": made}
        with nothing_written(house, browser):
            assert failure(verify(house, body)) == (400, "malformed_proof")

    def test_an_assertion_for_an_invite_is_refused(self, house: House, person: Owner) -> None:
        browser, token = house.browser(house.application()), token_of(invited(house))
        told = open_code(house, browser)
        challenge = open_invite(house, token)["options"]["challenge"]
        with nothing_written(house, browser):
            answer = verify(house, approval(told, person.authenticator, challenge=challenge))
        assert failure(answer) == (401, "bad_proof")

    def test_a_new_credential_inside_an_assertion_is_refused(self, house: House, person: Owner) -> None:
        browser = house.browser(house.application())
        forged = {"flags": SYNCED | AT, "attested": person.authenticator.attested()}
        with nothing_written(house, browser):
            answer = verify(house, approval(open_code(house, browser), person.authenticator, **forged))
        assert failure(answer) == (401, "bad_proof")


class TestReplay:
    """An assertion is for one login, which it approves once."""

    def test_a_replayed_assertion_approves_no_other_login(self, house: House, person: Owner) -> None:
        browser, other = house.browser(house.application()), house.browser(house.application())
        body = approval(open_code(house, browser), person.authenticator)
        assert verify(house, body).status == 200
        told = open_code(house, other)
        for replayed in (
            {**body, "session_id": told["session_id"]},
            {**body, "session_id": told["session_id"], "ticket": told["ticket"]},
        ):
            with nothing_written(house, browser, other):
                assert failure(verify(house, replayed)) == (401, "bad_proof")

    def test_the_identical_assertion_is_told_what_was_recorded_and_changes_nothing(
        self, house: House, person: Owner
    ) -> None:
        browser = house.browser(house.application())
        body = approval(open_code(house, browser), person.authenticator)
        first = verify(house, body)
        with nothing_written(house, browser):
            again = verify(house, body)
        assert (again.status, again.json) == (first.status, first.json)

    def test_the_identical_assertion_revives_no_login(self, house: House, person: Owner) -> None:
        browser = house.browser(house.application())
        body = approval(open_code(house, browser), person.authenticator)
        verify(house, body)
        complete(house, browser)
        with nothing_written(house, browser):
            assert verify(house, body).json == {"status": "completed"}

    def test_the_identical_assertion_by_many_at_once_is_one_approval(self, house: House) -> None:
        browser, person = (
            house.browser(house.application()),
            owner(house, authenticator=Authenticator(step=1)),
        )
        body = approval(open_code(house, browser), person.authenticator)
        witness = Witness.of(house)

        answers = at_once(lambda _: verify(house, body), range(8))

        assert [(answer.status, answer.json) for answer in answers] == [(200, {"status": "approved"})] * 8
        assert witness.written == ["TransactWriteItems"]

    def test_two_people_at_once_have_one_winner(self, house: House) -> None:
        browser, people = house.browser(house.application()), [owner(house) for _ in range(2)]
        bodies = [approval(open_code(house, browser), one.authenticator) for one in people * 3]

        answers = at_once(lambda body: verify(house, body), bodies)

        assert sorted(answer.status for answer in answers) == [200] + [409] * 5
        decision = house.stored(browser).decision
        assert decision is not None
        winner = people[next(i for i, answer in enumerate(answers) if answer.status == 200) % 2]
        assert decision.user_id == winner.user.user_id


class TestCounter:
    """A count that does not rise tells that a copy of the passkey is about (WebAuthn, 6.1.1)."""

    def test_a_count_that_rises_is_kept(self, house: House) -> None:
        person = owner(house, authenticator=Authenticator(count=4, step=3))
        assert approve(house, person, house.browser(house.application())).status == 200
        kept = house.wiring.stores.devices.get(person.device.device_id)
        assert kept is not None
        assert kept.passkey is not None
        assert kept.passkey.sign_count == 7
        assert (kept.key_ids, kept.status) == (person.device.key_ids, person.device.status)

    @pytest.mark.parametrize("count", [0, 3, 7])
    def test_a_count_that_does_not_rise_is_refused(self, house: House, count: int) -> None:
        person = owner(house, authenticator=Authenticator(count=4, step=3))
        approve(house, person, house.browser(house.application()))
        browser = house.browser(house.application())
        with nothing_written(house, browser):
            body = approval(open_code(house, browser), person.authenticator, count=count)
            assert failure(verify(house, body)) == (401, "bad_proof")

    def test_a_passkey_that_counts_nothing_stays_at_zero(self, house: House) -> None:
        person = owner(house)
        for _ in range(2):
            assert approve(house, person, house.browser(house.application())).status == 200
        assert house.wiring.stores.devices.get(person.device.device_id) == person.device

    def test_a_copy_that_overtakes_costs_its_owner_one_try_and_no_login(self, house: House) -> None:
        person = owner(house, authenticator=Authenticator(count=1, step=1))
        browser, other = house.browser(house.application()), house.browser(house.application())
        mine = approval(open_code(house, browser), person.authenticator)
        copied = approval(open_code(house, other), person.authenticator)

        with just_before_the_write(house, lambda: verify(house, copied)):
            answer = verify(house, mine)

        assert failure(answer) == (401, "bad_proof")
        assert house.stored(browser).status is Status.PENDING
        assert approve(house, person, browser).status == 200


class TestTheSameChecksAsAnyPhone:
    """Tenant, device, user, application and rollout count for a passkey as for the app (S01, S06)."""

    def test_s01_a_foreign_passkey_is_answered_as_for_an_unknown_login(self, house: House) -> None:
        browser, foreigner = house.browser(house.application()), owner(house, "globex")
        told = open_code(house, browser)
        with nothing_written(house, browser):
            known = verify(house, approval(told, foreigner.authenticator))
            unknown = verify(house, approval({**told, "session_id": "A" * 16}, foreigner.authenticator))
        assert failure(known) == (404, "unknown_session")
        assert apart_from_its_reference(known) == apart_from_its_reference(unknown)
        assert approve(house, owner(house), browser).status == 200

    def test_a_login_that_a_phone_has_scanned_is_taken(self, house: House, person: Owner) -> None:
        browser, phone = house.browser(house.application()), house.person()
        told = open_code(house, browser)
        scan(house, phone, browser)
        with nothing_written(house, browser):
            assert failure(verify(house, approval(told, person.authenticator))) == (409, "session_claimed")

    def test_a_login_that_was_approved_is_decided(self, house: House, person: Owner) -> None:
        browser = house.browser(house.application())
        told = open_code(house, browser)
        approve(house, owner(house), browser)
        with nothing_written(house, browser):
            assert failure(verify(house, approval(told, person.authenticator))) == (409, "already_decided")

    def test_a_login_that_a_phone_scans_at_the_last_moment_is_taken(
        self, house: House, person: Owner
    ) -> None:
        browser, phone = house.browser(house.application()), house.person()
        body = approval(open_code(house, browser), person.authenticator)
        with just_before_the_write(house, lambda: scan(house, phone, browser)):
            assert failure(verify(house, body)) == (409, "session_claimed")
        assert house.stored(browser).status is Status.SCANNED

    def test_a_login_that_starts_over_at_the_last_moment_is_not_approved(
        self, house: House, person: Owner
    ) -> None:
        browser = house.browser(house.application())
        body = approval(open_code(house, browser), person.authenticator)
        with just_before_the_write(house, lambda: press_restart(house, browser)):
            assert failure(verify(house, body)) == (409, "already_decided")
        assert house.stored(browser).status is Status.PENDING

    def test_an_expired_login_is_over(self, house: House, person: Owner) -> None:
        browser = house.browser(house.application())
        house.clock.forward(590)
        told = open_code(house, browser)
        house.clock.forward(11)
        with nothing_written(house, browser):
            assert failure(verify(house, approval(told, person.authenticator))) == (410, "session_expired")

    @pytest.mark.parametrize("moment", ["before", "at the last moment"])
    @pytest.mark.parametrize(
        ("act", "reason"),
        [("revoke", "device"), ("disable", "user"), ("narrow", "rollout"), ("remove", "rollout")],
    )
    def test_s06_what_is_no_longer_allowed_ends_the_login(
        self, house: House, act: str, reason: str, moment: str
    ) -> None:
        application = house.application()
        browser, person = house.browser(application), owner(house)
        acts: dict[str, Any] = {
            "revoke": lambda: revoke(house, person),
            "disable": lambda: disable(house, person),
            "narrow": lambda: narrow(house, application),
            "remove": lambda: remove(house, application),
        }
        body = approval(open_code(house, browser), person.authenticator)
        if moment == "before":
            acts[act]()
            answer = verify(house, body)
        else:
            with just_before_the_write(house, acts[act]):
                answer = verify(house, body)
        assert answer.status == 403
        stored = house.stored(browser)
        assert (stored.status, stored.refusal) == (Status.REFUSED, reason)

    def test_s07_a_pending_phone_may_not_approve_and_the_login_stays_open(self, house: House) -> None:
        first = owner(house)
        second = owner(house, email=first.user.email)
        browser = house.browser(house.application())
        with nothing_written(house, browser):
            answer = approve(house, second, browser)
        assert failure(answer) == (403, "device_inactive")
        assert approve(house, first, browser).status == 200


def test_the_challenge_depends_on_what_the_page_shows(house: House) -> None:
    """The same session and ticket with another domain on the page would be another challenge."""
    browser = house.browser(house.application())
    told = asked(look(house, "GET_code", house.token(browser)))
    assert told["context"]["domain"] == "acme.auth0.com"
    session = house.stored(browser)
    moved = replace(session, context={**session.context, "domain": "evil.example"})
    elsewhere = replace(session, context={**session.context, "ip": "198.51.100.1"})
    assert ceremony.login_challenge(session, told["ticket"]) == told["challenge"]
    assert ceremony.login_challenge(moved, told["ticket"]) != told["challenge"]
    assert ceremony.login_challenge(elsewhere, told["ticket"]) == told["challenge"]

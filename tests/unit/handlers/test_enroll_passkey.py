"""A phone without the app uses its invite once, with a passkey that it makes for it."""

from typing import Any

import pytest

from functions.verify import handler as verify
from local.phone_simulator.keys import Keys
from passwordless.model.people import DeviceStatus, EnrollmentStatus
from tests.acts import disable, revoke
from tests.authenticator import AT, ED, SYNCED, UV, Authenticator, cbor
from tests.calls import call, post_json
from tests.enrolments import device, enroll, fresh_email, invited, token_of
from tests.enrolments import enroll_body as app_body
from tests.house import House
from tests.parallel import at_once
from tests.passkeys import PHONE, Owner, approve, enroll_body, open_invite, owner
from tests.people import WEEK, ask, confirm, invite, user
from tests.sign_in import look
from tests.told import failure
from tests.witness import events_of, nothing_written

BAD_PROOF: dict[str, dict[str, Any]] = {
    "an assertion's client data": {"client": {"type": "webauthn.get"}},
    "another invite's challenge": {"client": {"challenge": "A" * 43}},
    "another origin": {"client": {"origin": "https://evil.example"}},
    "a frame in another site": {"client": {"crossOrigin": True}},
    "another relying party": {"rp_id": "evil.example"},
    "no user verification": {"flags": SYNCED & ~UV | AT},
}


def attested(**overrides: Any) -> dict[str, Any]:
    """Return overrides with which a passkey tells another key or id than it has."""
    return {"attested": Authenticator().attested(**overrides)}


UNREADABLE: dict[str, dict[str, Any]] = {
    "no credential": {"flags": SYNCED, "attested": b""},
    "a credential that is cut short": {"attested": bytes(30)},
    "an id that is longer than the data": attested(length=5000),
    "an empty id": attested(length=0),
    "another credential's id": attested(),
    "a key that is a list": {"attested": bytes(16) + b"\x00\x01x" + cbor([1])},
    "a key for RS256": attested(cose={1: 3, 3: -257}),
    "a key for ES384": attested(cose={3: -35}),
    "no second coordinate": attested(cose={-3: None}),
    "something after the key": {"tail": b"\x00"},
    "extensions that are missing": {"flags": SYNCED | AT | ED},
    "an attestation object that is no map": {"raw_attestation": cbor([1])},
    "an attestation object without data": {"raw_attestation": cbor({"fmt": "none", "attStmt": {}})},
    "an attestation object whose data is a word": {"attestation": {"authData": "data"}},
    "an attestation object without end": {"raw_attestation": b"\xbf"},
    "an attestation object in itself": {"raw_attestation": b"\x81" * 5000},
    "an attestation of an unknown format": {"attestation": {"fmt": "other"}},
    "an attestation whose format is a list": {"attestation": {"fmt": ["none"]}},
    "a statement that does not hold": {
        "attestation": {"fmt": "packed", "attStmt": {"alg": -7, "sig": b"no signature"}}
    },
    "a statement where none should be": {"attestation": {"attStmt": {"sig": b"sig"}}},
}
MALFORMED: dict[str, dict[str, Any]] = {
    "a coordinate off the curve": {"cose": {-2: bytes(32)}},
    "a coordinate of 31 bytes": {"cose": {-2: bytes(31)}},
    "a key on P-384": {"cose": {-1: 2}},
    "a private key": {"cose": {-4: bytes(32)}},
    "client data that is no JSON": {"raw_client": b"null"},
    "client data with a member twice": {
        "raw_client": b'{"type":"","type":"webauthn.create","challenge":"AAAA","origin":""}'
    },
}


def test_a_first_phone_is_active_at_once(house: House) -> None:
    invitation, authenticator = invited(house), Authenticator()
    body = enroll_body(house, token_of(invitation), authenticator)

    answer = post_json(house, "POST_enroll", body)

    assert answer.json.keys() == {"device_id", "status", "check"}
    assert answer.json["status"] == "active"
    made = device(house, answer)
    assert (made.tenant, made.user_id) == ("acme", invitation.enrollment.user_id)
    assert (made.name, made.os, made.keys) == ("Safari, iOS", "iOS", ())
    assert made.passkey is not None
    assert made.passkey.credential_id == authenticator.id
    assert house.wiring.stores.devices.by_credential(authenticator.id) == made


def test_the_invite_is_used_and_the_event_is_left(house: House) -> None:
    invitation = invited(house, "passkey-events")
    made = device(house, post_json(house, "POST_enroll", enroll_body(house, token_of(invitation))))
    used = house.wiring.stores.enrollments.get(invitation.enrollment.enrollment_id)
    assert used is not None
    assert (used.status, used.device_id) == (EnrollmentStatus.USED, made.device_id)
    left = {event["type"] for event in events_of(house, None, "passkey-events")}
    assert left == {"device.invited", "device.enrolled"}


def test_the_page_asks_for_what_the_server_takes(house: House) -> None:
    options = open_invite(house, token_of(invited(house)))["options"]
    assert options["rp"]["id"] == "abcdef12.execute-api.localhost"
    assert options["pubKeyCredParams"] == [{"type": "public-key", "alg": -7}]
    assert options["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }
    assert options["attestation"] == "none"


def test_the_page_names_the_phone_by_what_the_browser_says_of_itself(house: House) -> None:
    agent = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1"
    )
    token = token_of(invited(house))
    page = call(
        house, verify.handler, "GET_invite", pathParameters={"token": token}, headers={"user-agent": agent}
    )
    assert "Safari, iOS" in page.body


def test_an_invite_opens_by_a_link_as_it_may_come_by_mail(house: House) -> None:
    token = token_of(invited(house))
    headers = {"sec-fetch-site": "cross-site", "referer": "https://mail.example/"}
    page = call(house, verify.handler, "GET_invite", pathParameters={"token": token}, headers=headers)
    assert "data-asked" in page.body


def test_phones_with_passkeys_have_checks_of_their_own(house: House) -> None:
    checks = {
        post_json(house, "POST_enroll", enroll_body(house, token_of(invited(house)))).json["check"]
        for _ in range(3)
    }
    assert len(checks) == 3
    assert all(len(check) == 4 for check in checks)


def test_a_second_phone_is_pending(house: House) -> None:
    first = owner(house)
    second = owner(house, email=first.user.email)
    assert second.device.status is DeviceStatus.PENDING


def test_an_app_and_a_passkey_may_belong_to_one_user(house: House) -> None:
    email = fresh_email()
    enroll(house, token_of(invited(house, email=email)), Keys.generate())
    assert owner(house, email=email).device.status is DeviceStatus.PENDING


def test_extensions_are_passed_over(house: House) -> None:
    token = token_of(invited(house))
    body = enroll_body(house, token, flags=SYNCED | AT | ED, tail=cbor({"credProtect": 2}))
    assert post_json(house, "POST_enroll", body).status == 201


@pytest.mark.parametrize("case", BAD_PROOF)
def test_a_registration_that_is_not_for_this_invite_is_refused(house: House, case: str) -> None:
    token = token_of(invited(house))
    body = enroll_body(house, token, **BAD_PROOF[case])
    with nothing_written(house):
        assert failure(post_json(house, "POST_enroll", body)) == (401, "bad_proof")
    assert post_json(house, "POST_enroll", enroll_body(house, token)).status == 201


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_registration_that_the_library_cannot_read_is_refused(house: House, case: str) -> None:
    body = enroll_body(house, token_of(invited(house)), **UNREADABLE[case])
    with nothing_written(house):
        assert failure(post_json(house, "POST_enroll", body)) == (401, "bad_proof")


@pytest.mark.parametrize("case", MALFORMED)
def test_a_registration_of_another_form_is_refused(house: House, case: str) -> None:
    authenticator, forged = Authenticator(), dict(MALFORMED[case])
    if "cose" in forged:
        forged["attested"] = authenticator.attested(cose=forged.pop("cose"))
    body = enroll_body(house, token_of(invited(house)), authenticator, **forged)
    with nothing_written(house):
        assert failure(post_json(house, "POST_enroll", body)) == (400, "malformed_proof")


def test_a_registration_for_one_invite_does_not_use_another(house: House) -> None:
    body = {**enroll_body(house, token_of(invited(house))), "token": token_of(invited(house))}
    with nothing_written(house):
        assert failure(post_json(house, "POST_enroll", body)) == (401, "bad_proof")


@pytest.mark.parametrize("value", [[], "passkey", 7, True, {}])
def test_a_passkey_that_is_no_credential_is_refused(house: House, value: object) -> None:
    body = {"token": token_of(invited(house)), "device": PHONE, "passkey": value}
    with nothing_written(house):
        assert failure(post_json(house, "POST_enroll", body)) == (400, "malformed_proof")


def test_a_phone_has_keys_or_a_passkey(house: House) -> None:
    token = token_of(invited(house))
    body = {**app_body(house, token, Keys.generate()), **enroll_body(house, token)}
    with nothing_written(house):
        assert failure(post_json(house, "POST_enroll", body)) == (400, "malformed_enrollment")


def test_s04_a_passkey_is_enrolled_once_in_the_deployment(house: House) -> None:
    first = owner(house)
    token = token_of(invited(house, "globex"))
    body = enroll_body(house, token, Authenticator(credential_id=first.authenticator.credential_id))
    with nothing_written(house):
        assert failure(post_json(house, "POST_enroll", body)) == (409, "key_already_enrolled")
    assert house.wiring.stores.devices.by_credential(first.authenticator.id) == first.device
    assert approve(house, first, house.browser(house.application())).status == 200


def test_s04_a_passkey_of_a_phone_that_was_revoked_cannot_come_back(house: House) -> None:
    first = owner(house)
    revoke(house, first)
    body = enroll_body(house, token_of(invited(house)), first.authenticator)
    assert failure(post_json(house, "POST_enroll", body)) == (409, "key_already_enrolled")


def test_s04_a_passkey_of_a_user_who_was_erased_is_free_again(house: House) -> None:
    first = owner(house)
    assert ask(house, "acme", "DELETE_user", user_id=first.user.user_id).status == 200
    assert house.wiring.stores.devices.by_credential(first.authenticator.id) is None
    body = enroll_body(house, token_of(invited(house)), first.authenticator)
    assert post_json(house, "POST_enroll", body).status == 201


def test_s07_a_passkey_by_a_long_invite_waits_and_signs_in_once_confirmed(house: House) -> None:
    invitation, used = invite(house, "acme", ttl_seconds=WEEK), Authenticator()
    body = enroll_body(house, invitation["url"].rpartition("/")[2], used)
    answer = post_json(house, "POST_enroll", body)
    assert answer.json["status"] == "pending"
    browser, made = house.browser(house.application()), device(house, answer)
    waiting = Owner(user(house, made.user_id), made, used)
    assert failure(approve(house, waiting, browser)) == (403, "device_inactive")
    assert confirm(house, "acme", invitation["enrollment_id"], answer.json["check"]).status == 200
    assert approve(house, waiting, browser).status == 200


def test_an_invite_that_a_newer_one_replaced_is_over(house: House) -> None:
    email = fresh_email()
    older, newer = (token_of(invited(house, email=email)) for _ in range(2))
    assert failure(look(house, "GET_invite", older)) == (410, "invite_over")
    assert look(house, "GET_invite", newer).status == 200


def test_s07_many_passkeys_at_once_share_no_invite(house: House) -> None:
    token = token_of(invited(house))
    bodies = [enroll_body(house, token) for _ in range(20)]
    answers = at_once(lambda body: post_json(house, "POST_enroll", body), bodies)
    assert sorted(answer.status for answer in answers) == [201] + [410] * 19


@pytest.mark.parametrize(("token", "code"), [("A" * 26, "unknown_invite"), ("é", "unknown_invite")])
def test_an_unknown_invite_is_unknown(house: House, token: str, code: str) -> None:
    answer = look(house, "GET_invite", token)
    assert failure(answer) == (404, code)
    assert "data-asked" not in answer.body


def test_a_used_or_expired_invite_is_over(house: House) -> None:
    used, old = token_of(invited(house)), token_of(invited(house))
    post_json(house, "POST_enroll", enroll_body(house, used))
    house.clock.forward(300)
    for token in (used, old):
        assert failure(look(house, "GET_invite", token)) == (410, "invite_over")


def test_an_invite_of_a_user_who_was_disabled_is_over(house: House) -> None:
    person = house.person()
    token = token_of(invited(house, email=person.user.email))
    disable(house, person)
    assert failure(look(house, "GET_invite", token)) == (410, "invite_over")

"""The routes of key rotation: what each act does, refuses and leaves behind."""

import secrets
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from passwordless.model.applications import Application, ApplicationStatus, Integration
from passwordless.model.signing_keys import REST
from tests.calls import complete
from tests.house import House
from tests.parallel import at_once
from tests.rotation import (
    administer,
    fetch_metadata,
    listed,
    make_next,
    move,
    rotate,
    states,
    with_keys_function,
)
from tests.sign_in import approve
from tests.witness import Witness, events_of


@pytest.fixture
def acting(house: House) -> House:
    """The house with its keys function."""
    return with_keys_function(house)


@pytest.fixture
def application(acting: House) -> Application:
    """An Auth0 application of a tenant of its own, pinned to the tenant's current key."""
    return acting.application(f"keys-{secrets.token_hex(4)}")


def first_key(application: Application) -> str:
    """Return the id of the key that an application was made with."""
    return application.idp.signing_key_id


def pinned_key(acting: House, application: Application) -> str:
    """Return the id of the key that an application is pinned to now."""
    found = acting.wiring.stores.applications.get(application.application_id)
    assert found is not None
    return found.idp.signing_key_id


def test_a_key_is_told_with_its_certificate_and_its_applications(
    acting: House, application: Application
) -> None:
    (key,) = listed(acting, application.tenant)
    certificate = x509.load_pem_x509_certificate(key["certificate_pem"].encode())
    assert key["state"] == "current"
    assert key["key_id"] == first_key(application)
    assert key["certificate_sha1"] == certificate.fingerprint(SHA1()).hex()  # noqa: S303 - as Auth0 shows it
    assert key["certificate_sha256"] == certificate.fingerprint(SHA256()).hex()
    assert key["certificate_expires_at"] == f"{certificate.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}"
    (one,) = key["applications"]
    assert one == {
        "application_id": application.application_id,
        "name": "Demo",
        "integration": "auth0-saml",
        "status": "connected",
    }
    assert "kms" not in str(key)


def test_keys_that_were_made_in_one_second_are_told_the_older_first(acting: House) -> None:
    for _ in range(6):
        tenant = acting.application(f"keys-{secrets.token_hex(4)}").tenant
        assert rotate(acting, tenant, "next").status == 201
        _, following = keys = listed(acting, tenant)
        assert [key["state"] for key in keys] == ["current", "next"]
        assert rotate(acting, tenant, "promote", following["key_id"]).status == 200
        assert [key["state"] for key in listed(acting, tenant)] == ["retiring", "current"]


def test_a_tenant_sees_no_key_of_another(acting: House, application: Application) -> None:
    assert listed(acting, f"{application.tenant}-2") == []
    answer = rotate(acting, f"{application.tenant}-2", "retire", first_key(application))
    assert (answer.status, answer.code) == (404, "unknown_signing_key")


def test_the_next_key_is_made_by_the_keys_function_and_only_once(
    acting: House, application: Application
) -> None:
    following = make_next(acting, application.tenant)
    assert states(acting, application.tenant) == ["current", "next"]
    witness = Witness.of(acting)
    again = rotate(acting, application.tenant, "next")
    assert (again.status, again.code) == (409, "next_key_exists")
    assert "CreateKey" not in witness.called
    (made,) = events_of(acting, None, application.tenant)
    assert (made["type"], made["actor"]) == ("signing_key.made", "admin|ada")
    assert made["details"] == {"key_id": {"S": following}}


def test_ten_calls_at_once_make_one_next_key(acting: House, application: Application) -> None:
    acting.clock.forward(1)
    answers = at_once(lambda _: rotate(acting, application.tenant, "next"), range(10))
    assert sorted({answer.status for answer in answers}) in ([201, 409], [201, 503], [201, 409, 503])
    assert [answer.status for answer in answers].count(201) == 1
    assert states(acting, application.tenant) == ["current", "next"]


def test_a_call_that_died_while_it_made_a_key_blocks_nobody_for_long(
    acting: House, application: Application
) -> None:
    now = acting.wiring.now
    keys = acting.wiring.stores.signing_keys
    assert keys.reserve_next(application.tenant, now=now, until=now + 60)
    busy = rotate(acting, application.tenant, "next")
    assert (busy.status, busy.code) == (503, "signing_key_busy")
    acting.clock.forward(61)
    make_next(acting, application.tenant)


def test_a_tenant_without_a_key_has_nothing_to_rotate(acting: House) -> None:
    answer = rotate(acting, f"keys-{secrets.token_hex(4)}", "next")
    assert (answer.status, answer.code) == (409, "no_signing_key")


def test_promoting_decides_what_new_applications_are_pinned_to(
    acting: House, application: Application
) -> None:
    following = make_next(acting, application.tenant)
    answer = rotate(acting, application.tenant, "promote", following)
    assert answer.status == 200
    assert [key["state"] for key in answer.json["signing_keys"]] == ["retiring", "current"]
    current = acting.wiring.key_maker.current(application.tenant, acting.wiring.now_utc, "R")
    assert current.key_id == following
    assert pinned_key(acting, application) == first_key(application)
    make_next(acting, application.tenant)
    assert states(acting, application.tenant) == ["retiring", "current", "next"]


@pytest.mark.parametrize("wanted", ["current", "retiring", "retired"])
def test_only_the_next_key_is_promoted(acting: House, application: Application, wanted: str) -> None:
    following = make_next(acting, application.tenant)
    rotate(acting, application.tenant, "promote", following)
    move(acting, application, following)
    acting.clock.forward(REST + 1)
    if wanted == "retired":
        rotate(acting, application.tenant, "retire", first_key(application))
    key_id = following if wanted == "current" else first_key(application)
    answer = rotate(acting, application.tenant, "promote", key_id)
    assert (answer.status, answer.code) == (409, "key_not_next")


def test_of_many_who_promote_at_once_one_does(acting: House, application: Application) -> None:
    following = make_next(acting, application.tenant)
    answers = at_once(lambda _: rotate(acting, application.tenant, "promote", following), range(6))
    assert [answer.status for answer in answers].count(200) == 1
    assert {answer.code for answer in answers if answer.status != 200} <= {
        "key_not_next",
        "signing_keys_changed",
    }
    assert states(acting, application.tenant) == ["retiring", "current"]
    assert [e["type"] for e in events_of(acting, None, application.tenant)].count("signing_key.promoted") == 1


def test_an_application_moves_to_a_key_and_back(acting: House, application: Application) -> None:
    following = make_next(acting, application.tenant)
    answer = move(acting, application, following)
    (_, new) = listed(acting, application.tenant)
    assert answer.status == 200
    assert answer.json["saml"]["certificate_sha1"] == new["certificate_sha1"]
    assert pinned_key(acting, application) == following
    rotate(acting, application.tenant, "promote", following)
    assert move(acting, application, first_key(application)).status == 200
    assert pinned_key(acting, application) == first_key(application)
    moves = events_of(acting, application.application_id, application.tenant)
    assert [event["type"] for event in moves] == ["application.signing_key_moved"] * 2
    assert {(e["details"]["previous_key_id"]["S"], e["details"]["key_id"]["S"]) for e in moves} == {
        (first_key(application), following),
        (following, first_key(application)),
    }


def test_a_move_to_the_key_that_it_has_changes_nothing(acting: House, application: Application) -> None:
    witness = Witness.of(acting)
    assert move(acting, application, first_key(application), confirmed=False).status == 200
    assert witness.written == []


def test_an_auth0_application_stays_until_auth0_is_confirmed_to_have_the_certificate(
    acting: House, application: Application
) -> None:
    """S53: Auth0 holds one certificate for a connection; the answer says all that the administrator needs."""
    following = make_next(acting, application.tenant)
    (_, new) = listed(acting, application.tenant)
    for body in ({"confirmed": False}, {}):
        answer = administer(
            acting,
            application.tenant,
            "POST_signing-key",
            {"key_id": following, **body},
            pathParameters={"application_id": application.application_id},
        )
        told = answer.json
        assert (answer.status, told["code"]) == (422, "certificate_not_confirmed")
        assert told["signing_key"]["certificate_pem"] == new["certificate_pem"]
        steps = " ".join(told["next_steps"])
        assert application.auth0 is not None
        for part in (
            application.auth0.connection_name,
            "one certificate per connection",
            "update:connections",
            new["certificate_sha1"],
            "confirmed: true",
        ):
            assert part in steps
    assert pinned_key(acting, application) == first_key(application)


def test_another_service_provider_is_told_where_and_when_the_certificate_is_published(acting: House) -> None:
    generic = acting.application(f"keys-{secrets.token_hex(4)}", integration=Integration.SAML, auth0=None)
    following = make_next(acting, generic.tenant)
    answer = move(acting, generic, following, confirmed=False)
    assert (answer.status, answer.code) == (422, "certificate_not_confirmed")
    assert generic.idp.entity_id in answer.json["next_steps"][0]
    assert "Auth0" not in " ".join(answer.json["next_steps"])


def test_a_key_stays_while_an_application_is_pinned_to_it(acting: House, application: Application) -> None:
    following = make_next(acting, application.tenant)
    rotate(acting, application.tenant, "promote", following)
    acting.clock.forward(REST + 1)
    answer = rotate(acting, application.tenant, "retire", first_key(application))
    assert (answer.status, answer.code) == (409, "key_pinned")
    assert answer.json["applications"] == [{"application_id": application.application_id, "name": "Demo"}]
    move(acting, application, following)
    assert rotate(acting, application.tenant, "retire", first_key(application)).status == 200
    assert states(acting, application.tenant) == ["retired", "current"]
    assert rotate(acting, application.tenant, "retire", first_key(application)).status == 200


@pytest.mark.parametrize("status", [ApplicationStatus.UNVERIFIED, ApplicationStatus.FAILED])
def test_applications_that_may_still_come_to_life_keep_their_key(
    acting: House, status: ApplicationStatus
) -> None:
    waiting = acting.application(f"keys-{secrets.token_hex(4)}", status=status)
    rotate(acting, waiting.tenant, "promote", make_next(acting, waiting.tenant))
    acting.clock.forward(REST + 1)
    assert rotate(acting, waiting.tenant, "retire", first_key(waiting)).code == "key_pinned"


def test_the_current_key_is_not_retired(acting: House, application: Application) -> None:
    answer = rotate(acting, application.tenant, "retire", first_key(application))
    assert (answer.status, answer.code) == (409, "key_is_current")


def test_a_key_is_not_retired_right_after_it_was_used(acting: House, application: Application) -> None:
    following = make_next(acting, application.tenant)
    move(acting, application, following)
    rotate(acting, application.tenant, "promote", following)
    answer = rotate(acting, application.tenant, "retire", first_key(application))
    assert (answer.status, answer.code, answer.headers["retry-after"]) == (409, "key_at_work", "60")


def test_nobody_moves_to_a_retired_key(acting: House, application: Application) -> None:
    following = make_next(acting, application.tenant)
    assert rotate(acting, application.tenant, "retire", following).status == 200
    answer = move(acting, application, following)
    assert (answer.status, answer.code) == (409, "key_retired")
    make_next(acting, application.tenant)
    assert states(acting, application.tenant) == ["current", "retired", "next"]


def test_a_move_and_a_retirement_at_once_never_cut_an_application_off(
    acting: House, application: Application
) -> None:
    for _ in range(4):
        following = make_next(acting, application.tenant)
        acts = [
            lambda key=following: move(acting, application, key),
            lambda key=following: rotate(acting, application.tenant, "retire", key),
        ]
        at_once(lambda act: act(), acts)
        usable = {k["key_id"] for k in listed(acting, application.tenant) if k["state"] != "retired"}
        assert pinned_key(acting, application) in usable
        if "next" in states(acting, application.tenant):
            rotate(acting, application.tenant, "promote", following)


def test_a_retired_key_signs_nothing_even_for_an_application_that_is_pinned_to_it(
    acting: House, application: Application
) -> None:
    browser = acting.browser(application)
    approve(acting, acting.person(application.tenant), browser)
    acting.wiring.stores.client.update_item(
        TableName=acting.wiring.config.signing_keys_table,
        Key={"tenant": {"S": application.tenant}, "key_id": {"S": first_key(application)}},
        UpdateExpression="SET #status = :retired",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":retired": {"S": "retired"}},
    )
    witness = Witness.of(acting)
    answers = [complete(acting, browser), fetch_metadata(acting, application)]
    assert [(answer.status, answer.code) for answer in answers] == [(503, "signing_key_missing")] * 2
    assert witness.signatures == 0


def test_an_application_that_is_still_being_connected_stays(acting: House) -> None:
    waiting = acting.application(f"keys-{secrets.token_hex(4)}", status=ApplicationStatus.CONNECTING)
    answer = move(acting, waiting, make_next(acting, waiting.tenant))
    assert (answer.status, answer.code) == (409, "application_connecting")


def test_a_foreign_application_and_a_foreign_key_are_unknown(acting: House, application: Application) -> None:
    """S02: an application is pinned only to a key of its own tenant."""
    other = acting.application(f"keys-{secrets.token_hex(4)}")
    foreign_key = move(acting, application, first_key(other))
    assert (foreign_key.status, foreign_key.code) == (404, "unknown_signing_key")
    foreign_application = administer(
        acting,
        other.tenant,
        "POST_signing-key",
        {"key_id": first_key(other), "confirmed": True},
        pathParameters={"application_id": application.application_id},
    )
    assert (foreign_application.status, foreign_application.code) == (404, "unknown_application")
    assert pinned_key(acting, application) == first_key(application)


def test_a_change_of_an_application_does_not_undo_its_move(acting: House, application: Application) -> None:
    """Whoever read it before the move writes nothing afterwards."""
    stores = acting.wiring.stores
    move(acting, application, make_next(acting, application.tenant))
    assert stores.commit(stores.applications.replacing(application)) == {0}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"action": "rotate"},
        {"action": ["next"]},
        {"action": "next", "key_id": "key_1"},
        {"action": "promote"},
        {"action": "promote", "key_id": 7},
        {"action": "retire", "key_id": ""},
        {"action": "retire", "key_id": "key_1", "force": True},
    ],
)
def test_an_act_that_cannot_be_is_malformed(
    acting: House, application: Application, body: dict[str, Any]
) -> None:
    answer = administer(acting, application.tenant, "POST_signing-keys", body)
    assert (answer.status, answer.code) == (400, "invalid_field")


@pytest.mark.parametrize("body", [{}, {"key_id": None}, {"key_id": "current", "confirmed": "true"}, {"x": 1}])
def test_a_move_that_cannot_be_is_malformed(
    acting: House, application: Application, body: dict[str, Any]
) -> None:
    parameters = {"application_id": application.application_id}
    answer = administer(acting, application.tenant, "POST_signing-key", body, pathParameters=parameters)
    assert (answer.status, answer.code) == (400, "invalid_field")


def test_the_row_that_points_to_the_keys_is_none_itself(acting: House, application: Application) -> None:
    answer = move(acting, application, "current")
    assert (answer.status, answer.code) == (404, "unknown_signing_key")


def test_a_key_that_nothing_points_to_does_not_count(acting: House, application: Application) -> None:
    """A call that died between its two writes leaves such a row."""
    witness_ring = acting.wiring.stores.signing_keys.ring(application.tenant)
    following = make_next(acting, application.tenant)
    acting.wiring.stores.client.update_item(
        TableName=acting.wiring.config.signing_keys_table,
        Key={"tenant": {"S": application.tenant}, "key_id": {"S": "current"}},
        UpdateExpression="REMOVE next_key_id",
    )
    assert acting.wiring.stores.signing_keys.ring(application.tenant) == witness_ring
    assert make_next(acting, application.tenant) != following

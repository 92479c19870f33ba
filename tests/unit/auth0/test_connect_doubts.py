"""What connect makes of a connection that is not quite as asked, or that may not exist at all."""

from typing import Any

import pytest

from passwordless.auth0.problems import OutcomeUnknown
from passwordless.model.applications import ApplicationStatus
from tests.unit.auth0.calling import connect, failed, statuses
from tests.unit.auth0.certificates import sp_metadata
from tests.unit.auth0.fakes import CLIENT_ID, a_house
from tests.unit.auth0.tenant_server import (
    BEARER,
    CREATE,
    METADATA,
    TOKEN,
    Scripted,
    TenantServer,
    reset,
    send,
    silence,
)


def test_an_application_that_is_not_enabled_is_a_warning(tenant: TenantServer) -> None:
    tenant.answers[CREATE] = lambda handler: _created(tenant, handler, enabled_clients=[])
    done = connect(a_house(tenant.url))
    assert [one["code"] for one in done.warnings] == ["needs_enable"]
    assert CLIENT_ID in done.warnings[0]["guidance"]
    assert done.next_steps[0] == done.warnings[0]["guidance"]


def test_an_answer_without_options_is_taken(tenant: TenantServer) -> None:
    tenant.answers[CREATE] = lambda handler: _created(tenant, handler, options=None)
    done = connect(a_house(tenant.url))
    assert (done.application.status, done.warnings) == (ApplicationStatus.CONNECTED, [])


def test_settings_that_auth0_repeats_otherwise_are_not_confirmed(tenant: TenantServer) -> None:
    tenant.answers[CREATE] = lambda handler: _created(
        tenant, handler, options={"signSAMLRequest": False, "thumbprints": ["00" * 20]}
    )
    done = connect(a_house(tenant.url))
    assert done.application.status is ApplicationStatus.UNVERIFIED
    assert [one["code"] for one in done.warnings] == ["unverified"]
    assert "signSAMLRequest, signingCert" in done.warnings[0]["guidance"]
    assert statuses(done.steps) == ["ok", "ok", "ok", "failed"]


@pytest.mark.parametrize(
    "metadata",
    [
        Scripted(404, {}),
        Scripted(200, "<html>"),
        Scripted(200, sp_metadata("urn:auth0:acme:other", "https://acme.auth0.com/x")),
    ],
)
def test_metadata_that_does_not_confirm_leaves_the_application_unverified(
    tenant: TenantServer, metadata: Scripted
) -> None:
    tenant.answers[METADATA] = metadata
    done = connect(a_house(tenant.url))
    assert (done.application.status, done.application.sp.certificates) == (ApplicationStatus.UNVERIFIED, ())
    assert [one["code"] for one in done.warnings] == ["unverified"]
    assert "con_0123456789ABCDEF" in done.warnings[0]["guidance"]


def test_metadata_with_another_acs_is_not_confirmed(tenant: TenantServer) -> None:
    def elsewhere(handler: Any) -> None:
        name = handler.path.split("=")[1]
        raw = sp_metadata(f"urn:auth0:acme:{name}", "https://evil.example/callback")
        send(handler, Scripted(200, raw))

    tenant.answers[METADATA] = elsewhere
    assert connect(a_house(tenant.url)).application.status is ApplicationStatus.UNVERIFIED


def test_metadata_without_a_certificate_is_not_confirmed(tenant: TenantServer) -> None:
    def bare(handler: Any) -> None:
        name = handler.path.split("=")[1]
        acs = f"{tenant.url}/login/callback?connection={name}"
        send(handler, Scripted(200, sp_metadata(f"urn:auth0:acme:{name}", acs, ())))

    tenant.answers[METADATA] = bare
    assert connect(a_house(tenant.url)).application.status is ApplicationStatus.UNVERIFIED


def test_more_scopes_than_needed_are_a_warning(tenant: TenantServer) -> None:
    scopes = "create:connections delete:users read:users <b>"
    tenant.answers[TOKEN] = Scripted(200, {"access_token": BEARER, "scope": scopes})
    done = connect(a_house(tenant.url))
    assert [one["code"] for one in done.warnings] == ["over_granted"]
    assert "can also do: delete:users, read:users." in done.warnings[0]["guidance"]


@pytest.mark.parametrize("lost", [reset, silence(1.2), Scripted(502, ""), Scripted(201, '{"id":')])
def test_a_lost_answer_is_settled_by_metadata_and_never_repeated(tenant: TenantServer, lost: Any) -> None:
    def made_then_lost(handler: Any) -> None:
        tenant.connections[tenant.calls[-1].body["name"]] = tenant.calls[-1].body
        if isinstance(lost, Scripted):
            send(handler, lost)
        else:
            lost(handler)

    tenant.answers[CREATE] = made_then_lost
    done = connect(a_house(tenant.url))
    assert done.application.status is ApplicationStatus.CONNECTED
    assert done.application.auth0 is not None
    assert done.application.auth0.connection_id is None
    assert [one["code"] for one in done.warnings] == ["needs_enable"]
    assert tenant.sequence().count(CREATE) == 1


def test_a_lost_answer_that_metadata_cannot_settle_stays_as_failed_and_names_the_application(
    tenant: TenantServer,
) -> None:
    tenant.answers[CREATE] = reset
    house = a_house(tenant.url)
    failure = failed(house)
    (row,) = house.memory.applications.rows.values()
    assert isinstance(failure, OutcomeUnknown)
    assert (failure.code, failure.status) == ("auth0_outcome_unknown", 502)
    assert row.status is ApplicationStatus.FAILED
    assert failure.extra["application_id"] == row.application_id
    assert row.auth0 is not None
    assert row.auth0.connection_name in str(failure.guidance)
    assert statuses(failure.extra["steps"]) == ["ok", "ok", "failed", "failed"]
    assert tenant.sequence().count(CREATE) == 1


def test_a_connection_that_we_cannot_record_is_told_as_one_that_exists(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    house.memory.down = 2
    failure = failed(house)
    assert isinstance(failure, OutcomeUnknown)
    assert failure.code == "auth0_connected_not_recorded"
    assert "Do not connect again" in str(failure.guidance)


def test_a_refusal_is_told_although_the_reservation_cannot_be_given_back(tenant: TenantServer) -> None:
    tenant.answers[CREATE] = Scripted(403, {"message": "Not today"})
    house = a_house(tenant.url)
    house.memory.down = 2
    assert failed(house).code == "auth0_refused"
    (row,) = house.memory.applications.rows.values()
    assert row.status is ApplicationStatus.CONNECTING


def _created(tenant: TenantServer, handler: Any, **changes: Any) -> None:
    body = tenant.calls[-1].body
    usual = tenant.usual(CREATE, "", body)
    echo = {**usual.body, **changes}
    send(handler, Scripted(201, {name: value for name, value in echo.items() if value is not None}))

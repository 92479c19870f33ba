"""Manual mode: the application is reserved, and the administrator is told what to create."""

import json
from dataclasses import replace
from typing import Any

import pytest

from passwordless.auth0 import idempotency
from passwordless.auth0.report import Connected
from passwordless.errors import Failure, Unavailable
from passwordless.model.applications import ApplicationStatus, RolloutMode
from passwordless.model.events import EventType
from passwordless.store.attempts import AttemptStatus
from tests.unit.auth0.calling import by_hand, connect, statuses
from tests.unit.auth0.fakes import ASKED, CLIENT_ID, FakeHouse, a_house, manual_fields, some_fields
from tests.unit.auth0.tenant_server import CREATE, DISCOVERY, Scripted, TenantServer

KEY = "key-0123456789"


def failed(house: FakeHouse, key: str | None = None, **changes: Any) -> Failure:
    """Prepare and return the failure."""
    with pytest.raises(Failure) as caught:
        by_hand(house, key, **changes)
    return caught.value


def with_fixed_chance(url: str) -> FakeHouse:
    """Return a house in which every name comes out the same."""
    house = a_house(url)
    fixed = replace(house, randomness=lambda n: b"\x5a" * n)
    fixed.__dict__.update(stores=house.stores, auth0=house.auth0)
    return fixed


def body_of(done: Connected) -> dict[str, Any]:
    """Return the body that is to be created by hand."""
    assert done.manual is not None
    return dict(done.manual.body)


def test_the_application_is_unverified_and_knows_no_certificate_of_auth0(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    done = by_hand(house)
    stored = house.memory.applications.rows[done.application.application_id]
    assert stored == done.application
    assert (stored.status, stored.sp.certificates) == (ApplicationStatus.UNVERIFIED, ())
    assert stored.sp.require_signed_requests
    assert stored.auth0 is not None
    assert (stored.auth0.client_id, stored.auth0.connection_id) == (CLIENT_ID, None)
    assert stored.idp.signing_key_id == "key_1"


def test_only_the_public_configuration_is_asked_for(tenant: TenantServer) -> None:
    by_hand(a_house(tenant.url))
    assert tenant.sequence() == [DISCOVERY]


@pytest.mark.parametrize(
    "changes",
    [{}, {"email_domains": ["example.com"]}, {"custom_domain": "login.acme.example"}, {"name": "$(x) ${y}"}],
)
def test_the_body_is_the_very_one_that_one_click_connect_sends(
    tenant: TenantServer, changes: dict[str, Any]
) -> None:
    connect(with_fixed_chance(tenant.url), **changes)
    assert body_of(by_hand(with_fixed_chance(tenant.url), **changes)) == tenant.sent(CREATE)


def test_the_command_and_the_terraform_block_say_what_the_body_says(tenant: TenantServer) -> None:
    done = by_hand(a_house(tenant.url))
    assert done.manual is not None
    body = body_of(done)
    assert done.manual.command == (
        "auth0 api post connections --tenant acme.auth0.com --data " + f"'{json.dumps(body)}'"
    )
    assert f'"{body["name"]}"' in done.manual.terraform


def test_the_steps_say_that_nothing_was_done_in_auth0(tenant: TenantServer) -> None:
    done = by_hand(a_house(tenant.url))
    assert statuses(done.steps) == ["ok", "skipped", "skipped", "skipped"]
    assert done.warnings == []


def test_the_next_steps_name_what_to_create_where(tenant: TenantServer) -> None:
    done = by_hand(a_house(tenant.url))
    name = body_of(done)["name"]
    create, verify, *_ = done.next_steps
    assert create.startswith(f"Create the connection {name} in tenant acme")
    assert "https://acme.auth0.com/api/v2/connections" in create
    assert "press Verify" in verify
    assert not any("rotate" in step or "{" in step for step in done.next_steps)


def test_an_event_says_who_prepared_what(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    done = by_hand(house)
    (event,) = house.memory.events.rows
    assert (event.type, event.actor) == (EventType.APPLICATION_CONNECTED, "admin|1")
    assert event.application_id == done.application.application_id
    assert event.details == {"status": "unverified", "mode": "manual"}


def test_listed_test_users_alone_may_sign_in_at_first(tenant: TenantServer) -> None:
    done = by_hand(a_house(tenant.url), test_users=["ada@example.com"])
    assert done.application.rollout.mode is RolloutMode.TEST


def test_a_domain_without_a_tenant_leaves_nothing_behind(tenant: TenantServer) -> None:
    tenant.answers[DISCOVERY] = Scripted(404, "")
    house = a_house(tenant.url)
    failure = failed(house, KEY)
    assert failure.code == "auth0_domain_unreachable"
    assert statuses(failure.extra["steps"]) == ["failed", "skipped", "skipped", "skipped"]
    assert (house.memory.applications.rows, house.memory.attempts.rows) == ({}, {})


def test_a_signing_key_that_cannot_be_made_leaves_nothing_behind(tenant: TenantServer) -> None:
    broken = Unavailable("signing_unavailable", "The tenant's signing key could not be made.", retry_after=2)
    house = a_house(tenant.url, key_failures=(broken,))
    assert failed(house, KEY) is broken
    assert (house.memory.applications.rows, house.memory.attempts.rows) == ({}, {})


def test_a_database_that_does_not_answer_leaves_the_key_free(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    house.memory.down = 1
    assert failed(house, KEY).code == "store_unavailable"
    house.memory.down = None
    assert by_hand(house, KEY).application.status is ApplicationStatus.UNVERIFIED


def test_names_that_another_application_has_are_a_conflict(tenant: TenantServer) -> None:
    house = with_fixed_chance(tenant.url)
    house.memory.applications.owners = dict.fromkeys(by_hand(house).application.sp.acs_urls, "app_other")
    assert failed(house).code == "application_exists"


def test_the_same_key_answers_the_same_application_and_the_same_body(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    first = by_hand(house, KEY, custom_domain="login.acme.example", email_domains=["example.com"])
    again = by_hand(house, KEY, custom_domain="login.acme.example", email_domains=["example.com"])
    assert again == first
    assert len(house.memory.applications.rows) == 1
    assert tenant.sequence() == [DISCOVERY]


def test_the_same_key_after_verify_tells_that_the_connection_is_there(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    made = by_hand(house, KEY).application
    house.memory.applications.rows[made.application_id] = replace(made, status=ApplicationStatus.CONNECTED)
    assert statuses(by_hand(house, KEY).steps) == ["ok", "skipped", "ok", "ok"]


@pytest.mark.parametrize("status", [ApplicationStatus.UNVERIFIED, ApplicationStatus.FAILED])
def test_the_same_key_tells_what_to_create_as_long_as_it_is_not_there(
    tenant: TenantServer, status: ApplicationStatus
) -> None:
    house = a_house(tenant.url)
    first = by_hand(house, KEY)
    made = first.application
    house.memory.applications.rows[made.application_id] = replace(made, status=status)
    again = by_hand(house, KEY)
    assert (again.manual, statuses(again.steps)) == (first.manual, ["ok", "skipped", "skipped", "skipped"])


def test_a_key_of_one_mode_is_not_one_of_the_other(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    by_hand(house, KEY)
    with pytest.raises(Failure, match="idempotency_key_reused"):
        idempotency.connect(house, some_fields(), ASKED, KEY)
    assert tenant.sequence() == [DISCOVERY]


def test_the_attempt_and_the_application_are_written_together(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    made = by_hand(house, KEY).application
    (attempt,) = house.memory.attempts.rows.values()
    assert (attempt.status, attempt.application_id) == (AttemptStatus.DONE, made.application_id)
    assert house.memory.commits == 1


def test_a_key_whose_signing_key_is_gone_is_told_so(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    made = by_hand(house, KEY).application
    gone = replace(made, idp=replace(made.idp, signing_key_id="key_gone"))
    house.memory.applications.rows[made.application_id] = gone
    with pytest.raises(Failure, match="unknown_signing_key"):
        idempotency.connect(house, manual_fields(), ASKED, KEY)

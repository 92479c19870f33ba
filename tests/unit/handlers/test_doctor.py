"""Verify, the doctor: Auth0's public metadata against what we hold, and what follows from it."""

from collections.abc import Iterator
from typing import Any

import pytest

from passwordless.model.applications import (
    RUNNING_SECONDS,
    Application,
    ApplicationStatus,
)
from tests.auth0_tenant import (
    SP_CERTIFICATE,
    an_auth0_application,
    at_tenant,
    one_check,
    press_verify,
    results,
    verified,
)
from tests.calls import Answer
from tests.house import House
from tests.service_providers import delete, patch, stored
from tests.sign_in import arrive, authn_request, by_redirect, sign_in
from tests.told import failure, response, status_codes
from tests.unit.auth0.certificates import base64_der, certificate, sp_metadata
from tests.unit.auth0.tenant_server import (
    DISCOVERY,
    METADATA,
    Scripted,
    TenantServer,
    a_tenant,
    reset,
)
from tests.unit.saml.builders import key_pair, sign_redirect
from tests.witness import events_of, just_before_the_write, nothing_written

DOUBTS: list[tuple[str, Any]] = [
    ("silence", reset),
    ("429", Scripted(429, "")),
    ("503", Scripted(503, "")),
    ("401", Scripted(401, "")),
    ("a redirect", Scripted(302, "", {"Location": "https://elsewhere.example/"})),
    ("a page", Scripted(200, "<html>")),
    ("too large", Scripted(200, b" " * 300_000)),
    ("another document", Scripted(200, "<x/>")),
]


@pytest.fixture
def tenant() -> Iterator[TenantServer]:
    """A tenant of Auth0 on loopback."""
    with a_tenant() as one:
        yield one


@pytest.fixture
def there(house: House, tenant: TenantServer) -> House:
    """The house with that tenant."""
    return at_tenant(house, tenant.url)


def acts(house: House, application: Application) -> list[str]:
    """Return the types of an application's events."""
    return sorted(event["type"] for event in events_of(house, application.application_id))


def listing(tenant: TenantServer, application: Application, **changes: Any) -> Scripted:
    """Return metadata of the application's connection, with changes."""
    held = {"entity_id": application.sp.entity_id, "acs_url": application.sp.acs_urls[0], **changes}
    return Scripted(200, sp_metadata(held["entity_id"], held["acs_url"], changes.get("certificates")))


@pytest.mark.parametrize("status", [ApplicationStatus.UNVERIFIED, ApplicationStatus.FAILED])
def test_an_application_that_metadata_confirms_is_connected_and_knows_its_certificate(
    there: House, tenant: TenantServer, status: ApplicationStatus
) -> None:
    application = an_auth0_application(there, tenant, status=status)
    answer = verified(there, application)
    now = stored(there, application)
    assert (now.status, now.sp.certificates) == (ApplicationStatus.CONNECTED, (SP_CERTIFICATE,))
    assert answer.json["application"]["status"] == "connected"
    assert set(results(answer).values()) == {"ok"}
    assert list(results(answer)) == [
        "metadata_readable",
        "entity_id",
        "acs_urls",
        "certificates",
        "signing_certificate",
        "rollout",
    ]
    assert acts(there, application) == ["application.certificates_refreshed", "application.verified"]
    assert tenant.sequence() == [METADATA]


def test_what_holds_already_is_told_and_nothing_is_written(there: House, tenant: TenantServer) -> None:
    application = an_auth0_application(
        there, tenant, status=ApplicationStatus.CONNECTED, certificates=(SP_CERTIFICATE,)
    )
    with nothing_written(there):
        answer = verified(there, application)
    assert set(results(answer).values()) == {"ok"}
    assert (answer.json["warnings"], answer.json["last_login"]) == ([], None)
    assert answer.json["next_steps"] == ["Sign in at the application with an enrolled phone."]


def test_a_certificate_that_auth0_rotated_is_taken_over_with_an_event(
    there: House, tenant: TenantServer
) -> None:
    old = key_pair().certificate
    application = an_auth0_application(there, tenant, status=ApplicationStatus.CONNECTED, certificates=(old,))
    found = one_check(verified(there, application), "certificates")
    assert stored(there, application).sp.certificates == (SP_CERTIFICATE,)
    assert acts(there, application) == ["application.certificates_refreshed"]
    assert (found["status"], found["expected"] == found["actual"]) == ("ok", False)
    assert "known from now on" in found["guidance"]


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"entity_id": "urn:auth0:acme:other"}, "entity_id"),
        ({"acs_url": "https://evil.example/callback"}, "acs_urls"),
        ({"certificates": ()}, "certificates"),
    ],
)
def test_metadata_that_does_not_agree_changes_nothing_of_an_application_that_works(
    there: House, tenant: TenantServer, change: dict[str, Any], check: str
) -> None:
    application = an_auth0_application(
        there, tenant, status=ApplicationStatus.CONNECTED, certificates=(key_pair().certificate,)
    )
    tenant.answers[METADATA] = listing(tenant, application, **change)
    with nothing_written(there):
        answer = verified(there, application)
    found = one_check(answer, check)
    assert found["status"] == "failed"
    assert found["guidance"] in answer.json["next_steps"]
    assert answer.json["application"]["status"] == "connected"


def test_what_comes_from_auth0_is_escaped_and_bounded(there: House, tenant: TenantServer) -> None:
    application = an_auth0_application(there, tenant)
    strange = "\u202e&lt;b&gt;" + "x" * 900
    tenant.answers[METADATA] = listing(tenant, application, entity_id=strange)
    actual = one_check(verified(there, application), "entity_id")["actual"]
    assert actual.startswith("\\u202e\\u003cb\\u003exxx")
    assert len(actual) == 256


def test_an_address_of_a_custom_domain_need_not_be_in_the_tenants_own_metadata(
    there: House, tenant: TenantServer
) -> None:
    application = an_auth0_application(there, tenant)
    custom = f"https://login.acme.example/callback?of={application.application_id}"
    assert patch(there, application, acs_urls=[*application.sp.acs_urls, custom]).status == 200
    assert results(verified(there, application))["acs_urls"] == "ok"


def test_an_application_without_an_address_at_its_tenant_is_not_confirmed(
    there: House, tenant: TenantServer
) -> None:
    application = an_auth0_application(there, tenant)
    elsewhere = f"https://x.example/{application.application_id}"
    assert patch(there, application, acs_urls=[elsewhere]).status == 200
    assert results(verified(there, application))["acs_urls"] == "failed"
    assert stored(there, application).status is ApplicationStatus.UNVERIFIED


@pytest.mark.parametrize("status", ["connected", "unverified", "failed", "connecting"])
@pytest.mark.parametrize("doubt", [doubt for _, doubt in DOUBTS], ids=[name for name, _ in DOUBTS])
def test_an_auth0_that_cannot_be_asked_lowers_and_changes_nothing(
    there: House, tenant: TenantServer, status: str, doubt: Any
) -> None:
    application = an_auth0_application(
        there, tenant, status=ApplicationStatus(status), certificates=(key_pair().certificate,)
    )
    there.clock.forward(RUNNING_SECONDS)
    tenant.answers[METADATA] = doubt
    with nothing_written(there):
        answer = verified(there, application)
    told = results(answer)
    assert {told[name] for name in ("metadata_readable", "entity_id", "acs_urls", "certificates")} == {
        "unknown"
    }
    doubted = ["auth0_outcome_unknown"] if status in ("failed", "connecting") else []
    assert [one["code"] for one in answer.json["warnings"]] == doubted
    assert "press Verify again" in answer.json["next_steps"][0]


@pytest.mark.parametrize("answered", [400, 404, 410])
def test_a_tenant_that_has_no_such_connection_says_so_and_nothing_that_works_is_lowered(
    there: House, tenant: TenantServer, answered: int
) -> None:
    application = an_auth0_application(there, tenant, made=False, status=ApplicationStatus.CONNECTED)
    tenant.answers[METADATA] = Scripted(answered, "")
    with nothing_written(there):
        answer = verified(there, application)
    found = one_check(answer, "metadata_readable")
    assert (found["status"], found["actual"]) == ("failed", f"status {answered}")
    assert application.auth0 is not None
    assert f"has no connection {application.auth0.connection_name}" in answer.json["next_steps"][0]
    assert tenant.sequence() == [METADATA, DISCOVERY]


@pytest.mark.parametrize("answered", [400, 404])
@pytest.mark.parametrize(
    "discovery", [reset, Scripted(404, ""), Scripted(200, {"issuer": "https://beta.auth0.com/"})]
)
def test_no_connection_counts_only_from_the_tenant_itself(
    there: House, tenant: TenantServer, answered: int, discovery: Any
) -> None:
    application = an_auth0_application(there, tenant, status=ApplicationStatus.CONNECTING)
    there.clock.forward(RUNNING_SECONDS)
    tenant.answers |= {METADATA: Scripted(answered, ""), DISCOVERY: discovery}
    with nothing_written(there):
        answer = verified(there, application)
    assert results(answer)["metadata_readable"] == "unknown"
    assert answer.json["application"]["status"] == "connecting"


@pytest.mark.parametrize(
    ("made", "after"), [(True, ApplicationStatus.CONNECTED), (False, ApplicationStatus.FAILED)]
)
def test_a_connect_that_died_is_finished_or_found_to_have_failed(
    there: House, tenant: TenantServer, made: bool, after: ApplicationStatus
) -> None:
    application = an_auth0_application(there, tenant, made=made, status=ApplicationStatus.CONNECTING)
    there.clock.forward(RUNNING_SECONDS)
    answer = verified(there, application)
    assert stored(there, application).status is after
    assert answer.json["application"]["status"] == after.value
    assert "application.verified" in acts(there, application)


def test_a_connect_that_died_with_another_connection_is_unverified(
    there: House, tenant: TenantServer
) -> None:
    application = an_auth0_application(there, tenant, status=ApplicationStatus.CONNECTING)
    there.clock.forward(RUNNING_SECONDS)
    tenant.answers[METADATA] = listing(tenant, application, entity_id="urn:auth0:acme:other")
    verified(there, application)
    now = stored(there, application)
    assert (now.status, now.sp.certificates) == (ApplicationStatus.UNVERIFIED, ())


def test_a_connect_that_may_still_run_is_left_alone(there: House, tenant: TenantServer) -> None:
    application = an_auth0_application(there, tenant, status=ApplicationStatus.CONNECTING)
    there.clock.forward(RUNNING_SECONDS - 3)
    with nothing_written(there):
        answer = press_verify(there, application.application_id)
    assert failure(answer) == (409, "connect_in_progress")
    assert answer.headers["retry-after"] == "3"
    assert tenant.sequence() == []


def test_of_two_verifies_at_once_both_tell_what_is(there: House, tenant: TenantServer) -> None:
    application = an_auth0_application(there, tenant)
    with just_before_the_write(there, lambda: verified(there, application)):
        answer = verified(there, application)
    assert answer.json["application"]["status"] == "connected"
    assert acts(there, application) == ["application.certificates_refreshed", "application.verified"]


def test_an_application_that_is_changed_in_between_keeps_both_changes(
    there: House, tenant: TenantServer
) -> None:
    application = an_auth0_application(there, tenant)
    with just_before_the_write(there, lambda: patch(there, application, name="Renamed")):
        verified(there, application)
    now = stored(there, application)
    assert (now.name, now.status) == ("Renamed", ApplicationStatus.CONNECTED)
    assert tenant.sequence() == [METADATA]


def test_after_not_ready_press_verify_the_login_works_once_verify_was_pressed(
    there: House, tenant: TenantServer
) -> None:
    """S31: the page tells the administrator the one thing that helps."""
    person = there.person()
    application = an_auth0_application(there, tenant)
    tenant.answers[METADATA] = listing(tenant, application, certificates=(key_pair().certificate_pem,))
    refused = arrive_at(there, application)
    assert failure(refused)[0] == 422
    assert "Verify" in refused.body
    verified(there, application)
    completed = sign_in(there, person, arrive(there, stored(there, application)))
    assert status_codes(response(completed)) == ["Success"]
    assert verified(there, application).json["last_login"]["type"] == "login.completed"


def arrive_at(house: House, application: Application) -> Answer:
    """Bring a signed request and return the answer, whatever it is."""
    return by_redirect(house, application.application_id, sign_redirect(authn_request(house, application)))


def test_neither_addresses_nor_what_metadata_names_are_ever_fetched(
    there: House, tenant: TenantServer
) -> None:
    application = an_auth0_application(there, tenant)
    tenant.answers[METADATA] = listing(tenant, application, acs_url=f"{tenant.url}/fetched")
    verified(there, application)
    assert tenant.sequence() == [METADATA]


def test_a_dead_connect_can_be_removed_and_cannot_be_changed(there: House, tenant: TenantServer) -> None:
    application = an_auth0_application(there, tenant, status=ApplicationStatus.CONNECTING)
    assert failure(delete(there, application)) == (409, "application_connecting")
    there.clock.forward(RUNNING_SECONDS)
    refused = patch(there, application, name="Other")
    assert (refused.code, "Verify" in refused.json["guidance"]) == ("application_connecting", True)
    assert delete(there, application).status == 200


def test_a_certificate_that_comes_in_another_order_is_no_change(there: House, tenant: TenantServer) -> None:
    two = (certificate("sp"), certificate("second"))
    held = tuple(base64_der(one) for one in two)
    application = an_auth0_application(there, tenant, status=ApplicationStatus.CONNECTED, certificates=held)
    tenant.answers[METADATA] = listing(tenant, application, certificates=(two[1], two[0]))
    with nothing_written(there):
        verified(there, application)

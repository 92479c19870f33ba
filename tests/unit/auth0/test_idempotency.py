"""POST /applications under an Idempotency-Key."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from passwordless.admin import Admin
from passwordless.auth0 import idempotency
from passwordless.auth0.asked import Asked
from passwordless.auth0.client import Auth0Client, Conversation
from passwordless.auth0.report import Connected
from passwordless.errors import Failure, Malformed
from passwordless.model.applications import RUNNING_SECONDS, ApplicationStatus
from tests.house import Clock
from tests.unit.auth0.fakes import ASKED, ORIGIN, SECRET, FakeHouse, a_house, some_fields
from tests.unit.auth0.tenant_server import CREATE, METADATA, TOKEN, Scripted, TenantServer, reset, send

KEY = "key-0123456789"


def connect(house: FakeHouse, key: str = KEY, asked: Asked = ASKED, **changes: Any) -> Connected:
    """Connect under a key."""
    return idempotency.connect(house, some_fields(**changes), asked, key)


def failed(house: FakeHouse, **changes: Any) -> Failure:
    """Connect under a key and return the failure."""
    with pytest.raises(Failure) as caught:
        connect(house, **changes)
    return caught.value


def forward(house: FakeHouse, seconds: float) -> None:
    """Let time pass."""
    assert isinstance(house.clock, Clock)
    house.clock.forward(seconds)


def test_the_same_key_gets_the_same_application_and_nothing_is_made(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    first = connect(house)
    again = connect(house)
    assert (again.application, again.test_url) == (first.application, first.test_url)
    assert [one["status"] for one in again.steps] == ["ok"] * 4
    assert tenant.sequence().count(CREATE) == 1
    assert len(house.memory.applications.rows) == 1


def test_another_secret_under_the_same_key_is_the_same_call(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    first = connect(house)
    assert connect(house, auth0_client_secret="another-secret").application == first.application


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Other"},
        {"auth0_domain": "beta.auth0.com"},
        {"auth0_client_id": "another0123"},
        {"custom_domain": "login.acme.example"},
        {"email_domains": ["example.com"]},
    ],
)
def test_other_fields_under_the_same_key_are_refused(tenant: TenantServer, changes: dict[str, str]) -> None:
    house = a_house(tenant.url)
    connect(house)
    failure = failed(house, **changes)
    assert (failure.code, failure.status) == ("idempotency_key_reused", 422)


@pytest.mark.parametrize(
    "other",
    [
        Admin("other", ASKED.admin.subject, frozenset()),
        Admin(ASKED.admin.tenant, "admin|2", frozenset()),
    ],
)
def test_a_key_is_its_owners_alone(tenant: TenantServer, other: Admin) -> None:
    house = a_house(tenant.url)
    first = connect(house)
    second = connect(house, asked=Asked(other, ORIGIN, "C2", "203.0.113.9"))
    assert second.application.application_id != first.application.application_id
    assert second.application.tenant == other.tenant


def test_without_a_key_each_call_connects(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    for _ in range(2):
        idempotency.connect(house, some_fields(), ASKED, None)
    assert tenant.sequence().count(CREATE) == 2
    assert house.memory.attempts.rows == {}


def test_a_second_call_while_the_first_runs_is_told_to_wait(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    seen: list[Failure] = []

    def meanwhile(handler: Any) -> None:
        seen.append(failed(house))
        send(handler, tenant.usual(TOKEN, "", tenant.calls[-1].body))

    tenant.answers[TOKEN] = meanwhile
    connect(house)
    assert [(one.code, one.status, one.retry_after) for one in seen] == [("connect_in_progress", 409, 2)]
    assert tenant.sequence().count(CREATE) == 1


def test_a_second_call_while_auth0_creates_is_told_to_wait(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    seen: list[str] = []

    def meanwhile(handler: Any) -> None:
        seen.append(failed(house).code)
        send(handler, tenant.usual(CREATE, "", tenant.calls[-1].body))

    tenant.answers[CREATE] = meanwhile
    connect(house)
    assert seen == ["connect_in_progress"]


def test_a_failure_before_the_create_call_is_forgotten(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    tenant.answers[TOKEN] = Scripted(401, {"error": "access_denied"})
    assert failed(house).code == "auth0_bad_credentials"
    del tenant.answers[TOKEN]
    assert connect(house).application.status is ApplicationStatus.CONNECTED


def test_a_connection_that_auth0_refused_is_forgotten(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    tenant.answers[CREATE] = Scripted(429, {})
    assert failed(house).code == "auth0_rate_limited"
    del tenant.answers[CREATE]
    assert connect(house).application.status is ApplicationStatus.CONNECTED


def test_a_lost_answer_is_remembered_and_not_tried_again(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    tenant.answers[CREATE] = reset
    first, second = failed(house), failed(house)
    assert first.code == second.code == "auth0_outcome_unknown"
    assert second.extra["application_id"] == first.extra["application_id"]
    assert tenant.sequence().count(CREATE) == 1


def test_what_was_unverified_is_told_so_again(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    tenant.answers[METADATA] = Scripted(404, "")
    connect(house)
    again = connect(house)
    assert [one["code"] for one in again.warnings] == ["unverified"]
    assert again.steps[-1]["status"] == "failed"


def test_a_call_that_died_before_the_create_call_frees_its_key_in_time(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    die(house, "token")
    assert failed(house).code == "connect_in_progress"
    forward(house, RUNNING_SECONDS + 1)
    assert connect(house).application.status is ApplicationStatus.CONNECTED


def test_a_call_that_died_after_the_create_call_is_an_unknown_outcome(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    die(house, "metadata")
    assert failed(house).code == "connect_in_progress"
    forward(house, RUNNING_SECONDS + 1)
    failure = failed(house)
    assert failure.code == "auth0_outcome_unknown"
    assert failure.extra["application_id"] in house.memory.applications.rows
    assert tenant.sequence().count(CREATE) == 1


def test_a_removed_application_does_not_come_back(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    house.memory.commit(*house.memory.applications.removing(connect(house).application))
    assert failed(house).code == "application_removed"


def test_an_attempt_never_leads_to_another_tenants_application(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    made = connect(house).application
    house.memory.applications.rows[made.application_id] = replace(made, tenant="other")
    assert failed(house).code == "application_removed"


def test_an_attempt_holds_neither_the_secret_nor_the_key(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    connect(house)
    held = repr(house.memory.attempts.rows)
    assert SECRET not in held
    assert KEY not in held


@pytest.mark.parametrize("key", ["short", "x" * 201, "with space in it", "line\nbreak-0123", "ümlaut-0123"])
def test_a_key_of_another_form_is_refused(key: str) -> None:
    with pytest.raises(Malformed, match="invalid_idempotency_key"):
        idempotency.read_key({"idempotency-key": key})


@pytest.mark.parametrize("key", ["12345678", "x" * 200, "8e03978e-40d5-43dd-bc93-6894a57f9324"])
def test_a_visible_key_is_taken(key: str) -> None:
    assert idempotency.read_key({"idempotency-key": key}) == key


def test_a_key_may_be_left_out() -> None:
    assert idempotency.read_key({}) is None


class Died(BaseException):
    """A process that ends in the middle."""


@dataclass(frozen=True)
class Dying:
    """A client in whose hands the process ends at the named call."""

    client: Auth0Client
    call: str

    @contextmanager
    def conversation(self, *arguments: Any) -> Iterator[Conversation]:
        with self.client.conversation(*arguments) as opened:
            setattr(opened, self.call, _die)
            yield opened


def _die(*_: object) -> None:
    raise Died


def die(house: FakeHouse, call: str) -> None:
    """Run a connect that ends with its process at a call."""
    living = house.auth0
    house.__dict__["auth0"] = Dying(living, call)
    with pytest.raises(Died):
        connect(house)
    house.__dict__["auth0"] = living

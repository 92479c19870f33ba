"""A process that ends anywhere in Connect leaves nothing, or an application that Verify settles."""

from collections.abc import Iterator
from typing import Any

import pytest

from passwordless.model.applications import RUNNING_SECONDS, Application, ApplicationStatus
from tests.auth0_tenant import at_tenant, press_connect, press_verify
from tests.calls import Answer
from tests.house import House
from tests.mortality import DEATHS, REFUSED, Died, dying
from tests.service_providers import a_mark, delete, stored
from tests.told import failure
from tests.unit.auth0.tenant_server import BEARER, CREATE, Scripted, TenantServer, a_tenant
from tests.witness import rows

SECRET = "MARK-secret-that-nothing-keeps"
NOTHING_SENT = tuple(DEATHS)[: tuple(DEATHS).index("after the point of no return")]


@pytest.fixture
def tenant() -> Iterator[TenantServer]:
    """A tenant of Auth0 on loopback."""
    with a_tenant() as one:
        yield one


@pytest.fixture
def there(house: House, tenant: TenantServer) -> House:
    """The house with that tenant, whose signing key is made already."""
    one = at_tenant(house, tenant.url)
    one.wiring.current_signing_key("acme", "REFERENCE")
    return one


@pytest.fixture
def key() -> str:
    """An Idempotency-Key, which is the application's name, too."""
    return a_mark()


def connect(house: House, key: str) -> Answer:
    """Press Connect with a marked secret."""
    return press_connect(house, key, name=key, auth0_client_secret=SECRET)


def killed(house: House, key: str, death: str) -> list[Application]:
    """Press Connect, let the process end, and return what it leaves."""
    with dying(house, death), pytest.raises(Died):
        connect(house, key)
    return left(house, key)


def left(house: House, key: str) -> list[Application]:
    """Return the applications of this name."""
    return [one for one in house.wiring.stores.applications.all_of_tenant("acme") if one.name == key]


def over(house: House) -> None:
    """Let as much time pass as a call of Connect can take."""
    house.clock.forward(RUNNING_SECONDS + 1)


@pytest.mark.parametrize("death", DEATHS)
def test_verify_finishes_what_is_left_or_finds_that_it_failed(
    there: House, tenant: TenantServer, key: str, death: str
) -> None:
    remains = killed(there, key, death)
    over(there)
    expected = "connected" if tenant.connections else "failed"
    for application in remains:
        answer = press_verify(there, application.application_id)
        assert answer.json["application"]["status"] == expected
    assert 1 >= len(remains) >= len(tenant.connections)
    again = connect(there, key)
    assert tenant.sequence().count(CREATE) <= 1
    if expected == "connected":
        assert again.json["application"]["application_id"] == remains[0].application_id


@pytest.mark.parametrize("death", DEATHS)
def test_the_same_key_makes_no_second_connection_and_leads_somewhere(
    there: House, tenant: TenantServer, key: str, death: str
) -> None:
    remains = killed(there, key, death)
    over(there)
    again = connect(there, key)
    assert tenant.sequence().count(CREATE) <= 1
    assert len(tenant.connections) <= 1
    if death in NOTHING_SENT or death == "after the record":
        assert again.status == 201, again.body
    else:
        assert failure(again) == (502, "auth0_outcome_unknown")
        assert again.json["application_id"] == remains[0].application_id
        assert "press Verify" in again.json["guidance"]


@pytest.mark.parametrize("death", DEATHS)
def test_while_the_call_could_still_run_nothing_else_touches_its_application(
    there: House, tenant: TenantServer, key: str, death: str
) -> None:
    connecting = [one for one in killed(there, key, death) if one.status is ApplicationStatus.CONNECTING]
    before = tenant.sequence()
    for application in connecting:
        assert failure(press_verify(there, application.application_id)) == (409, "connect_in_progress")
        assert failure(delete(there, application)) == (409, "application_connecting")
    if death != "before anything" and death != "after the record":
        assert failure(connect(there, key)) == (409, "connect_in_progress")
        assert tenant.sequence() == before


@pytest.mark.parametrize("death", DEATHS)
def test_what_is_left_can_be_removed_and_the_key_does_not_bring_it_back(
    there: House, tenant: TenantServer, key: str, death: str
) -> None:
    remains = killed(there, key, death)
    over(there)
    for application in remains:
        assert delete(there, stored(there, application)).status == 200
        assert mentions(there, application.application_id) == []
    assert left(there, key) == []
    connect(there, key)
    assert tenant.sequence().count(CREATE) <= 1


@pytest.mark.parametrize("death", DEATHS)
def test_neither_the_secret_nor_the_token_stays_behind(
    there: House, key: str, death: str, capfd: pytest.CaptureFixture[str]
) -> None:
    killed(there, key, death)
    written = "".join([*rows(there), *capfd.readouterr()])
    assert [one for one in (SECRET, BEARER) if one in written] == []


@pytest.mark.parametrize("death", REFUSED)
def test_a_process_that_ends_while_it_clears_up_leaves_nothing_that_verify_does_not_settle(
    there: House, tenant: TenantServer, key: str, death: str
) -> None:
    tenant.answers[CREATE] = Scripted(403, {"message": "Not today"})
    remains = killed(there, key, death)
    over(there)
    assert len(remains) == (1 if death == "before the reservation is given back" else 0)
    for application in remains:
        answer = press_verify(there, application.application_id)
        assert answer.json["application"]["status"] == "failed"
        assert delete(there, stored(there, application)).status == 200
    free = death == "after the key is given back"
    assert connect(there, key).code == ("auth0_refused" if free else "application_removed")


def mentions(house: House, application_id: str) -> list[Any]:
    """Return the rows of the applications table about an application, the owned names among them."""
    table = house.wiring.config.applications_table
    pages = house.wiring.stores.client.get_paginator("scan").paginate(TableName=table)
    return [item for page in pages for item in page["Items"] if application_id in str(item)]

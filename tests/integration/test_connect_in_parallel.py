"""Fifty presses of Connect at once, against a tenant that takes two calls a second."""

import pytest

from passwordless.auth0.client import Auth0Client
from passwordless.auth0.transport import Limits
from passwordless.wiring import Wiring
from tests.calls import Answer
from tests.integration.against_double import connect
from tests.integration.auth0_double.process import Double
from tests.parallel import at_once

MANY = 50


@pytest.fixture
def patient(wiring: Wiring) -> Wiring:
    """The wiring with time for fifty calls in one process; its client and the signing key are there already."""
    limits = Limits(read_seconds=60, call_seconds=60)
    wiring.__dict__["auth0"] = Auth0Client(local=True, overall_seconds=120, limits=limits)
    wiring.current_signing_key("acme", "REFERENCE")
    return wiring


def names(double: Double) -> list[str]:
    """Return the names of the connections that Auth0 has."""
    return [one["name"] for one in double.state()["connections"]]


def known(wiring: Wiring) -> dict[str, str]:
    """Return the status of each application of the tenant, by its connection's name."""
    rows = wiring.stores.applications.all_of_tenant("acme")
    return {one.auth0.connection_name: one.status.value for one in rows if one.auth0}


def test_fifty_calls_with_one_key_make_one_connection(patient: Wiring, double: Double) -> None:
    answers = at_once(lambda _: connect(patient, double, key="key-of-fifty-at-once"), range(MANY))
    assert len(names(double)) == 1
    made = {one.json["application"]["application_id"] for one in answers if one.status == 201}
    waiting = [one for one in answers if one.status != 201]
    assert len(made) == 1
    assert {(one.status, one.code) for one in waiting} <= {(409, "connect_in_progress")}
    assert all("retry-after" in one.headers for one in waiting)
    assert double.state()["calls"]["connections"] == 1


def test_fifty_keys_under_two_calls_a_second_end_in_a_connection_or_a_time_to_retry(
    patient: Wiring, double: Double
) -> None:
    before = known(patient)
    double.settings(management_per_second=2)
    keys = [f"key-of-many-{number}" for number in range(MANY)]
    answers = at_once(lambda key: connect(patient, double, key=key), keys)
    made = [one for one in answers if one.status == 201]
    limited = [one for one in answers if one.status != 201]
    assert {(one.status, one.code) for one in limited} == {(429, "auth0_rate_limited")}
    assert all(waited(one) for one in limited)
    assert len(made) == len(names(double)) > 0
    assert sorted(known(patient).keys() - before.keys()) == sorted(names(double))

    double.settings(management_per_second=0)
    again = at_once(lambda key: connect(patient, double, key=key), keys)
    assert [one.status for one in again] == [201] * MANY
    assert len(names(double)) == MANY
    assert {one.json["application"]["status"] for one in again} == {"connected"}


def waited(answer: Answer) -> bool:
    """Tell whether an answer says when to come back, in its header and in words."""
    seconds = answer.headers["retry-after"]
    return int(seconds) >= 1 and f"Retry after {seconds} seconds." in answer.json["guidance"]


def test_the_straight_path_takes_four_calls_to_auth0(patient: Wiring, double: Double) -> None:
    assert connect(patient, double).status == 201
    assert double.state()["sequence"] == ["openid", "token", "connections", "metadata"]

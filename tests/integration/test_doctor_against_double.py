"""Verify against the Auth0 double: what it publishes of a connection, and what it answers when there is none."""

from typing import Any

import pytest

from passwordless.wiring import Wiring
from tests.auth0_tenant import one_check, results
from tests.calls import Answer
from tests.integration.against_double import connect, verify
from tests.integration.auth0_double.process import Double


def connected(wiring: Wiring, double: Double) -> str:
    """Connect and return the application's id."""
    answer = connect(wiring, double)
    assert answer.status == 201, answer.body
    return str(answer.json["application"]["application_id"])


def certificates(answer: Answer) -> list[str]:
    """Return the service provider's certificates that an application has."""
    return list(answer.json["application"]["sp"]["certificates"])


def test_a_fresh_connection_holds_in_every_check(wiring: Wiring, double: Double) -> None:
    application_id = connected(wiring, double)
    answer = verify(wiring, application_id)
    assert set(results(answer).values()) == {"ok"}
    assert answer.json["warnings"] == []
    assert double.state()["calls"]["metadata"] == 2
    assert double.state()["calls"]["token"] == 1


def test_a_certificate_that_auth0_rotated_is_taken_over(wiring: Wiring, double: Double) -> None:
    application_id = connected(wiring, double)
    before = certificates(verify(wiring, application_id))
    double.settings(rotate_sp_key=True)
    after = certificates(verify(wiring, application_id))
    assert len(after) == 1
    assert after != before


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ({"entity_id": "urn:auth0:acme:other"}, "entity_id"),
        ({"acs_url": "https://evil.example/"}, "acs_urls"),
        ({"certificates": "none"}, "certificates"),
    ],
)
def test_what_auth0_publishes_otherwise_is_named_and_trusted_in_nothing(
    wiring: Wiring, double: Double, fault: dict[str, Any], check: str
) -> None:
    application_id = connected(wiring, double)
    before = certificates(verify(wiring, application_id))
    double.fault("metadata", **fault)
    answer = verify(wiring, application_id)
    assert one_check(answer, check)["status"] == "failed"
    assert (answer.json["application"]["status"], certificates(answer)) == ("connected", before)


def test_an_unverified_application_becomes_connected(wiring: Wiring, double: Double) -> None:
    double.fault("metadata", unknown=True)
    application_id = connected(wiring, double)
    assert verify(wiring, application_id).json["application"]["status"] == "unverified"
    double.settings(faults={"metadata": None})
    assert verify(wiring, application_id).json["application"]["status"] == "connected"


def test_a_lost_connect_becomes_connected_once_auth0_shows_its_connection(
    wiring: Wiring, double: Double
) -> None:
    double.settings(
        faults={"connections": {"reset": True, "after_commit": True}, "metadata": {"status": 503}}
    )
    lost = connect(wiring, double)
    assert lost.code == "auth0_outcome_unknown"
    double.settings(faults={"connections": None, "metadata": None})
    answer = verify(wiring, lost.json["application_id"])
    assert answer.json["application"]["status"] == "connected"
    assert [one["code"] for one in answer.json["warnings"]] == ["needs_enable"]


@pytest.mark.parametrize(
    ("faults", "status"),
    [
        ({"metadata": {"unknown": True}}, "failed"),
        ({"metadata": {"status": 400}}, "failed"),
        ({"metadata": {"unknown": True}, "openid": {"status": 503}}, "unknown"),
        ({"metadata": {"html": 200}}, "unknown"),
        ({"metadata": {"html": 404}, "openid": {"html": 200}}, "unknown"),
        ({"metadata": {"status": 429}}, "unknown"),
        ({"metadata": {"truncate": True}}, "unknown"),
        ({"metadata": {"redirect": "https://elsewhere.example/"}}, "unknown"),
    ],
)
def test_a_connection_that_auth0_does_not_show_is_told_from_an_auth0_that_cannot_be_asked(
    wiring: Wiring, double: Double, faults: dict[str, Any], status: str
) -> None:
    application_id = connected(wiring, double)
    double.settings(faults=faults)
    answer = verify(wiring, application_id)
    assert one_check(answer, "metadata_readable")["status"] == status
    assert answer.json["application"]["status"] == "connected"

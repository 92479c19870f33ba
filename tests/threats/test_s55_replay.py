"""S55: an AuthnRequest is taken once, however long its row is overdue."""

from typing import Any

from passwordless.saml.checks import LIFETIME, SKEW
from tests.house import House
from tests.sign_in import authn_request, begun, by_redirect
from tests.told import failure
from tests.unit.saml.builders import sign_redirect
from tests.witness import nothing_written

QUARTER = 15 * 60


def replay_row(house: House, session_id: str) -> dict[str, Any]:
    """Return the row that remembers the request of a session."""
    pages = house.wiring.stores.client.get_paginator("scan").paginate(
        TableName=house.wiring.config.replays_table,
        FilterExpression="session_id = :id",
        ExpressionAttributeValues={":id": {"S": session_id}},
    )
    (row,) = [item for page in pages for item in page["Items"]]
    return row


def test_a_row_past_its_time_to_live_still_refuses(house: House) -> None:
    """DynamoDB may keep an expired row for two days, and a row that is there is a replay."""
    application = house.application()
    query = sign_redirect(authn_request(house, application))
    browser = begun(house, by_redirect(house, application.application_id, query))
    row = replay_row(house, browser.session.session_id)
    house.wiring.stores.client.update_item(
        TableName=house.wiring.config.replays_table,
        Key={"pk": row["pk"]},
        UpdateExpression="SET #ttl = :past",
        ExpressionAttributeNames={"#ttl": "ttl"},
        ExpressionAttributeValues={":past": {"N": str(house.wiring.now - 86_400)}},
    )

    with nothing_written(house, browser):
        answer = by_redirect(house, application.application_id, query)

    assert failure(answer) == (409, "request_replayed")


def test_a_row_outlives_the_time_in_which_its_request_is_taken(house: House) -> None:
    application = house.application()
    query = sign_redirect(authn_request(house, application))
    browser = begun(house, by_redirect(house, application.application_id, query))

    time_to_live = int(replay_row(house, browser.session.session_id)["ttl"]["N"])

    assert time_to_live >= house.wiring.now + QUARTER
    assert (LIFETIME + SKEW + SKEW).total_seconds() < QUARTER


def test_the_last_moment_at_which_a_request_is_fresh_it_is_still_a_replay(house: House) -> None:
    application = house.application()
    query = sign_redirect(authn_request(house, application))
    by_redirect(house, application.application_id, query)
    house.clock.forward((LIFETIME + SKEW).total_seconds())
    assert failure(by_redirect(house, application.application_id, query)) == (409, "request_replayed")
    house.clock.forward(1)
    assert failure(by_redirect(house, application.application_id, query)) == (410, "saml_request_expired")

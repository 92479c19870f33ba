"""What an administrator reads after one-click connect."""

import pytest

from tests.unit.auth0.calling import by_hand, connect
from tests.unit.auth0.fakes import CLIENT_ID, a_house
from tests.unit.auth0.tenant_server import TOKEN, Scripted, TenantServer


def read(tenant: TenantServer, **changes: object) -> list[str]:
    """Connect and return the next steps."""
    return connect(a_house(tenant.url), **changes).next_steps


def place(steps: list[str], words: str) -> int:
    """Return the place of the one step that has these words."""
    (found,) = [number for number, step in enumerate(steps) if words in step]
    return found


def test_the_secret_is_rotated_and_the_permission_removed_before_the_first_login(
    tenant: TenantServer,
) -> None:
    steps = read(tenant, test_users=["ada@example.com"])
    order = [
        place(steps, words)
        for words in (
            "rotate the Client Secret",
            "untick create:connections",
            "test user",
            "test link",
            "to everyone",
        )
    ]
    assert order == sorted(order)
    assert f"Applications > your app (Client ID {CLIENT_ID}) > Settings" in steps[order[0]]
    assert "Applications > APIs > Auth0 Management API > Machine to Machine" in steps[order[1]]


def test_what_became_of_the_token_is_told(tenant: TenantServer) -> None:
    steps = read(tenant)
    told = steps[place(steps, "The token that Auth0 issued")]
    assert "was discarded and expires by itself within 24 hours" in told


def test_each_tenant_is_said_to_need_its_own_connection(tenant: TenantServer) -> None:
    last = read(tenant)[-1]
    assert "sandbox" in last
    assert "in tenant acme only" in last
    assert "add an application here for each tenant" in last


def test_a_second_way_into_auth0_comes_before_everyone(tenant: TenantServer) -> None:
    steps = read(tenant, test_users=["ada@example.com"])
    assert place(steps, "keep a second way into Auth0") < place(steps, "to everyone")


def test_without_test_users_nothing_is_said_of_opening(tenant: TenantServer) -> None:
    assert not any("to everyone" in step for step in read(tenant))


def test_permissions_that_are_too_many_are_removed_too(tenant: TenantServer) -> None:
    tenant.answers[TOKEN] = Scripted(
        200, {"access_token": "token", "scope": "create:connections delete:users", "token_type": "Bearer"}
    )
    assert "can also do: delete:users" in read(tenant)[0]


@pytest.mark.parametrize("users", [[], ["ada@example.com"]])
def test_every_name_is_filled_in(tenant: TenantServer, users: list[str]) -> None:
    house = a_house(tenant.url)
    for done in (connect(house, test_users=users), by_hand(house, test_users=users)):
        assert not [step for step in done.next_steps if "{" in step or "None" in step]

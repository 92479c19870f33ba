"""Every administrator's operation, called with a token by what fits the contract and what does not, keeps it."""

from collections.abc import Iterator

import pytest

from local.stack import Stack
from tests.integration.contract_calls import EXAMPLES, Caller, is_admins, operations, report


@pytest.fixture(scope="module")
def caller(stack: Stack) -> Iterator[Caller]:
    """An administrator of a tenant of its own; with -s a table tells how often each operation was called."""
    one = Caller.of(stack)
    yield one
    print(report(one))


@pytest.mark.parametrize("route", [route for route in operations() if is_admins(route)])
def test_an_operation_keeps_its_contract(caller: Caller, route: str) -> None:
    caller.try_out(route)
    assert caller.counts[route] >= EXAMPLES

"""Every operation, called without a token by what fits its contract and what does not, keeps it; nothing else is."""

from collections.abc import Iterator

import pytest

from local.stack import Stack
from tests.contract import document
from tests.integration.contract_calls import EXAMPLES, Caller, is_admins, operations, report
from tests.stack_calls import call

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE")


@pytest.fixture(scope="module")
def caller(stack: Stack) -> Iterator[Caller]:
    """Somebody without a token; with -s a table tells how often each operation was called."""
    one = Caller.of(stack, anonymous=True)
    yield one
    print(report(one))


@pytest.mark.parametrize("route", operations())
def test_an_operation_keeps_its_contract(caller: Caller, route: str) -> None:
    caller.try_out(route)
    assert caller.counts[route] >= EXAMPLES
    assert not is_admins(route) or set(caller.statuses[route]) <= {401, 404}


@pytest.mark.parametrize("path", document()["paths"])
def test_no_method_is_served_that_is_not_in_the_contract(stack: Stack, path: str) -> None:
    others = [one for one in METHODS if one.lower() not in document()["paths"][path]]
    answers = {one: call(stack, one, path, token=stack.admin_token).status_code for one in others}
    assert answers == dict.fromkeys(others, 404)

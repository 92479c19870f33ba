"""The page and the server together: few polls, little delay, shown by the page's own script on a clock of its own."""

import statistics

import pytest

from bench.polling import MAX_DELAY, MAX_POLLS, Visit, simulate


@pytest.fixture(scope="module")
def visits() -> list[Visit]:
    return simulate(400)


def test_a_login_costs_few_polls(visits: list[Visit]) -> None:
    assert 5 < statistics.mean(visit.polls for visit in visits) <= MAX_POLLS


def test_the_page_knows_of_an_approval_soon(visits: list[Visit]) -> None:
    delays = [visit.delay for visit in visits if visit.delay is not None]
    assert len(delays) > 300
    assert min(delays) >= 0
    assert 0.2 < statistics.mean(delays) <= MAX_DELAY

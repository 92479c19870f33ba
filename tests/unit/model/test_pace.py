"""A page that runs wild is slowed down; an honest one never notices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless.model.pace import BURST, MAX_LOGINS, PER_SECOND, Pace
from passwordless.model.polling import jittered

LOGIN = "ABCDEFGHIJKLMNOP"
FASTEST = jittered(800, 0) / 1000


def test_a_burst_is_admitted_and_then_the_browser_waits() -> None:
    pace = Pace()
    assert [pace.wait(LOGIN, 0.0) for _ in range(int(BURST) + 2)] == [0] * int(BURST) + [1, 1]


def test_whoever_waits_as_told_is_admitted() -> None:
    pace = Pace()
    now = 0.0
    for _ in range(200):
        wait = pace.wait(LOGIN, now)
        if wait:
            assert pace.wait(LOGIN, now + wait) == 0
        now += wait


@pytest.mark.parametrize("tabs", [1, 2, 3])
def test_the_fastest_schedule_of_a_page_never_waits(tabs: int) -> None:
    """Eager for 15 s after the scan, then calm to the end of the claim; every tab that shows the login asks."""
    eager = [turn * FASTEST for turn in range(int(15 / FASTEST))]
    calm = [15 + turn * 1.8 for turn in range(60)]
    pace = Pace()
    assert {pace.wait(LOGIN, now) for now in (*eager, *calm) for _ in range(tabs)} == {0}


def test_one_login_does_not_slow_another() -> None:
    pace = Pace()
    while not pace.wait(LOGIN, 0.0):
        pass
    assert pace.wait("OTHER", 0.0) == 0


def test_the_memory_is_bounded_and_forgets_the_login_that_asked_longest_ago() -> None:
    pace = Pace()
    while not pace.wait(LOGIN, 0.0):
        pass
    for number in range(MAX_LOGINS):
        pace.wait(str(number), 0.0)
    assert pace.wait(LOGIN, 0.0) == 0


@given(st.lists(st.floats(min_value=0, max_value=5), max_size=200))
def test_no_pattern_gets_more_than_the_burst_and_the_rate(pauses: list[float]) -> None:
    pace = Pace()
    now, admitted = 0.0, 0
    for pause in pauses:
        now += pause
        admitted += pace.wait(LOGIN, now) == 0
    assert admitted <= BURST + now * PER_SECOND + 1e-6


def test_a_clock_that_goes_back_gives_nothing() -> None:
    pace = Pace()
    while not pace.wait(LOGIN, 100.0):
        pass
    assert pace.wait(LOGIN, 0.0) == 1

"""The polling schedule: few polls, little delay, steered by the server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless.model.polling import FIRST_MS, interval_ms, jittered
from passwordless.model.sessions import LIFETIME, OPEN, Status
from tests.unit.model.builders import NOW, a_claim, a_session

BYTES = st.integers(min_value=0, max_value=255)


def test_the_first_poll_comes_after_three_seconds() -> None:
    assert FIRST_MS == 3000


@pytest.mark.parametrize(
    ("age", "expected"),
    [(0, 2000), (29, 2000), (30, 3000), (89, 3000), (90, 5000), (LIFETIME - 1, 5000)],
)
def test_a_browser_that_waits_for_a_scan_asks_ever_more_rarely(age: int, expected: int) -> None:
    assert interval_ms(a_session(), NOW + age) == expected


@pytest.mark.parametrize(("since", "expected"), [(0, 800), (14, 800), (15, 2000), (119, 2000)])
def test_after_the_scan_it_asks_eagerly_and_then_calmly(since: int, expected: int) -> None:
    session = a_session(status=Status.SCANNED, claim=a_claim(scanned_at=NOW + 200))
    assert interval_ms(session, NOW + 200 + since) == expected


def test_a_new_generation_begins_the_schedule_anew() -> None:
    session = a_session(generation=1, generation_at=NOW + 200)
    assert interval_ms(a_session(), NOW + 201) == 5000
    assert interval_ms(session, NOW + 201) == 2000


@pytest.mark.parametrize("status", sorted(frozenset(Status) - {Status.PENDING, Status.SCANNED}))
def test_a_browser_stops_when_there_is_nothing_more_to_ask(status: Status) -> None:
    assert interval_ms(a_session(status=status), NOW) == 0


@pytest.mark.parametrize("status", sorted(OPEN))
def test_a_browser_stops_when_the_login_has_expired(status: Status) -> None:
    session = a_session(status=status, claim=a_claim())
    assert interval_ms(session, session.expires_at) == 0


class TestJitter:
    @given(st.integers(min_value=1, max_value=5000), BYTES)
    def test_it_moves_an_interval_by_a_tenth_at_most(self, interval: int, byte: int) -> None:
        assert round(interval * 0.9) <= jittered(interval, byte) <= round(interval * 1.1)

    def test_it_reaches_a_tenth_either_way(self) -> None:
        assert (jittered(2000, 0), jittered(2000, 255)) == (1800, 2200)

    def test_it_is_even_on_average(self) -> None:
        assert sum(jittered(2000, byte) for byte in range(256)) / 256 == pytest.approx(2000, abs=1)

    @given(BYTES)
    def test_stop_stays_stop(self, byte: int) -> None:
        assert jittered(0, byte) == 0

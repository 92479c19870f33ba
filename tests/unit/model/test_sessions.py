"""A login session's clock: open sessions expire, ended ones stay what they are."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless.model.sessions import LIFETIME, OPEN, UNSUCCESSFUL, Status
from tests.unit.model.builders import NOW, a_session

AGES = st.integers(min_value=0, max_value=2 * LIFETIME)


class TestStatusAt:
    @pytest.mark.parametrize("status", sorted(OPEN))
    def test_an_open_session_is_expired_from_its_end_on(self, status: Status) -> None:
        session = a_session(status=status)
        assert session.status_at(session.expires_at - 1) is status
        assert session.status_at(session.expires_at) is Status.EXPIRED

    @pytest.mark.parametrize("status", sorted(frozenset(Status) - OPEN))
    def test_an_ended_session_stays_what_it_is_for_ever(self, status: Status) -> None:
        session = a_session(status=status)
        assert session.status_at(session.expires_at + 86400) is status

    @given(st.sampled_from(sorted(Status)), AGES, AGES)
    def test_time_alone_never_opens_a_session_again(self, status: Status, one: int, other: int) -> None:
        session = a_session(status=status)
        earlier, later = sorted((one, other))
        if session.status_at(NOW + earlier) not in OPEN:
            assert session.status_at(NOW + later) is session.status_at(NOW + earlier)

    def test_every_status_is_open_unsuccessful_or_completed(self) -> None:
        assert OPEN | UNSUCCESSFUL | {Status.COMPLETED} == frozenset(Status)
        assert not OPEN & UNSUCCESSFUL


class TestEndAfter:
    def test_a_step_early_in_the_login_lasts_its_own_time(self) -> None:
        assert a_session().end_after(120, NOW + 10) == NOW + 130

    def test_a_step_late_in_the_login_ends_with_it(self) -> None:
        assert a_session().end_after(120, NOW + 550) == NOW + LIFETIME

    @given(AGES, st.integers(min_value=1, max_value=LIFETIME))
    def test_no_step_ends_after_the_login(self, age: int, lifetime: int) -> None:
        assert a_session().end_after(lifetime, NOW + age) <= NOW + LIFETIME

    def test_an_end_that_was_moved_before_does_not_count(self) -> None:
        """The phone scanned (120 s) and then approved: the approval has its own 120 s."""
        session = replace(a_session(), expires_at=NOW + 130)
        assert session.end_after(120, NOW + 100) == NOW + 220

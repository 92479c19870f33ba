"""A bound on CPU time fails for what is slow, and only for that."""

import time

import pytest

from tests.cpu_time import REPEATS, within


def burn(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_what_is_slow_every_time_fails() -> None:
    with pytest.raises(AssertionError, match=r"0\.01 s of CPU time allowed"):
        within(0.01, lambda: burn(0.02))


def test_a_slow_refusal_fails_by_its_time() -> None:
    def refuse() -> None:
        burn(0.02)
        raise ValueError

    with pytest.raises(AssertionError):
        within(0.01, refuse)


def test_what_was_slow_once_passes_with_its_first_outcome() -> None:
    runs: list[int] = []

    def run() -> int:
        runs.append(len(runs))
        burn(0.05 if len(runs) == 1 else 0)
        return runs[-1]

    assert within(0.04, run) == 0
    assert 2 <= len(runs) <= REPEATS + 1


def test_what_is_raised_in_time_is_raised() -> None:
    def refuse() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        within(1, refuse)

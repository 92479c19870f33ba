"""A block: whom it stops, and until when."""

import pytest

from passwordless.model.blocks import Block

NOW = 1_800_000_000


@pytest.mark.parametrize(
    ("reporters", "user", "stopped"),
    [
        ({"ada"}, "ada", True),
        ({"ada"}, "bob", False),
        ({"ada", "bob"}, "eve", False),
        ({"ada", "bob", "eve"}, "eve", True),
        ({"ada", "bob", "eve"}, "zoe", True),
    ],
)
def test_a_reporter_is_stopped_and_after_three_everybody(
    reporters: set[str], user: str, *, stopped: bool
) -> None:
    block = Block(frozenset(reporters), NOW + 10)
    assert block.stops(user, NOW) is stopped
    assert block.stops(user, NOW + 9) is stopped
    assert not block.stops(user, NOW + 10)

"""The life of a tenant's signing keys, walked at random: no walk cuts an application off."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from passwordless.errors import Conflict, Failure, NotFound
from passwordless.model.signing_keys import REST, KeyRing, SigningKey, SigningKeyStatus

CURRENT, NEXT = SigningKeyStatus.CURRENT, SigningKeyStatus.NEXT
RETIRING, RETIRED = SigningKeyStatus.RETIRING, SigningKeyStatus.RETIRED
ORDER = [NEXT, CURRENT, RETIRING, RETIRED]
NOW = 1_800_000_000


def a_key(key_id: str = "key_1", status: SigningKeyStatus = CURRENT, pinned: int | None = None) -> SigningKey:
    return SigningKey(key_id, "acme", "arn", "pem", status, NOW, NOW + 9, pinned)


def a_ring(*statuses: SigningKeyStatus) -> KeyRing:
    return KeyRing(tuple(a_key(f"key_{n}", status) for n, status in enumerate(statuses, 1)))


def statuses(ring: KeyRing) -> list[SigningKeyStatus]:
    return [key.status for key in ring.keys]


def test_a_rotation_goes_through_all_states() -> None:
    ring = a_ring(CURRENT).add_next(a_key("key_2"))
    assert statuses(ring) == [CURRENT, NEXT]
    ring = ring.promote("key_2", NOW)
    assert statuses(ring) == [RETIRING, CURRENT]
    assert statuses(ring.retire("key_1", NOW + REST + 1)) == [RETIRED, CURRENT]


def test_a_next_key_that_shall_not_be_used_is_retired_at_once() -> None:
    assert statuses(a_ring(CURRENT, NEXT).retire("key_2", NOW)) == [CURRENT, RETIRED]


@pytest.mark.parametrize("after", [0, 1, REST])
def test_a_key_rests_before_it_is_retired(after: int) -> None:
    """Somebody may still be pinning an application to it."""
    rings = [a_ring(CURRENT, NEXT).promote("key_2", NOW), a_ring(RETIRING, CURRENT).pin("key_1", NOW)]
    for ring in rings:
        with pytest.raises(Conflict) as caught:
            ring.retire("key_1", NOW + after)
        assert caught.value.code == "key_at_work"
        assert ring.retire("key_1", NOW + REST + 1).key("key_1").status is RETIRED


@pytest.mark.parametrize("status", [CURRENT, RETIRING, RETIRED])
def test_only_the_next_key_is_promoted(status: SigningKeyStatus) -> None:
    ring = a_ring(status) if status is CURRENT else a_ring(status, CURRENT)
    with pytest.raises(Conflict) as caught:
        ring.promote("key_1", NOW)
    assert caught.value.code == "key_not_next"


def test_an_unknown_key_is_not_found() -> None:
    ring = a_ring(CURRENT)
    for act in (ring.promote, ring.pin, ring.retire):
        with pytest.raises(NotFound):
            act("key_9", NOW)


def test_nothing_can_follow_where_nothing_is() -> None:
    with pytest.raises(Conflict) as caught:
        KeyRing().add_next(a_key())
    assert caught.value.code == "no_signing_key"


@given(st.sampled_from([NEXT, CURRENT, RETIRING]))
def test_a_usable_key_takes_applications(status: SigningKeyStatus) -> None:
    ring = KeyRing((a_key("key_1", status),))
    assert ring.pin("key_1", NOW + 5).key("key_1") == replace(ring.keys[0], last_pinned_at=NOW + 5)


class AnyWalk(RuleBasedStateMachine):
    """Acts in any order, by administrators who look at nothing; applications are pinned as the use-case does it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.made = 1
        self.pinned: dict[int, str] = {}

    @initialize()
    def begin(self) -> None:
        self.ring = a_ring(CURRENT)

    @rule(seconds=st.integers(0, 2 * REST))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule()
    def add_next(self) -> None:
        self.made += 1
        self._attempt(lambda: self.ring.add_next(a_key(f"key_{self.made}")))

    @rule(number=st.integers(1, 6))
    def promote(self, number: int) -> None:
        self._attempt(lambda: self.ring.promote(f"key_{number}", self.now))

    @rule(number=st.integers(1, 6))
    def retire(self, number: int) -> None:
        if f"key_{number}" not in self.pinned.values():
            self._attempt(lambda: self.ring.retire(f"key_{number}", self.now))

    @rule()
    def add_an_application(self) -> None:
        current = self.ring.current_key
        assert current is not None
        self.pinned[len(self.pinned)] = current.key_id

    @precondition(lambda self: self.pinned)
    @rule(number=st.integers(1, 6), data=st.data())
    def move_an_application(self, number: int, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(sorted(self.pinned)))
        if self._attempt(lambda: self.ring.pin(f"key_{number}", self.now)):
            self.pinned[one] = f"key_{number}"

    def _attempt(self, act: Callable[[], KeyRing]) -> bool:
        before = {key.key_id: ORDER.index(key.status) for key in self.ring.keys}
        try:
            self.ring = act()
        except Failure:
            return False
        assert all(ORDER.index(self.ring.key(key_id).status) >= place for key_id, place in before.items())
        return True

    @invariant()
    def one_key_is_current_and_at_most_one_is_next(self) -> None:
        assert statuses(self.ring).count(CURRENT) == 1
        assert statuses(self.ring).count(NEXT) <= 1

    @invariant()
    def every_application_has_a_key_that_metadata_lists(self) -> None:
        listed = {key.key_id for key in self.ring.usable}
        assert set(self.pinned.values()) <= listed


TestAnyWalk = AnyWalk.TestCase

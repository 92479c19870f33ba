"""Frames: the QR code's token changes every five seconds and is taken for fifteen."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless.model.sessions import LIFETIME
from passwordless.phone import frames
from passwordless.phone.frames import Freshness, Motion, Reading

KEY = b"k" * 32
SESSION = "ABCDEFGHIJKLMNOP"
START = 1_800_000_000
FRAME_SECONDS, ACCEPTED_SECONDS = 5, 15
FRAMES = st.integers(min_value=0, max_value=LIFETIME // FRAME_SECONDS - 1)
SECONDS = st.integers(min_value=0, max_value=LIFETIME - 1)


def shown_at(second: int, generation: int = 0) -> str:
    """Return the token in the QR code that a page shows a login's `second`."""
    return frames.token(SESSION, KEY, generation, frames.frame_at(START + second, START))


def read_at(second: int, token: str, *, generation: int = 0, key: bytes = KEY) -> Freshness:
    """Return what a token is worth when it comes in at a login's `second`."""
    _, tag = frames.split(token)
    return frames.read(tag, key, generation, second).freshness


class TestToken:
    @given(st.binary(min_size=32, max_size=32), st.integers(min_value=0, max_value=99), FRAMES)
    def test_it_is_26_characters_of_a_qr_codes_alphabet(
        self, key: bytes, generation: int, frame: int
    ) -> None:
        assert re.fullmatch(r"[A-Z2-7]{26}", frames.token(SESSION, key, generation, frame))

    def test_it_holds_the_session_id_and_a_tag(self) -> None:
        assert frames.split(shown_at(0)) == (SESSION, shown_at(0)[16:])
        assert len(shown_at(0)[16:]) == 10

    @given(st.tuples(FRAMES, st.integers(0, 9)), st.tuples(FRAMES, st.integers(0, 9)))
    def test_two_frames_or_generations_have_two_tags(
        self, one: tuple[int, int], other: tuple[int, int]
    ) -> None:
        tokens = {frames.token(SESSION, KEY, generation, frame) for frame, generation in (one, other)}
        assert len(tokens) == len({one, other})

    def test_generation_and_frame_are_kept_apart(self) -> None:
        assert frames.token(SESSION, KEY, 1, 11) != frames.token(SESSION, KEY, 11, 1)
        assert frames.token(SESSION, KEY, 1, 23) != frames.token(SESSION, KEY, 12, 3)


class TestFrameAt:
    @pytest.mark.parametrize(("second", "frame"), [(0, 0), (4, 0), (5, 1), (9, 1), (10, 2), (599, 119)])
    def test_a_frame_lives_five_seconds(self, second: int, frame: int) -> None:
        assert frames.frame_at(START + second, START) == frame

    def test_a_clock_behind_the_rows_own_shows_the_first_frame(self) -> None:
        assert frames.frame_at(START - 2, START) == 0


class TestFreshness:
    @given(SECONDS)
    def test_what_the_page_shows_is_current(self, second: int) -> None:
        assert read_at(second, shown_at(second)) is Freshness.CURRENT

    @given(FRAMES)
    def test_a_frame_is_taken_until_fifteen_seconds_after_it_appeared(self, frame: int) -> None:
        appeared = frame * FRAME_SECONDS
        token = shown_at(appeared)
        assert read_at(appeared + ACCEPTED_SECONDS - 1, token) is Freshness.CURRENT
        assert read_at(appeared + ACCEPTED_SECONDS, token) is Freshness.STALE

    @given(FRAMES, FRAMES)
    def test_only_the_last_three_frames_are_current(self, frame: int, now: int) -> None:
        """Older ones are stale; one that is not shown yet is worth no more than a guess."""
        _, tag = frames.split(frames.token(SESSION, KEY, 0, frame))
        age = now - frame
        expected = Freshness.FORGED if age < 0 else Freshness.CURRENT if age < 3 else Freshness.STALE
        assert frames.read(tag, KEY, 0, now * FRAME_SECONDS).freshness is expected

    @given(SECONDS, st.integers(min_value=0, max_value=3), st.integers(min_value=0, max_value=3))
    def test_a_code_of_another_generation_is_forged(self, second: int, one: int, other: int) -> None:
        worth = read_at(second, shown_at(second, one), generation=other)
        assert worth is (Freshness.CURRENT if one == other else Freshness.FORGED)

    def test_a_code_of_another_session_is_forged(self) -> None:
        assert read_at(0, frames.token(SESSION, b"x" * 32, 0, 0)) is Freshness.FORGED

    @given(st.text(st.characters(), max_size=40), SECONDS)
    def test_any_text_is_forged_and_never_a_crash(self, tag: str, second: int) -> None:
        assert read_at(second, SESSION + tag) is Freshness.FORGED

    @pytest.mark.parametrize(
        "spoil", [str.lower, lambda tag: tag[:-1], lambda tag: tag + "A", lambda tag: tag + " "]
    )
    def test_a_tag_that_is_almost_right_is_forged(self, spoil: object) -> None:
        assert callable(spoil)
        assert read_at(0, SESSION + spoil(shown_at(0)[16:])) is Freshness.FORGED

    def test_a_code_is_stale_days_after_the_login_as_long_as_the_row_is_there(self) -> None:
        """DynamoDB may keep an expired row for two days; the search for its frame must not grow with them."""
        assert read_at(2 * 86400, shown_at(0)) is Freshness.STALE
        assert read_at(2 * 86400, SESSION + "A" * 10) is Freshness.FORGED

    def test_no_frame_after_the_login_is_ever_current(self) -> None:
        beyond = LIFETIME // FRAME_SECONDS
        _, tag = frames.split(frames.token(SESSION, KEY, 0, beyond))
        assert frames.read(tag, KEY, 0, LIFETIME).freshness is Freshness.FORGED


class TestMotion:
    @pytest.mark.parametrize(("second", "frame"), [(0, 0), (29, 0), (30, 1), (599, 19)])
    def test_a_slow_frame_lives_thirty_seconds(self, second: int, frame: int) -> None:
        assert frames.frame_at(START + second, START, Motion.STILL) == frame

    @pytest.mark.parametrize("motion", list(Motion))
    @given(SECONDS, st.integers(min_value=0, max_value=700))
    def test_a_frame_is_taken_for_as_long_as_its_pace_allows(
        self, motion: Motion, second: int, later: int
    ) -> None:
        frame = frames.frame_at(second, 0, motion)
        _, tag = frames.split(frames.token(SESSION, KEY, 0, frame, motion))
        age = second + later - frame * motion.shown
        fresh = Freshness.CURRENT if age < motion.accepted else Freshness.STALE
        assert frames.read(tag, KEY, 0, second + later) == Reading(fresh, motion, age)

    def test_a_slow_frame_outlives_a_fast_one_by_half_a_minute(self) -> None:
        assert [(motion.shown, motion.accepted) for motion in Motion] == [(5, 15), (30, 45)]

    @given(FRAMES, st.integers(min_value=0, max_value=9))
    def test_the_paces_have_labels_of_their_own(self, frame: int, generation: int) -> None:
        assert len({frames.token(SESSION, KEY, generation, frame, motion) for motion in Motion}) == len(
            Motion
        )

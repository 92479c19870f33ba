"""The risk of a relay: which signals lead to which verdict, and that no bad news ever makes one better."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless.model.policies import MAX_KM, Policy, RelayRisk
from passwordless.model.risk import FAR_KM, OLD_SECONDS, WEIGHTS, Facts, Signal, Verdict, judge

AT_HOME = Facts(
    same_network=True, known_browser=True, held_still=False, frame_age=0, link=False, distance_km=None
)
ALLOW, STEP_UP, BLOCK = Verdict
CASES: dict[str, tuple[dict[str, object], Verdict]] = {
    "nothing odd": ({}, ALLOW),
    "the first login in a browser beside the phone": ({"known_browser": False}, ALLOW),
    "beside the phone, held still for somebody slow": (
        {"known_browser": False, "held_still": True, "frame_age": 9},
        ALLOW,
    ),
    "a known browser, the phone on another network": ({"same_network": False}, ALLOW),
    "an unknown browser, the phone on another network": (
        {"same_network": False, "known_browser": False},
        STEP_UP,
    ),
    "another network and an old frame": ({"same_network": False, "frame_age": OLD_SECONDS}, STEP_UP),
    "another network and a code held still": ({"same_network": False, "held_still": True}, STEP_UP),
    "a code that came by a link": ({"link": True}, STEP_UP),
    "near": ({"distance_km": FAR_KM}, ALLOW),
    "far apart": ({"distance_km": FAR_KM + 1}, STEP_UP),
    "near does not make up for an unknown browser elsewhere": (
        {"same_network": False, "known_browser": False, "distance_km": 0},
        STEP_UP,
    ),
}


@pytest.mark.parametrize(("changes", "expected"), CASES.values(), ids=CASES)
def test_an_application_that_steps_up_by_default(changes: dict[str, object], expected: Verdict) -> None:
    assert judge(replace(AT_HOME, **changes), Policy()).verdict is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(("changes", "expected"), CASES.values(), ids=CASES)
def test_an_application_that_blocks_does_so_where_another_steps_up(
    changes: dict[str, object], expected: Verdict
) -> None:
    verdict = judge(replace(AT_HOME, **changes), Policy(relay_risk=RelayRisk.BLOCK)).verdict  # type: ignore[arg-type]
    assert verdict is (BLOCK if expected is STEP_UP else expected)


@pytest.mark.parametrize(("changes", "_"), CASES.values(), ids=CASES)
def test_an_application_that_does_not_weigh_steps_up_after_a_link_only(
    changes: dict[str, object], _: Verdict
) -> None:
    """S12 leaves no choice."""
    facts = replace(AT_HOME, **changes)  # type: ignore[arg-type]
    assert judge(facts, Policy(relay_risk=RelayRisk.OFF)).verdict is (STEP_UP if facts.link else ALLOW)


@pytest.mark.parametrize("risk", list(RelayRisk))
@pytest.mark.parametrize(
    ("distance", "blocked"), [(None, False), (0, False), (500, False), (501, True), (20_000, True)]
)
def test_a_distance_that_cannot_be_is_blocked_whatever_else_the_policy_says(
    risk: RelayRisk, distance: int | None, *, blocked: bool
) -> None:
    facts = replace(AT_HOME, distance_km=distance)
    verdict = judge(facts, Policy(relay_risk=risk, block_beyond_km=500)).verdict
    far_and_suspicious = risk is RelayRisk.BLOCK and (distance or 0) > FAR_KM
    assert (verdict is BLOCK) is (blocked or far_and_suspicious)


def test_the_signals_are_told_by_name_in_a_fixed_order() -> None:
    worst = Facts(
        same_network=False, known_browser=False, held_still=True, frame_age=44, link=True, distance_km=9000
    )
    assert judge(worst, Policy()).signals == tuple(Signal)
    assert judge(AT_HOME, Policy()).signals == ()


def test_every_signal_weighs_something() -> None:
    assert WEIGHTS.keys() == set(Signal)
    assert min(WEIGHTS.values()) > 0


facts = st.builds(
    Facts,
    same_network=st.booleans(),
    known_browser=st.booleans(),
    held_still=st.booleans(),
    frame_age=st.integers(0, 45),
    link=st.booleans(),
    distance_km=st.none() | st.integers(0, MAX_KM),
)
policies = st.builds(Policy, relay_risk=st.sampled_from(RelayRisk), block_beyond_km=st.integers(0, MAX_KM))
WORSE: dict[str, dict[str, object]] = {
    "another network": {"same_network": False},
    "an unknown browser": {"known_browser": False},
    "held still": {"held_still": True},
    "by a link": {"link": True},
}


@given(facts, policies, st.sampled_from(sorted(WORSE)))
def test_one_more_signal_never_lowers_the_verdict(one: Facts, policy: Policy, worse: str) -> None:
    changed = replace(one, **WORSE[worse])  # type: ignore[arg-type]
    assert judge(changed, policy).verdict >= judge(one, policy).verdict


@given(facts, policies, st.integers(0, 45), st.integers(0, MAX_KM))
def test_neither_an_older_frame_nor_a_longer_way_lowers_the_verdict(
    one: Facts, policy: Policy, older: int, farther: int
) -> None:
    changed = replace(
        one,
        frame_age=max(one.frame_age, older),
        distance_km=max(one.distance_km or 0, farther),
    )
    assert judge(changed, policy).verdict >= judge(one, policy).verdict


@given(facts, policies)
def test_a_distance_that_is_known_never_makes_up_for_anything(one: Facts, policy: Policy) -> None:
    unknown = replace(one, distance_km=None)
    assert judge(one, policy).verdict >= judge(unknown, policy).verdict


@given(facts, st.integers(0, MAX_KM))
def test_a_stricter_policy_never_lowers_the_verdict(one: Facts, beyond: int) -> None:
    verdicts = [
        judge(one, Policy(relay_risk=risk, block_beyond_km=beyond)).verdict
        for risk in (RelayRisk.OFF, RelayRisk.STEP_UP, RelayRisk.BLOCK)
    ]
    assert verdicts == sorted(verdicts)


@pytest.mark.parametrize("km", [-1, MAX_KM + 1])
def test_no_policy_names_a_distance_that_is_not_on_this_globe(km: int) -> None:
    with pytest.raises(ValueError, match="km apart"):
        Policy(block_beyond_km=km)

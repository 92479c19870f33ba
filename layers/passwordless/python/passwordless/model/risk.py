"""How much an approval looks like one that an attacker relayed, and what an application's policy makes of it.

The attack: somebody begins a login in a browser of their own, shows the code to a victim, and the victim approves. No
server can stop it for sure (RFC 10027); what can be seen of it is weighed here.

| signal | seen when | weight |
|---|---|---|
| `other_network` | browser and phone are neither in one IPv4 /24 nor in one IPv6 /48 | 2 |
| `unknown_browser` | this person never finished a login in this browser | 1 |
| `held_still` | the code was of the slow kind, which is good for 45 s instead of 15 | 1 |
| `old_frame` | the code had been shown for 12 s or longer when it was scanned, longer than any poll takes | 1 |
| `link` | the code came by a link, and not in the browser that began the login | 3 |
| `far_apart` | browser and phone are more than 100 km apart, where both places are known | 3 |

From 3 on, a login is suspicious. So a phone in the browser's network is never asked for a code unless something else is
odd; a phone elsewhere is asked the first time in each browser. Being near lowers nothing: whoever relays a code chooses
where in the world the browser seems to be, but not whose network the phone is in.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from passwordless.model.policies import Policy, RelayRisk

FAR_KM = 100
OLD_SECONDS = 12
SUSPICIOUS = 3


class Verdict(IntEnum):
    """What is to happen, the worse the higher."""

    ALLOW = 0
    STEP_UP = 1
    BLOCK = 2


class Signal(StrEnum):
    """What speaks for a relay."""

    OTHER_NETWORK = "other_network"
    UNKNOWN_BROWSER = "unknown_browser"
    HELD_STILL = "held_still"
    OLD_FRAME = "old_frame"
    LINK = "link"
    FAR_APART = "far_apart"


WEIGHTS = {
    Signal.OTHER_NETWORK: 2,
    Signal.UNKNOWN_BROWSER: 1,
    Signal.HELD_STILL: 1,
    Signal.OLD_FRAME: 1,
    Signal.LINK: 3,
    Signal.FAR_APART: 3,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the server knows of an approval; what it does not know counts as bad news.

    `distance_km` is None unless both places are known, `frame_age` the seconds since the code appeared.
    """

    same_network: bool
    known_browser: bool
    held_still: bool
    frame_age: int
    link: bool
    distance_km: int | None


@dataclass(frozen=True, slots=True)
class Risk:
    """A verdict and the signals that led to it, in a fixed order."""

    verdict: Verdict
    signals: tuple[Signal, ...]


def judge(facts: Facts, policy: Policy) -> Risk:
    """Weigh an approval by an application's policy.

    A code that came by a link is stepped up whatever the policy says (S12); too great a distance is blocked where the
    policy names one.
    """
    signals = _signals(facts)
    return Risk(max(_by_distance(facts, policy), _by_weight(signals, policy)), signals)


def _signals(facts: Facts) -> tuple[Signal, ...]:
    seen = {
        Signal.OTHER_NETWORK: not facts.same_network,
        Signal.UNKNOWN_BROWSER: not facts.known_browser,
        Signal.HELD_STILL: facts.held_still,
        Signal.OLD_FRAME: facts.frame_age >= OLD_SECONDS,
        Signal.LINK: facts.link,
        Signal.FAR_APART: facts.distance_km is not None and facts.distance_km > FAR_KM,
    }
    return tuple(signal for signal, there in seen.items() if there)


def _by_distance(facts: Facts, policy: Policy) -> Verdict:
    far = facts.distance_km is not None and 0 < policy.block_beyond_km < facts.distance_km
    return Verdict.BLOCK if far else Verdict.ALLOW


def _by_weight(signals: tuple[Signal, ...], policy: Policy) -> Verdict:
    suspicious = sum(WEIGHTS[signal] for signal in signals) >= SUSPICIOUS
    if suspicious and policy.relay_risk is RelayRisk.BLOCK:
        return Verdict.BLOCK
    if Signal.LINK in signals or (suspicious and policy.relay_risk is RelayRisk.STEP_UP):
        return Verdict.STEP_UP
    return Verdict.ALLOW

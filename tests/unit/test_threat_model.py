"""docs/threat-model.md names a test for every security rule, and each of them exists."""

import re
from pathlib import Path

from tests.template import ROOT

MODEL = (ROOT / "docs" / "threat-model.md").read_text()
NUMBERS = (*range(1, 8), *range(10, 19), *range(20, 26), *range(30, 35), *range(40, 43), *range(50, 56))
RULES = {f"S{number:02}" for number in (*NUMBERS, 60, 61)}
ATTACKS = ("authorization hijacking", "double login", "brute force", "account takeover", "privacy abuse")


def rows() -> dict[str, str]:
    """Return each rule's row of the table."""
    return dict(re.findall(r"(?m)^\| (S\d\d) \|(.*)\|$", MODEL))


def test_every_rule_has_a_row_with_a_test() -> None:
    told = rows()
    assert told.keys() == RULES
    assert [rule for rule, row in told.items() if not re.search(r"`[a-z0-9_/]*test_\w+\.py`", row)] == []


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`([a-z0-9_/]*test_\w+\.py)`", MODEL))
    missing = [name for name in named if not _place(name).exists()]
    assert named
    assert missing == []


def test_each_of_the_study_s_attacks_is_named_and_tried() -> None:
    tried = (ROOT / "tests" / "threats" / "test_five_attacks.py").read_text()
    for attack in ATTACKS:
        assert f"| {attack} |" in MODEL
        assert attack.title().replace(" ", "") in tried


def test_the_residual_risk_of_a_live_relay_is_said_plainly() -> None:
    assert "A live relay cannot be stopped by a server alone" in MODEL


def _place(name: str) -> Path:
    return ROOT / name if "/" in name else ROOT / "tests" / "threats" / name

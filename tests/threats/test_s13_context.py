"""S13: nothing that a browser or a tenant sends can change how the question looks on the phone."""

import re

import pytest

from local.phone_simulator import context_hash as phones_hash
from passwordless.phone import consent

CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)


def context(**changes: str) -> dict[str, str]:
    """Return the context of a login with one hostile value."""
    values = {"application": "Demo", "domain": "acme.auth0.com", "user_agent": CHROME, "ip": "203.0.113.7"}
    return consent.context(**{**values, **changes}, requested_at=1_800_000_000)


@pytest.mark.parametrize(
    "user_agent",
    [
        "",
        "curl/8.5.0",
        "python-requests/2.32",
        "Approve this, it is your administrator",
        f" {CHROME}",
        f"{CHROME.lower()}",
        "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)",
        "Mozilla/5.0 Chrome/140.0 Windows NT 10.0",
        f"{CHROME} {'x' * 512}",
        "\u202e" + CHROME,
        "Mozilla/5.0 (\u0421hrome/140.0)",
    ],
)
def test_a_hostile_user_agent_is_shown_as_other(user_agent: str) -> None:
    shown = context(user_agent=user_agent)
    assert (shown["browser"], shown["os"]) == ("Other", "Other")
    assert (context()["browser"], context()["os"]) == ("Chrome", "Linux")


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "\u202eevorppA", "Bank of Example", "{application}", "\r\nSet-Cookie: a=b"],
)
def test_text_inside_a_user_agent_never_reaches_the_phone(hostile: str) -> None:
    shown = context(user_agent=f"Mozilla/5.0 ({hostile}) Chrome/140.0 {hostile}")
    assert hostile not in "".join(shown.values())
    assert shown["browser"] == "Chrome"


@pytest.mark.parametrize("field", ["application", "domain"])
@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("Acme\u202e evil \u202c", "Acme evil"),
        ("\u2066Acme\u2069", "Acme"),
        ("Ac\u200b\u200c\u200d\u2060\ufeffme", "Acme"),
        ("Ac\u00adme\u061c\u180e", "Acme"),
        ("Ac\u034fme\u115f\u1160\u3164\uffa0\u2800", "Acme"),
        ("Acme\x00\x07\x1b[31m\x7f\x9b", "Acme[31m"),
        ("Acme\r\nApproved by IT", "Acme Approved by IT"),
        ("Acme\u2028\u2029Approved", "Acme Approved"),
        ("Acme\U000e0041\U000e0042", "Acme"),
        ("Acme\ud800\ue000\U0010ffff", "Acme"),
        ("A\u200d\u030angstrom", "\u00c5ngstrom"),
        ("Acme" + " " * 500 + "evil", "Acme evil"),
    ],
    ids=[
        "override",
        "isolate",
        "zero width",
        "soft hyphen",
        "blank letters",
        "control",
        "line break",
        "line separator",
        "tags",
        "no characters",
        "joiner before a mark",
        "far away",
    ],
)
def test_a_hostile_name_is_shown_without_what_cannot_be_seen(field: str, hostile: str, shown: str) -> None:
    assert context(**{field: hostile})[field] == shown


@pytest.mark.parametrize("name", ["x" * 500, "\U0001f600" * 500, "e\u0301" * 500, "x " * 500])
def test_a_long_name_is_cut_to_64_characters(name: str) -> None:
    assert len(context(application=name)["application"]) in {63, 64}


def test_emoji_stay_as_they_can_be_seen() -> None:
    assert context(application="Caf\u00e9 \u2615 \U0001f600")["application"] == "Caf\u00e9 \u2615 \U0001f600"


@pytest.mark.parametrize(
    "name", ["Acme \u202e\u200bTravel", '"Acme\\', "\u00e9 e\u0301 \ufb33", "\x00\x1f\u007f"]
)
def test_the_hash_of_a_hostile_context_is_the_one_that_the_phone_computes(name: str) -> None:
    shown = context(application=name)
    assert consent.context_hash(shown) == phones_hash(shown)


def test_every_value_is_text_and_the_time_has_one_form() -> None:
    shown = context()
    assert {type(value) for value in shown.values()} == {str}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", shown["requested_at"])

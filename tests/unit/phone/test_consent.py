"""What the person is shown before deciding, and the hash of it."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.phone_simulator import context_hash as phones_hash
from passwordless.phone import consent

ANY_TEXT = st.text(st.characters())
SENTENCES = st.text(st.characters(exclude_categories=["Cs"]))
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
CHROMIUM = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"


class TestBrowserAndSystem:
    @pytest.mark.parametrize(
        ("user_agent", "browser", "system"),
        [
            (f"{WINDOWS} {CHROMIUM} Safari/537.36", "Chrome", "Windows"),
            (f"{WINDOWS} {CHROMIUM} Safari/537.36 Edg/140.0.0.0", "Edge", "Windows"),
            (f"{WINDOWS} {CHROMIUM} Safari/537.36 OPR/120.0.0.0", "Opera", "Windows"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
                "Firefox",
                "Windows",
            ),
            (f"{MAC} {CHROMIUM} Safari/537.36", "Chrome", "macOS"),
            (
                f"{MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
                "Safari",
                "macOS",
            ),
            (f"Mozilla/5.0 (X11; Linux x86_64) {CHROMIUM} Safari/537.36", "Chrome", "Linux"),
            (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROMIUM} Safari/537.36", "Chrome", "ChromeOS"),
            (f"{ANDROID} Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome", "Android"),
            (
                f"{ANDROID} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
                "Samsung Internet",
                "Android",
            ),
            (f"{ANDROID} Chrome/140.0.0.0 Mobile Safari/537.36 EdgA/140.0.0.0", "Edge", "Android"),
            ("Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0", "Firefox", "Android"),
            (f"{IPHONE} Version/18.5 Mobile/15E148 Safari/604.1", "Safari", "iOS"),
            (f"{IPHONE} CriOS/140.0.7339.39 Mobile/15E148 Safari/604.1", "Chrome", "iOS"),
            (f"{IPHONE} FxiOS/143.0 Mobile/15E148 Safari/605.1.15", "Firefox", "iOS"),
            (f"{IPHONE} EdgiOS/140.0.0.0 Version/18.0 Mobile/15E148 Safari/604.1", "Edge", "iOS"),
            (
                "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
                "Safari",
                "iPadOS",
            ),
        ],
    )
    def test_the_browsers_that_people_use_are_named(self, user_agent: str, browser: str, system: str) -> None:
        assert (consent.browser_of(user_agent), consent.system_of(user_agent)) == (browser, system)

    @given(ANY_TEXT)
    def test_any_user_agent_is_named_from_the_closed_lists(self, user_agent: str) -> None:
        browsers = {"Edge", "Opera", "Samsung Internet", "Firefox", "Chrome", "Safari", "Other"}
        systems = {"iOS", "iPadOS", "Android", "Windows", "ChromeOS", "macOS", "Linux", "Other"}
        assert consent.browser_of(f"Mozilla/5.0 ({user_agent}") in browsers
        assert consent.system_of(f"Mozilla/5.0 ({user_agent}") in systems


class TestCleanName:
    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("Acme Travel", "Acme Travel"),
            ("  Acme \t\n  Travel ", "Acme Travel"),
            ("Acme\nTravel", "Acme Travel"),
            ("Zoe\u0308", "Zo\u00eb"),
            ("\u0645\u0631\u062d\u0628\u0627", "\u0645\u0631\u062d\u0628\u0627"),
            ("\u682a\u5f0f\u4f1a\u793e\u3000\u4f8b", "\u682a\u5f0f\u4f1a\u793e \u4f8b"),
            ("Travel \U0001f600", "Travel \U0001f600"),
            ("<b>Acme</b> & Co", "<b>Acme</b> & Co"),
            ("", ""),
        ],
    )
    def test_a_name_is_shown_on_one_line_in_composed_form(self, name: str, shown: str) -> None:
        assert consent.clean_name(name) == shown

    @given(ANY_TEXT)
    def test_whatever_comes_in_the_result_can_be_shown(self, name: str) -> None:
        shown = consent.clean_name(name)
        assert len(shown) <= consent.NAME_LENGTH
        assert shown == " ".join(shown.split())
        assert unicodedata.is_normalized("NFC", shown)
        assert {unicodedata.category(c) for c in shown}.isdisjoint({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

    @given(ANY_TEXT)
    def test_a_clean_name_stays_as_it_is(self, name: str) -> None:
        shown = consent.clean_name(name)
        assert consent.clean_name(shown) == shown


class TestContext:
    def test_it_is_what_the_phone_shows_all_strings(self) -> None:
        shown = consent.context(
            application="Acme Travel",
            domain="acme.auth0.com",
            user_agent=f"{MAC} {CHROMIUM} Safari/537.36",
            ip="203.0.113.7",
            requested_at=1_800_000_000,
        )
        assert shown == {
            "application": "Acme Travel",
            "domain": "acme.auth0.com",
            "browser": "Chrome",
            "os": "macOS",
            "ip": "203.0.113.7",
            "requested_at": "2027-01-15T08:00:00Z",
        }


class TestContextHash:
    @given(st.dictionaries(SENTENCES, SENTENCES, max_size=6))
    def test_it_is_the_hash_that_a_phone_computes_by_itself(self, values: dict[str, str]) -> None:
        """The simulated phone has its own canonical form (RFC 8785)."""
        assert consent.context_hash(values) == phones_hash(values)

    @given(st.dictionaries(SENTENCES, SENTENCES, max_size=6))
    def test_it_does_not_depend_on_the_order(self, values: dict[str, str]) -> None:
        assert consent.context_hash(dict(reversed(values.items()))) == consent.context_hash(values)

    def test_it_survives_the_way_through_json(self) -> None:
        values = {"application": "Zo\u00eb & \U0001f600", "domain": '"quoted\\"'}
        assert consent.context_hash(json.loads(json.dumps(values))) == consent.context_hash(values)

    @pytest.mark.parametrize(
        "other", [{"a": "1", "b": "3"}, {"a": "1"}, {"a": "1", "b": "2", "c": ""}, {"a": '1","b":"2'}, {}]
    )
    def test_another_context_has_another_hash(self, other: dict[str, str]) -> None:
        assert consent.context_hash(other) != consent.context_hash({"a": "1", "b": "2"})

    def test_it_never_changes_between_releases(self) -> None:
        """Phones in the field compute it, too: base64url of SHA-256 of exactly these bytes."""
        assert (
            consent.context_hash({"os": "iOS", "browser": "Safari"})
            == "VUao8WcB06o9pcpW-WDHrrRqskhKxQg4ORhMnQO4jsM"
        )


class TestTheDomain:
    def test_a_long_host_is_shown_to_its_end(self) -> None:
        """A host cut short could pass for another: its end says who owns it."""
        host = f"{'a' * 60}.acme.auth0.com.attacker.example"
        shown = consent.context(
            application="Demo", domain=host, user_agent=MAC, ip="203.0.113.7", requested_at=1_800_000_000
        )
        assert shown["domain"] == host

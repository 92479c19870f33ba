"""An attribute mapping as it is written: names fit their formats, and nothing is ever evaluated."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from passwordless.administration.attribute_fields import attribute_rules
from passwordless.model.attribute_services import EntityAttribute, RequestedAttribute, Wants
from passwordless.model.attributes import AttributeRule, Release, Source, released
from passwordless.model.people import User
from passwordless.saml import names

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["name", "name_format", "source", "constant", "release", "only_for", "value", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
USER = User("usr_1", "acme", "ada@example.com", "key", 7, "Ada", "Example", ("staff", "admins", "staff"))


def test_a_rule_is_read_as_it_is_written() -> None:
    (rule,) = attribute_rules([{"name": "mail", "name_format": "basic", "source": "email"}])
    assert rule == AttributeRule("mail", names.ATTRIBUTE_BASIC, Source.EMAIL)


@pytest.mark.parametrize(
    ("name", "name_format"),
    [
        ("urn:oid:2.5.4.42", names.ATTRIBUTE_URI),
        ("https://example.com/claims/a%20b?x#y", names.ATTRIBUTE_URI),
        ("given_name", names.ATTRIBUTE_BASIC),
        ("größe", names.ATTRIBUTE_BASIC),
    ],
)
def test_without_a_format_it_follows_from_the_name(name: str, name_format: str) -> None:
    (rule,) = attribute_rules([{"name": name, "source": "name"}])
    assert rule.name_format == name_format


@pytest.mark.parametrize(
    "rule",
    [
        {"name": "relative/name", "name_format": "uri"},
        {"name": "urn:a b", "name_format": "uri"},
        {"name": "urn:%zz", "name_format": "uri"},
        {"name": "1st", "name_format": "basic"},
        {"name": "two words", "name_format": "basic"},
        {"name": "a<b", "name_format": "basic"},
        {"name": "two words"},
        {"name": "x", "name_format": "no-uri"},
        {"name": "x", "name_format": 7},
        {"name": ""},
        {"name": " ", "name_format": "unspecified"},
        {"name": "a\nb", "name_format": "unspecified"},
        {"name": "x" * 513},
        {"name": "x", "source": "password"},
        {"name": "x", "source": ["email"]},
        {"name": "x", "constant": "both", "source": "email"},
        {"name": "x", "source": None},
        {"name": "x", "constant": "", "source": None},
        {"name": "x", "constant": "\x00", "source": None},
        {"name": "x", "constant": "\ud800", "source": None},
        {"name": "x", "expression": "user.email"},
    ],
)
def test_a_rule_that_cannot_be_is_refused_without_repeating_it(rule: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^must ") as caught:
        attribute_rules([{"source": "email", **rule}])
    assert "password" not in str(caught.value)


def test_an_attribute_is_named_once() -> None:
    with pytest.raises(ValueError, match="once"):
        attribute_rules([{"name": "x", "source": "email"}, {"name": "x", "constant": "y"}])


def test_at_most_50_rules_are_taken() -> None:
    rules = [{"name": f"x{n}", "source": "email"} for n in range(51)]
    assert len(attribute_rules(rules[:50])) == 50
    with pytest.raises(ValueError, match="50"):
        attribute_rules(rules)


@given(JSON)
def test_whatever_is_sent_is_rules_or_a_complaint(value: object) -> None:
    try:
        rules = attribute_rules(value)
    except ValueError:
        return
    assert all(isinstance(rule, AttributeRule) for rule in rules)


@given(st.text(max_size=6))
def test_a_basic_name_is_what_xml_calls_a_name(name: str) -> None:
    try:
        attribute_rules([{"name": name, "name_format": "basic", "source": "email"}])
    except ValueError:
        return
    # An element's name is checked by the XML parser itself; a colon means a namespace there.
    etree.fromstring(f"<{name.replace(':', '_')}/>".encode())


@pytest.mark.parametrize("text", ["{user.email}", "${7*7}", "{{ config }}", "__import__('os')", "$(id)"])
def test_a_constant_that_looks_like_code_stays_text(text: str) -> None:
    (attribute,) = released(attribute_rules([{"name": "x", "constant": text}]), USER)
    assert attribute.values == (text,)


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("email", ("ada@example.com",)),
        ("given_name", ("Ada",)),
        ("family_name", ("Example",)),
        ("name", ("Ada Example",)),
        ("groups", ("staff", "admins")),
        ("user_id", ("usr_1",)),
    ],
)
def test_each_source_gives_its_field(source: str, values: tuple[str, ...]) -> None:
    (attribute,) = released(attribute_rules([{"name": "x", "source": source}]), USER)
    assert attribute.values == values


def test_a_rule_says_when_it_is_told() -> None:
    written = {
        "name": "x",
        "constant": "y",
        "release": "required",
        "only_for": {"name": "urn:c", "value": "v"},
    }
    (rule,) = attribute_rules([written])
    assert (rule.release, rule.only_for) == (Release.REQUIRED, EntityAttribute("urn:c", "v"))
    (plain,) = attribute_rules([{"name": "x", "constant": "y"}])
    assert (plain.release, plain.only_for) == (Release.REQUESTED, None)


@pytest.mark.parametrize(
    "more",
    [
        {"release": "sometimes"},
        {"release": ["always"]},
        {"release": {}},
        {"only_for": "urn:c=v"},
        {"only_for": {"name": "urn:c"}},
        {"only_for": {"name": "urn:c", "value": 7}},
        {"only_for": {"name": "urn:c", "value": "v", "more": "x"}},
        {"only_for": {"name": "urn:c", "value": "v\x00"}},
    ],
)
def test_a_condition_that_is_none_is_refused(more: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must have as"):
        attribute_rules([{"name": "x", "constant": "y", **more}])


def test_of_a_user_s_values_only_those_that_are_asked_for_are_told() -> None:
    rules = attribute_rules([{"name": "groups", "source": "groups"}])
    (told,) = released(rules, USER, Wants((RequestedAttribute("groups", values=("admins", "root")),)))
    assert told.values == ("admins",)
    assert released(rules, USER, Wants((RequestedAttribute("groups", values=("root",)),))) == ()

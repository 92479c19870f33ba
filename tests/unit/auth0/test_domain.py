"""The domain of an Auth0 tenant, as pasted."""

import re
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless.auth0.domain import Auth0Tenant, read_custom_domain, read_domain, read_tenant
from passwordless.errors import Malformed, Unprocessable
from tests.house import config

PROD = config(stage="prod")
ORIGIN = "https://id.example.com"
CUSTOM = re.compile(r"(?=.{3,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
LONGEST = f"{'a' * 63}.{'b' * 63}.{'c' * 63}.{'d' * 53}.example"
CANONICAL = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]+)?\.auth0\.com")


def refusal(pasted: str) -> Unprocessable:
    """Read a domain and return how it was refused."""
    with pytest.raises(Unprocessable) as caught:
        read_domain(pasted, PROD)
    return caught.value


@pytest.mark.parametrize(
    ("pasted", "domain", "name"),
    [
        ("acme.auth0.com", "acme.auth0.com", "acme"),
        ("acme.us.auth0.com", "acme.us.auth0.com", "acme"),
        ("acme.eu-2.auth0.com", "acme.eu-2.auth0.com", "acme"),
        ("https://acme.eu.auth0.com/", "acme.eu.auth0.com", "acme"),
        ("  HTTPS://Dev-X1.EU.Auth0.com\n", "dev-x1.eu.auth0.com", "dev-x1"),
        ("acme.auth0.com/", "acme.auth0.com", "acme"),
        (f"{'a' * 63}.auth0.com", f"{'a' * 63}.auth0.com", "a" * 63),
    ],
)
def test_a_tenants_own_domain_is_read_as_people_paste_it(pasted: str, domain: str, name: str) -> None:
    assert read_domain(pasted, PROD) == Auth0Tenant(domain, name, f"https://{domain}")


@pytest.mark.parametrize(
    ("pasted", "reason"),
    [
        ("", "empty"),
        ("https://", "empty"),
        ("http://acme.auth0.com", "before the host name"),
        ("ftp://acme.auth0.com", "before the host name"),
        ("https://https://acme.auth0.com", "before the host name"),
        ("acme.auth0.com:443", "port"),
        ("user@acme.auth0.com", "user name"),
        ("https://user:pw@acme.auth0.com", "user name"),
        ("acme.auth0.com/login", "after the host name"),
        ("acme.auth0.com//", "after the host name"),
        ("acme.auth0.com?x", "after the host name"),
        ("acme.auth0.com#x", "after the host name"),
        ("evil.example\\acme.auth0.com", "after the host name"),
        ("127.0.0.1", "IP address"),
        ("2130706433", "IP address"),
        ("0x7f.1", "IP address"),
        ("[::1]", "IP address"),
        ("::ffff:127.0.0.1", "IP address"),
        ("bücher.auth0.com", "outside a-z"),
        ("acme.auth0。com", "outside a-z"),
        ("ᴀcme.auth0.com", "outside a-z"),
        ("Kelvin\N{KELVIN SIGN}.auth0.com", "outside a-z"),
        ("xn--bcher-kva.auth0.com", "outside a-z"),
        ("acme .auth0.com", "not a host name"),
        ("acme.auth0.com.", "not a host name"),
        (".auth0.com", "not a host name"),
        ("-acme.auth0.com", "not a host name"),
        ("acme_x.auth0.com", "not a host name"),
        (f"{'a' * 64}.auth0.com", "not a host name"),
        ("acme\x00.auth0.com", "not a host name"),
        ("acme.auth0.com\nevil", "not a host name"),
        ("auth0.com", "does not name a tenant"),
        ("a.b.c.auth0.com", "does not name a tenant"),
    ],
)
def test_what_is_no_domain_is_refused_with_its_reason(pasted: str, reason: str) -> None:
    failure = refusal(pasted)
    assert failure.code == "auth0_domain_invalid"
    assert reason in failure.detail
    assert "Copy Domain" in str(failure.guidance)
    assert failure.extra["fields"] == [{"field": "auth0_domain", "reason": failure.detail.split(". ", 1)[1]}]


@pytest.mark.parametrize(
    "pasted",
    ["login.example.com", "acme.auth0.com.evil.example", "acmeauth0.com", "x.notauth0.com", "a.example"],
)
def test_another_host_is_taken_for_a_custom_domain(pasted: str) -> None:
    failure = refusal(pasted)
    assert (failure.code, failure.status) == ("auth0_custom_domain", 422)
    assert "ending in auth0.com" in str(failure.guidance)
    assert failure.extra["fields"] == [
        {"field": "auth0_domain", "reason": "It does not end in auth0.com."},
    ]


def test_further_suffixes_count_with_their_dot_only() -> None:
    settings = config(auth0_suffixes=".auth0.com,.auth0.example")
    assert read_domain("acme.auth0.example", settings).name == "acme"
    with pytest.raises(Unprocessable):
        read_domain("acmeauth0.example", settings)


def test_a_suffix_without_its_dot_is_a_mistake_of_the_deployment() -> None:
    with pytest.raises(ValueError, match="dot"):
        read_domain("acme.auth0.com", config(auth0_suffixes="auth0.com"))


def test_a_double_stands_in_for_its_own_domain_only() -> None:
    settings = config(local_auth0_map="acme.auth0.com=http://127.0.0.1:4000/")
    assert read_domain("acme.auth0.com", settings).base_url == "http://127.0.0.1:4000"
    assert read_domain("beta.auth0.com", settings).base_url == "https://beta.auth0.com"


@given(st.text(max_size=80) | st.text(alphabet="acme.auth0com-:/@[]%?#xn0123\t ", max_size=40))
def test_whatever_is_accepted_is_a_canonical_host_and_nothing_more(pasted: str) -> None:
    with suppress(Unprocessable):
        tenant = read_domain(pasted, PROD)
        assert CANONICAL.fullmatch(tenant.domain)
        assert tenant.base_url == f"https://{tenant.domain}"


LABEL = st.from_regex(r"[a-z0-9]([a-z0-9]{0,20}[a-z0-9])?", fullmatch=True)


@given(
    LABEL, st.none() | st.sampled_from(["us", "eu", "au", "jp", "eu-2"]), st.sampled_from(["", "https://"])
)
def test_every_canonical_domain_is_accepted(name: str, region: str | None, before: str) -> None:
    domain = ".".join(part for part in (name, region, "auth0", "com") if part)
    assert read_domain(f" {before}{domain.upper() if not before else domain}/ ", PROD).domain == domain


@given(LABEL, st.sampled_from("/\\@:?#%& \t\n\x00"), st.text(max_size=10))
def test_nothing_can_be_added_to_a_domain(name: str, mark: str, rest: str) -> None:
    pasted = f"{name}.auth0.com{mark}{rest}x"
    assert refusal(pasted).code in ("auth0_domain_invalid", "auth0_custom_domain")


def custom_refusal(pasted: str) -> str:
    """Read a custom domain and return the reason why it is none."""
    with pytest.raises(Malformed) as caught:
        read_custom_domain(pasted, PROD, ORIGIN)
    assert caught.value.code == "invalid_field"
    listed: Any = caught.value.extra["fields"]
    (complaint,) = listed
    assert complaint["field"] == "custom_domain"
    return str(complaint["reason"])


@pytest.mark.parametrize(
    ("pasted", "domain"),
    [
        ("login.acme.example", "login.acme.example"),
        ("  HTTPS://Login.Acme.Example/ ", "login.acme.example"),
        ("acme.auth0.com.evil.example", "acme.auth0.com.evil.example"),
        (LONGEST, LONGEST),
    ],
)
def test_a_custom_domain_is_read_as_people_paste_it(pasted: str, domain: str) -> None:
    assert read_custom_domain(pasted, PROD, ORIGIN) == domain


@pytest.mark.parametrize(
    ("pasted", "reason"),
    [
        ("", "empty"),
        ("http://login.acme.example", "before the host name"),
        ("https://login.acme.example/login", "after the host name"),
        ("login.acme.example?x", "after the host name"),
        ("login.acme.example:443", "port"),
        ("user@login.acme.example", "user name"),
        ("127.0.0.1", "IP address"),
        ("169.254.169.254", "IP address"),
        ("0x7f.1", "IP address"),
        ("[::1]", "IP address"),
        ("localhost", "not a host name"),
        ("login.acme.7", "not a host name"),
        ("login.acme.example.", "not a host name"),
        ("login_x.acme.example", "not a host name"),
        ("login.acme .example", "not a host name"),
        ("login.acme.example\nx", "not a host name"),
        (f"a{LONGEST}", "not a host name"),
        ("bücher.example", "outside a-z"),
        ("xn--bcher-kva.example", "outside a-z"),
        ("acme.auth0.com", "one of Auth0's own"),
        ("auth0.com", "one of Auth0's own"),
        ("id.example.com", "host of this service"),
        ("ID.Example.com/", "host of this service"),
    ],
)
def test_what_is_no_custom_domain_is_refused_with_its_reason(pasted: str, reason: str) -> None:
    assert reason in custom_refusal(pasted)


def test_a_custom_domain_is_served_where_the_tenant_says_or_at_its_double() -> None:
    settings = config(local_auth0_map="login.acme.example=http://localhost:4000")
    tenant = read_tenant("acme.auth0.com", "login.acme.example", settings, ORIGIN)
    assert tenant.base_urls == ("https://acme.auth0.com", "http://localhost:4000")
    assert read_tenant("acme.auth0.com", "login.acme.example", PROD, ORIGIN).custom_url == (
        "https://login.acme.example"
    )
    assert read_tenant("acme.auth0.com", None, PROD, ORIGIN).base_urls == ("https://acme.auth0.com",)


@given(st.text(max_size=80) | st.text(alphabet="acme.auth0com-:/@[]%?#xn0123\t ", max_size=40))
def test_whatever_is_accepted_as_a_custom_domain_is_a_host_and_nothing_more(pasted: str) -> None:
    with suppress(Malformed):
        domain = read_custom_domain(pasted, PROD, ORIGIN)
        assert CUSTOM.fullmatch(domain)
        assert not f".{domain}".endswith(".auth0.com")

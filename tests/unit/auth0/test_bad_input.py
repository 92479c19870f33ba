"""Bad input of POST /applications, field by field: a problem that names the field, nothing stored, nothing called."""

import json
from typing import Any

import pytest

from functions.connect.handler import handler
from tests.contract import replied
from tests.house import event
from tests.unit.auth0.fakes import FakeHouse, a_body, a_house
from tests.unit.auth0.tenant_server import TenantServer

BIDI = "\u202eetsuH\u202c"
DOMAINS = {
    "pasted with a path": "https://acme.auth0.com/u/login?x=1#y",
    "without TLS": "http://acme.auth0.com",
    "with spaces inside": "acme .auth0.com",
    "international": "äcme.auth0.com",
    "international, encoded": "xn--cme-pla.auth0.com",
    "IPv4": "127.0.0.1",
    "IPv4 of a cloud": "169.254.169.254",
    "IPv4 as one number": "2130706433",
    "IPv6": "[::1]",
    "localhost": "localhost",
    "with a user": "acme.auth0.com@evil.example",
    "with user and password": "https://acme:pw@acme.auth0.com/",
    "with a port": "acme.auth0.com:8443",
    "300 characters": f"{'a' * 291}.auth0.com",
    "301 characters": f"{'a' * 292}.auth0.com",
    "a look-alike": "acme.auth0.com.evil.example",
    "a look-alike without its dot": "evilauth0.com",
    "Auth0 itself": "auth0.com",
    "with a line break": "acme.auth0.com\r\nHost: evil.example",
    "with a NUL": "acme\x00.auth0.com",
    "empty": "",
    "only spaces": "   ",
    "a number": 7,
    "a list": ["acme.auth0.com"],
}
NAMES = {
    "500 characters": "x" * 500,
    "500 emoji": "😀" * 500,
    "only spaces": " \t\n ",
    "only what is invisible": "\u200b\u2060\u202e",
    "empty": "",
    "a number": 7,
    "an object": {"text": "Acme"},
}
MODES = ["automatic", "manual"]
modes = pytest.mark.parametrize("mode", MODES)


def a_body_for(mode: str, **changes: Any) -> dict[str, Any]:
    """Return a good body in a mode, changed."""
    by_mode = {"auth0_client_secret": None} if mode == "manual" else {}
    return a_body(mode=mode, **{**by_mode, **changes})


def answered(house: FakeHouse, body: object) -> tuple[int, dict[str, Any]]:
    """Send a body under an Idempotency-Key and return status and answer."""
    loaded = event("POST_applications", body=json.dumps(body))
    assert "idempotency-key" in loaded["headers"]
    reply = replied(handler, house, loaded)
    told: dict[str, Any] = json.loads(reply["body"])
    return reply["statusCode"], told


def refused(tenant: TenantServer, body: dict[str, Any]) -> dict[str, str]:
    """Send a bad body and return the reasons by field, once it is sure that it had no effect."""
    house = a_house(tenant.url)
    status, told = answered(house, body)
    assert status in (400, 422), told
    assert tenant.connected_peers == 0
    memory = house.memory
    kept = (memory.applications.rows, memory.applications.owners, memory.attempts.rows, memory.events.rows)
    assert kept == ({}, {}, {}, [])
    assert house.asked_keys == []
    return {one["field"]: one["reason"] for one in told["fields"]}


@modes
@pytest.mark.parametrize("case", DOMAINS)
def test_a_domain_that_is_none_is_refused(tenant: TenantServer, case: str, mode: str) -> None:
    found = refused(tenant, a_body_for(mode, auth0_domain=DOMAINS[case]))
    assert list(found) == ["auth0_domain"]
    assert found["auth0_domain"]


@modes
@pytest.mark.parametrize(
    "case", [case for case in DOMAINS if case not in ("a look-alike", "a look-alike without its dot")]
)
def test_a_custom_domain_that_is_none_is_refused(tenant: TenantServer, case: str, mode: str) -> None:
    found = refused(tenant, a_body_for(mode, custom_domain=DOMAINS[case]))
    assert list(found) == ["custom_domain"]
    assert found["custom_domain"]


@modes
@pytest.mark.parametrize("domain", ["login.example.com", "https://LOGIN.example.com/"])
def test_our_own_host_is_no_custom_domain(tenant: TenantServer, domain: str, mode: str) -> None:
    assert list(refused(tenant, a_body_for(mode, custom_domain=domain))) == ["custom_domain"]


@modes
@pytest.mark.parametrize("case", NAMES)
def test_a_name_that_is_none_is_refused(tenant: TenantServer, case: str, mode: str) -> None:
    assert list(refused(tenant, a_body_for(mode, name=NAMES[case]))) == ["name"]


@modes
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Portal 🚀", "Portal 🚀"),
        ('The "Acme" portal\'s', 'The "Acme" portal\'s'),
        (f"Acme {BIDI}", "Acme etsuH"),
        ("  Acme\n\tPortal  ", "Acme Portal"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("x" * 128, "x" * 128),
    ],
)
def test_a_name_that_can_be_shown_is_taken(tenant: TenantServer, name: str, shown: str, mode: str) -> None:
    status, told = answered(a_house(tenant.url), a_body_for(mode, name=name))
    assert (status, told["application"]["name"]) == (201, shown)


@modes
@pytest.mark.parametrize("field", ["name", "auth0_domain", "auth0_client_id"])
def test_a_missing_field_is_named(tenant: TenantServer, field: str, mode: str) -> None:
    assert refused(tenant, a_body_for(mode, **{field: None})) == {field: "is required"}


@modes
def test_a_field_that_nobody_knows_is_named(tenant: TenantServer, mode: str) -> None:
    assert refused(tenant, a_body_for(mode, surprise=1)) == {"surprise": "is not known"}


@modes
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("auth0_client_id", "with space"),
        ("auth0_client_id", "$(id)01234"),
        ("email_domains", ["example"]),
        ("email_domains", "example.com"),
        ("test_users", ["ada"]),
        ("test_redirect_uri", "javascript:alert(1)"),
    ],
)
def test_each_other_field_has_its_own_rule(
    tenant: TenantServer, field: str, value: object, mode: str
) -> None:
    assert list(refused(tenant, a_body_for(mode, **{field: value}))) == [field]


def test_a_mode_that_there_is_not_is_named(tenant: TenantServer) -> None:
    assert list(refused(tenant, a_body(mode="semi"))) == ["mode"]


def test_a_secret_in_manual_mode_goes_nowhere(
    tenant: TenantServer, capfd: pytest.CaptureFixture[str]
) -> None:
    house = a_house(tenant.url)
    secret = "MARK-a-secret-that-was-not-asked-for"
    status, told = answered(house, a_body(mode="manual", auth0_client_secret=secret))
    written, errors = capfd.readouterr()
    assert (status, [one["field"] for one in told["fields"]]) == (400, ["auth0_client_secret"])
    assert secret not in f"{told} {written} {errors} {house.memory!r}"
    assert tenant.connected_peers == 0

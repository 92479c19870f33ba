"""The connection that Auth0 is asked for."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless.auth0.connection import Created, connection_name, created, entity_id
from passwordless.saml.certificates import sha1_thumbprint
from tests.unit.auth0.certificates import certificate, signing_key
from tests.unit.auth0.fakes import CLIENT_ID

AUTH0_NAME = re.compile(r"^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$")
TENANTS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True)
SENT: dict[str, Any] = {
    "name": "portal-abcdef",
    "strategy": "samlp",
    "enabled_clients": [CLIENT_ID],
    "options": dict.fromkeys(
        (
            "signInEndpoint",
            "entityId",
            "signSAMLRequest",
            "signatureAlgorithm",
            "digestAlgorithm",
            "disableSignout",
        ),
        "as sent",
    ),
}


def checked(**changes: Any) -> Created:
    """Check an echo with these changes."""
    return created(SENT, {"id": "con_A1", **SENT, **changes}, signing_key())


@given(st.text(max_size=128), TENANTS)
def test_every_name_is_one_that_auth0_takes(application: str, tenant: str) -> None:
    name = connection_name(application, tenant, lambda n: b"\xa5" * n)
    assert AUTH0_NAME.fullmatch(name)
    assert len(entity_id(tenant, name)) <= 128


@pytest.mark.parametrize(
    ("application", "slug"),
    [
        ("Acme Portal", "acme-portal"),
        ("  --Ünïcode  &  Söhne-- ", "unicode-sohne"),
        ("日本語", "app"),
        ("", "app"),
        ("x" * 100, "x" * 40),
        ("a" * 39 + " b", "a" * 39),
    ],
)
def test_a_name_begins_like_the_application(application: str, slug: str) -> None:
    assert connection_name(application, "acme", lambda n: b"\x00" * n) == f"{slug}-aaaaaa"


def test_the_same_application_gets_another_name_each_time() -> None:
    from secrets import token_bytes

    assert len({connection_name("Acme", "acme", token_bytes) for _ in range(50)}) == 50


def test_a_faithful_echo_has_no_differences() -> None:
    thumbprint = sha1_thumbprint(certificate())
    options = {**SENT["options"], "thumbprints": [thumbprint], "cert": "…"}
    assert checked(options=options) == Created("con_A1", enabled=True)


@pytest.mark.parametrize("clients", [None, [], ["another"], "client0123456789", {CLIENT_ID: 1}])
def test_a_client_that_is_not_in_the_echo_is_not_enabled(clients: object) -> None:
    assert not checked(enabled_clients=clients).enabled


@pytest.mark.parametrize("options", [None, "text", {}])
def test_missing_options_prove_nothing(options: object) -> None:
    assert checked(options=options).differences == ()


@pytest.mark.parametrize("name", [*SENT["options"]])
def test_each_option_that_comes_back_otherwise_is_named(name: str) -> None:
    assert checked(options={**SENT["options"], name: "otherwise"}).differences == (name,)


def test_another_name_strategy_or_certificate_is_named() -> None:
    found = checked(name="x", strategy="oidc", options={"thumbprints": ["00"]}).differences
    assert found == ("name", "strategy", "signingCert")


@pytest.mark.parametrize("value", [None, 7, "", "con_", "con_<b>", "con_" + "a" * 65, "org_1"])
def test_what_is_no_connection_id_is_not_kept(value: object) -> None:
    assert checked(id=value).connection_id is None

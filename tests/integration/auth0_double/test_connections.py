"""The double's Management API: one call allowed, its body checked, every other refused."""

import base64
import json
import re

import pytest
import requests

from tests.integration.auth0_double.calls import a_body, a_token, ask_token, create, problem, some_options
from tests.integration.auth0_double.idp_response import signing_key
from tests.integration.auth0_double.process import Double


def test_a_connection_is_created_and_echoed_as_auth0_does(double: Double) -> None:
    body = a_body(double)
    answer = create(double, body)
    created = answer.json()
    derived = {key: created["options"].pop(key) for key in ("cert", "expires", "subject", "thumbprints")}
    assert answer.status_code == 201
    assert re.fullmatch(r"con_[A-Za-z0-9]{16}", created.pop("id"))
    assert created.pop("provisioning_ticket_url").startswith("https://acme.auth0.com/p/samlp/")
    assert created == {
        **body,
        "is_domain_connection": False,
        "authentication": {"active": True},
        "realms": ["acme-x2k4"],
    }
    assert derived["thumbprints"] == [signing_key("idp").thumbprint]
    assert derived["subject"] == {"commonName": "idp"}


def test_raw_pem_is_accepted_and_no_button_is_the_default(double: Double) -> None:
    body = a_body(double, options=some_options(signingCert=signing_key("idp").pem))
    del body["show_as_button"]
    assert create(double, body).json()["show_as_button"] is False


CERT_RULE = (
    "on property options.signingCert (X.509 signing certificate (encoded in PEM or CER) you retrieved from the "
    "IdP, Base64-encoded)."
)
INVALID_BODIES: list[tuple[dict[str, object], str]] = [
    ({"colour": "red"}, "'Additional properties not allowed: colour'."),
    ({"strategy": "saml"}, "'Invalid value \"saml\"' on property strategy"),
    ({"name": 7}, "'Expected type string but found type number' on property name"),
    ({"name": "-acme"}, "'String does not match pattern ^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$: -acme' on"),
    ({"name": "acme--x"}, "'String does not match pattern"),
    ({"name": "acme_x"}, "'String does not match pattern"),
    ({"name": "a" * 129}, "'String is too long (129 chars), maximum 128' on property name"),
    ({"display_name": ""}, "'String is too short (0 chars), minimum 1' on property display_name"),
    ({"metadata": {"a": "x" * 256}}, "'String is too long (256 chars), maximum 255' on property metadata"),
    ({"metadata": {str(n): "x" for n in range(11)}}, "'Too many properties defined (11), maximum 10' on"),
    ({"enabled_clients": "all"}, "'Expected type array but found type string' on property enabled_clients"),
    ({"options": {}}, "'Missing required property: signInEndpoint' on property options"),
    (
        {"options": some_options(signInEndpoint="http://idp.example/sso")},
        "format https-url: http://idp.example/sso' on property options.signInEndpoint",
    ),
    ({"options": some_options(signInEndpoint="javascript:alert(1)")}, "'Object didn't pass validation"),
    (
        {"options": some_options(signInEndpoint="https://idp.example/" + "a" * 2048)},
        "'String is too long (2068",
    ),
    ({"options": some_options(signingCert="Zm9v")}, CERT_RULE),
    ({"options": some_options(signingCert="not base64!")}, CERT_RULE),
    (
        {"options": some_options(signingCert=signing_key("idp").pem.replace("MII", "AAA", 1))},
        CERT_RULE,
    ),
    ({"options": some_options(signSAMLRequest="yes")}, "'Expected type boolean but found type string' on"),
    ({"options": some_options(entityId="e" * 129)}, "'String is too long (129 chars), maximum 128' on"),
    ({"options": some_options(requestTemplate="t" * 10241)}, "'String is too long (10241 chars)"),
    ({"options": some_options(fieldsMap={str(n): "x" for n in range(45)})}, "maximum 44' on property"),
    ({"options": some_options(signatureAlgorithm="ecdsa")}, "'Invalid value \"ecdsa\"' on property"),
]


@pytest.mark.parametrize(("change", "text"), INVALID_BODIES)
def test_an_invalid_connection_is_refused_in_the_words_of_auth0(
    double: Double, change: dict[str, object], text: str
) -> None:
    answer = create(double, a_body(double, **change))
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "invalid_body")
    assert answer.json()["message"].startswith("Payload validation error: '")
    assert text in answer.json()["message"]
    assert double.state()["connections"] == []


@pytest.mark.parametrize("key", ["name", "strategy", "options"])
def test_a_required_property_is_missed(double: Double, key: str) -> None:
    body = a_body(double)
    del body[key]
    expected = problem(
        400, "Bad Request", f"Payload validation error: 'Missing required property: {key}'.", "invalid_body"
    )
    assert create(double, body).json() == expected


def test_a_second_connection_of_the_same_name_is_a_conflict(double: Double) -> None:
    assert create(double, a_body(double)).status_code == 201
    answer = create(double, a_body(double))
    text = "A connection with the same name already exists"
    assert answer.json() == problem(409, "Conflict", text, "connection_conflict")


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/api/v2/connections", "read:connections"),
        ("GET", "/api/v2/connections/con_1", "read:connections"),
        ("PATCH", "/api/v2/connections/con_1", "update:connections"),
        ("PATCH", "/api/v2/connections/con_1/clients", "update:connections"),
        ("DELETE", "/api/v2/connections/con_1", "delete:connections"),
        ("POST", "/api/v2/clients", "create:clients"),
        ("GET", "/api/v2/users", "read:users"),
    ],
)
def test_every_other_management_call_is_beyond_the_scope_whatever_was_granted(
    double: Double, method: str, path: str, scope: str
) -> None:
    double.settings(over_granted=[scope])
    headers = {"Authorization": f"Bearer {a_token(double)}"}
    answer = requests.request(method, double.url + path, json={}, headers=headers, timeout=10)
    text = f"Insufficient scope, expected any of: {scope}"
    assert answer.json() == problem(403, "Forbidden", text, "insufficient_scope")


def test_a_token_without_the_scope_creates_nothing(double: Double) -> None:
    double.settings(scopes=["read:users"])
    token = ask_token(double, scope="read:users").json()["access_token"]
    answer = create(double, a_body(double), token)
    text = "Insufficient scope, expected any of: create:connections"
    assert answer.json() == problem(403, "Forbidden", text, "insufficient_scope")


def forged(token: str, **changes: object) -> str:
    header, payload, signature = token.split(".")
    part, values = (header, {"alg": "none"}) if "alg" in changes else (payload, changes)
    claims = {**json.loads(base64.urlsafe_b64decode(part + "==")), **values}
    encoded = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return ".".join([encoded, payload, ""] if "alg" in changes else [header, encoded, signature])


def test_a_token_that_is_not_the_tenants_own_is_rejected(double: Double) -> None:
    good = a_token(double)
    for token in ("a.b.c", good[:-4], forged(good, scope="create:connections x"), forged(good, alg="none")):
        answer = create(double, a_body(double), token)
        text = "Invalid token"
        assert answer.status_code == 401
        assert answer.json() == {**problem(401, "Unauthorized", text, None), "attributes": {"error": text}}


def test_a_token_expires_by_the_tenants_clock(double: Double) -> None:
    token = a_token(double)
    double.settings(clock_offset_seconds=86401)
    answer = create(double, a_body(double), token)
    assert (answer.status_code, answer.json()["message"][:13]) == (401, "Expired token")

"""The calls that one-click connect makes to a tenant, with good values that a test can change."""

import base64
from typing import Any

import requests

from tests.integration.auth0_double.idp_response import signing_key
from tests.integration.auth0_double.process import Double

AUDIENCE = "https://acme.auth0.com/api/v2/"


def ask_token(double: Double, **changes: object) -> requests.Response:
    body = {
        "grant_type": "client_credentials",
        "client_id": double.client_id,
        "client_secret": double.client_secret,
        "audience": AUDIENCE,
        "scope": "create:connections",
        **changes,
    }
    return requests.post(f"{double.url}/oauth/token", json=body, timeout=10)


def a_token(double: Double) -> str:
    token: str = ask_token(double).json()["access_token"]
    return token


def a_body(double: Double, **changes: object) -> dict[str, Any]:
    return {
        "name": "acme-x2k4",
        "strategy": "samlp",
        "options": some_options(),
        "enabled_clients": [double.client_id],
        "show_as_button": True,
        **changes,
    }


def some_options(**changes: object) -> dict[str, Any]:
    return {
        "signInEndpoint": "http://a1b2.execute-api.localhost:4566/saml/app/sso",
        "signingCert": base64.b64encode(signing_key("idp").pem.encode()).decode(),
        "signSAMLRequest": True,
        **changes,
    }


def create(double: Double, body: object, token: str | None = None, timeout: float = 10) -> requests.Response:
    headers = {"Authorization": f"Bearer {token or a_token(double)}"}
    return requests.post(f"{double.url}/api/v2/connections", json=body, headers=headers, timeout=timeout)


def get(double: Double, path: str, **headers: str) -> requests.Response:
    return requests.get(double.url + path, headers=headers, timeout=10)


def problem(status: int, error: str, message: str, code: str | None) -> dict[str, Any]:
    body = {"statusCode": status, "error": error, "message": message}
    return body if code is None else {**body, "errorCode": code}

"""The double's token endpoint: facts/auth0.md, section 1, row by row."""

import pytest
from jose import jwt

from tests.integration.auth0_double.calls import AUDIENCE, a_body, a_token, ask_token, create, get
from tests.integration.auth0_double.process import Double

NO_CLIENT_GRANT = (
    'Client is not authorized to access "https://acme.auth0.com/api/v2/". '
    'You need to create a "client-grant" associated to this API. '
    "See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants"
)


def test_a_token_is_signed_by_a_published_key_and_narrowed_to_the_scope_asked_for(double: Double) -> None:
    double.settings(scopes=["create:connections", "read:users"])
    answer = ask_token(double).json()
    keys = get(double, "/.well-known/jwks.json").json()
    claims = jwt.decode(
        answer["access_token"],
        keys,
        algorithms=["RS256"],
        audience=AUDIENCE,
        issuer="https://acme.auth0.com/",
    )
    assert sorted(answer) == ["access_token", "expires_in", "scope", "token_type"]
    assert (answer["expires_in"], answer["token_type"]) == (86400, "Bearer")
    assert claims["scope"] == answer["scope"] == "create:connections"
    assert claims["sub"] == f"{double.client_id}@clients"


def test_without_a_scope_the_token_holds_all_that_is_granted(double: Double) -> None:
    double.settings(scopes=["create:connections", "read:users"])
    assert ask_token(double, scope=None).json()["scope"] == "create:connections read:users"


def test_an_over_granted_token_says_so(double: Double) -> None:
    double.settings(over_granted=["delete:users"])
    assert ask_token(double).json()["scope"] == "create:connections delete:users"


def test_the_scope_may_be_missing_from_the_answer(double: Double) -> None:
    double.fault("token", omit_scope=True)
    answer = ask_token(double).json()
    assert "scope" not in answer
    assert jwt.get_unverified_claims(answer["access_token"])["scope"] == "create:connections"


@pytest.mark.parametrize(
    "change", [{"client_secret": "wrong"}, {"client_id": "unknown"}, {"client_secret": None}]
)
def test_wrong_secret_and_unknown_client_are_told_alike(double: Double, change: dict[str, object]) -> None:
    answer = ask_token(double, **change)
    assert answer.status_code == 401
    assert answer.json() == {"error": "access_denied", "error_description": "Unauthorized"}


TOKEN_ROWS: list[tuple[dict[str, object], dict[str, object], str, str]] = [
    (
        {"grant_type_enabled": False},
        {},
        "unauthorized_client",
        "Grant type 'client_credentials' not allowed for the client.",
    ),
    ({"client_grant": False}, {}, "access_denied", NO_CLIENT_GRANT),
    (
        {"scopes": ["read:users"]},
        {},
        "access_denied",
        "Client has not been granted scopes: create:connections",
    ),
    (
        {},
        {"audience": "https://acme.eu.auth0.com/api/v2/"},
        "access_denied",
        "Service not enabled within domain: https://acme.eu.auth0.com/api/v2/",
    ),
    (
        {},
        {"audience": "https://acme.auth0.com/api/v2"},
        "access_denied",
        "Service not found: https://acme.auth0.com/api/v2",
    ),
    ({"action_denies": "Not at night."}, {}, "access_denied", "Not at night."),
]


@pytest.mark.parametrize(("settings", "change", "error", "text"), TOKEN_ROWS)
def test_a_token_is_refused_in_the_words_of_auth0(
    double: Double, settings: dict[str, object], change: dict[str, object], error: str, text: str
) -> None:
    double.settings(**settings)
    answer = ask_token(double, **change)
    assert (answer.status_code, answer.json()["error"]) == (403, error)
    assert answer.json()["error_description"] == text


@pytest.mark.parametrize("wording", [0, 1, 2])
def test_every_wording_of_a_missing_client_grant_names_it(double: Double, wording: int) -> None:
    double.settings(client_grant=False, client_grant_wording=wording)
    assert '"client-grant"' in ask_token(double).json()["error_description"]


def test_a_rate_limited_token_call_says_when_to_come_back(double: Double) -> None:
    double.fault("token", status=429, reset_after=7)
    answer = ask_token(double)
    assert (answer.status_code, answer.json()["error"]) == (429, "too_many_requests")
    assert answer.headers["Retry-After"] == "7"
    assert int(answer.headers["X-RateLimit-Reset"]) > 1_700_000_000


def test_a_rotated_secret_ends_the_old_one_but_not_its_tokens(double: Double) -> None:
    token = a_token(double)
    secret = double.settings(rotate_client_secret=True)["client_secret"]
    assert ask_token(double).status_code == 401
    assert ask_token(double, client_secret=secret).status_code == 200
    assert create(double, a_body(double), token).status_code == 201

"""Who an administrator is (S05): exact types, no default tenant, access tokens only."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless.admin import Admin, administrator
from passwordless.errors import Forbidden
from passwordless.web import Request
from tests.house import config, event

READ = "applications:read"
CLAIMS = {"sub": "admin|1", "tenant": "acme", "scope": "applications:read applications:write"}
AT_JWT = {"alg": "RS256", "typ": "at+jwt"}
JWT = {"alg": "RS256", "typ": "JWT"}


def flattened(value: object) -> str:
    """Return a claim as an HTTP API hands it on: a string whatever it was."""
    if isinstance(value, list):
        return f"[{' '.join(str(one) for one in value)}]"
    return value if isinstance(value, str) else json.dumps(value)


def segment(value: object) -> str:
    """Return a part of a JWT; a string is taken as JSON text."""
    raw = value if isinstance(value, str) else json.dumps(value)
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def request(
    payload: Any, header: Any = AT_JWT, verified: dict[str, str] | None = None, bearer: str = "Bearer "
) -> Request:
    """Return a request with this token; by default the authorizer saw the same."""
    loaded = event("GET_integrations")
    claims = payload if isinstance(payload, dict) else {}
    seen = verified if verified is not None else {name: flattened(value) for name, value in claims.items()}
    loaded["requestContext"]["authorizer"]["jwt"]["claims"] = seen
    loaded["headers"]["authorization"] = f"{bearer}{segment(header)}.{segment(payload)}.c2ln"
    return Request.read(loaded, "CORRELATION")


def refusal(sent: Request, scope: str = READ) -> str:
    """Return the code with which a request is refused."""
    with pytest.raises(Forbidden) as caught:
        administrator(sent, config(), scope)
    assert caught.value.status == 403
    return caught.value.code


def claims(**changes: Any) -> dict[str, Any]:
    """Return good claims with changes; a change to `...` leaves one out."""
    return {name: value for name, value in {**CLAIMS, **changes}.items() if value is not ...}


def test_an_access_token_names_its_administrator() -> None:
    assert administrator(request(CLAIMS), config(), READ) == Admin(
        "acme", "admin|1", frozenset({"applications:read", "applications:write"})
    )


def test_the_event_files_are_calls_of_an_administrator() -> None:
    for name in ("GET_integrations", "POST_applications", "GET_applications", "POST_enrollments"):
        sent = Request.read(event(name), "CORRELATION")
        assert administrator(sent, config(), READ).tenant == "acme"


@pytest.mark.parametrize("bearer", ["Bearer ", "bearer ", "BEARER  ", ""])
def test_the_scheme_may_be_written_as_the_authorizer_takes_it(bearer: str) -> None:
    assert administrator(request(CLAIMS, bearer=bearer), config(), READ).tenant == "acme"


def test_the_tenant_claim_has_a_configured_name() -> None:
    named = claims(tenant="wrong", **{"https://admin.example.com/tenant": "right"})
    settings = config(tenant_claim="https://admin.example.com/tenant")
    assert administrator(request(named), settings, READ).tenant == "right"


@pytest.mark.parametrize(
    "tenant",
    [
        ...,
        "",
        " ",
        "None",
        None,
        "Acme",
        "-acme",
        "acme_x",
        "acme/../other",
        "acme\n",
        "acmé",
        "a" * 64,
        "*",
        ["acme"],
        ["acme", "other"],
        [],
        123,
        1.5,
        True,
        {"name": "acme"},
    ],
)
def test_a_token_without_exactly_one_tenant_is_refused(tenant: object) -> None:
    assert refusal(request(claims(tenant=tenant))) == "no_tenant"


@pytest.mark.parametrize("tenant", [123, ["acme"], True])
def test_a_tenant_that_only_looks_like_one_once_it_is_a_string_is_refused(tenant: object) -> None:
    seen = {**CLAIMS, "tenant": "acme"}
    assert refusal(request(claims(tenant=tenant), verified=seen)) == "no_tenant"


def test_a_tenant_other_than_the_authorizer_saw_is_refused() -> None:
    assert refusal(request(claims(tenant="other"), verified=CLAIMS)) == "no_tenant"


def test_a_tenant_that_comes_twice_is_refused() -> None:
    twice = '{"sub":"admin|1","scope":"applications:read","tenant":"other","tenant":"acme"}'
    assert refusal(request(twice, verified=CLAIMS)) == "no_tenant"


@pytest.mark.parametrize("subject", [..., "", "  ", None, 7, ["admin|1"]])
def test_a_token_without_a_subject_is_refused(subject: object) -> None:
    assert refusal(request(claims(sub=subject))) == "no_subject"


@pytest.mark.parametrize(
    "scope", [..., "", "applications:write", "applications:readx", "openid", 7, ["applications:read"]]
)
def test_a_token_without_the_scope_is_refused(scope: object) -> None:
    assert refusal(request(claims(scope=scope))) == "missing_scope"


def test_reading_is_not_writing() -> None:
    assert refusal(request(claims(scope=READ)), "applications:write") == "missing_scope"


@pytest.mark.parametrize("scp", [["applications:read", 7], "applications:read other"])
def test_scopes_may_be_called_scp(scp: object) -> None:
    assert READ in administrator(request(claims(scope=..., scp=scp)), config(), READ).scopes


def test_scp_adds_nothing_to_scope() -> None:
    assert refusal(request(claims(scope="openid", scp=["applications:read"]))) == "missing_scope"


@pytest.mark.parametrize(
    ("header", "more"),
    [
        ({"alg": "RS256", "typ": "application/at+jwt"}, {}),
        ({"alg": "RS256", "typ": "AT+JWT"}, {}),
        (JWT, {"token_use": "access"}),
        (JWT, {}),
        ({"alg": "RS256"}, {}),
        (AT_JWT, {"nonce": "n"}),
    ],
)
def test_access_tokens_of_several_issuers_are_taken(header: Any, more: dict[str, Any]) -> None:
    assert administrator(request(claims(**more), header), config(), READ).tenant == "acme"


@pytest.mark.parametrize(
    ("header", "more"),
    [
        (JWT, {"token_use": "id"}),
        (AT_JWT, {"token_use": "id"}),
        (JWT, {"token_use": ["access"]}),
        (JWT, {"nonce": "n"}),
        (JWT, {"at_hash": "h"}),
        (JWT, {"c_hash": "h"}),
        (JWT, {"scope": ...}),
        ({"alg": "RS256", "typ": ["at+jwt"]}, {"nonce": "n"}),
    ],
)
def test_an_id_token_is_refused(header: Any, more: dict[str, Any]) -> None:
    assert refusal(request(claims(**more), header)) == "not_an_access_token"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer",
        "Bearer x",
        "Bearer a.b",
        "Bearer a.b.c.d",
        "Bearer !.!.!",
        "Bearer eyJ9.e30.c2ln",
        "Basic YTpi",
        "Bearer e30.W10.c2ln",
    ],
)
def test_what_is_no_jwt_is_refused(value: str) -> None:
    loaded = event("GET_integrations")
    loaded["headers"]["authorization"] = value
    assert refusal(Request.read(loaded, "C")) == "not_an_access_token"


def test_two_tokens_in_one_header_are_refused() -> None:
    loaded = event("GET_integrations")
    loaded["headers"]["authorization"] += f", {loaded['headers']['authorization']}"
    assert refusal(Request.read(loaded, "C")) == "not_an_access_token"


def test_a_missing_header_is_refused() -> None:
    loaded = event("GET_integrations")
    del loaded["headers"]["authorization"]
    assert refusal(Request.read(loaded, "C")) == "not_an_access_token"


def test_claims_that_no_authorizer_handed_on_count_for_nothing() -> None:
    loaded = event("GET_integrations")
    del loaded["requestContext"]["authorizer"]
    assert refusal(Request.read(loaded, "C")) == "no_tenant"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(JSON, JSON, JSON, st.text(max_size=100))
def test_whatever_a_token_holds_it_is_an_administrator_of_a_named_tenant_or_refused(
    tenant: object, subject: object, header: object, mess: str
) -> None:
    sent = request(claims(tenant=tenant, sub=subject), header)
    for one in (sent, Request.read({**event("GET_integrations"), "headers": {"authorization": mess}}, "C")):
        try:
            found = administrator(one, config(), READ)
        except Forbidden:
            continue
        assert (found.tenant, found.subject) == (tenant, subject)

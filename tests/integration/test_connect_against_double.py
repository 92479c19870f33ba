"""One-click connect with the emulator's tables and the Auth0 double, which judges by Auth0's rules what it is sent."""

import base64
import json
from typing import Any

import pytest

from functions.connect.handler import handler
from passwordless.saml.certificates import sha1_thumbprint
from passwordless.wiring import Wiring
from tests.house import ORIGIN, event
from tests.integration.against_double import call, connect
from tests.integration.auth0_double.process import Double


def test_a_connection_is_made_that_auth0_accepts_and_the_application_can_be_read(
    wiring: Wiring, double: Double
) -> None:
    answer = connect(wiring, double)
    told = answer.json
    assert answer.status == 201, answer.body
    assert (told["application"]["status"], told["warnings"]) == ("connected", [])
    (made,) = double.state()["connections"]
    application = told["application"]
    assert made["name"] == application["auth0"]["connection_name"]
    assert made["options"]["thumbprints"] == [application["saml"]["certificate_sha1"]]
    assert made["options"]["signInEndpoint"] == f"{ORIGIN}/saml/{application['application_id']}/sso"
    assert double.state()["calls"] == {"openid": 1, "token": 1, "connections": 1, "metadata": 1}
    read = call(wiring, "GET_application", pathParameters={"application_id": application["application_id"]})
    assert read.json == application


def test_the_stored_key_is_the_one_that_auth0_trusts(wiring: Wiring, double: Double) -> None:
    application = connect(wiring, double).json["application"]
    stored = wiring.stores.applications.get(application["application_id"])
    assert stored is not None
    key = wiring.stores.signing_keys.get("acme", stored.idp.signing_key_id)
    assert key is not None
    assert sha1_thumbprint(key.certificate_pem) == application["saml"]["certificate_sha1"]
    assert stored.sp.certificates


@pytest.mark.parametrize(
    ("settings", "code", "status"),
    [
        ({"grant_type_enabled": False}, "auth0_grant_type_disabled", 422),
        ({"client_grant": False, "client_grant_wording": 0}, "auth0_api_not_authorized", 422),
        ({"client_grant": False, "client_grant_wording": 1}, "auth0_api_not_authorized", 422),
        ({"client_grant": False, "client_grant_wording": 2}, "auth0_api_not_authorized", 422),
        ({"scopes": ["read:users"]}, "auth0_missing_scope", 422),
        ({"action_denies": "Not today"}, "auth0_denied_by_policy", 422),
        ({"faults": {"openid": {"html": 200}}}, "auth0_domain_unreachable", 422),
        ({"faults": {"openid": {"issuer": "https://x.auth0.com/"}}}, "auth0_domain_unreachable", 422),
        ({"faults": {"openid": {"redirect": "https://auth0.com/"}}}, "auth0_domain_unreachable", 422),
        ({"faults": {"token": {"status": 429, "reset_after": 8}}}, "auth0_rate_limited", 429),
        ({"faults": {"token": {"status": 503}}}, "auth0_unavailable", 503),
        ({"faults": {"token": {"gzip_bytes": 50_000_000}}}, "auth0_unexpected_answer", 502),
        ({"faults": {"token": {"pad_bytes": 500_000}}}, "auth0_unexpected_answer", 502),
        ({"faults": {"token": {"truncate": True}}}, "auth0_unexpected_answer", 502),
        ({"faults": {"connections": {"invalid_token": True}}}, "auth0_token_rejected", 422),
        ({"faults": {"connections": {"insufficient_scope": True}}}, "auth0_missing_scope", 422),
        ({"faults": {"connections": {"plan_limit": True}}}, "auth0_plan_limit", 422),
        ({"faults": {"connections": {"too_many_entities": True}}}, "auth0_plan_limit", 422),
        ({"faults": {"connections": {"conflict": True}}}, "auth0_name_taken", 409),
        ({"faults": {"connections": {"being_deleted": True}}}, "auth0_name_being_deleted", 409),
        ({"faults": {"connections": {"realm_conflict": True}}}, "auth0_name_taken", 409),
        ({"faults": {"connections": {"status": 429, "reset_after": 8}}}, "auth0_rate_limited", 429),
    ],
)
def test_a_refusal_of_auth0_is_told_and_leaves_no_application(
    wiring: Wiring, double: Double, settings: dict[str, Any], code: str, status: int
) -> None:
    before = call(wiring, "GET_applications").json["applications"]
    double.settings(**settings)
    answer = connect(wiring, double)
    assert (answer.code, answer.status) == (code, status)
    assert ("retry-after" in answer.headers) is (status in (429, 503))
    assert call(wiring, "GET_applications").json["applications"] == before
    assert double.state()["connections"] == []
    assert double.client_secret not in answer.body


def test_wrong_credentials_are_told_without_saying_which(wiring: Wiring, double: Double) -> None:
    for changes in ({"auth0_client_secret": "wrong"}, {"auth0_client_id": "unknown0123"}):
        assert connect(wiring, double, **changes).code == "auth0_bad_credentials"


@pytest.mark.parametrize("fault", [{"reset": True}, {"status": 502}, {"html": 200}, {"truncate": True}])
def test_a_connection_whose_answer_is_lost_is_found_in_the_metadata(
    wiring: Wiring, double: Double, fault: dict[str, Any]
) -> None:
    double.fault("connections", after_commit=True, **fault)
    told = connect(wiring, double).json
    assert told["application"]["status"] == "connected"
    assert "connection_id" not in told["application"]["auth0"]
    assert [one["code"] for one in told["warnings"]] == ["needs_enable"]
    assert double.state()["calls"]["connections"] == 1


def test_a_lost_answer_without_a_connection_is_told_and_remembered(wiring: Wiring, double: Double) -> None:
    double.fault("connections", reset=True)
    first = connect(wiring, double, key="key-of-a-lost-one")
    second = connect(wiring, double, key="key-of-a-lost-one")
    assert first.code == second.code == "auth0_outcome_unknown"
    assert first.json["application_id"] == second.json["application_id"]
    assert double.state()["calls"]["connections"] == 1
    stored = wiring.stores.applications.get(first.json["application_id"])
    assert stored is not None
    assert stored.status == "failed"


def test_the_same_key_makes_one_connection(wiring: Wiring, double: Double) -> None:
    answers = [connect(wiring, double, key="key-of-the-same") for _ in range(3)]
    assert [one.status for one in answers] == [201, 201, 201]
    assert len({one.json["application"]["application_id"] for one in answers}) == 1
    assert len(double.state()["connections"]) == 1
    other = connect(wiring, double, key="key-of-the-same", name="Another")
    assert (other.status, other.code) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("fault", "warning"),
    [
        ({"connections": {"drop_enabled_clients": True}}, "needs_enable"),
        ({"metadata": {"unknown": True}}, "unverified"),
        ({"metadata": {"entity_id": "urn:auth0:acme:other"}}, "unverified"),
        ({"metadata": {"acs_url": "https://evil.example/"}}, "unverified"),
        ({"metadata": {"certificates": "none"}}, "unverified"),
        ({"metadata": {"html": 200}}, "unverified"),
    ],
)
def test_what_is_not_as_asked_is_a_warning(
    wiring: Wiring, double: Double, fault: dict[str, Any], warning: str
) -> None:
    double.settings(faults=fault)
    answer = connect(wiring, double)
    assert answer.status == 201
    assert [one["code"] for one in answer.json["warnings"]] == [warning]


def test_more_scopes_than_needed_are_named(wiring: Wiring, double: Double) -> None:
    double.settings(over_granted=["delete:users"])
    (warning,) = connect(wiring, double).json["warnings"]
    assert (warning["code"], "delete:users" in warning["guidance"]) == ("over_granted", True)


def test_an_answer_without_options_is_taken(wiring: Wiring, double: Double) -> None:
    double.fault("connections", omit_options=True)
    assert connect(wiring, double).json["warnings"] == []


def test_applications_are_listed_page_by_page(wiring: Wiring, double: Double) -> None:
    made = [connect(wiring, double).json["application"]["application_id"] for _ in range(3)]
    seen: list[str] = []
    query = "limit=2"
    while query:
        page = call(wiring, "GET_applications", rawQueryString=query).json
        seen += [one["application_id"] for one in page["applications"]]
        following = page.get("next_page_token")
        query = f"limit=2&page_token={following}" if following else ""
    assert len(seen) == len(set(seen))
    assert set(made) <= set(seen)


def test_a_tenant_sees_nothing_of_another(wiring: Wiring, double: Double) -> None:
    application_id = connect(wiring, double).json["application"]["application_id"]
    path = {"application_id": application_id}
    assert call(wiring, "GET_application", pathParameters=path).status == 200
    foreign = handler.answer(wiring, of_tenant("beta", event("GET_application", pathParameters=path)))
    unknown = handler.answer(wiring, of_tenant("beta", event("GET_application")))
    assert foreign["statusCode"] == unknown["statusCode"] == 404
    assert json.loads(foreign["body"])["detail"] == json.loads(unknown["body"])["detail"]
    listed = handler.answer(wiring, of_tenant("beta", event("GET_applications")))
    assert json.loads(listed["body"])["applications"] == []


def of_tenant(tenant: str, loaded: dict[str, Any]) -> dict[str, Any]:
    """Return an event as an administrator of another tenant sends it."""
    header, payload, signature = loaded["headers"]["authorization"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    changed = base64.urlsafe_b64encode(json.dumps({**claims, "tenant": tenant}).encode()).decode().rstrip("=")
    loaded["headers"]["authorization"] = f"{header}.{changed}.{signature}"
    loaded["requestContext"]["authorizer"]["jwt"]["claims"]["tenant"] = tenant
    return loaded

"""The one-click procedure against a tenant that answers as Auth0 does."""

import base64
import re
from typing import Any

import pytest

from passwordless.errors import Unavailable
from passwordless.model.applications import ApplicationStatus, RolloutMode
from passwordless.model.events import EventType
from tests.unit.auth0.calling import connect, failed, statuses
from tests.unit.auth0.certificates import base64_der, certificate
from tests.unit.auth0.fakes import (
    CLIENT_ID,
    DOMAIN,
    ORIGIN,
    SECRET,
    a_client,
    a_house,
)
from tests.unit.auth0.tenant_server import (
    BEARER,
    CREATE,
    DISCOVERY,
    METADATA,
    TOKEN,
    Scripted,
    TenantServer,
)

CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
OK = ["ok", "ok", "ok", "ok"]


def test_a_connected_application_is_stored_with_the_certificates_of_auth0(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    done = connect(house)
    name = done.application.auth0.connection_name if done.application.auth0 else ""
    stored = house.memory.applications.rows[done.application.application_id]
    assert stored == done.application
    assert stored.status is ApplicationStatus.CONNECTED
    assert stored.tenant == "local"
    assert stored.sp.entity_id == f"urn:auth0:acme:{name}"
    assert stored.sp.acs_urls == (f"{tenant.url}/login/callback?connection={name}",)
    assert stored.sp.certificates == (base64_der(certificate("sp")),)
    assert stored.idp.entity_id == f"{ORIGIN}/saml/{stored.application_id}/metadata"
    assert stored.idp.sso_url == f"{ORIGIN}/saml/{stored.application_id}/sso"
    assert stored.idp.signing_key_id == "key_1"
    assert stored.auth0 is not None
    assert stored.auth0.connection_id == "con_0123456789ABCDEF"
    assert (statuses(done.steps), done.warnings) == (OK, [])


def test_exactly_four_calls_are_made_in_order(tenant: TenantServer) -> None:
    connect(a_house(tenant.url))
    assert tenant.sequence() == [DISCOVERY, TOKEN, CREATE, METADATA]


def test_the_token_is_asked_for_one_scope_at_the_canonical_audience(tenant: TenantServer) -> None:
    connect(a_house(tenant.url))
    assert tenant.sent(TOKEN) == {
        "grant_type": "client_credentials",
        "client_id": CLIENT_ID,
        "client_secret": SECRET,
        "audience": f"https://{DOMAIN}/api/v2/",
        "scope": "create:connections",
    }


def test_every_setting_that_matters_is_sent_explicitly(tenant: TenantServer) -> None:
    done = connect(a_house(tenant.url))
    sent = tenant.sent(CREATE)
    assert done.application.auth0 is not None
    name = done.application.auth0.connection_name
    assert sent == {
        "name": name,
        "strategy": "samlp",
        "display_name": "Acme Portal",
        "show_as_button": True,
        "enabled_clients": [CLIENT_ID],
        "options": {
            "signInEndpoint": done.application.idp.sso_url,
            "signingCert": base64.b64encode(certificate().encode()).decode(),
            "entityId": f"urn:auth0:acme:{name}",
            "signSAMLRequest": True,
            "signatureAlgorithm": "rsa-sha256",
            "digestAlgorithm": "sha256",
            "protocolBinding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
            "disableSignout": True,
            "fieldsMap": {
                "user_id": [f"{CLAIMS}/nameidentifier"],
                "email": f"{CLAIMS}/emailaddress",
                "name": f"{CLAIMS}/name",
                "given_name": f"{CLAIMS}/givenname",
                "family_name": f"{CLAIMS}/surname",
            },
        },
    }
    assert re.fullmatch(r"acme-portal-[a-z2-7]{6}", name)


def test_email_domains_become_the_connections_aliases(tenant: TenantServer) -> None:
    connect(a_house(tenant.url), email_domains=["Example.com"])
    assert tenant.sent(CREATE)["options"]["domain_aliases"] == ["example.com"]


def test_a_custom_domain_adds_its_address_and_makes_each_request_name_its_own(tenant: TenantServer) -> None:
    done = connect(a_house(tenant.url), custom_domain="https://Login.Acme.example/")
    sent = tenant.sent(CREATE)
    assert done.application.sp.acs_urls == (
        f"{tenant.url}/login/callback?connection={sent['name']}",
        f"https://login.acme.example/login/callback?connection={sent['name']}",
    )
    assert sent["options"]["requestTemplate"].count("@@AssertionConsumerServiceURL@@") == 1
    assert (done.application.status, done.warnings) == (ApplicationStatus.CONNECTED, [])


def test_a_custom_domain_is_never_called(tenant: TenantServer) -> None:
    connect(a_house(tenant.url), custom_domain="login.acme.example")
    assert tenant.sequence() == [DISCOVERY, TOKEN, CREATE, METADATA]
    assert {one.headers["host"] for one in tenant.calls} == {tenant.url.removeprefix("http://")}


def test_the_create_call_carries_the_token_and_never_the_secret(tenant: TenantServer) -> None:
    connect(a_house(tenant.url))
    (created,) = [one for one in tenant.calls if one.call == CREATE]
    assert created.headers["authorization"] == f"Bearer {BEARER}"
    assert SECRET not in str(created)


def test_the_secret_leaves_only_in_the_token_call(tenant: TenantServer) -> None:
    connect(a_house(tenant.url))
    assert [one.call for one in tenant.calls if SECRET in str(one)] == [TOKEN]


def test_an_event_says_who_connected_what(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    done = connect(house)
    (event,) = house.memory.events.rows
    assert (event.type, event.tenant) == (EventType.APPLICATION_CONNECTED, "local")
    assert (event.application_id, event.actor) == (done.application.application_id, "admin|1")
    assert (event.correlation_id, event.ip) == ("CORRELATION", "203.0.113.9")


def test_listed_test_users_alone_may_sign_in_at_first(tenant: TenantServer) -> None:
    done = connect(a_house(tenant.url), test_users=[" Ada@Example.com", "ada@example.com", "bob@example.com"])
    assert done.application.rollout.mode is RolloutMode.TEST
    assert done.application.rollout.test_users == ("ada@example.com", "bob@example.com")


def test_without_test_users_everyone_may_sign_in(tenant: TenantServer) -> None:
    assert connect(a_house(tenant.url)).application.rollout.mode is RolloutMode.EVERYONE


def test_the_test_link_starts_a_login_through_the_connection(tenant: TenantServer) -> None:
    done = connect(a_house(tenant.url), test_redirect_uri="http://localhost:3000/callback?a=b")
    assert done.application.auth0 is not None
    assert done.test_url == (
        f"{tenant.url}/authorize?client_id={CLIENT_ID}&response_type=code&scope=openid%20profile%20email"
        f"&connection={done.application.auth0.connection_name}"
        "&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback%3Fa%3Db"
    )


@pytest.mark.parametrize(
    ("call", "answer", "expected"),
    [
        (DISCOVERY, Scripted(404, ""), ["failed", "skipped", "skipped", "skipped"]),
        (TOKEN, Scripted(401, {"error": "access_denied"}), ["ok", "failed", "skipped", "skipped"]),
        (CREATE, Scripted(409, {"message": "exists"}), ["ok", "ok", "failed", "skipped"]),
    ],
)
def test_a_failure_says_how_far_it_came_and_leaves_nothing_behind(
    tenant: TenantServer, call: str, answer: Scripted, expected: list[str]
) -> None:
    tenant.answers[call] = answer
    house = a_house(tenant.url)
    failure = failed(house)
    assert statuses(failure.extra["steps"]) == expected
    assert house.memory.applications == type(house.memory.applications)()


def test_a_wrong_domain_fails_before_anything_is_sent(tenant: TenantServer) -> None:
    failure = failed(a_house(tenant.url), auth0_domain="login.example.com")
    assert failure.code == "auth0_custom_domain"
    assert statuses(failure.extra["steps"]) == ["failed", "skipped", "skipped", "skipped"]
    assert tenant.connected_peers == 0


def test_the_secret_is_not_sent_to_a_server_that_is_not_the_tenant(tenant: TenantServer) -> None:
    tenant.answers[DISCOVERY] = Scripted(200, {"issuer": "https://other.auth0.com/"})
    assert failed(a_house(tenant.url)).code == "auth0_domain_unreachable"
    assert tenant.sequence() == [DISCOVERY]


def test_nothing_is_sent_with_the_secret_when_the_signing_key_cannot_be_made(tenant: TenantServer) -> None:
    broken = Unavailable("signing_unavailable", "The tenant's signing key could not be made.", retry_after=2)
    failure = failed(a_house(tenant.url, key_failures=(broken,)))
    assert failure is broken
    assert statuses(failure.extra["steps"]) == ["ok", "skipped", "skipped", "skipped"]
    assert tenant.sequence() == [DISCOVERY]


def test_a_signing_key_that_another_call_is_making_is_waited_for(tenant: TenantServer) -> None:
    busy = Unavailable("signing_key_busy", "The tenant's signing key is being made.", retry_after=2)
    pauses: list[float] = []
    house = a_house(tenant.url, key_failures=(busy, busy), auth0=a_client(sleep=pauses.append))
    assert connect(house).application.status is ApplicationStatus.CONNECTED
    assert pauses == [1.5, 1.5]


def test_waiting_for_a_signing_key_ends_while_there_is_time_for_auth0(tenant: TenantServer) -> None:
    busy = Unavailable("signing_key_busy", "The tenant's signing key is being made.", retry_after=2)
    house = a_house(tenant.url, key_failures=(busy, busy), auth0=a_client(overall_seconds=15.5))
    assert failed(house) is busy
    assert house.asked_keys == ["local"]


def test_a_name_that_is_taken_in_this_deployment_is_a_conflict(tenant: TenantServer) -> None:
    house = a_house(tenant.url)
    first = connect(house)
    assert first.application.auth0 is not None
    again = a_house(tenant.url)
    again.memory.applications.owners = _OwnedByOthers()
    failure = failed(again)
    assert (failure.code, failure.status) == ("application_exists", 409)
    assert tenant.sequence().count(CREATE) == 1


class _OwnedByOthers(dict[str, str]):
    """Every name has an owner."""

    def get(self, _: str, __: Any = None) -> Any:
        return "app_other"

"""HTTP to Auth0 within bounds (S40): whatever the other side does, a bounded answer or one named trouble."""

import gzip
import time
from pathlib import Path
from typing import Any

import pytest

from passwordless.auth0.answers import NoAnswer, Trouble
from passwordless.auth0.secret import Secret
from passwordless.auth0.transport import Limits
from tests.unit.auth0.fakes import SECRET
from tests.unit.auth0.sending import PATH, a_transport, trouble
from tests.unit.auth0.tenant_server import (
    CREATE,
    DISCOVERY,
    TOKEN,
    Scripted,
    TenantServer,
    drip,
    reset,
    silence,
)


def test_an_answer_comes_back_with_lower_case_headers(tenant: TenantServer) -> None:
    tenant.answers[DISCOVERY] = Scripted(429, "{}", {"X-RateLimit-Reset": "7"})
    with a_transport() as transport:
        answer = transport.get(tenant.url + PATH)
    assert (answer.status, answer.body, answer.headers["x-ratelimit-reset"]) == (429, b"{}", "7")


def test_one_connection_serves_all_calls(tenant: TenantServer) -> None:
    with a_transport() as transport:
        for _ in range(3):
            transport.get(tenant.url + PATH)
    assert tenant.connected_peers == 1


def test_only_uncompressed_answers_are_asked_for(tenant: TenantServer) -> None:
    with a_transport() as transport:
        transport.get(tenant.url + PATH)
    assert tenant.calls[0].headers["accept-encoding"] == "identity"


def test_a_redirect_is_not_followed_and_sends_nothing_elsewhere(tenant: TenantServer) -> None:
    tenant.answers[TOKEN] = Scripted(302, "x", {"Location": f"{tenant.url}/stolen"})
    with a_transport() as transport:
        answer = transport.post(f"{tenant.url}/oauth/token", {"client_secret": Secret(SECRET)})
    assert answer.status == 302
    assert tenant.sequence() == [TOKEN]


def test_a_redirect_with_an_endless_body_is_bounded(tenant: TenantServer) -> None:
    tenant.answers[TOKEN] = Scripted(302, b"x" * 5000, {"Location": "https://elsewhere.example/"})
    assert trouble(f"{tenant.url}/oauth/token") is Trouble.UNREADABLE


def test_a_gzip_bomb_is_not_unpacked(tenant: TenantServer) -> None:
    bomb = gzip.compress(b" " * 10_000_000)[:900]
    tenant.answers[TOKEN] = Scripted(200, bomb, {"Content-Encoding": "gzip"})
    assert trouble(f"{tenant.url}/oauth/token") is Trouble.UNREADABLE


@pytest.mark.parametrize("size", [1001, 100_000])
def test_a_body_beyond_the_cap_is_refused(tenant: TenantServer, size: int) -> None:
    tenant.answers[TOKEN] = Scripted(200, b"x" * size)
    assert trouble(f"{tenant.url}/oauth/token") is Trouble.UNREADABLE


def test_a_body_at_the_cap_is_taken(tenant: TenantServer) -> None:
    tenant.answers[DISCOVERY] = Scripted(200, b"x" * 1000)
    with a_transport() as transport:
        assert len(transport.get(tenant.url + PATH).body) == 1000


@pytest.mark.parametrize("headers", [False, True])
def test_an_answer_of_one_byte_at_a_time_is_cut(tenant: TenantServer, headers: bool) -> None:
    tenant.answers[TOKEN] = drip(40, 0.1, headers=headers)
    started = time.monotonic()
    assert trouble(f"{tenant.url}/oauth/token") is Trouble.LOST
    assert time.monotonic() - started < 2


def test_the_overall_deadline_cuts_a_call_that_has_time_of_its_own(tenant: TenantServer) -> None:
    tenant.answers[TOKEN] = drip(40, 0.1)
    patient = Limits(read_seconds=9, call_seconds=9)
    started = time.monotonic()
    assert trouble(f"{tenant.url}/oauth/token", limits=patient, seconds=0.5) is Trouble.LOST
    assert time.monotonic() - started < 2


def test_after_the_deadline_nothing_is_sent(tenant: TenantServer) -> None:
    assert trouble(f"{tenant.url}/oauth/token", seconds=0) is Trouble.NOT_SENT
    assert tenant.connected_peers == 0


def test_a_call_after_one_that_was_cut_connects_anew(tenant: TenantServer) -> None:
    tenant.answers[TOKEN] = drip(40, 0.1)
    with a_transport() as transport:
        with pytest.raises(NoAnswer):
            transport.post(f"{tenant.url}/oauth/token", {})
        assert transport.get(tenant.url + PATH).status == 200
    assert tenant.connected_peers == 2


@pytest.mark.parametrize("behaviour", [reset, silence(1)])
def test_silence_is_a_lost_answer(tenant: TenantServer, behaviour: Any) -> None:
    tenant.answers[CREATE] = behaviour
    assert trouble(f"{tenant.url}/api/v2/connections") is Trouble.LOST
    assert tenant.sequence() == [CREATE]


def test_proxies_and_netrc_of_the_environment_are_not_used(
    tenant: TenantServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login stolen password stolen\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with a_transport() as transport:
        assert transport.get(tenant.url + PATH).status == 200
    assert "authorization" not in tenant.calls[0].headers

"""S40: whoever answers in Auth0's place, Connect and Verify send nothing to it and end in time with a problem.

Here the whole procedure runs; its guard and its transport have tests of their own in tests/unit/auth0.
"""

import gzip
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from functions.connect.handler import handler
from passwordless.auth0.client import Auth0Client, Conversation
from passwordless.auth0.deadline import Deadline
from passwordless.auth0.domain import Auth0Tenant
from passwordless.auth0.guard import Guard
from passwordless.auth0.transport import Limits, Transport
from passwordless.config import Config
from passwordless.model.applications import Auth0Connection
from tests.auth0_tenant import an_auth0_application, at_tenant, press_verify, verified
from tests.calls import Answer
from tests.contract import replied
from tests.house import House, config, event
from tests.service_providers import a_mark, add, some_metadata
from tests.unit.auth0.certificates import sp_metadata
from tests.unit.auth0.fakes import SECRET, FakeHouse, a_body, a_client, a_house
from tests.unit.auth0.tenant_server import (
    CREATE,
    DISCOVERY,
    METADATA,
    TOKEN,
    Scripted,
    TenantServer,
    a_tenant,
    drip,
)

SHORT = Limits(read_seconds=1.5, call_seconds=2)
CORPUS = (
    "https://acme.auth0.com/authorize?x=1",
    "http://acme.auth0.com/",
    "acme .auth0.com",
    "acme.auth0.com evil.example",
    "ACME.AUTH0.COM.EVIL.EXAMPLE",
    "acme.auth0.com.evil.example",
    "acmeauth0.com",
    "acme.auth0.com@evil.example",
    "user:pw@acme.auth0.com",
    "acme.auth0.com:443",
    "acme.auth0.com#@evil.example",
    "acme.auth0.com\\@evil.example",
    "bücher.auth0.com",
    "acme.auth0。com",
    "xn--bcher-kva.auth0.com",
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "[::1]",
    "[::ffff:169.254.169.254]",
    "169.254.169.254",
    "localhost",
    "localhost.auth0.com.",
    "a" * 300,
    f"{'a' * 64}.auth0.com",
    "",
    "   ",
    "acme.auth0.com\r\nHost: evil.example",
    "acme\x00.auth0.com",
    "\u202eacme.auth0.com",
)


@pytest.fixture
def tenant() -> Iterator[TenantServer]:
    """A tenant of Auth0 on loopback."""
    with a_tenant() as one:
        yield one


@dataclass(frozen=True)
class Rebound:
    """The client of a deployment on AWS whose resolver says that every name is a port of this machine."""

    port: int

    @contextmanager
    def conversation(self, tenant: Auth0Tenant, at: Auth0Connection) -> Iterator[Conversation]:
        def here(*_: Any) -> list[Any]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", self.port))]

        deadline = Deadline.after(5)
        transport = Transport(Guard(deadline, local=False, resolve=here), SHORT)
        yield Conversation(tenant, at, transport, deadline, 0)
        transport.close()


@contextmanager
def listening() -> Iterator[tuple[int, list[bytes]]]:
    """Listen on this machine and note what every connection brings."""
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def accept() -> None:
            while not done.is_set():
                try:
                    line, _ = server.accept()
                except TimeoutError:
                    continue
                with line:
                    line.settimeout(1)
                    received.append(line.recv(100))

        thread = threading.Thread(target=accept)
        thread.start()
        yield server.getsockname()[1], received
        done.set()
        thread.join()


def connect(house: FakeHouse, **changes: Any) -> Answer:
    """Press Connect."""
    reply = replied(handler, house, event("POST_applications", body=json.dumps(a_body(**changes))))
    return Answer(reply["statusCode"], reply["headers"], tuple(reply["cookies"]), reply["body"])


def impatient(tenant: TenantServer) -> FakeHouse:
    """Return a house that gives each call little time."""
    return a_house(tenant.url, auth0=a_client(limits=SHORT))


def sent(tenant: TenantServer) -> str:
    """Return all that the tenant was sent."""
    return repr([(call.headers, call.body) for call in tenant.calls])


def test_s40_a_resolver_that_leads_to_this_machine_gets_no_byte() -> None:
    with listening() as (port, received):
        answer = connect(a_house(auth0=Rebound(port)))
    assert (answer.status, answer.code) == (422, "auth0_domain_unreachable")
    assert set(received) <= {b""}


def test_s40_verify_gives_a_resolver_that_leads_to_this_machine_no_byte(
    house: House, tenant: TenantServer
) -> None:
    application = an_auth0_application(at_tenant(house, tenant.url), tenant)
    there = at_tenant(house, "https://acme.auth0.com")
    with listening() as (port, received):
        there.wiring.__dict__["auth0"] = Rebound(port)
        answer = press_verify(there, application.application_id)
    assert answer.json["checks"][0]["status"] == "unknown"
    assert set(received) <= {b""}


@pytest.mark.parametrize("headers", [False, True], ids=["body", "headers"])
def test_s40_one_byte_at_a_time_is_cut_before_the_secret_is_sent(tenant: TenantServer, headers: bool) -> None:
    tenant.answers[DISCOVERY] = drip(60, 0.1, headers=headers)
    answer = connect(impatient(tenant))
    assert (answer.status, answer.code) == (503, "auth0_unavailable")
    assert tenant.sequence() == [DISCOVERY]


@pytest.mark.parametrize("headers", [False, True], ids=["body", "headers"])
def test_s40_one_byte_at_a_time_in_the_end_is_an_unknown_outcome_and_not_tried_again(
    tenant: TenantServer, headers: bool
) -> None:
    tenant.answers |= {CREATE: drip(60, 0.1, headers=headers), METADATA: Scripted(404, "")}
    answer = connect(impatient(tenant))
    assert (answer.status, answer.code) == (502, "auth0_outcome_unknown")
    assert tenant.sequence().count(CREATE) == 1


@pytest.mark.parametrize(
    ("call", "code"), [(DISCOVERY, "auth0_domain_unreachable"), (TOKEN, "auth0_unexpected_answer")]
)
def test_s40_a_gzip_bomb_is_not_unpacked(tenant: TenantServer, call: str, code: str) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    tenant.answers[call] = Scripted(200, bomb, {"Content-Encoding": "gzip"})
    answer = connect(a_house(tenant.url))
    assert answer.code == code
    assert tenant.sequence()[-1] == call


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("call", [DISCOVERY, TOKEN, CREATE, METADATA])
def test_s40_no_redirect_is_followed(tenant: TenantServer, call: str, status: int) -> None:
    with listening() as (port, received):
        tenant.answers[call] = Scripted(status, "", {"Location": f"http://127.0.0.1:{port}/stolen"})
        connect(a_house(tenant.url))
    assert received == []
    assert (SECRET in sent(tenant)) is (call != DISCOVERY)


def test_s40_proxies_and_netrc_of_the_environment_are_not_used(
    tenant: TenantServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login stolen password stolen\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with listening() as (port, received):
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        assert connect(a_house(tenant.url)).status == 201
    assert received == []
    known = [call.headers.get("authorization", "") for call in tenant.calls]
    assert not any(one.startswith("Basic ") for one in known)


@pytest.mark.parametrize("pasted", CORPUS)
def test_s40_what_is_no_canonical_domain_is_refused_with_nothing_sent_and_nothing_stored(
    tenant: TenantServer, pasted: str
) -> None:
    house = a_house(tenant.url)
    answer = connect(house, auth0_domain=pasted)
    assert (answer.status, answer.code) in [
        (422, "auth0_domain_invalid"),
        (422, "auth0_custom_domain"),
        (400, "invalid_field"),
    ]
    assert answer.json["guidance" if answer.status == 422 else "fields"]
    assert tenant.connected_peers == 0
    assert (house.memory.commits, house.memory.applications.rows, house.memory.attempts.rows) == (0, {}, {})


def test_s40_addresses_that_a_service_provider_names_are_never_fetched(
    house: House, tenant: TenantServer
) -> None:
    """Neither those of uploaded metadata nor those that Auth0's own metadata names."""
    there = at_tenant(house, tenant.url)
    with listening() as (port, received):
        there.wiring.current_signing_key("acme", "REFERENCE")
        metadata = some_metadata(a_mark()).replace("https://sp", f"http://127.0.0.1:{port}/sp")
        added = add(there, {"name": "Wiki", "integration": "saml", "sp_metadata_xml": metadata})
        application = an_auth0_application(there, tenant)
        acs = f"http://127.0.0.1:{port}/callback"
        tenant.answers[METADATA] = Scripted(200, sp_metadata(application.sp.entity_id, acs))
        verified(there, application)
    assert (added.status, received) == (201, [])


def test_s40_plain_http_and_loopback_are_for_the_local_stage_only(tenant: TenantServer) -> None:
    assert not Auth0Client().local
    house = a_house(tenant.url, auth0=a_client(local=False))
    assert connect(house).code == "auth0_unavailable"
    assert tenant.connected_peers == 0


def test_s40_a_double_of_auth0_outside_the_local_stage_ends_the_start() -> None:
    settings = {name: getattr(config(), name) for name in Config.__dataclass_fields__}
    changed = {"stage": "prod", "public_origin": "https://login.example.com"}
    mapped = {**settings, **changed, "local_auth0_map": "acme.auth0.com=http://127.0.0.1:1"}
    with pytest.raises(ValueError, match="LOCAL_AUTH0_MAP"):
        Config.from_env({name.upper(): value for name, value in mapped.items()})

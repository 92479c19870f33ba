"""HTTP to Auth0 within bounds (S40): whatever the other side does, a bounded answer or one named trouble."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from passwordless.auth0.answers import NoAnswer, Trouble
from passwordless.auth0.deadline import Deadline
from passwordless.auth0.guard import Guard, is_public
from passwordless.auth0.secret import Secret
from passwordless.auth0.transport import Limits, Transport
from tests.unit.auth0.fakes import SECRET, certificate
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

PATH = "/.well-known/openid-configuration"
QUICK = Limits(read_seconds=0.4, call_seconds=0.6, body_bytes=1000)


@contextmanager
def a_transport(
    *,
    local: bool = True,
    limits: Limits = QUICK,
    seconds: float = 5.0,
    resolve: Any = socket.getaddrinfo,
) -> Iterator[Transport]:
    transport = Transport(Guard(Deadline.after(seconds), local, resolve), limits)
    try:
        yield transport
    finally:
        transport.close()


def trouble(url: str, **settings: Any) -> Trouble:
    """Send a secret to a URL and return why there is no answer; the exception must hold nothing of the call."""
    with a_transport(**settings) as transport, pytest.raises(NoAnswer) as caught:
        transport.post(url, {"client_secret": Secret(SECRET)}, Secret(SECRET))
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    _assert_no_frame_holds_the_secret(caught.value)
    return caught.value.trouble


def _assert_no_frame_holds_the_secret(error: BaseException) -> None:
    frame = error.__traceback__
    while frame is not None:
        if "passwordless/auth0" in frame.tb_frame.f_code.co_filename:
            assert SECRET not in repr(frame.tb_frame.f_locals)
        frame = frame.tb_next


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


def test_loopback_is_refused_outside_the_local_stage_before_a_byte_is_sent() -> None:
    with _listening() as (port, received):
        assert trouble(f"https://127.0.0.1:{port}/", local=False) is Trouble.NO_SUCH_SERVER
    assert received == [b""]


def test_a_name_that_is_rebound_to_loopback_is_refused_before_a_byte_is_sent() -> None:
    with _listening() as (port, received):

        def rebound(*_: Any) -> list[Any]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        assert trouble("https://acme.auth0.com/", local=False, resolve=rebound) is Trouble.NO_SUCH_SERVER
    assert received == [b""]


def test_plain_http_is_refused_outside_the_local_stage(tenant: TenantServer) -> None:
    assert trouble(f"{tenant.url}/oauth/token", local=False) is Trouble.NOT_SENT
    assert tenant.connected_peers == 0


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://acme.auth0.com/", "acme.auth0.com"])
def test_no_other_scheme_is_spoken(url: str) -> None:
    assert trouble(url) is Trouble.NOT_SENT


def test_an_unknown_name_is_no_such_server() -> None:
    def unknown(*_: Any) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    assert trouble("https://acme.auth0.com/", resolve=unknown) is Trouble.NO_SUCH_SERVER


def test_a_refused_connection_sent_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert trouble(f"https://127.0.0.1:{port}/") is Trouble.NOT_SENT


def test_the_next_address_of_a_name_is_tried(tenant: TenantServer) -> None:
    port = int(tenant.url.rsplit(":", 1)[1])

    def two(*_: Any) -> list[Any]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            dead = free.getsockname()[1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", one)) for one in (dead, port)]

    with a_transport(resolve=two) as transport:
        assert transport.get(f"http://acme.auth0.com{PATH}").status == 200


def test_a_certificate_that_nobody_vouches_for_is_no_such_server(tmp_path: Path) -> None:
    with _tls_server(tmp_path) as port:
        assert trouble(f"https://localhost:{port}/") is Trouble.NO_SUCH_SERVER


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


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("104.18.0.1", True),
        ("2606:4700::1", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("192.0.2.1", False),
        ("0.0.0.0", False),  # noqa: S104 - an address to refuse
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("fec0::1", False),
        ("ff0e::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:104.18.0.1", True),
        ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_only_addresses_of_the_public_internet_are_spoken_to(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


@contextmanager
def _listening() -> Iterator[tuple[int, list[bytes]]]:
    """Accept one connection and note what it brings."""
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(3)

        def accept() -> None:
            line, _ = server.accept()
            with line:
                line.settimeout(3)
                received.append(line.recv(100))

        thread = threading.Thread(target=accept)
        thread.start()
        yield server.getsockname()[1], received
        thread.join()


@contextmanager
def _tls_server(folder: Path) -> Iterator[int]:
    """Offer TLS with a certificate that signs itself."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.load_pem_x509_certificate(certificate().encode())
    own = (
        x509.CertificateBuilder(
            name.subject,
            name.subject,
            key.public_key(),
            2,
            name.not_valid_before_utc,
            name.not_valid_after_utc,
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
    file = folder / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + own.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(3)

        def accept() -> None:
            line, _ = server.accept()
            with line, pytest.raises(OSError):
                context.wrap_socket(line, server_side=True)

        thread = threading.Thread(target=accept)
        thread.start()
        yield server.getsockname()[1]
        thread.join()

"""Who is spoken to (S40): the peer is checked before TLS, its certificate before a request."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from passwordless.auth0.answers import Trouble
from passwordless.auth0.guard import is_public
from tests.unit.auth0.certificates import certificate
from tests.unit.auth0.sending import PATH, a_transport, trouble
from tests.unit.auth0.tenant_server import (
    TenantServer,
)


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
    with _tls_server(tmp_path / "server.pem") as port:
        assert trouble(f"https://localhost:{port}/") is Trouble.NO_SUCH_SERVER


def test_a_certificate_of_the_right_name_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "server.pem"
    with _tls_server(file) as port, a_transport() as transport:
        monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(file))
        assert transport.get(f"https://localhost:{port}/").body == b"over TLS"


def test_a_certificate_of_another_name_is_no_such_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "server.pem"
    with _tls_server(file) as port:
        monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(file))

        def here(*_: Any) -> list[Any]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        assert trouble("https://acme.auth0.com/", resolve=here) is Trouble.NO_SUCH_SERVER


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
def _tls_server(file: Path) -> Iterator[int]:
    """Answer one request over TLS, with a certificate for localhost that signs itself."""
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
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + own.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(3)

        def accept() -> None:
            line, _ = server.accept()
            with line, suppress(OSError), context.wrap_socket(line, server_side=True) as secure:
                secure.recv(4096)
                secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nover TLS")

        thread = threading.Thread(target=accept)
        thread.start()
        yield server.getsockname()[1]
        thread.join()

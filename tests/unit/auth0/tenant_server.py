"""An Auth0 tenant in a thread: it answers as Auth0 does unless a test scripts another answer for a call."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.unit.auth0.certificates import sp_metadata
from tests.unit.auth0.fakes import DOMAIN

DISCOVERY = "GET /.well-known/openid-configuration"
TOKEN = "POST /oauth/token"
CREATE = "POST /api/v2/connections"
METADATA = "GET /samlp/metadata"
BEARER = "MARK-token-0123456789"

type Behaviour = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Scripted:
    """An answer: bytes, a text, or JSON."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def raw(self) -> bytes:
        """Return the body as it goes out."""
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@dataclass
class Call:
    """A request as it came."""

    call: str
    headers: Mapping[str, str]
    body: Any


@dataclass
class TenantServer:
    """What the tenant got, what it made, and what it is told to answer by call."""

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    answers: dict[str, Scripted | Behaviour] = field(default_factory=dict)
    connections: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    connected_peers: int = 0

    def sequence(self) -> list[str]:
        """Return the calls in order."""
        return [one.call for one in self.calls]

    def sent(self, call: str) -> Any:
        """Return the body of the one request of this kind."""
        (found,) = [one for one in self.calls if one.call == call]
        return found.body

    def usual(self, call: str, query: str, body: Any) -> Scripted:
        """Answer as Auth0 does."""
        if call == DISCOVERY:
            return Scripted(200, {"issuer": f"https://{DOMAIN}/"})
        if call == TOKEN:
            return Scripted(
                200, {"access_token": BEARER, "scope": "create:connections", "token_type": "Bearer"}
            )
        if call == CREATE:
            self.connections[body["name"]] = body
            return Scripted(201, {"id": "con_0123456789ABCDEF", **body, "realms": [body["name"]]})
        name = parse_qs(query)["connection"][0]
        if name not in self.connections:
            return Scripted(404, {"statusCode": 404})
        acs = f"{self.url}/login/callback?connection={name}"
        return Scripted(200, sp_metadata(f"urn:auth0:acme:{name}", acs))


def a_handler(tenant: TenantServer) -> type[BaseHTTPRequestHandler]:
    """Return the request handler of a tenant."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            tenant.connected_peers += 1
            super().setup()

        def do_GET(self) -> None:
            self.answer(None)

        def do_POST(self) -> None:
            self.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def answer(self, body: Any) -> None:
            target = urlsplit(self.path)
            call = f"{self.command} {target.path}"
            tenant.calls.append(Call(call, {k.lower(): v for k, v in self.headers.items()}, body))
            scripted = tenant.answers.get(call) or tenant.usual(call, target.query, body)
            if isinstance(scripted, Scripted):
                send(self, scripted)
            else:
                scripted(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


def send(handler: BaseHTTPRequestHandler, answer: Scripted) -> None:
    """Send an answer with its length."""
    raw = answer.raw()
    handler.send_response(answer.status)
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(raw)))
    handler.end_headers()
    handler.wfile.write(raw)


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection without an answer."""
    handler.close_connection = True
    handler.connection.close()


def silence(seconds: float) -> Behaviour:
    """Say nothing for a while, then close."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        reset(handler)

    return behave


def drip(times: int, pause: float, *, headers: bool = False) -> Behaviour:
    """Send one byte after the other, of the header lines or of the body."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" if headers else b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            for _ in range(times):
                handler.wfile.write(b"x")
                handler.wfile.flush()
                time.sleep(pause)
        except OSError:
            return

    return behave


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing: a client that goes away is what some tests are about."""


@contextmanager
def a_tenant() -> Iterator[TenantServer]:
    """Serve a tenant on a free port of loopback."""
    tenant = TenantServer()
    server = _Server(("127.0.0.1", 0), a_handler(tenant))
    tenant.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield tenant
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

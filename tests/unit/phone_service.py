"""The phone's three routes as a small local HTTP server: checks each proof with python-jose and records what came."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from jose import jws
from jose.exceptions import JOSEError

CONTEXT = {
    "application": "Acme \N{EURO SIGN}",
    "domain": "acme.auth0.com",
    "browser": "Firefox",
    "os": "Linux",
    "ip": "192.0.2.7",
    "requested_at": "2026-11-23T12:00:00Z",
}

type Answer = tuple[int, object]


def hash_of(text: str) -> str:
    """Return base64url SHA-256, made without the simulator's code."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def context_hash(context: Mapping[str, str]) -> str:
    """Return the hash of an object whose names are ASCII, for which sorting by code point is RFC 8785's order."""
    return hash_of(json.dumps(context, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


@dataclass
class PhoneService:
    """One invite, one device, one login; `answers` scripts a route's answer in place of the honest one."""

    origin: str = ""
    jwk: dict[str, str] = field(default_factory=dict)
    device_jwk: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    headers: dict[str, dict[str, Any]] = field(default_factory=dict)
    claims: dict[str, dict[str, Any]] = field(default_factory=dict)

    def answer(self, route: str, body: dict[str, Any]) -> Answer:
        """Record the request, check its proof, and answer as the service does."""
        routes = {
            "/mobile/enroll": self.enroll,
            "/mobile/scan": self.scan,
            "/mobile/verify": self.verify,
            "/mobile/confirm": self.confirm,
        }
        self.bodies[route] = body
        try:
            return self.answers.get(route) or routes[route](body)
        except JOSEError:
            return 401, {"code": "bad_proof", "detail": "The signature does not hold."}

    def enroll(self, body: dict[str, Any]) -> Answer:
        """Enrol the device."""
        self.jwk, self.device_jwk = body["jwk"], body["device_jwk"]
        self._check("/mobile/enroll", body["proof"], self.jwk)
        return 201, {"device_id": "dev_1", "status": "active", "check": "K7QX"}

    def scan(self, body: dict[str, Any]) -> Answer:
        """Let the device claim the login."""
        self._check("/mobile/scan", body["proof"], self.device_jwk)
        context = {"context": CONTEXT, "context_hash": context_hash(CONTEXT)}
        return 200, {"session_id": "S" * 16, "nonce": "nonce-1", **context, "step_up": False}

    def verify(self, body: dict[str, Any]) -> Answer:
        """Accept a decision signed by the key that it needs."""
        proof = body["proof"]["jws"]
        decision = jws.get_unverified_claims(proof)
        approving = b'"dec":"approve"' in decision
        self._check("/mobile/verify", proof, self.jwk if approving else self.device_jwk)
        return 200, {"status": "approved" if approving else "denied"}

    def confirm(self, body: dict[str, Any]) -> Answer:
        """Accept a check signed by the key that asks for biometrics."""
        self._check("/mobile/confirm", body["proof"], self.jwk)
        return 200, {"device_id": "dev_2", "status": "active"}

    def _check(self, route: str, proof: str, key: dict[str, str]) -> None:
        self.claims[route] = json.loads(jws.verify(proof, key, "ES256"))
        self.headers[route] = jws.get_unverified_header(proof)


@contextmanager
def running(service: PhoneService) -> Iterator[PhoneService]:
    """Serve on a free port of 127.0.0.1 until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, answer = service.answer(self.path, body)
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
            """Keep the tests' output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        service.origin = f"http://127.0.0.1:{server.server_port}"
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()

"""A small OpenID Connect issuer for administrators: discovery, keys, and any token for those with the control token.

Serves 127.0.0.1 only, answers to its own name only, and keeps its signing key in memory.
"""

import hmac
import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from local.issuer import SigningKey
from local.loopback import LOOPBACK

LONGEST_BODY = 64 * 1024


class Issuer(ThreadingHTTPServer):
    """The issuer, on a free port; it serves in a thread of this process between `start` and `stop`."""

    def __init__(self, control_token: str, key: SigningKey) -> None:
        """Bind the port; nothing is answered yet. `control_token` is what minting will require."""
        super().__init__((LOOPBACK, 0), _Handler)
        self.key = key
        self.control_token = control_token
        self.host = f"{LOOPBACK}:{self.server_port}"
        self.url = f"http://{self.host}"

    def start(self) -> None:
        """Serve until `stop`."""
        threading.Thread(target=self.serve_forever, name="issuer", daemon=True).start()

    def stop(self) -> None:
        """Stop serving and free the port."""
        self.shutdown()
        self.server_close()

    def documents(self) -> dict[str, Any]:
        """Return what GET answers, by path (OpenID Connect Discovery 1.0, 3)."""
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/jwks.json",
                "id_token_signing_alg_values_supported": ["RS256"],
                "response_types_supported": [],
                "subject_types_supported": ["public"],
            },
            "/jwks.json": {"keys": [self.key.public_jwk()]},
        }


class _Handler(BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        document = self.server.documents().get(self.path)
        if not self._is_for_us():
            return
        if document is None:
            self._answer(404, {"error": "not found"})
        else:
            self._answer(200, document)

    def do_POST(self) -> None:
        if not self._is_for_us():
            return
        if self.path != "/_control/mint":
            self._answer(404, {"error": "not found"})
        elif not self._may_control():
            self._answer(403, {"error": "control token required"})
        else:
            self._mint()

    def _mint(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        try:
            request = json.loads(self.rfile.read(min(length, LONGEST_BODY)))
            token = self.server.key.sign(dict(request["claims"]), str(request.get("typ", "at+jwt")))
        except (ValueError, KeyError, TypeError):
            self._answer(400, {"error": "a JSON object {claims: {…}, typ?} is expected"})
        else:
            self._answer(200, {"token": token})

    def _is_for_us(self) -> bool:
        """A page that rebinds its own name to 127.0.0.1 still sends its own name as Host."""
        if self.headers.get("Host") == self.server.host:
            return True
        self._answer(403, {"error": "not a name of this server"})
        return False

    def _may_control(self) -> bool:
        given = self.headers.get("X-Control-Token", "")
        return hmac.compare_digest(given.encode(), self.server.control_token.encode())

    def _answer(self, status: int, document: Mapping[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing about requests: the emulator asks for the keys again and again."""

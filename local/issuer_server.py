"""A small OpenID Connect issuer for administrators: discovery, keys, sign-in, any token for who has the control token.

Serves 127.0.0.1 only, answers to its own name only, and keeps its signing key in memory. Of other origins' pages only
the console's may read what discovery and the token endpoint answer.
"""

import hmac
import json
import secrets
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from local import sign_in
from local.issuer import SigningKey
from local.loopback import LOOPBACK
from local.sign_in import SignIn

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
        self.console: SignIn | None = None

    def serve_console(self, address: str) -> str:
        """Let administrators of the console at `address` sign in from now on, and return their password."""
        password = secrets.token_urlsafe(9)
        self.console = SignIn(self.url, self.key, address, password, time.time)
        return password

    @property
    def console_origin(self) -> str | None:
        """The origin whose pages may call us."""
        return (
            None
            if self.console is None
            else "{0.scheme}://{0.netloc}".format(urlsplit(self.console.redirect_uri))
        )

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
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks.json",
                "code_challenge_methods_supported": ["S256"],
                "grant_types_supported": ["authorization_code"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "token_endpoint_auth_methods_supported": ["none"],
            },
            "/jwks.json": {"keys": [self.key.public_jwk()]},
        }


class _Handler(BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        document = self.server.documents().get(self.path)
        if not self._is_for_us():
            return
        if path == "/authorize":
            self._ask(dict(parse_qsl(query)), again=False)
        elif document is None:
            self._answer(404, {"error": "not found"})
        else:
            self._answer(200, document)

    def do_POST(self) -> None:
        if not self._is_for_us():
            return
        if self.path == "/authorize":
            self._grant(dict(parse_qsl(self._body().decode(errors="replace"))))
        elif self.path == "/token":
            self._sell(dict(parse_qsl(self._body().decode(errors="replace"))))
        elif self.path != "/_control/mint":
            self._answer(404, {"error": "not found"})
        elif not self._may_control():
            self._answer(403, {"error": "control token required"})
        else:
            self._mint()

    def _ask(self, asked: Mapping[str, str], *, again: bool) -> None:
        try:
            self._console().read(asked)
        except sign_in.Refused as refused:
            self._answer(400, {"error": str(refused)})
        else:
            self._page(sign_in.page(asked, again=again))

    def _grant(self, form: Mapping[str, str]) -> None:
        try:
            console = self._console()
            asked = console.read(form)
        except sign_in.Refused as refused:
            self._answer(400, {"error": str(refused)})
            return
        if not console.is_password(form.get("password", "")):
            self._page(sign_in.page(form, again=True))
            return
        answer = urlencode({"code": console.code(asked), "state": asked.state, "iss": self.server.url})
        self.send_response(303)
        self.send_header("Location", f"{asked.redirect_uri}?{answer}")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _sell(self, form: Mapping[str, str]) -> None:
        try:
            self._answer(200, self._console().tokens(form))
        except sign_in.Refused as refused:
            self._answer(400, {"error": str(refused)})

    def _console(self) -> SignIn:
        if self.server.console is None:
            raise sign_in.Refused("temporarily_unavailable")
        return self.server.console

    def _body(self) -> bytes:
        length = int(self.headers.get("Content-Length", "0"))
        return self.rfile.read(min(length, LONGEST_BODY))

    def _mint(self) -> None:
        try:
            request = json.loads(self._body())
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
        self._send(status, "application/json", json.dumps(document))

    def _page(self, html: str) -> None:
        self._send(200, "text/html; charset=utf-8", html)

    def _send(self, status: int, content_type: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Frame-Options", "DENY")
        if self.server.console_origin:
            self.send_header("Access-Control-Allow-Origin", self.server.console_origin)
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing about requests: the emulator asks for the keys again and again."""

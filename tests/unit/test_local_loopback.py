"""HTTP to names under localhost, which this machine's resolver may not know."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from local.loopback import is_localhost, session


class Echo(BaseHTTPRequestHandler):
    """Answers with the Host and the cookies that it was sent; /to/<url> redirects and sets a cookie."""

    def do_GET(self) -> None:
        """Answer."""
        body = f"{self.headers['Host']} {self.headers.get('Cookie', '-')}".encode()
        self.send_response(303 if self.path.startswith("/to/") else 200)
        if self.path.startswith("/to/"):
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.send_header("Set-Cookie", "login=1; Path=/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def fetch(url: str, **headers: str) -> tuple[str, str]:
    with session() as http:
        answer = http.get(url, headers=headers, timeout=5)
    return answer.url, answer.text


def test_a_name_under_localhost_is_reached_and_sent_as_host(port: int) -> None:
    url = f"http://api.execute-api.localhost:{port}/"
    assert fetch(url) == (url, f"api.execute-api.localhost:{port} -")


def test_a_host_given_by_the_caller_is_sent_instead(port: int) -> None:
    assert fetch(f"http://a.localhost:{port}/", Host="evil.example.com")[1] == "evil.example.com -"


def test_a_redirect_between_names_sends_each_its_own_host_and_cookies(port: int) -> None:
    target = f"http://127.0.0.1:{port}/"
    assert fetch(f"http://a.localhost:{port}/to/{target}") == (target, f"127.0.0.1:{port} -")
    target = f"http://b.localhost:{port}/"
    assert fetch(f"http://a.localhost:{port}/to/{target}") == (target, f"b.localhost:{port} -")


def test_a_redirect_to_the_same_name_keeps_its_cookies(port: int) -> None:
    assert fetch(f"http://a.localhost:{port}/to//")[1] == f"a.localhost:{port} login=1"


def test_a_proxy_of_the_environment_is_not_asked(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert fetch(f"http://a.localhost:{port}/")[1] == f"a.localhost:{port} -"


@pytest.mark.parametrize("host", ["localhost.example.com", "evil-localhost", "127.0.0.1", ""])
def test_other_names_are_left_to_the_resolver(host: str) -> None:
    assert not is_localhost(host)

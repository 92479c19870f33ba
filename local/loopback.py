"""HTTP to *.localhost: always this machine (RFC 6761, 6.3), whatever the resolver, proxies or netrc say."""

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter

LOOPBACK = "127.0.0.1"


class LoopbackAdapter(HTTPAdapter):
    """Connects to 127.0.0.1 for any host under `localhost`, and keeps the Host header that the URL asks for."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: FBT001, FBT002 - the signature is HTTPAdapter's
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,  # noqa: FBT001, FBT002
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send `request`; it and the response keep the URL that was asked for, so cookies and redirects stay right."""
        asked = request.url or ""
        parts = urlsplit(asked)
        if not is_localhost(parts.hostname or ""):
            return super().send(request, stream, timeout, verify, cert, proxies)
        given = request.headers.get("Host")
        request.headers["Host"] = given or parts.netloc
        request.url = urlunsplit(parts._replace(netloc=LOOPBACK + _port(parts.port)))
        try:
            response = super().send(request, stream, timeout, verify, cert, proxies)
        finally:
            request.url = asked
            if given is None:
                del request.headers["Host"]
        response.url = asked
        return response


def is_localhost(host: str) -> bool:
    """Tell whether `host` is `localhost` or under it."""
    return host == "localhost" or host.endswith(".localhost")


def session() -> requests.Session:
    """Return a session that reaches *.localhost and takes nothing from the environment (proxies, netrc, CA files)."""
    fresh = requests.Session()
    fresh.trust_env = False
    fresh.mount("http://", LoopbackAdapter())
    return fresh


def _port(port: int | None) -> str:
    return "" if port is None else f":{port}"

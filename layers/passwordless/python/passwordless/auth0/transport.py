"""HTTP to one Auth0 tenant: no environment, no redirects, no cookies, no decompression, bounded in size and time (S40).

requests is used below its session, since a session reads proxies and netrc, and reads a redirect's whole body even when
it is told not to follow. Whatever is raised underneath ends here: an exception of a library would carry the request,
and with it the secret (S41).
"""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from passwordless.auth0.answers import Answer, NoAnswer, Trouble
from passwordless.auth0.guard import Guard
from passwordless.auth0.secret import Secret

_CHUNK = 16 * 1024
_HEADERS = {
    "Accept-Encoding": "identity",
    "Accept": "application/json, application/xml;q=0.9, text/xml;q=0.9",
    "User-Agent": "passwordless-saml/1",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one call: seconds between two bytes, seconds in all, bytes of a body."""

    read_seconds: float = 10.0
    call_seconds: float = 12.0
    body_bytes: int = 256 * 1024


class Transport:
    """Sends requests through guarded connections. `local` admits http, for the double on this machine."""

    def __init__(self, guard: Guard, limits: Limits) -> None:
        self._guard = guard
        self._limits = limits
        self._adapter = _GuardedAdapter(guard)

    def get(self, url: str) -> Answer:
        """Return the answer to a GET. Raises NoAnswer."""
        return self._send("GET", url, None, None)

    def post(self, url: str, body: Mapping[str, Any], bearer: Secret | None = None) -> Answer:
        """Return the answer to a POST of JSON, in which a Secret may be a value. Raises NoAnswer."""
        return self._send("POST", url, body, bearer)

    def close(self) -> None:
        """Close every connection."""
        self._adapter.close()
        self._guard.close()

    def _send(self, method: str, url: str, body: Mapping[str, Any] | None, bearer: Secret | None) -> Answer:
        try:
            with self._guard.limit(self._limits.call_seconds):
                return self._exchange(method, url, body, bearer)
        except NoAnswer as known:
            trouble = known.trouble
        except Exception:  # noqa: BLE001 - every failure of any library becomes one named result
            trouble = Trouble.LOST
        raise NoAnswer(trouble)

    def _exchange(
        self, method: str, url: str, body: Mapping[str, Any] | None, bearer: Secret | None
    ) -> Answer:
        left = self._guard.deadline.remaining()
        if left <= 0 or not (url.startswith("https://") or (self._guard.local and url.startswith("http://"))):
            raise NoAnswer(Trouble.NOT_SENT)
        prepared = requests.Request(
            method, url, headers=_headers(body, bearer), data=_encoded(body)
        ).prepare()
        wait = min(self._limits.read_seconds, left)
        response = self._adapter.send(prepared, stream=True, timeout=(wait, wait), verify=True)
        try:
            return Answer(response.status_code, _lowered(response.headers), self._read(response))
        finally:
            response.close()

    def _read(self, response: requests.Response) -> bytes:
        if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            raise NoAnswer(Trouble.UNREADABLE)
        read = bytearray()
        for chunk in response.raw.stream(_CHUNK, decode_content=False):
            read += chunk
            if len(read) > self._limits.body_bytes:
                raise NoAnswer(Trouble.UNREADABLE)
        if self._guard.over:
            raise NoAnswer(Trouble.LOST)
        return bytes(read)


def _headers(body: Mapping[str, Any] | None, bearer: Secret | None) -> dict[str, str]:
    typed = {} if body is None else {"Content-Type": "application/json"}
    known = {} if bearer is None else {"Authorization": f"Bearer {bearer.reveal()}"}
    return {**_HEADERS, **typed, **known}


def _encoded(body: Mapping[str, Any] | None) -> bytes | None:
    return None if body is None else json.dumps(body, default=_revealed).encode()


def _revealed(value: object) -> str:
    if isinstance(value, Secret):
        return value.reveal()
    raise TypeError(f"{type(value).__name__} is not sent to Auth0")


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


class _GuardedHttp(HTTPConnection):
    def __init__(self, *args: Any, guard: Guard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guard = guard

    def connect(self) -> None:
        with self._guard.connecting():
            super().connect()

    def _new_conn(self) -> socket.socket:
        return self._guard.dial(self.host, self.port)


class _GuardedHttps(HTTPSConnection):
    def __init__(self, *args: Any, guard: Guard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guard = guard

    def connect(self) -> None:
        with self._guard.connecting():
            super().connect()

    def _new_conn(self) -> socket.socket:
        return self._guard.dial(self.host, self.port)


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _GuardedHttp


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedHttps


class _Pools(PoolManager):
    def __init__(self, guard: Guard) -> None:
        super().__init__(num_pools=1, maxsize=1)
        self._guard = guard
        self.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}

    def _new_pool(
        self, scheme: str, host: str, port: int, request_context: dict[str, Any] | None = None
    ) -> HTTPConnectionPool:
        pool = super()._new_pool(scheme, host, port, request_context)
        pool.conn_kw["guard"] = self._guard
        return pool


class _GuardedAdapter(HTTPAdapter):
    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        super().__init__(max_retries=0)

    def init_poolmanager(self, *_: Any, **__: Any) -> None:
        self.poolmanager = _Pools(self._guard)

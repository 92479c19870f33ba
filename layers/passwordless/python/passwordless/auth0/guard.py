"""What stands between a name and a connection: the peer's address is checked, and time runs out for real (S40).

A name's address is checked on the connected socket, before TLS and before a byte is sent, so a resolver that answers
differently the second time gains nothing.
"""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Timer
from typing import Any

from passwordless.auth0.answers import NoAnswer, Trouble
from passwordless.auth0.deadline import Deadline

type Resolver = Callable[..., list[Any]]

_CONNECT_SECONDS = 4.0
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("2002::/16"))


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address is one of the public Internet and hides no other address in itself."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address not in _GLOBAL_UNICAST or any(address in network for network in _TRANSLATED):
            return False
    return address.is_global and not address.is_multicast


@dataclass
class Guard:
    """Opens the connections of one procedure and cuts them when a call's time is over. `local` admits loopback."""

    deadline: Deadline
    local: bool
    resolve: Resolver = socket.getaddrinfo
    over: bool = False
    _lines: list[socket.socket] = field(default_factory=list)

    @contextmanager
    def connecting(self) -> Iterator[None]:
        """Tell apart, for whatever fails before a request can have been sent, a wrong server from a silent one."""
        trouble = None
        try:
            yield
        except (socket.gaierror, UnicodeError, ssl.SSLError):
            trouble = Trouble.NO_SUCH_SERVER
        except NoAnswer as known:
            trouble = known.trouble
        except Exception:  # noqa: BLE001 - every failure of any library becomes one named result
            trouble = Trouble.NOT_SENT
        if trouble is not None:
            raise NoAnswer(trouble)

    def dial(self, host: str, port: int) -> socket.socket:
        """Connect to the first address that answers. Raises NoAnswer for an address that is not allowed, OSError."""
        failure = OSError("no address")
        for family, kind, protocol, _, address in self.resolve(host, port, 0, socket.SOCK_STREAM):
            line = socket.socket(family, kind, protocol)
            try:
                line.settimeout(max(0.01, min(_CONNECT_SECONDS, self.deadline.remaining())))
                line.connect(address)
            except OSError as error:
                line.close()
                failure = error
            else:
                return self._admitted(line)
        raise failure

    @contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Cut every connection when a call has taken so long, however slowly the peer keeps sending."""
        self.over = False
        timer = Timer(min(seconds, self.deadline.remaining()), self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def close(self) -> None:
        """Let go of the connections."""
        while self._lines:
            self._lines.pop().close()

    def _admitted(self, line: socket.socket) -> socket.socket:
        peer = ip_address(line.getpeername()[0])
        if not (is_public(peer) or (self.local and peer.is_loopback)):
            line.close()
            raise NoAnswer(Trouble.NO_SUCH_SERVER)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lines.append(line.dup())
        return line

    def _cut(self) -> None:
        self.over = True
        for line in list(self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

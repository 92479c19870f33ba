"""A transport as the tests use it, and why it gave no answer."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from passwordless.auth0.answers import NoAnswer, Trouble
from passwordless.auth0.deadline import Deadline
from passwordless.auth0.guard import Guard
from passwordless.auth0.secret import Secret
from passwordless.auth0.transport import Limits, Transport
from tests.unit.auth0.fakes import SECRET

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

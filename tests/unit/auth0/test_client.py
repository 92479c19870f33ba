"""What the client makes of a call without an answer, and of tokens."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from passwordless.auth0.answers import Answer, NoAnswer, Trouble
from passwordless.auth0.client import Conversation, Grant
from passwordless.auth0.deadline import Deadline
from passwordless.auth0.domain import Auth0Tenant
from passwordless.auth0.secret import Secret
from passwordless.errors import Failure
from passwordless.model.applications import Auth0Connection
from tests.unit.auth0.fakes import CLIENT_ID, DOMAIN, SECRET, jwt

TENANT = Auth0Tenant(DOMAIN, "acme", f"https://{DOMAIN}")
AT = Auth0Connection(DOMAIN, "acme", CLIENT_ID, "portal-abcdef")


class FakeTransport:
    """Gives one outcome, whatever is asked."""

    def __init__(self, outcome: Answer | Trouble) -> None:
        self.outcome = outcome
        self.calls = 0

    def get(self, _: str) -> Answer:
        return self.post("", {})

    def post(self, _: str, __: Mapping[str, Any], ___: Secret | None = None) -> Answer:
        self.calls += 1
        if isinstance(self.outcome, Trouble):
            raise NoAnswer(self.outcome)
        return self.outcome


def a_conversation(outcome: Answer | Trouble) -> Conversation:
    transport: Any = FakeTransport(outcome)
    return Conversation(TENANT, AT, transport, Deadline.after(10), 0)


def granted(**body: Any) -> Grant:
    """Ask for a token and get this answer."""
    return a_conversation(Answer(200, {}, json.dumps(body).encode())).token(Secret(SECRET))


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (Trouble.NO_SUCH_SERVER, "auth0_domain_unreachable"),
        (Trouble.UNREADABLE, "auth0_domain_unreachable"),
        (Trouble.NOT_SENT, "auth0_unavailable"),
        (Trouble.LOST, "auth0_unavailable"),
    ],
)
def test_a_preflight_without_an_answer(trouble: Trouble, code: str) -> None:
    with pytest.raises(Failure) as caught:
        a_conversation(trouble).preflight()
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (Trouble.NO_SUCH_SERVER, "auth0_unavailable"),
        (Trouble.NOT_SENT, "auth0_unavailable"),
        (Trouble.LOST, "auth0_unavailable"),
        (Trouble.UNREADABLE, "auth0_unexpected_answer"),
    ],
)
def test_a_token_call_without_an_answer_made_nothing(trouble: Trouble, code: str) -> None:
    with pytest.raises(Failure) as caught:
        a_conversation(trouble).token(Secret(SECRET))
    assert caught.value.code == code
    assert "Nothing was created" in caught.value.detail


@pytest.mark.parametrize("trouble", [Trouble.NOT_SENT, Trouble.NO_SUCH_SERVER])
def test_a_create_call_that_was_not_sent_made_nothing(trouble: Trouble) -> None:
    with pytest.raises(Failure) as caught:
        a_conversation(trouble).create(Grant(Secret("t"), None), {})
    assert (caught.value.code, caught.value.retry_after) == ("auth0_unavailable", 10)


def test_a_create_call_without_time_to_hear_its_end_is_not_begun() -> None:
    transport = FakeTransport(Answer(201, {}, b"{}"))
    late: Any = Conversation(TENANT, AT, transport, Deadline.after(7.9), 0)  # type: ignore[arg-type]  # a fake
    with pytest.raises(Failure, match="auth0_unavailable"):
        late.create(Grant(Secret("t"), None), {})
    assert transport.calls == 0


@pytest.mark.parametrize("trouble", [Trouble.LOST, Trouble.UNREADABLE])
def test_a_create_call_whose_answer_is_lost_is_no_failure_yet(trouble: Trouble) -> None:
    assert a_conversation(trouble).create(Grant(Secret("t"), None), {}) is None


@pytest.mark.parametrize("outcome", [*Trouble, Answer(404, {}, b"x"), Answer(302, {}, b"x")])
def test_metadata_that_cannot_be_had_is_none(outcome: Answer | Trouble) -> None:
    assert a_conversation(outcome).metadata() is None


def test_scopes_are_read_from_the_answer() -> None:
    assert granted(access_token="t", scope="create:connections b").scopes == frozenset(
        {"create:connections", "b"}
    )


def test_scopes_are_read_from_the_token_when_the_answer_tells_none() -> None:
    token = jwt(b'{"scope": "create:connections read:users"}')
    assert granted(access_token=token).scopes == frozenset({"create:connections", "read:users"})


@pytest.mark.parametrize("token", ["opaque", "a.b.c", jwt(b"[]"), jwt(b'{"scope": 7}'), jwt(b"\xff")])
def test_scopes_that_nobody_tells_are_unknown(token: str) -> None:
    assert granted(access_token=token).scopes is None


@pytest.mark.parametrize("token", [None, 7, "", "a b", "a\n", "é", "x" * 20_000])
def test_what_does_not_fit_into_a_header_is_no_token(token: object) -> None:
    with pytest.raises(Failure, match="auth0_unexpected_answer"):
        granted(access_token=token)


def test_a_grant_does_not_show_its_token() -> None:
    assert "MARK" not in repr(granted(access_token="MARK-token", scope="create:connections"))

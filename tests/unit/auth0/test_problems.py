"""Every answer of Auth0 that is known, and some that are not, as the administrator reads them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless.auth0 import problems
from passwordless.auth0.answers import MESSAGE_LENGTH, Answer, Call, Refusal, refusal
from passwordless.auth0.problem_texts import PROBLEMS
from passwordless.auth0.secret import Secret
from passwordless.errors import Failure
from passwordless.model.applications import Auth0Connection
from tests.unit.auth0.auth0_answers import ROWS
from tests.unit.auth0.calling import failed
from tests.unit.auth0.fakes import CLIENT_ID, DOMAIN, SECRET, a_house
from tests.unit.auth0.tenant_server import (
    BEARER,
    CREATE,
    TenantServer,
)


@pytest.mark.parametrize(
    ("call", "answer", "code", "status", "words"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_what_auth0_answers_becomes_its_problem(
    tenant: TenantServer, call: str, answer: Any, code: str, status: int, words: tuple[str, ...]
) -> None:
    tenant.answers[call] = answer
    house = a_house(tenant.url)
    failure = failed(house)
    told = f"{failure.detail} {failure.guidance}"
    assert (failure.code, failure.status) == (code, status)
    assert [word for word in words if word not in told] == []
    assert (failure.retry_after is not None) is (status in (429, 503))
    assert "{" not in told
    assert tenant.sequence().count(CREATE) == (1 if call == CREATE else 0)
    kept = 1 if code == "auth0_outcome_unknown" else 0
    assert len(house.memory.applications.rows) == kept
    for secret in (SECRET, BEARER):
        assert secret not in f"{told} {failure.private} {failure.extra}"


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_no_problem_of_auth0_would_log_the_administrator_out(code: str) -> None:
    assert PROBLEMS[code].failure.status in (409, 422, 429, 502, 503)


AT = Auth0Connection(DOMAIN, "acme", CLIENT_ID, "portal-abcdef")
STATUSES = st.integers(100, 599)
BODIES = st.binary(max_size=200) | st.dictionaries(
    st.sampled_from(["error", "error_description", "message", "errorCode", "statusCode"]),
    st.text(max_size=50) | st.integers() | st.none() | st.lists(st.text(max_size=5), max_size=2),
).map(lambda value: json.dumps(value).encode())


@given(st.sampled_from(list(Call)), STATUSES, BODIES)
def test_any_answer_at_all_gives_an_honest_problem(call: Call, status: int, body: bytes) -> None:
    failure = problems.refused(refusal(call, Answer(status, {}, body), (), 0), AT)
    assert isinstance(failure, Failure)
    assert failure.status in (409, 422, 429, 502, 503)
    assert failure.detail
    assert failure.guidance


def test_the_words_of_auth0_are_one_clean_bounded_line() -> None:
    raw = "a\r\nb\x00\u202ec\u200b\x1b[31m" + "x" * 5000
    body = json.dumps({"error": "e" * 500, "message": raw}).encode()
    read = refusal(Call.CREATE, Answer(400, {}, body), (), 0)
    assert read.message.startswith("a b c [31mxxx")
    assert len(read.message) == MESSAGE_LENGTH
    assert read.message.isprintable()
    assert len(read.error) == 60


def test_a_secret_that_auth0_repeats_is_taken_out_even_at_the_cut() -> None:
    raw = "y" * (MESSAGE_LENGTH - 5) + SECRET
    body = json.dumps({"error": SECRET, "error_description": raw}).encode()
    read = refusal(Call.TOKEN, Answer(403, {}, body), (Secret(SECRET),), 0)
    assert SECRET[:5] not in f"{read.error}{read.message}"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 10),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0"}, 1),
        ({"retry-after": "999999"}, 3600),
        ({"retry-after": "-5"}, 10),
        ({"retry-after": "soon"}, 10),
        ({"retry-after": "\u0663"}, 10),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:05 GMT"}, 5),
        ({"x-ratelimit-reset": str(1445412480 + 30)}, 30),
        ({"x-ratelimit-reset": "1"}, 1),
        ({"x-ratelimit-reset": "9" * 30}, 10),
    ],
)
def test_the_time_to_wait_is_read_with_bounds(headers: dict[str, str], seconds: int) -> None:
    answer = Answer(429, headers, b"{}")
    failure = problems.refused(refusal(Call.TOKEN, answer, (), 1445412480), AT)
    assert failure.retry_after == seconds
    assert f"{seconds} seconds" in str(failure.guidance)


def test_a_row_with_words_does_not_take_other_calls() -> None:
    lost = Refusal(Call.METADATA, 403, "unauthorized_client", "client-grant")
    assert problems.refused(lost, AT).code == "auth0_unexpected_answer"

"""Every call is answered, every failure told by its correlation id, and nothing secret reaches reply or log."""

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from passwordless import web
from passwordless.entry import Entry, Route
from passwordless.errors import Conflict, Failure, Unavailable
from passwordless.logs import frames, logger
from passwordless.wiring import Wiring
from tests.house import config, event

HOUSE = Wiring(config())
ROUTE = "POST /mobile/scan"
SECRET = "marked-secret-7f3a"


class Surprise(Exception):
    """An exception that no code of ours knows."""


def answering(_: Wiring, request: web.Request) -> web.Reply:
    return web.json_reply(200, {"correlation_id": request.correlation_id})


def raising(error: Exception) -> Route:
    def route(_: Wiring, request: web.Request) -> web.Reply:
        raise error

    return route


@contextmanager
def logged(entry: Entry) -> Iterator[list[dict[str, Any]]]:
    """Collect the log lines that a function would write, as the objects they are."""
    lines: list[dict[str, Any]] = []
    handler = entry.log.registered_handler
    assert isinstance(handler, logging.StreamHandler)
    before, stream = handler.stream, io.StringIO()
    handler.setStream(stream)
    try:
        yield lines
    finally:
        handler.setStream(before)
        lines.extend(json.loads(line) for line in stream.getvalue().splitlines())


def call(route: Route, *, quiet: bool = False, **changes: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the reply of a function with this one route, and what it logged."""
    entry = Entry("entry-test", {ROUTE: route}, quiet=quiet)
    with logged(entry) as lines:
        reply = entry.answer(HOUSE, event("POST_scan", **changes))
    return reply, lines


class TestSuccess:
    def test_the_routes_reply_goes_back_and_one_line_is_logged(self) -> None:
        reply, lines = call(answering)
        assert reply["statusCode"] == 200
        (line,) = lines
        told = {name: line[name] for name in ("message", "route", "status", "correlation_id", "service")}
        assert told == {
            "message": "answered",
            "route": ROUTE,
            "status": 200,
            "correlation_id": json.loads(reply["body"])["correlation_id"],
            "service": "entry-test",
        }

    def test_a_quiet_function_logs_no_success(self) -> None:
        assert call(answering, quiet=True)[1] == []

    def test_a_quiet_function_logs_failures(self) -> None:
        assert len(call(raising(Conflict("taken", "Taken.")), quiet=True)[1]) == 1
        assert len(call(raising(Surprise()), quiet=True)[1]) == 1


class TestFailure:
    def test_it_becomes_a_problem_document(self) -> None:
        reply, _ = call(raising(Unavailable("busy", "Too much to do.", private="table x", retry_after=2)))
        problem = json.loads(reply["body"])
        assert (reply["statusCode"], problem["code"], reply["headers"]["retry-after"]) == (503, "busy", "2")

    def test_its_cause_is_logged_and_not_told(self) -> None:
        reply, (line,) = call(raising(Conflict("taken", "Taken.", private="table x")))
        assert "table x" not in str(reply)
        assert (line["message"], line["code"], line["private"]) == ("refused", "taken", "table x")
        assert line["correlation_id"] == json.loads(reply["body"])["correlation_id"]

    def test_a_function_may_tell_it_in_its_own_way(self) -> None:
        entry = Entry(
            "entry-test",
            {ROUTE: raising(Conflict("taken", "Taken."))},
            lambda failure, _: web.page(failure.status, f"<p>{failure.code}</p>", "default-src 'none'"),
        )
        with logged(entry):
            reply = entry.answer(HOUSE, event("POST_scan"))
        assert (reply["statusCode"], reply["body"]) == (409, "<p>taken</p>")

    def test_a_route_that_the_function_does_not_have_is_not_found(self) -> None:
        reply, (line,) = call(answering, routeKey="DELETE /everything")
        assert (reply["statusCode"], json.loads(reply["body"])["code"]) == (404, "not_found")
        assert line["private"] == "DELETE /everything"


class TestUnknownException:
    """S41: a message of somebody else's exception can hold what must not be told or logged."""

    def test_it_is_answered_by_the_correlation_id_alone(self) -> None:
        reply, (line,) = call(raising(Surprise("cannot")))
        problem = json.loads(reply["body"])
        assert (reply["statusCode"], problem["code"]) == (500, "internal_error")
        assert problem["correlation_id"] == line["correlation_id"]
        assert "Surprise" not in reply["body"]

    def test_its_message_is_neither_told_nor_logged(self) -> None:
        reply, lines = call(raising(Surprise(f"cannot send {SECRET}")))
        assert SECRET not in str(reply)
        assert SECRET not in str(lines)

    def test_the_message_of_its_cause_is_neither_told_nor_logged(self) -> None:
        error = Surprise("outer")
        error.__cause__ = ValueError(SECRET)
        error.__context__ = KeyError(SECRET)
        error.add_note(SECRET)
        reply, lines = call(raising(error))
        assert SECRET not in str(reply)
        assert SECRET not in str(lines)

    def test_its_type_and_where_it_arose_are_logged(self) -> None:
        _, (line,) = call(raising(Surprise(SECRET)))
        assert (line["level"], line["message"], line["error"]) == ("ERROR", "failed", "Surprise")
        assert re.fullmatch(r"entry\.py:\d+ answer", line["frames"][0])
        assert re.fullmatch(r"test_entry\.py:\d+ route", line["frames"][-1])

    @pytest.mark.parametrize(
        "error", [KeyError("x"), RecursionError(), MemoryError(), UnicodeDecodeError("a", b"", 0, 1, "")]
    )
    def test_no_exception_escapes(self, error: Exception) -> None:
        assert call(raising(error))[0]["statusCode"] == 500

    def test_frames_tell_no_values(self) -> None:
        with pytest.raises(Surprise) as raised:
            raising(Surprise(SECRET))(HOUSE, web.Request.read(event("POST_scan"), "ID"))
        assert SECRET not in "".join(frames(raised.value))


class TestCorrelationId:
    def test_it_is_ours_and_never_a_headers(self) -> None:
        """S50."""
        forged = dict.fromkeys(("x-correlation-id", "x-request-id", "x-amzn-trace-id", "traceparent"), SECRET)
        reply, lines = call(answering, headers=forged)
        assert SECRET not in str(reply)
        assert SECRET not in str(lines)

    def test_it_is_opaque_and_new_for_each_call(self) -> None:
        ids = {json.loads(call(answering)[0]["body"])["correlation_id"] for _ in range(50)}
        assert len(ids) == 50
        assert all(re.fullmatch(r"[A-Z2-7]{16}", one) for one in ids)


class TestLog:
    def test_it_holds_no_header_cookie_query_body_or_path(self) -> None:
        """S50."""
        _, lines = call(
            answering,
            headers={"authorization": SECRET, "user-agent": SECRET},
            cookies=[f"__Host-login-A={SECRET}"],
            rawQueryString=SECRET,
            rawPath=f"/{SECRET}",
            body=json.dumps({"token": SECRET}),
            pathParameters={"token": SECRET},
        )
        assert len(lines) == 1
        assert SECRET not in str(lines)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("LOG_LEVEL", "DEBUG"),
            ("POWERTOOLS_LOG_LEVEL", "DEBUG"),
            ("AWS_LAMBDA_LOG_LEVEL", "DEBUG"),
            ("POWERTOOLS_LOGGER_SAMPLE_RATE", "1"),
            ("POWERTOOLS_LOGGER_LOG_EVENT", "true"),
        ],
    )
    def test_the_environment_cannot_make_it_talk(
        self, monkeypatch: pytest.MonkeyPatch, name: str, value: str
    ) -> None:
        """S41: debug lines hold payloads."""
        monkeypatch.setenv(name, value)
        assert logger(f"talking-{name}").log_level == logging.INFO

    @pytest.mark.parametrize(
        "library", ["botocore.endpoint", "botocore.auth", "urllib3.connectionpool", "requests"]
    )
    def test_libraries_say_nothing_below_a_warning(self, library: str) -> None:
        logger("entry-test")
        assert not logging.getLogger(library).isEnabledFor(logging.INFO)
        assert logging.getLogger(library).isEnabledFor(logging.WARNING)


def test_a_failure_is_not_told_as_an_unknown_exception() -> None:
    """The root of the tree itself, which nothing raises on purpose."""
    reply, (line,) = call(raising(Failure("odd", "Odd.")))
    assert (reply["statusCode"], line["message"]) == (500, "refused")


def test_a_function_whose_settings_are_missing_answers_and_logs_like_any_other_defect(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("STAGE", raising=False)
    entry = Entry("entry-test", {ROUTE: answering})
    with logged(entry) as lines:
        reply = entry(event("POST_scan"), None)
    problem = json.loads(reply["body"])
    assert (reply["statusCode"], problem["code"]) == (500, "internal_error")
    (line,) = lines
    assert (line["error"], line["correlation_id"]) == ("KeyError", problem["correlation_id"])

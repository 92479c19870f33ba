"""What stands between Lambda and a route: one correlation id, one log line, every failure answered."""

import importlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aws_lambda_powertools import Logger

from passwordless.errors import Failure, NotFound
from passwordless.logs import frames, logger
from passwordless.model.tokens import base32
from passwordless.viewer import require_cloudfront
from passwordless.web import Reply, Request, problem
from passwordless.wiring import Wiring, wiring

type Route = Callable[[Wiring, Request], Reply]
type FailureReply = Callable[[Failure, Request], Reply]
type Event = Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """A Lambda handler for the routes of an HTTP API, keyed by `routeKey`.

    `failed` makes the reply for a failure: a problem document or a page. A `quiet` one logs failures only. Unless
    `tables` is false, what its routes need for the tables is imported while Lambda starts it, when it is quickest.
    """

    service: str
    routes: Mapping[str, Route]
    failed: FailureReply = problem
    quiet: bool = False
    tables: bool = True
    log: Logger = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "log", logger(self.service))
        if self.tables:
            importlib.import_module("passwordless.store.stores")

    def __call__(self, event: Event, _: object) -> dict[str, Any]:
        """Answer an event with the parts that this process's environment asks for."""
        return self.answer(None, event)

    def answer(self, house: Wiring | None, event: Event) -> dict[str, Any]:
        """Answer an event (payload format 2.0); whatever happens, the caller gets a reply with a correlation id.

        Without a house this process's own is taken, whose making may fail: a missing setting is told as any defect.
        """
        request = Request.read(event, base32(secrets.token_bytes(10)))
        facts = {"route": request.route, "correlation_id": request.correlation_id}
        try:
            here = house or wiring()
            require_cloudfront(request, here.config.origin_secret)
            reply = self.routes.get(request.route, _no_route)(here, request)
        except Failure as failure:
            self.log.info("refused", extra={**facts, "code": failure.code, "private": failure.private})
            reply = self.failed(failure, request)
        except Exception as error:  # noqa: BLE001 - the last resort: told by id, logged without its message
            told = {**facts, "error": type(error).__name__, "frames": frames(error)}
            self.log.error("failed", extra=told)  # noqa: TRY400 - a message can hold what must not be logged
            reply = self.failed(_unexpected(), request)
        else:
            if not self.quiet:
                self.log.info("answered", extra={**facts, "status": reply.status})
        return reply.to_gateway()


def _no_route(_: Wiring, request: Request) -> Reply:
    raise NotFound("not_found", "There is nothing here.", private=request.route)


def _unexpected() -> Failure:
    return Failure(
        "internal_error",
        "Something went wrong on our side.",
        guidance="Try again. If it happens again, tell support the correlation id.",
    )

"""How far a connect came, as it is told with every answer, good or bad."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from passwordless.errors import Failure


class Step(StrEnum):
    """The steps that an administrator sees, in order."""

    DOMAIN = "domain"
    TOKEN = "token"  # noqa: S105 - the name of a step
    CONNECTION = "connection"
    VERIFICATION = "verification"


class Steps:
    """Remembers which steps succeeded and which failed; what was not begun is skipped."""

    def __init__(self) -> None:
        self._ended: dict[Step, tuple[str, str | None]] = {}

    def succeed(self, step: Step, detail: str | None = None) -> None:
        """Note a step that succeeded."""
        self._ended[step] = ("ok", detail)

    def fail(self, step: Step, detail: str) -> None:
        """Note a step that failed, without ending the procedure."""
        self._ended[step] = ("failed", detail)

    @contextmanager
    def taking(self, step: Step) -> Iterator[None]:
        """Take a step: it succeeds unless a Failure passes."""
        try:
            yield
        except Failure as failure:
            self.fail(step, failure.detail)
            raise
        self.succeed(step)

    @contextmanager
    def told(self) -> Iterator[None]:
        """Add the steps to a Failure that passes."""
        try:
            yield
        except Failure as failure:
            failure.extra["steps"] = self.report()
            raise

    def report(self) -> list[dict[str, str]]:
        """Return every step with its status and, where there is one, a detail."""
        return [self._one(step) for step in Step]

    def _one(self, step: Step) -> dict[str, str]:
        status, detail = self._ended.get(step, ("skipped", None))
        return {"step": step.value, "status": status, **({} if detail is None else {"detail": detail})}

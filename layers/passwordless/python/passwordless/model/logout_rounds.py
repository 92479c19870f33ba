"""A logout on its way round: which other applications the person is signed out of, one after the other."""

from dataclasses import dataclass, replace
from enum import StrEnum

LIFETIME = 600
"""Seconds that each application has to answer."""


class Outcome(StrEnum):
    """How it stands with one application."""

    WAITING = "waiting"
    SIGNED_OUT = "signed_out"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Party:
    """An application that took part in a session, and as whom it knows the person; `name` is for people."""

    application_id: str
    name: str
    name_id: str
    name_id_format: str
    session_indexes: tuple[str, ...]
    outcome: Outcome = Outcome.WAITING


@dataclass(frozen=True, slots=True)
class Asker:
    """The service provider whose LogoutRequest began the round; a `silent` one wants no answer."""

    application_id: str
    request_id: str
    relay_state: str | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True)
class LogoutRound:
    """One row while somebody is asked; `key` is the hash of the ID of the LogoutRequest that is out.

    The ID is known to the browser and to the application that is asked, to nobody else. Without `asker` the round began
    on a page of ours. `reference` is the correlation id of its beginning.
    """

    tenant: str
    reference: str
    parties: tuple[Party, ...]
    asker: Asker | None = None
    key: str = ""
    expires_at: int = 0

    @property
    def asked(self) -> Party | None:
        """Return the application whose turn it is, None once everybody had one."""
        return next((one for one in self.parties if one.outcome is Outcome.WAITING), None)

    @property
    def turn(self) -> int:
        """Return how many applications had their turn."""
        return sum(one.outcome is not Outcome.WAITING for one in self.parties)

    @property
    def whole(self) -> bool:
        """Tell whether every application signed the person out."""
        return all(one.outcome is Outcome.SIGNED_OUT for one in self.parties)

    def after(self, outcome: Outcome) -> "LogoutRound":
        """Return the round once the application whose turn it is has come to an outcome."""
        told, asked = list(self.parties), self.asked
        if asked is not None:
            told[told.index(asked)] = replace(asked, outcome=outcome)
        return replace(self, parties=tuple(told))

    def names(self, *, failed: bool) -> tuple[str, ...]:
        """Return the names of the applications that signed the person out, or of those that did not, each once.

        One that is asked for several names of the person, and fails for one, has failed.
        """
        missing = {one.application_id for one in self.parties if one.outcome is not Outcome.SIGNED_OUT}
        wanted = [one.name for one in self.parties if (one.application_id in missing) is failed]
        return tuple(dict.fromkeys(name for name in wanted if name))

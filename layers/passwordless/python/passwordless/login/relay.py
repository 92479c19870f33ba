"""What is known of the two ends of a login, browser and phone, gathered for `model.risk` to weigh."""

from collections.abc import Mapping

from passwordless.model.applications import Application
from passwordless.model.known_browsers import knows
from passwordless.model.locations import Location, distance_km
from passwordless.model.networks import same_network
from passwordless.model.people import User
from passwordless.model.risk import Facts, Risk, judge
from passwordless.model.sessions import LoginSession, Sighting


def weigh(
    session: LoginSession,
    application: Application,
    user: User,
    sighting: Sighting,
    *,
    ip: str,
    location: Location | None,
    now: int,
) -> Risk:
    """Weigh what a user's phone at `ip` does, by the policy of the application (S16).

    Args:
        session: the login, with what is known of its browser.
        application: the application that it is for.
        user: whose phone it is.
        sighting: how the phone came by the code.
        ip: the phone's address.
        location: where the phone says it is.
        now: seconds since 1970.
    """
    facts = Facts(
        same_network=same_network(session.address, ip),
        known_browser=knows(user, session.known_browser, now),
        held_still=sighting.still,
        frame_age=sighting.age,
        link=sighting.link,
        distance_km=_apart(session.location, location),
    )
    return judge(facts, application.policy)


def told(risk: Risk) -> Mapping[str, str]:
    """Return what an event keeps of a risk: names only."""
    named = {"signals": " ".join(risk.signals)} if risk.signals else {}
    return {"risk": risk.verdict.name.lower(), **named}


def _apart(one: Location | None, other: Location | None) -> int | None:
    return None if one is None or other is None else distance_km(one, other)

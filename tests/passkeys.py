"""A phone without the app: it opens the pages behind codes and invites, and answers with a passkey."""

import html
import json
import re
from dataclasses import dataclass
from typing import Any

from passwordless.model.people import Device, User
from passwordless.phone.frames import Motion
from tests.authenticator import Authenticator
from tests.calls import Answer, post_json
from tests.enrolments import device, invited, token_of
from tests.house import Browser, House
from tests.sign_in import look

PHONE = {"name": "Safari, iOS", "os": "iOS"}


@dataclass(frozen=True)
class Owner:
    """A user whose phone has a passkey."""

    user: User
    device: Device
    authenticator: Authenticator


def asked(page: Answer) -> dict[str, Any]:
    """Return what a page gives its script to work with."""
    found = re.search(r'data-asked="([^"]*)"', page.body)
    assert found, page.body
    return dict(json.loads(html.unescape(found[1])))


def open_code(
    house: House, browser: Browser, motion: Motion = Motion.MOVING, **changes: Any
) -> dict[str, Any]:
    """Open the code that the login page shows now, with a plain camera unless `changes` say otherwise."""
    return asked(look(house, "GET_code", house.token(browser, motion), **changes))


def open_invite(house: House, token: str) -> dict[str, Any]:
    """Open an invite with a plain camera."""
    return asked(look(house, "GET_invite", token))


def enroll_body(
    house: House, token: str, authenticator: Authenticator | None = None, **overrides: Any
) -> dict[str, Any]:
    """Return the body of POST /mobile/enroll with a new passkey, made honestly but for the overrides."""
    made = (authenticator or Authenticator()).create(open_invite(house, token)["options"], **overrides)
    return {"token": token, "device": PHONE, "passkey": made}


def owner(
    house: House,
    tenant: str = "acme",
    *,
    authenticator: Authenticator | None = None,
    email: str | None = None,
) -> Owner:
    """Invite a user, and enrol the phone with a passkey."""
    used = authenticator or Authenticator()
    token = token_of(invited(house, tenant, email=email))
    enrolled = device(house, post_json(house, "POST_enroll", enroll_body(house, token, used)))
    user = house.wiring.stores.users.get(enrolled.user_id)
    assert user is not None
    return Owner(user, enrolled, used)


def approval(told: dict[str, Any], authenticator: Authenticator, **overrides: Any) -> dict[str, Any]:
    """Return the body of POST /mobile/verify for what the page of a code asked, signed by a passkey."""
    challenge = overrides.pop("challenge", told["challenge"])
    credential = authenticator.get(challenge, **overrides)
    return {
        "session_id": told["session_id"],
        "ticket": told["ticket"],
        "proof": {"type": "passkey", "credential": credential},
    }


def approve(house: House, person: Owner, browser: Browser, **changes: Any) -> Answer:
    """Open the code and approve."""
    body = approval(open_code(house, browser), person.authenticator)
    return post_json(house, "POST_verify", body, **changes)

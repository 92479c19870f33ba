"""A phone is invited and enrolled."""

import secrets
from typing import Any

from local.phone_simulator.jws import public_jwk
from local.phone_simulator.keys import Keys
from local.phone_simulator.proofs import build_enroll_proof
from passwordless.enrollment.acting import Actor
from passwordless.enrollment.invite import Invited, invite
from passwordless.model.people import Device
from tests.calls import Answer, post_json
from tests.house import ORIGIN, House


def fresh_email() -> str:
    """Return an address that nobody has."""
    return f"grace-{secrets.token_hex(6)}@example.com"


def invited(house: House, tenant: str = "acme", *, email: str | None = None, **body: Any) -> Invited:
    """Invite a user's phone as an administrator of the tenant."""
    return invite(house.wiring, an_admin(tenant), {"user": {"email": email or fresh_email()}, **body}, ORIGIN)


def an_admin(tenant: str = "acme") -> Actor:
    """Return an administrator of a tenant."""
    return Actor(tenant, "REFERENCE", "203.0.113.9", subject="auth0|admin")


def token_of(invitation: Invited) -> str:
    """Return the token in an invite's URL."""
    return invitation.url.rpartition("/")[2]


def enroll_body(house: House, token: str, keys: Keys, **overrides: Any) -> dict[str, Any]:
    """Return the body of POST /mobile/enroll, signed honestly but for the overrides."""
    second = {"device_jwk": public_jwk(keys.device)} if keys.device else {}
    return {
        "token": token,
        "device": {"name": "Pixel 9", "os": "Android 16"},
        "jwk": public_jwk(keys.biometric),
        "proof": build_enroll_proof(keys, ORIGIN, token, house.wiring.now, **overrides),
        **second,
    }


def enroll(house: House, token: str, keys: Keys) -> Answer:
    """Enrol a phone."""
    return post_json(house, "POST_enroll", enroll_body(house, token, keys))


def device(house: House, answer: Answer) -> Device:
    """Return the device that an answer tells of."""
    assert answer.status == 201, answer.body
    found = house.wiring.stores.devices.get(answer.json["device_id"])
    assert found is not None
    return found

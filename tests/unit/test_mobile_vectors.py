"""docs/mobile-vectors.json is true: each vector goes through verify itself, up to where its proof has been believed.

The tables are played by a few rows in memory: one phone, one login, its application and its user. Whatever else is
asked for is asked on the strength of the proof, and ends the test as `taken`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, Final, cast

import pytest

from functions.verify import handler as verify
from passwordless.model.people import Device, DeviceStatus, KeyUse, User
from passwordless.model.policies import Policy
from passwordless.model.sessions import Claim, LoginSession, SamlRequest, Sighting, Status
from passwordless.model.tokens import digest
from passwordless.phone import consent, frames, proof
from passwordless.wiring import Wiring
from tests.house import config, event
from tests.template import ROOT

FILE: Final = json.loads((ROOT / "docs" / "mobile-vectors.json").read_text())
VECTORS: Final = FILE["vectors"]
NOW: Final = FILE["server_time"]
EVENTS: Final = {
    "POST /mobile/enroll": "POST_enroll",
    "POST /mobile/scan": "POST_scan",
    "POST /mobile/verify": "POST_verify",
    "POST /mobile/confirm": "POST_confirm-phone",
}


SETTINGS: Final = config(public_origin=FILE["origin"])


class Believed(BaseException):
    """Raised where something is asked for that only a believed proof leads to; no Exception, so nothing answers it."""


class Asked:
    """What knows nothing: to ask it for anything is to have believed the proof."""

    def __getattr__(self, name: str) -> Any:
        raise Believed


class Row(Asked):
    """A table with one row, which is found by every key."""

    def __init__(self, row: object) -> None:
        self._row = row

    def get(self, key: str) -> Any:
        """Return the row."""
        return self._row


class Phone(Asked):
    """The table with one phone, which is found by its keys."""

    def __init__(self, device: Device) -> None:
        self._device = device

    def by_key(self, kid: str) -> Device | None:
        """Return the phone if this is one of its keys."""
        return self._device if self._device.key(kid) else None

    def active(self, *_: str) -> None:
        """Return a part of a transaction that is never written."""


class Login(Row):
    """The table with one login."""

    def approving(self, *_: object, **__: object) -> None:
        """Return a part of a transaction that is never written."""


class Stores(Asked):
    """The tables that a proof meets; the others are not there."""

    def __init__(self, session: LoginSession) -> None:
        self.devices = Phone(DEVICE)
        self.sessions = Login(session)
        self.applications = Row(SimpleNamespace(tenant="acme", policy=Policy()))
        self.users = Row(User("usr_1", "acme", "ada@example.com", "key", NOW))


@dataclass(frozen=True)
class House:
    """The wiring, as far as a proof meets it."""

    stores: Stores
    now: int = NOW
    randomness: Any = bytes
    config: Any = SETTINGS


DEVICE: Final = Device(
    device_id=FILE["device_id"],
    tenant="acme",
    user_id="usr_1",
    name="Phone",
    os="Android",
    status=DeviceStatus.ACTIVE,
    created_at=NOW,
    keys=(
        proof.device_key(FILE["keys"]["jwk"]["public"], frozenset({KeyUse.APPROVE})),
        proof.device_key(FILE["keys"]["device_jwk"]["public"], frozenset({KeyUse.DEVICE})),
    ),
)
SHOWN: Final = FILE["session"]
PENDING: Final = LoginSession(
    session_id=SHOWN["session_id"],
    tenant="acme",
    application_id="app_1",
    request=SamlRequest("_1", "urn:sp", "https://acme.auth0.com/callback", None, signed=True),
    cookie_hash="hash",
    frame_key=bytes(32),
    context=SHOWN["context"],
    context_hash=SHOWN["context_hash"],
    correlation_id="REFERENCE",
    created_at=NOW - 5,
    expires_at=NOW + 595,
    generation_at=NOW,
)
SCANNED: Final = replace(
    PENDING,
    status=Status.SCANNED,
    claim=Claim(
        DEVICE.device_id,
        DEVICE.user_id,
        digest(SHOWN["nonce"]),
        NOW,
        Sighting(link=False, still=False, age=0),
    ),
)


def outcome(route: str, body: Mapping[str, Any]) -> tuple[str, int | None]:
    """Post a body and return `taken`, or the code and status with which it was refused."""
    house = House(Stores(SCANNED if route == "POST /mobile/verify" else PENDING))
    asked = event(EVENTS[route], body=json.dumps(body), isBase64Encoded=False)
    try:
        reply = verify.handler.answer(cast("Wiring", house), asked)
    except Believed:
        return "taken", None
    return json.loads(reply["body"])["code"], reply["statusCode"]


@pytest.mark.parametrize("vector", VECTORS, ids=[f"{one['route']} {one['name']}" for one in VECTORS])
def test_a_vector_comes_out_as_the_file_says(vector: Mapping[str, Any]) -> None:
    assert outcome(vector["route"], vector["body"]) == (vector["expected"], vector.get("status"))


@pytest.mark.parametrize("route", EVENTS)
def test_each_route_has_good_and_bad_vectors(route: str) -> None:
    outcomes = {one["expected"] for one in VECTORS if one["route"] == route}
    assert outcomes >= {"taken", "bad_proof", "malformed_proof"}


def test_each_vector_has_a_name_of_its_own_and_each_bad_one_a_reason() -> None:
    names = [(one["route"], one["name"]) for one in VECTORS]
    assert len(set(names)) == len(names)
    assert [one["name"] for one in VECTORS if one["expected"] != "taken" and not one.get("why")] == []


@pytest.mark.parametrize("one", FILE["contexts"], ids=[one["name"] for one in FILE["contexts"]])
def test_a_context_has_the_canonical_form_and_hash_of_the_file(one: Mapping[str, Any]) -> None:
    assert consent.context_hash(one["context"]) == one["hash"] == digest(one["canonical"])


@pytest.mark.parametrize("one", FILE["hashes"], ids=[one["of"] for one in FILE["hashes"]])
def test_a_hash_is_base64url_sha_256_of_its_text(one: Mapping[str, str]) -> None:
    assert digest(one["text"]) == one["hash"]


@pytest.mark.parametrize("name", ["jwk", "device_jwk", "nobody"])
def test_the_kid_of_a_key_is_its_thumbprint(name: str) -> None:
    key = FILE["keys"][name]
    assert proof.device_key(key["public"], frozenset()).kid == key["kid"]


def test_the_session_is_one_that_scan_would_tell() -> None:
    assert consent.context_hash(SHOWN["context"]) == SHOWN["context_hash"]
    token = frames.token(PENDING.session_id, PENDING.frame_key, PENDING.generation, 0)
    assert FILE["code"] == f"HTTPS://LOGIN.EXAMPLE.COM/Q/{token}"

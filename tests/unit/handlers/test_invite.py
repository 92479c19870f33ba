"""An administrator invites a user's phone; the user is made if new."""

import re
from dataclasses import replace
from typing import Any

import pytest

from passwordless.enrollment.invite import invite
from passwordless.errors import Forbidden, Malformed
from passwordless.model.people import EnrollmentStatus, UserStatus
from passwordless.model.tokens import digest
from tests.acts import disable
from tests.enrolments import an_admin, fresh_email, invited, token_of
from tests.house import ORIGIN, House
from tests.parallel import at_once
from tests.witness import events_of, nothing_written, rows


def ask(house: House, body: Any) -> None:
    invite(house.wiring, an_admin(), body, ORIGIN)


def test_a_new_user_is_made(house: House) -> None:
    email = fresh_email()
    user = {"email": email, "given_name": "Grace", "family_name": "Example", "groups": ["Staff", "Admins"]}

    invitation = invited(house, user=user)

    made = house.wiring.stores.users.by_email("acme", email)
    assert made is not None
    assert made.user_id == invitation.enrollment.user_id
    assert (made.tenant, made.status, made.devices) == ("acme", UserStatus.ACTIVE, 0)
    assert (made.display_name, made.groups) == ("Grace Example", ("Staff", "Admins"))


def test_a_known_user_stays_the_same(house: House) -> None:
    person = house.person()
    invitation = invited(house, email=person.user.email.upper())
    assert invitation.enrollment.user_id == person.user.user_id
    made = invitation.enrollment
    known = replace(person.user, open_enrollment=made.enrollment_id, invited_until=made.expires_at)
    assert house.wiring.stores.users.get(person.user.user_id) == known


def test_the_same_address_in_two_tenants_is_two_users(house: House) -> None:
    email = fresh_email()
    one, other = (invited(house, tenant, email=email).enrollment for tenant in ("acme", "globex"))
    assert one.user_id != other.user_id
    assert (one.tenant, other.tenant) == ("acme", "globex")


def test_the_invite_s_code_opens_our_own_page(house: House) -> None:
    invitation = invited(house)
    assert re.fullmatch(re.escape(ORIGIN) + "/E/[A-Z2-7]{26}", invitation.url)
    assert invitation.qr_svg.startswith("<svg ")


def test_of_the_token_only_the_hash_is_stored(house: House) -> None:
    invitation = invited(house)
    token = token_of(invitation)
    assert invitation.enrollment.token_hash == digest(token)
    assert not [row for row in rows(house) if token in row]


@pytest.mark.parametrize(
    ("body", "life"), [({}, 300), ({"ttl_seconds": 60}, 60), ({"ttl_seconds": 300}, 300)]
)
def test_an_invite_lives_as_asked(house: House, body: dict[str, Any], life: int) -> None:
    enrollment = invited(house, **body).enrollment
    assert (enrollment.created_at, enrollment.expires_at) == (house.wiring.now, house.wiring.now + life)
    assert house.wiring.stores.enrollments.get(enrollment.enrollment_id) == enrollment
    assert enrollment.status is EnrollmentStatus.OPEN


def test_an_invite_leaves_an_event_that_names_the_administrator(house: House) -> None:
    invitation = invited(house, "invite-events")
    (event,) = events_of(house, None, "invite-events")
    assert (event["type"], event["actor"]) == ("device.invited", "auth0|admin")
    assert event["user_id"] == invitation.enrollment.user_id


def test_a_disabled_user_cannot_be_invited(house: House) -> None:
    person = house.person()
    disable(house, person)
    with nothing_written(house), pytest.raises(Forbidden, match="user_disabled"):
        invited(house, email=person.user.email)


def test_many_invites_of_a_new_user_at_once_make_one_user(house: House) -> None:
    email = fresh_email()
    invitations = at_once(lambda _: invited(house, email=email), range(8))
    assert len({invitation.enrollment.user_id for invitation in invitations}) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [(" Grace@Example.COM ", "grace@example.com"), ("a+b.c'd@sub.example.co", "a+b.c'd@sub.example.co")],
)
def test_an_address_is_normalised(house: House, given: str, kept: str) -> None:
    enrollment = invited(house, "addresses", email=given).enrollment
    user = house.wiring.stores.users.get(enrollment.user_id)
    assert user is not None
    assert user.email == kept


BODIES: dict[str, object] = {
    "nothing": {},
    "a text as user": {"user": "grace@example.com"},
    "no address": {"user": {}},
    "an unknown member": {"user": {"email": "a@example.com"}, "admin": True},
    "an unknown member of the user": {"user": {"email": "a@example.com", "role": "admin"}},
    "a list as address": {"user": {"email": ["a@example.com"]}},
    "no at sign": {"user": {"email": "example.com"}},
    "two at signs": {"user": {"email": "a@b@example.com"}},
    "an empty part": {"user": {"email": "a..b@example.com"}},
    "a line break": {"user": {"email": "a@example.com\nb"}},
    "letters that look alike": {"user": {"email": "gr\u0430ce@example.com"}},
    "a very long address": {"user": {"email": "a" * 250 + "@example.com"}},
    "an empty name": {"user": {"email": "a@example.com", "given_name": ""}},
    "a number as name": {"user": {"email": "a@example.com", "family_name": 7}},
    "a text as groups": {"user": {"email": "a@example.com", "groups": "Staff"}},
    "a number as group": {"user": {"email": "a@example.com", "groups": [7]}},
    "many groups": {"user": {"email": "a@example.com", "groups": ["g"] * 51}},
    "too short a life": {"user": {"email": "a@example.com"}, "ttl_seconds": 59},
    "too long a life": {"user": {"email": "a@example.com"}, "ttl_seconds": 7 * 86400 + 1},
    "a long life without confirmation": {
        "user": {"email": "a@example.com"},
        "ttl_seconds": 301,
        "require_confirmation": False,
    },
    "a text as demand": {"user": {"email": "a@example.com"}, "require_confirmation": "yes"},
    "a number as revocation": {"user": {"email": "a@example.com"}, "revoke_devices": 1},
    "a very long name": {"user": {"email": "a@example.com", "given_name": "g" * 257}},
    "a truth as life": {"user": {"email": "a@example.com"}, "ttl_seconds": True},
    "a text as life": {"user": {"email": "a@example.com"}, "ttl_seconds": "60"},
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_is_no_invite_is_refused(house: House, body: object) -> None:
    with nothing_written(house), pytest.raises(Malformed, match="invalid_field") as refused:
        ask(house, body)
    assert refused.value.extra["fields"]

"""S51: no event and no entry of the ledger holds a name, an address of mail, what was typed, or a secret."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

import pytest

from local.phone_simulator.keys import Keys
from local.phone_simulator.proofs import Decision
from passwordless.model.events import EventType
from tests.acts import disable
from tests.calls import complete, post_json
from tests.enrolments import device, enroll_body
from tests.house import House, Person
from tests.logout_rounds import end_session, sent, signs_out
from tests.people import Enrolled, ask, confirm, invite, user, waiting
from tests.rotation import make_next, move, rotate, with_keys_function
from tests.service_providers import added, delete, patch, some_fields, with_keys
from tests.sign_in import approve, arrive, authn_request, by_redirect, scan
from tests.single_sign_on import first_login, lasting, log_out_by_redirect, logout_request
from tests.unit.saml.builders import sign_redirect
from tests.witness import rows

TOLD_ELSEWHERE = {
    EventType.APPLICATION_CONNECT_FAILED: "tests/unit/auth0/test_outcome.py",
    EventType.APPLICATION_VERIFIED: "tests/unit/handlers/test_doctor.py",
    EventType.APPLICATION_CERTIFICATES_REFRESHED: "tests/unit/handlers/test_doctor.py",
}
"""Acts that need an Auth0 tenant; their events hold a code, states and thumbprints."""


@dataclass(frozen=True)
class Marked:
    """A tenant in which everything that somebody can type or keep secret carries a mark."""

    house: House
    mark: str
    tenant: str

    def phone(self, invited: dict[str, Any]) -> Enrolled:
        """Enrol a phone with a marked name."""
        keys, token = Keys.generate(), invited["url"].rpartition("/")[2]
        body = {**enroll_body(self.house, token, keys), "device": {"name": self.mark, "os": self.mark}}
        answer = post_json(self.house, "POST_enroll", body)
        person = Person(user(self.house, invited["user_id"]), device(self.house, answer), keys)
        return Enrolled(invited["enrollment_id"], answer.json["check"], person)

    def invite(self, email: str | None = None, **members: Any) -> dict[str, Any]:
        """Invite a marked person."""
        address = email or f"{self.mark}-{secrets.token_hex(3)}@example.com"
        person = {"email": address, "given_name": self.mark, "family_name": self.mark, "groups": [self.mark]}
        return invite(self.house, self.tenant, user=person, **members)

    def people(self) -> None:
        """Have everything happen to people and phones."""
        house, tenant = self.house, self.tenant
        email = f"{self.mark}@example.com"
        self.invite(email)
        first = self.phone(self.invite(email)).person
        later = self.phone(self.invite(email))
        confirm(house, tenant, later.enrollment_id, later.wrong_check)
        confirm(house, tenant, later.enrollment_id, later.check)
        ask(house, tenant, "PATCH_device", {"name": f"{self.mark}!"}, device_id=first.device.device_id)
        ask(house, tenant, "DELETE_device", device_id=first.device.device_id)
        for body in ({"given_name": f"{self.mark}!"}, {"disabled": True}, {"disabled": False}):
            ask(house, tenant, "PATCH_user", body, user_id=first.user.user_id)
        open_one = self.invite(email)
        ask(house, tenant, "DELETE_enrollment", enrollment_id=open_one["enrollment_id"])
        waiting(house, tenant, email)
        ask(house, tenant, "DELETE_user", user_id=first.user.user_id)

    def logins(self) -> None:
        """Have logins end in every way."""
        house = self.house
        application = lasting(house, self.tenant, name=self.mark)
        person = self.phone(self.invite()).person
        signed_in = first_login(house, application, person)
        for decision in (Decision.DENY, Decision.REPORT):
            browser = self.arrive(application)
            body = house.verify_body(person, scan(house, person, browser), decision)
            post_json(house, "POST_verify", body)
            complete(house, browser)
        ask(house, self.tenant, "DELETE_block", address=browser.session.address)
        refused = self.arrive(application)
        approve(house, person, refused)
        nobody = logout_request(
            house, application, self.mark, name_attributes=f'SPNameQualifier="{self.mark}"'
        )
        log_out_by_redirect(house, application, sign_redirect(nobody, relay_state=self.mark))
        xml = authn_request(house, application, attributes='IsPassive="true" ForceAuthn="true"')
        by_redirect(house, application.application_id, sign_redirect(xml, relay_state=self.mark))
        disable(house, person)
        complete(house, refused)
        assert signed_in.cookies

    def arrive(self, application: Any) -> Any:
        """Begin a login with a marked browser."""
        return arrive(self.house, application, headers={"user-agent": f"{self.mark} Chrome/140.0"})

    def logouts(self) -> None:
        """Sign out on our page, and at an application that takes part in it."""
        house = self.house
        slo = f"https://{secrets.token_hex(4)}.example.com/slo"
        plain = lasting(house, self.tenant, name=self.mark)
        wants = house.application(
            self.tenant,
            policy=plain.policy,
            sp=type(plain.sp)(f"urn:{slo}", (f"{slo}/acs",), plain.sp.certificates, slo_url=slo),
            auth0=None,
        )
        signed_in = first_login(house, wants, self.phone(self.invite()).person)
        asked = sent(house, wants, end_session(house, signed_in.cookies))
        signs_out(house, wants, asked)

    def applications(self) -> None:
        """Have everything happen to an application and to keys."""
        house = with_keys(self.house)
        made = added(house, some_fields(name=self.mark))
        attributes = [{"name": self.mark, "source": "email"}]
        assert patch(house, made, name=f"{self.mark}!", attributes=attributes).status == 200
        patch(house, made, rollout={"mode": "test", "test_users": [f"{self.mark}@example.com"]})
        delete(house, made)
        acting = with_keys_function(self.house)
        pinned = acting.application(self.tenant, name=self.mark)
        key_id = make_next(acting, self.tenant)
        old = pinned.idp.signing_key_id
        move(acting, pinned, key_id)
        rotate(acting, self.tenant, "promote", key_id)
        for one in house.wiring.stores.applications.all_of_tenant(self.tenant):
            move(acting, one, key_id)
        house.clock.forward(61)
        assert rotate(acting, self.tenant, "retire", old).status == 200


@pytest.fixture(scope="module")
def written(emulated: House) -> tuple[str, list[dict[str, Any]]]:
    """Return the mark, and the rows of events and ledger that everything with a mark left."""
    house = emulated.rewound()
    before = rows(house)
    marked = Marked(house, f"m{secrets.token_hex(6)}", f"marked-{secrets.token_hex(4)}")
    for act in (marked.people, marked.logins, marked.logouts, marked.applications):
        act()
    left = [json.loads(row) for row in rows(house) - before]
    assert any(marked.mark in json.dumps(row) for row in left)
    return marked.mark, [item for store, item in left if store in ("events", "ledger")]


def test_every_kind_of_event_was_tried(written: tuple[str, list[dict[str, Any]]]) -> None:
    tried = {EventType(item["type"]["S"]) for item in written[1] if "type" in item}
    assert set(EventType) - tried == set(TOLD_ELSEWHERE)


def test_no_event_and_no_entry_holds_what_somebody_typed(written: tuple[str, list[dict[str, Any]]]) -> None:
    mark, items = written
    assert len(items) > 30
    assert [item for item in items if mark in json.dumps(item)] == []


def test_every_event_says_when_and_under_which_reference_and_from_where(
    written: tuple[str, list[dict[str, Any]]],
) -> None:
    events = [item for item in written[1] if "type" in item]
    assert all({"event_id", "at", "tenant", "correlation_id", "ip"} <= item.keys() for item in events)


def test_every_event_of_an_administrator_says_who(written: tuple[str, list[dict[str, Any]]]) -> None:
    by_others = {"login", "logout"}
    for item in written[1]:
        if "type" in item and item["type"]["S"].partition(".")[0] not in by_others:
            assert "actor" in item or item["type"]["S"] == "device.enrolled", item

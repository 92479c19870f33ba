"""Rollout: one PATCH opens an application from the listed users to everyone, with an event and one warning."""

import secrets
from typing import Any

import pytest

from passwordless.admin import Admin
from passwordless.administration import changes
from passwordless.administration.fields import read_change
from passwordless.auth0.asked import Asked
from passwordless.errors import Conflict
from passwordless.model.applications import Application, Rollout, RolloutMode
from tests.calls import complete, poll_session, post_json
from tests.house import ORIGIN, House
from tests.service_providers import an_application, patch, stored
from tests.sign_in import arrive, open_page, scan, sign_in
from tests.told import failure, found, response, status_codes
from tests.witness import events_of

EVERYONE = {"rollout": {"mode": "everyone"}}
WARNING = ["break_glass_not_confirmed"]


def a_tenant() -> str:
    """Return the name of a tenant that no other test uses."""
    return f"tenant-{secrets.token_hex(6)}"


def a_test(house: House, tenant: str, *users: str) -> Application:
    """Store an application that is open to these users only."""
    return house.application(tenant, rollout=Rollout(RolloutMode.TEST, users or ("ada@example.com",)))


def change(house: House, application: Application, **body: Any) -> list[dict[str, str]]:
    """Change an application as an administrator of its tenant and return the warnings."""
    asked = Asked(Admin(application.tenant, "admin|1", frozenset()), ORIGIN, "REFERENCE", "203.0.113.9")
    return changes.change(house.wiring, asked, application.application_id, read_change(body)).warnings


def codes(house: House, application: Application, **body: Any) -> list[str]:
    """Change an application and return the codes of the warnings."""
    return [one["code"] for one in change(house, application, **body)]


def acts(house: House, application: Application) -> list[dict[str, Any]]:
    """Return the events of an application, by type, each with its details."""
    known = events_of(house, application.application_id, application.tenant)
    return sorted(({"type": one["type"], **_plain(one["details"])} for one in known), key=str)


def _plain(details: Any) -> dict[str, str]:
    return {name: value["S"] for name, value in details.items()}


def test_one_patch_opens_an_application_to_everyone(house: House) -> None:
    application = a_test(house, "acme")
    answer = patch(house, application, **EVERYONE)
    assert (answer.status, answer.json["rollout"]) == (200, {"mode": "everyone", "test_users": []})
    assert isinstance(answer.json["warnings"], list)
    assert stored(house, application).rollout == Rollout()


def test_the_change_is_an_event_of_its_own(house: House) -> None:
    application = a_test(house, a_tenant())
    change(house, application, **EVERYONE)
    assert acts(house, application) == [
        {"type": "application.rollout_changed", "from": "test", "to": "everyone", "test_users": "0"}
    ]


def test_a_change_of_other_things_at_once_is_another_event(house: House) -> None:
    application = a_test(house, a_tenant())
    change(house, application, name="Wiki", **EVERYONE)
    assert [one["type"] for one in acts(house, application)] == [
        "application.changed",
        "application.rollout_changed",
    ]
    assert acts(house, application)[0]["changed"] == "name"


def test_another_list_of_users_is_a_change_of_the_rollout(house: House) -> None:
    application = a_test(house, a_tenant())
    change(house, application, rollout={"mode": "test", "test_users": ["ada@example.com", "bob@example.com"]})
    assert acts(house, application) == [
        {"type": "application.rollout_changed", "from": "test", "to": "test", "test_users": "2"}
    ]


def test_the_same_rollout_again_is_no_change_of_it(house: House) -> None:
    application = house.application(a_tenant())
    change(house, application, **EVERYONE)
    assert [one["type"] for one in acts(house, application)] == ["application.changed"]


def test_the_first_opening_to_everyone_warns_of_the_second_way_in(house: House) -> None:
    application = a_test(house, a_tenant())
    (warning,) = change(house, application, **EVERYONE)
    assert application.auth0 is not None
    assert warning["code"] == "break_glass_not_confirmed"
    for named in (application.auth0.connection_name, application.auth0.tenant, "Authentication > Database"):
        assert named in warning["guidance"]


def test_a_tenant_is_warned_once(house: House) -> None:
    tenant = a_tenant()
    first, other = a_test(house, tenant), a_test(house, tenant)
    assert codes(house, first, **EVERYONE) == WARNING
    change(house, first, rollout={"mode": "test", "test_users": ["ada@example.com"]})
    assert codes(house, first, **EVERYONE) == []
    assert codes(house, other, **EVERYONE) == []


def test_each_tenant_is_warned_for_itself(house: House) -> None:
    assert codes(house, a_test(house, a_tenant()), **EVERYONE) == WARNING
    assert codes(house, a_test(house, a_tenant()), **EVERYONE) == WARNING


def test_who_confirms_with_the_switch_is_not_warned(house: House) -> None:
    tenant = a_tenant()
    assert codes(house, a_test(house, tenant), **EVERYONE, break_glass_confirmed=True) == []
    assert codes(house, a_test(house, tenant), **EVERYONE) == []


def test_who_confirmed_before_is_not_warned(house: House) -> None:
    tenant = a_tenant()
    assert codes(house, an_application(house), break_glass_confirmed=True) == []
    change(house, house.application(tenant), break_glass_confirmed=True)
    assert codes(house, a_test(house, tenant), **EVERYONE) == []


def test_no_other_change_warns(house: House) -> None:
    tenant = a_tenant()
    application = a_test(house, tenant)
    assert codes(house, application, name="Wiki") == []
    assert codes(house, application, rollout={"mode": "test", "test_users": ["bob@example.com"]}) == []
    assert codes(house, application, **EVERYONE) == WARNING


def test_a_service_provider_that_is_not_auth0_has_no_second_way_to_lose(house: House) -> None:
    application = an_application(house, rollout=Rollout(RolloutMode.TEST, ("ada@example.com",)))
    assert patch(house, application, **EVERYONE).json["warnings"] == []


def test_a_change_that_was_too_late_does_not_count_as_the_warning(house: House) -> None:
    tenant = a_tenant()
    application, other = a_test(house, tenant), a_test(house, tenant)
    taken = {"acs_urls": list(other.sp.acs_urls)}
    with pytest.raises(Conflict, match="service_provider_exists"):
        change(house, application, **EVERYONE, **taken)
    assert codes(house, application, **EVERYONE) == WARNING


def test_a_user_outside_of_the_list_reads_so_and_auth0_gets_a_status(house: House) -> None:
    person = house.person()
    application = a_test(house, "acme", "somebody@example.com")
    browser = arrive(house, application)
    told = scan(house, person, browser)

    answer = post_json(house, "POST_verify", house.verify_body(person, told))

    words = "This application is not open to you yet."
    assert failure(answer) == (403, "login_refused")
    assert words in poll_session(house, browser).json["message"]
    assert words in open_page(house, browser.session.session_id, browser.cookies).body
    returned = response(complete(house, browser))
    assert status_codes(returned) == ["Responder", "RequestDenied"]
    assert found(returned, "//a:Assertion") == []


def test_a_listed_user_and_after_the_switch_everyone_signs_in(house: House) -> None:
    listed, other = house.person(), house.person()
    application = a_test(house, "acme", listed.user.email)
    assert status_codes(response(sign_in(house, listed, arrive(house, application)))) == ["Success"]
    patch(house, application, **EVERYONE)
    assert status_codes(response(sign_in(house, other, arrive(house, application)))) == ["Success"]

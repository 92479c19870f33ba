"""Reading applications: one, and pages that stay in their tenant."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless.admin import Admin
from passwordless.administration.applications import one, page
from passwordless.errors import Malformed, NotFound
from passwordless.model.applications import Application
from tests.unit.auth0.fakes import ADMIN, FakeHouse, a_house, an_application

OTHER = Admin("other", "admin|1", ADMIN.scopes)


def a_full_house(count: int = 5) -> FakeHouse:
    """Return a house with applications of two tenants, one a second."""
    house = a_house()
    for number in range(count):
        for tenant in (ADMIN.tenant, OTHER.tenant):
            keep(house, an_application(f"app_{tenant}{number}", tenant, created_at=1_800_000_000 + number))
    return house


def keep(house: FakeHouse, application: Application) -> None:
    """Store an application."""
    house.memory.applications.rows[application.application_id] = application


def test_a_page_has_the_newest_first_and_leads_to_the_next() -> None:
    house = a_full_house()
    seen: list[str] = []
    query = "limit=2"
    while query:
        found = page(house, ADMIN, query)
        seen += [application.application_id for application in found.applications]
        query = f"limit=2&page_token={found.next_page_token}" if found.next_page_token else ""
    assert seen == [f"app_local{number}" for number in (4, 3, 2, 1, 0)]


def test_a_page_token_of_another_tenant_is_refused() -> None:
    house = a_full_house()
    token = page(house, OTHER, "limit=1").next_page_token
    with pytest.raises(Malformed, match="invalid_page_token"):
        page(house, ADMIN, f"page_token={token}")


def test_a_forged_page_token_leads_only_through_the_own_tenant() -> None:
    house = a_full_house()
    place: list[Any] = json.loads(_unpacked(page(house, ADMIN, "limit=1").next_page_token))
    place[0] = "app_local2"
    forged = base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")
    found = page(house, ADMIN, f"page_token={forged}")
    assert {application.tenant for application in found.applications} == {ADMIN.tenant}


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "ten", "", "١", "1e1", "0x1"])
def test_a_limit_out_of_bounds_is_refused(limit: str) -> None:
    with pytest.raises(Malformed, match="invalid_limit"):
        page(a_house(), ADMIN, f"limit={limit}")


@given(st.text(alphabet=st.characters(codec="ascii", exclude_characters="&;+#%"), min_size=1, max_size=60))
def test_garbage_is_no_page_token(token: str) -> None:
    with pytest.raises(Malformed, match="invalid_page_token"):
        page(a_house(), ADMIN, f"page_token={token}")


@pytest.mark.parametrize("value", ["[]", '["a",1]', '["a","1","x"]', '[1,1,"x"]', "{}", "null", "[[[["])
def test_json_of_another_form_is_no_page_token(value: str) -> None:
    token = base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")
    with pytest.raises(Malformed, match="invalid_page_token"):
        page(a_house(), ADMIN, f"page_token={token}")


def test_an_application_of_the_own_tenant_is_found() -> None:
    assert one(a_full_house(), ADMIN, "app_local0").application_id == "app_local0"


def test_an_application_of_another_tenant_is_told_like_an_unknown_one() -> None:
    house = a_full_house()
    told = []
    for application_id in ("app_other0", "app_unknown"):
        with pytest.raises(NotFound) as caught:
            one(house, ADMIN, application_id)
        told.append((caught.value.code, caught.value.detail, caught.value.guidance, caught.value.extra))
    assert told[0] == told[1]


def test_an_application_whose_tenant_changed_is_not_found() -> None:
    house = a_full_house(1)
    keep(house, replace(house.memory.applications.rows["app_local0"], tenant="other"))
    with pytest.raises(NotFound):
        one(house, ADMIN, "app_local0")


def _unpacked(token: str | None) -> bytes:
    assert token is not None
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))

"""Metadata consumed: how long it may be used, and what replaces it."""

from datetime import timedelta
from typing import Any

import pytest

from passwordless.errors import Unprocessable
from passwordless.model.sessions import Status
from passwordless.saml.metadata import read_service_provider
from passwordless.saml.provider_validity import Limits, check_validity
from tests.calls import complete
from tests.conformance.lab import a_request, assert_local
from tests.conformance.sp_metadata import (
    a_document,
    a_key,
    an_acs,
    arrives,
    own_document,
    upload,
    uploaded,
)
from tests.house import House
from tests.service_providers import a_mark, patch, stored
from tests.sign_in import approve, begun, by_redirect
from tests.single_sign_on import log_out_by_redirect, logout_request, start_page
from tests.told import failure
from tests.unit.saml.builders import NOW, key_pair, sign_redirect

DAY = timedelta(days=1)


def until(days: float) -> str:
    """Write a validUntil that is this many days ahead of the house's first moment."""
    return f'validUntil="{NOW + days * DAY:%Y-%m-%dT%H:%M:%SZ}"'


@pytest.mark.parametrize(
    ("end", "answer"),
    [
        ("", (201, None)),
        (until(1), (201, None)),
        (until(0), (422, "sp_metadata_expired")),
        (until(-1), (422, "sp_metadata_expired")),
        (until(3653), (201, None)),
        (until(3654), (422, "sp_metadata_validity")),
        ('validUntil="99999-01-01T00:00:00Z"', (422, "sp_metadata_invalid")),
    ],
)
def test_iip_md04_a_an_end_that_is_past_or_too_far_is_refused_at_upload(
    house: House, end: str, answer: tuple[int, str | None]
) -> None:
    told = upload(house, own_document(a_mark(), entity=end))
    assert (told.status, told.json.get("code")) == answer


@pytest.mark.parametrize(("required", "days", "taken"), [(True, 2, True), (True, 1, True), (True, 3, False)])
def test_iip_md04_a_the_limit_can_be_set(required: bool, days: int, taken: bool) -> None:
    limits = Limits(required=required, longest=2 * DAY)
    end = read_service_provider(a_document(entity=until(days))).valid_until
    if taken:
        check_validity(end, NOW, limits)
    else:
        with pytest.raises(Unprocessable):
            check_validity(end, NOW, limits)


def test_iip_md04_a_a_missing_end_can_be_refused() -> None:
    end = read_service_provider(a_document()).valid_until
    check_validity(end, NOW, Limits(required=False, longest=DAY))
    with pytest.raises(Unprocessable):
        check_validity(end, NOW, Limits(required=True, longest=DAY))


@pytest.mark.parametrize(("entity", "role"), [(5, 2), (2, 5), (2, None), (None, 2)])
def test_iip_md05_ap_after_the_earliest_end_nothing_of_the_metadata_is_used(
    house: House, entity: int | None, role: int | None
) -> None:
    ends = {"entity": entity, "role": role}
    parts: dict[str, Any] = {name: until(days) for name, days in ends.items() if days is not None}
    document = own_document(a_mark(), **parts)
    application = uploaded(house, document)
    house.clock.forward(2 * 86400 - 1)
    assert arrives(house, application)
    house.clock.forward(1)
    assert not arrives(house, application)


def test_iip_md05_ap_an_expired_role_in_a_valid_document_is_refused(house: House) -> None:
    told = upload(house, own_document(a_mark(), entity=until(5), role=until(-1)))
    assert failure(told) == (422, "sp_metadata_expired")
    assert upload(house, own_document(a_mark(), entity=until(5), role=until(1))).status == 201


def test_iip_md05_ap_no_way_in_is_left_after_the_end_and_fresh_metadata_opens_it(house: House) -> None:
    host = a_mark()
    application = uploaded(house, own_document(host, entity=until(1)))
    patch(house, application, policy={"idp_initiated": True})
    house.clock.forward(86400)
    request = sign_redirect(a_request(house, application))
    logout = sign_redirect(logout_request(house, application, "somebody"))
    for answer in (
        by_redirect(house, application.application_id, request),
        log_out_by_redirect(house, application, logout),
        start_page(house, application, "POST"),
    ):
        assert failure(answer) == (422, "sp_metadata_expired")
        assert_local(answer)
        assert "uploads it here" in answer.body
    assert patch(house, application, sp_metadata_xml=own_document(host).decode()).status == 200
    assert arrives(house, application)


@pytest.mark.parametrize(("waits", "end"), [(29, Status.COMPLETED), (30, Status.REFUSED)])
def test_iip_md05_ap_a_login_that_runs_past_the_end_gets_no_assertion(
    house: House, waits: int, end: Status
) -> None:
    application = uploaded(house, own_document(a_mark(), entity=until(30 / 86400)))
    request = sign_redirect(a_request(house, application))
    browser = begun(house, by_redirect(house, application.application_id, request))
    approve(house, house.person(), browser)
    house.clock.forward(waits)
    answer = complete(house, browser)
    assert house.stored(browser).status is end
    assert ("SAMLResponse" in answer.body) == (end is Status.COMPLETED)


def test_iip_md06_ab_addresses_keys_and_the_end_of_the_old_metadata_are_gone(house: House) -> None:
    host, old, new = a_mark(), key_pair("old.example.com"), key_pair("new.example.com")
    first = own_document(
        host,
        ("kept", "dropped"),
        keys=a_key(old.certificate),
        entity=until(1),
        role='AuthnRequestsSigned="1"',
    )
    application = uploaded(house, first)
    kept, dropped, added = (f"https://{host}/{path}" for path in ("kept", "dropped", "added"))
    assert arrives(house, application, old, dropped)
    assert not arrives(house, application, old, added)
    second = own_document(host, ("kept", "added"), keys=a_key(new.certificate))
    house.clock.forward(1)
    assert patch(house, application, sp_metadata_xml=second.decode()).status == 200
    now = stored(house, application)
    assert (now.sp.acs_urls, now.sp.certificates) == ((kept, added), (new.certificate,))
    assert (now.sp.valid_until, now.sp.require_signed_requests) == (None, True)
    assert [arrives(house, now, new, url) for url in (kept, added, dropped)] == [True, True, False]
    assert not arrives(house, now, old, kept)


def test_iip_md06_ab_an_address_that_was_dropped_is_free_and_a_taken_one_changes_nothing(
    house: House,
) -> None:
    host, other = a_mark(), a_mark()
    application = uploaded(house, own_document(host, ("kept", "dropped")))
    neighbour = uploaded(house, own_document(other))
    foreign = a_document(
        entity_id=application.sp.entity_id,
        services=own_services(f"https://{host}/kept", neighbour.sp.acs_urls[0]),
    )
    house.clock.forward(1)
    assert failure(patch(house, application, sp_metadata_xml=foreign.decode())) == (
        409,
        "service_provider_exists",
    )
    assert stored(house, application).sp == application.sp
    assert patch(house, application, sp_metadata_xml=own_document(host, ("kept",)).decode()).status == 200
    dropped = a_document(
        entity_id=neighbour.sp.entity_id,
        services=own_services(neighbour.sp.acs_urls[0], f"https://{host}/dropped"),
    )
    assert patch(house, neighbour, sp_metadata_xml=dropped.decode()).status == 200


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"entity_id": "https://other.example.com/metadata"}, "change_not_possible"),
        ({"entity": until(-1)}, "sp_metadata_expired"),
        (
            {"services": '<md:AssertionConsumerService Binding="x:y" Location="x:y" index="0"/>'},
            "sp_metadata_invalid",
        ),
        ({"paths": ("#fragment",)}, "endpoint_url_invalid"),
        ({}, None),
    ],
)
def test_iip_md06_ab_metadata_that_cannot_be_used_replaces_nothing(
    house: House, changes: dict[str, Any], code: str | None
) -> None:
    host = a_mark()
    application = uploaded(house, own_document(host))
    house.clock.forward(1)
    document = own_document(host, **{"paths": ("other",), **changes})
    answer = patch(house, application, sp_metadata_xml=document.decode())
    assert answer.json.get("code") == code
    assert (stored(house, application).sp == application.sp) == (code is not None)


def test_iip_md06_ab_what_metadata_replaces_is_not_also_given_by_fields(house: House) -> None:
    host = a_mark()
    application = uploaded(house, own_document(host))
    xml = own_document(host).decode()
    mixed = patch(house, application, sp_metadata_xml=xml, acs_urls=[f"https://{host}/x"])
    assert failure(mixed) == (400, "invalid_field")
    assert patch(house, application, sp_metadata_xml=xml, require_signed_requests=True).status == 200
    at_auth0 = patch(house, house.application(), sp_metadata_xml=xml)
    assert failure(at_auth0) == (422, "change_not_possible")


def own_services(*urls: str) -> str:
    """Write ACS elements."""
    return "".join(an_acs(url, place) for place, url in enumerate(urls))

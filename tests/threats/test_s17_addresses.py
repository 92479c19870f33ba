"""S17: an address is the connection's own; CloudFront's headers count only beside the secret that CloudFront adds."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.phone_simulator.proofs import Location
from passwordless.model import locations
from passwordless.model.policies import Policy
from passwordless.model.sessions import Status
from passwordless.viewer import Viewer, viewer
from passwordless.web import Request
from tests.calls import post_json
from tests.house import Browser, House, Person, event
from tests.people import a_tenant
from tests.rotation import administer
from tests.sign_in import arrive
from tests.template import template
from tests.told import failure
from tests.two_places import approve_from, scan_from
from tests.witness import events_of

SECRET = "s" * 40
BERLIN = {"cloudfront-viewer-latitude": "52.52000", "cloudfront-viewer-longitude": "13.40500"}
VIEWER = {
    "cloudfront-viewer-address": "198.51.100.9:46532",
    "cloudfront-viewer-city": "K%C3%B6ln",
    "cloudfront-viewer-country": "DE",
    **BERLIN,
}
SYDNEY = Location(lat="-33.8688", lon="151.2093")
POTSDAM = Location(lat="52.4", lon="13.06")


def behind_cloudfront(house: House) -> House:
    """Return the house of a deployment with a CloudFront distribution in front."""
    settings = replace(house.wiring.config, origin_secret=SECRET)
    return replace(house, wiring=replace(house.wiring, config=settings))


def a_request(**headers: str) -> Request:
    """Return a request from 203.0.113.7 with these headers."""
    loaded = event("GET_sso")
    loaded["headers"] = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request.read(loaded, "REFERENCE")


def test_with_the_secret_the_viewer_is_who_cloudfront_says() -> None:
    seen = viewer(a_request(**VIEWER, x_origin_secret=SECRET), SECRET)
    assert seen == Viewer("198.51.100.9", locations.Location("52.5", "13.4"), "Köln, DE")


@pytest.mark.parametrize("given", ["", "x", SECRET[:-1], SECRET + "s", SECRET.upper(), "é"])
def test_without_the_secret_forged_headers_change_nothing(given: str) -> None:
    assert viewer(a_request(**VIEWER, x_origin_secret=given), SECRET) == Viewer("203.0.113.7")
    assert viewer(a_request(**VIEWER), SECRET) == Viewer("203.0.113.7")


@pytest.mark.parametrize("given", ["", SECRET, "anything"])
def test_a_deployment_without_a_secret_believes_no_header(given: str) -> None:
    """An empty secret is not one that an empty header matches."""
    assert viewer(a_request(**VIEWER, x_origin_secret=given), "") == Viewer("203.0.113.7")


headers = st.dictionaries(
    st.sampled_from([*VIEWER, "x-forwarded-for", "x-origin-secret", "forwarded", "x-real-ip"]),
    st.text(max_size=60),
)


@given(headers, st.sampled_from(["", SECRET]))
def test_no_headers_of_a_browser_s_own_change_who_it_is(sent: dict[str, str], secret: str) -> None:
    if sent.get("x-origin-secret") != SECRET:
        assert viewer(a_request(**sent), secret) == Viewer("203.0.113.7")


@given(headers)
def test_strange_headers_beside_the_secret_are_no_crash(sent: dict[str, str]) -> None:
    seen = viewer(a_request(**{**sent, "x-origin-secret": SECRET}), SECRET)
    assert seen.ip


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("198.51.100.9:46532", "198.51.100.9"),
        ("2001:db8::9:46532", "2001:db8::9"),
        ("[2001:db8::9]:46532", "2001:db8::9"),
        ("198.51.100.9", "203.0.113.7"),
        ("evil.example.com:1", "203.0.113.7"),
        ("", "203.0.113.7"),
    ],
)
def test_a_viewer_s_address_comes_with_its_port(address: str, read: str) -> None:
    request = a_request(**{"cloudfront-viewer-address": address, "x-origin-secret": SECRET})
    assert viewer(request, SECRET).ip == read


def begin(house: House, **sent: str) -> tuple[Browser, Person]:
    """Begin a login in a browser that sends these headers."""
    policy = Policy(block_beyond_km=500)
    return arrive(house, house.application(policy=policy), headers=sent), house.person()


def approved(house: House, person: Person, browser: Browser, loc: Location) -> dict[str, Any]:
    """Approve beside the browser, as far as the network goes."""
    answer = approve_from(house, person, browser, browser.session.address, loc=loc)
    assert answer.status == 200, answer.body
    return answer.json


def test_an_impossible_distance_is_blocked_by_policy(house: House) -> None:
    house = behind_cloudfront(house)
    browser, person = begin(house, **VIEWER)
    answer = approve_from(house, person, browser, "198.51.100.9", loc=SYDNEY)
    assert failure(answer) == (403, "login_blocked")
    assert (house.stored(browser).status, house.stored(browser).refusal) == (Status.REFUSED, "risk")


def test_a_phone_that_is_near_is_not_blocked(house: House) -> None:
    house = behind_cloudfront(house)
    browser, person = begin(house, **VIEWER)
    assert approved(house, person, browser, POTSDAM) == {"status": "approved"}


def test_a_forged_place_neither_blocks_nor_helps(house: House) -> None:
    browser, person = begin(house, **VIEWER, **{"x-origin-secret": SECRET})
    assert (browser.session.location, browser.session.address) == (None, "203.0.113.7")
    assert approved(house, person, browser, SYDNEY) == {"status": "approved"}


def test_the_phone_is_shown_the_place_that_cloudfront_tells_and_no_other(house: House) -> None:
    behind = behind_cloudfront(house)
    told, forged = begin(behind, **VIEWER), begin(house, **VIEWER)
    shown = scan_from(behind, told[1], told[0], "198.51.100.9")["context"]
    assert (shown["place"], shown["ip"]) == ("Köln, DE", "198.51.100.9")
    assert "place" not in scan_from(house, forged[1], forged[0], "198.51.100.9")["context"]


def test_the_phone_s_own_address_is_not_what_its_headers_say(house: House) -> None:
    """A relayed victim's phone cannot be made to look like a neighbour, nor can the attacker's browser."""
    browser, person = arrive(house, house.application()), house.person()
    told = scan_from(house, person, browser, "198.51.100.9")
    forged = {"x-forwarded-for": "203.0.113.7", "cloudfront-viewer-address": "203.0.113.7:1"}
    body = house.verify_body(person, told)
    answer = post_json(house, "POST_verify", body, ip="198.51.100.9", headers=forged)
    assert "code" in answer.json


def test_the_secret_is_a_hidden_parameter_that_is_off_by_default() -> None:
    parameter = template()["Parameters"]["OriginSecret"]
    assert (parameter["Default"], parameter["NoEcho"]) == ("none", True)
    variables = template()["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["ORIGIN_SECRET"] == {"Fn::If": ["BehindCloudFront", {"Ref": "OriginSecret"}, ""]}
    off = {"Fn::Not": [{"Fn::Equals": [{"Ref": "OriginSecret"}, "none"]}]}
    assert template()["Conditions"]["BehindCloudFront"] == off


@pytest.mark.parametrize(("secret", "expected"), [(SECRET, "198.51.100.9"), ("", "203.0.113.9")])
def test_an_administrators_address_in_the_events_is_the_viewers_behind_cloudfront_alone(
    house: House, secret: str, expected: str
) -> None:
    settings = replace(house.wiring.config, origin_secret=secret)
    there, tenant = replace(house, wiring=replace(house.wiring, config=settings)), a_tenant()
    headers = {**VIEWER, "x-origin-secret": SECRET}
    administer(there, tenant, "POST_enrollments", {"user": {"email": "ada@example.com"}}, headers=headers)
    (event,) = events_of(house, None, tenant)
    assert event["ip"] == expected

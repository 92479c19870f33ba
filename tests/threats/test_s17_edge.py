"""S17: with CloudFront in front, whoever comes past it and its firewall is answered as if nothing were here."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from functions.connect import handler as connect
from functions.poll import handler as poll
from functions.sso import handler as sso
from functions.verify import handler as verify
from passwordless.entry import Entry
from tests.house import House, event
from tests.template import functions, routes

NEW, OLD = "n" * 32, "o" * 40
HANDLERS: Mapping[str, Entry] = {
    "connect": connect.handler,
    "sso": sso.handler,
    "poll": poll.handler,
    "verify": verify.handler,
}
EVENTS = {"connect": "GET_integrations", "sso": "GET_start", "poll": "GET_session", "verify": "POST_scan"}
# While the secret is changed, both count: the distribution's copies take it over one by one.
SECRETS = f"2026-12:{NEW}:{OLD}"


def ask(house: House, function: str, origin_secret: str, sent: str | None) -> tuple[int, str]:
    """Call a function of a deployment with this parameter OriginSecret, with this header if it is not None."""
    settings = replace(house.wiring.config, origin_secret=origin_secret)
    told = event(EVENTS[function])
    headers = told["headers"] if sent is None else {**told["headers"], "x-origin-secret": sent}
    reply = HANDLERS[function].answer(replace(house.wiring, config=settings), {**told, "headers": headers})
    return reply["statusCode"], reply["body"]


@pytest.mark.parametrize("function", HANDLERS)
@pytest.mark.parametrize("sent", [None, "", "2026-12", NEW[:-1], NEW + "n", f"{NEW}:{OLD}", SECRETS, "é"])
def test_a_request_past_cloudfront_is_answered_as_a_route_that_is_not_there(
    house: House, function: str, sent: str | None
) -> None:
    status, body = ask(house, function, SECRETS, sent)
    assert status == 404
    assert "not_found" in body
    assert "CloudFront" not in body


@pytest.mark.parametrize("function", HANDLERS)
@pytest.mark.parametrize("sent", [NEW, OLD])
def test_either_secret_opens_while_it_is_changed(house: House, function: str, sent: str) -> None:
    _, body = ask(house, function, SECRETS, sent)
    assert "not_found" not in body


@pytest.mark.parametrize("function", HANDLERS)
@pytest.mark.parametrize("sent", [None, "", NEW])
def test_without_cloudfront_everybody_is_served(house: House, function: str, sent: str | None) -> None:
    _, body = ask(house, function, "", sent)
    assert "not_found" not in body


def test_the_functions_that_have_routes_know_the_secret_and_no_other() -> None:
    own = {
        name: settings.get("Environment", {}).get("Variables", {}) for name, settings in functions().items()
    }
    without = {name for name, variables in own.items() if variables.get("ORIGIN_SECRET") == ""}
    assert without == functions().keys() - {route.function for route in routes()}

"""Logins in each state, and the strangers to whom none of them is shown."""

from collections.abc import Callable

from local.phone_simulator.proofs import Decision
from passwordless.web import login_cookie_name
from tests.calls import post_json
from tests.house import Browser, House, Person
from tests.sign_in import approve, scan, sign_in


def denied(house: House, person: Person, browser: Browser) -> None:
    """Scan and decline."""
    body = house.verify_body(person, scan(house, person, browser), Decision.DENY)
    assert post_json(house, "POST_verify", body).status == 200


def expired(house: House, _: Person, __: Browser) -> None:
    """Let the login's time pass."""
    house.clock.forward(600)


STATES: dict[str, Callable[[House, Person, Browser], object]] = {
    "scanned": scan,
    "approved": approve,
    "completed": sign_in,
    "denied": denied,
    "expired": expired,
}
"""How a login gets from pending to each other state."""


def strangers(browser: Browser, other: Browser) -> dict[str, tuple[str, dict[str, str]]]:
    """Return session ids with cookies that must open nothing; `other` is another login in the same browser."""
    name, mine = login_cookie_name(browser.session.session_id), browser.session.session_id
    return {
        "no cookie": (mine, {}),
        "another login's cookies": (mine, other.cookies),
        "another login's secret": (mine, {name: other.cookie}),
        "garbage": (mine, {name: "\x00é"}),
        "an empty secret": (mine, {name: ""}),
        "the stored hash": (mine, {name: browser.session.cookie_hash}),
        "an unknown login": (mine[:8] + "AAAAAAAA", browser.cookies),
        "no login at all": ("../..", browser.cookies),
        "a login in small letters": (mine.lower(), browser.cookies),
    }

"""S12: a code that was opened by another site's link cannot be approved; a camera and our own page may open it."""

import pytest

from functions.verify import handler as verify
from tests.calls import Answer, call
from tests.house import ORIGIN, House
from tests.passkeys import asked
from tests.sign_in import arrive
from tests.witness import Witness

WELCOME: dict[str, dict[str, str]] = {
    "a camera": {"sec-fetch-site": "none"},
    "our login page": {"sec-fetch-site": "same-origin", "referer": f"{ORIGIN}/"},
    "our login page, which sends no referrer": {"sec-fetch-site": "same-origin"},
    "our login page in a browser without fetch metadata": {"referer": f"{ORIGIN}/login/A"},
    "a browser that says nothing": {},
}
ELSEWHERE: dict[str, dict[str, str]] = {
    "another site": {"sec-fetch-site": "cross-site"},
    "a sibling of our host": {"sec-fetch-site": "same-site"},
    "a word that we do not know": {"sec-fetch-site": "other"},
    "an empty word": {"sec-fetch-site": ""},
    "another site that claims our referrer": {"sec-fetch-site": "cross-site", "referer": f"{ORIGIN}/"},
    "a foreign referrer": {"referer": "https://evil.example/"},
    "a foreign referrer behind an address bar": {
        "sec-fetch-site": "none",
        "referer": "https://evil.example/",
    },
    "a referrer that begins like ours": {"referer": f"{ORIGIN}7/"},
    "a referrer with our origin inside": {"referer": f"https://evil.example/?{ORIGIN}/"},
    "a referrer of our host by another scheme": {"referer": f"{ORIGIN}/".replace("http:", "https:")},
    "a mail app": {"referer": "android-app://com.google.android.gm/"},
}


def opened(house: House, headers: dict[str, str]) -> Answer:
    token = house.token(arrive(house, house.application(name="Payroll")))
    return call(house, verify.handler, "GET_code", pathParameters={"token": token}, headers=headers)


@pytest.mark.parametrize("case", WELCOME)
def test_a_camera_and_our_own_page_may_open_a_code(house: House, case: str) -> None:
    assert asked(opened(house, WELCOME[case]))["ticket"]


@pytest.mark.parametrize("case", ELSEWHERE)
def test_a_link_of_another_site_offers_nothing_to_approve(house: House, case: str) -> None:
    page = opened(house, ELSEWHERE[case])
    assert "Scan the code with your camera" in page.body
    for offered in ("data-asked", "<button", "<script", "Payroll"):
        assert offered not in page.body


def test_a_look_by_a_link_reads_no_row(house: House) -> None:
    token, witness = house.token(arrive(house, house.application())), Witness.of(house)
    headers = {"sec-fetch-site": "cross-site"}
    call(house, verify.handler, "GET_code", pathParameters={"token": token}, headers=headers)
    assert witness.called == []

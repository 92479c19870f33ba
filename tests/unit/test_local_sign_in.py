"""The local issuer's sign-in: what it asks for, and that a code is worth one pair of tokens to the page that began."""

import base64
import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from jose import jwt

from local.issuer import AUDIENCE, SigningKey
from local.issuer_server import Issuer
from local.loopback import session
from local.sign_in import CODE_SECONDS, Refused, SignIn

CONSOLE = "http://0123abcd.execute-api.localhost:4566/console"
KEY = SigningKey.generate()
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
SCOPES = "openid applications:read applications:write"
ASKED = {
    "client_id": "console",
    "redirect_uri": CONSOLE,
    "response_type": "code",
    "scope": SCOPES,
    "state": "a-state",
    "nonce": "a-nonce",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def console(clock: Clock) -> SignIn:
    return SignIn("http://127.0.0.1:1", KEY, CONSOLE, "correct horse", clock)


def form(code: str, changes: dict[str, str] | None = None) -> dict[str, str]:
    fields = {"grant_type": "authorization_code", "client_id": "console", "redirect_uri": CONSOLE}
    return {**fields, "code": code, "code_verifier": VERIFIER, **(changes or {})}


def claims(token: str, audience: str) -> dict[str, Any]:
    return jwt.decode(token, KEY.public_jwk(), ["RS256"], audience=audience, options={"verify_exp": False})


class TestCode:
    def test_buys_an_access_token_with_the_scopes_asked_for(self, console: SignIn) -> None:
        sold = console.tokens(
            form(console.code(console.read({**ASKED, "scope": "openid applications:read"})))
        )
        read = claims(sold["access_token"], AUDIENCE)
        assert (read["scope"], read["tenant"], read["token_use"]) == ("applications:read", "local", "access")

    def test_buys_an_id_token_with_the_nonce_for_the_console_alone(self, console: SignIn) -> None:
        sold = console.tokens(form(console.code(console.read(ASKED))))
        read = claims(sold["id_token"], "console")
        assert (read["nonce"], read["iss"]) == ("a-nonce", "http://127.0.0.1:1")

    def test_is_worth_nothing_the_second_time(self, console: SignIn) -> None:
        code = console.code(console.read(ASKED))
        console.tokens(form(code))
        with pytest.raises(Refused, match="invalid_grant"):
            console.tokens(form(code))

    def test_is_worth_nothing_after_a_minute(self, console: SignIn, clock: Clock) -> None:
        code = console.code(console.read(ASKED))
        clock.now += CODE_SECONDS + 1
        with pytest.raises(Refused, match="invalid_grant"):
            console.tokens(form(code))

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"code_verifier": "w" * 43}, "invalid_grant"),
            ({"code_verifier": ""}, "invalid_grant"),
            ({"redirect_uri": CONSOLE + "/"}, "invalid_grant"),
            ({"client_id": "other"}, "invalid_client"),
            ({"grant_type": "refresh_token"}, "unsupported_grant_type"),
            ({"code": "made up"}, "invalid_grant"),
        ],
    )
    def test_is_sold_to_nobody_else(self, console: SignIn, changes: dict[str, str], error: str) -> None:
        with pytest.raises(Refused, match=error):
            console.tokens(form(console.code(console.read(ASKED)), changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "other"},
        {"redirect_uri": "http://evil.example.com/console"},
        {"response_type": "token"},
        {"code_challenge_method": "plain"},
        {"code_challenge": "short"},
        {"scope": "applications:write"},
        {"state": ""},
        {"nonce": ""},
    ],
)
def test_a_request_without_what_protects_it_is_refused(console: SignIn, changes: dict[str, str]) -> None:
    with pytest.raises(Refused):
        console.read({**ASKED, **changes})


class TestOverHttp:
    @pytest.fixture
    def issuer(self) -> Iterator[Issuer]:
        issuer = Issuer("control", KEY)
        issuer.start()
        yield issuer
        issuer.stop()

    @pytest.fixture
    def http(self) -> Iterator[requests.Session]:
        with session() as http:
            yield http

    def test_the_right_password_leads_back_to_the_console_with_a_code_and_the_state(
        self, issuer: Issuer, http: requests.Session
    ) -> None:
        password = issuer.serve_console(CONSOLE)
        shown = http.get(f"{issuer.url}/authorize", params=ASKED)
        answer = http.post(
            f"{issuer.url}/authorize", data={**ASKED, "password": password}, allow_redirects=False
        )
        there = urlsplit(answer.headers["Location"])
        query = parse_qs(there.query)
        sold = http.post(f"{issuer.url}/token", data=form(query["code"][0]))
        assert 'id="continue"' in shown.text
        assert (answer.status_code, f"http://{there.netloc}{there.path}", query["state"]) == (
            303,
            CONSOLE,
            ["a-state"],
        )
        assert sold.headers["Access-Control-Allow-Origin"] == CONSOLE.removesuffix("/console")
        assert sold.json()["token_type"] == "Bearer"

    def test_a_wrong_password_is_asked_for_again(self, issuer: Issuer, http: requests.Session) -> None:
        issuer.serve_console(CONSOLE)
        answer = http.post(
            f"{issuer.url}/authorize", data={**ASKED, "password": "guess"}, allow_redirects=False
        )
        assert (answer.status_code, 'role="alert"' in answer.text) == (200, True)

    def test_what_is_asked_is_shown_as_text(self, issuer: Issuer, http: requests.Session) -> None:
        issuer.serve_console(CONSOLE)
        answer = http.get(f"{issuer.url}/authorize", params={**ASKED, "state": '"><script>alert(1)</script>'})
        assert "<script" not in answer.text

    def test_another_name_of_this_server_is_refused(self, issuer: Issuer, http: requests.Session) -> None:
        issuer.serve_console(CONSOLE)
        answer = http.get(f"{issuer.url}/authorize", params=ASKED, headers={"Host": "evil.example.com"})
        assert answer.status_code == 403

    def test_before_there_is_a_console_nobody_signs_in(self, issuer: Issuer, http: requests.Session) -> None:
        assert http.get(f"{issuer.url}/authorize", params=ASKED).status_code == 400

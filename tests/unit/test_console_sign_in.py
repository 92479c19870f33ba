"""The console's sign-in, without a browser: PKCE, what is asked of the issuer, and which answers are believed."""

import json
from typing import Any

import pytest

from tests.console_modules import evaluate
from tests.console_site import id_token

NOW = 1_795_000_000
SETTINGS = {
    "issuer": "https://issuer.example.com/",
    "client": "console",
    "audience": "https://api.example.com",
    "scopes": "openid applications:read applications:write",
    "address": "https://login.example.com/console",
}
ASKED = {"state": "state", "nonce": "nonce", "verifier": "verifier", "route": "#/users"}
GOOD = {"iss": SETTINGS["issuer"], "aud": "console", "exp": NOW + 60, "nonce": "nonce", "sub": "ada"}


def caught(expression: str) -> str:
    """Return JavaScript for the code of the failure that an expression ends in, or for what it comes to."""
    return f"(async () => {{ try {{ return await ({expression}); }} catch (failed) {{ return failed.code; }} }})()"


def identity(token: str) -> Any:
    arguments = ", ".join(json.dumps(one) for one in (token, SETTINGS, ASKED, NOW))
    return evaluate("oidc.js", caught(f"it.identity({arguments})"))


def checked(answer: dict[str, str | None]) -> Any:
    arguments = ", ".join(json.dumps(one) for one in (SETTINGS, ASKED, answer))
    return evaluate("oidc.js", caught(f"it.checkAnswer({arguments})"))


def discovered(document: object) -> Any:
    answer = f"new Response({json.dumps(json.dumps(document))})"
    return evaluate(
        "oidc.js", caught(f"(globalThis.fetch = async () => {answer}, it.discovered({json.dumps(SETTINGS)}))")
    )


def test_the_challenge_is_that_of_the_standard() -> None:
    """RFC 7636, appendix B."""
    challenge = evaluate("oidc.js", 'it.challengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")')
    assert challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_sign_in_has_three_texts_of_256_bits_that_are_all_different() -> None:
    made = evaluate("oidc.js", '[it.newSignIn("#/users"), it.newSignIn("#/users")]')
    texts = [one[name] for one in made for name in ("state", "nonce", "verifier")]
    assert len(set(texts)) == 6
    assert {len(text) for text in texts} == {43}


@pytest.mark.parametrize("aud", ["console", ["console"]])
def test_an_id_token_of_this_sign_in_is_believed(aud: object) -> None:
    assert identity(id_token({**GOOD, "aud": aud}))["sub"] == "ada"


def test_an_id_token_for_several_is_believed_if_it_was_made_for_us() -> None:
    several = {**GOOD, "aud": ["console", "another"]}
    assert identity(id_token({**several, "azp": "console"}))["sub"] == "ada"
    assert identity(id_token({**several, "azp": "another"})) == "other_audience"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"nonce": "another"}, "other_nonce"),
        ({"nonce": None}, "other_nonce"),
        ({"iss": "https://evil.example.com/"}, "other_issuer"),
        ({"iss": "https://issuer.example.com"}, "other_issuer"),
        ({"aud": "another"}, "other_audience"),
        ({"aud": ["console", "another"]}, "other_audience"),
        ({"aud": None}, "other_audience"),
        ({"exp": NOW - 61}, "expired"),
        ({"exp": None}, "expired"),
        ({"exp": "soon"}, "expired"),
    ],
)
def test_an_id_token_that_is_not_of_this_sign_in_is_refused(changes: dict[str, object], code: str) -> None:
    assert identity(id_token({**GOOD, **changes})) == code


@pytest.mark.parametrize("token", ["", "x", "e30.e30", "e30.x.e30", "e30.bnVsbA.e30", "e30.W10.e30"])
def test_what_is_no_id_token_is_refused(token: str) -> None:
    assert identity(token) in ("no_identity", "other_issuer")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"code": "c", "state": "state", "iss": SETTINGS["issuer"]}, None),
        ({"code": "c", "state": "state", "iss": None}, None),
        ({"code": "c", "state": "another", "iss": None}, "other_state"),
        ({"code": "c", "state": None, "iss": None}, "other_state"),
        ({"code": "c", "state": "state", "iss": "https://evil.example.com/"}, "other_issuer"),
        ({"code": None, "state": "state", "iss": None, "error": "access_denied"}, "refused"),
    ],
)
def test_only_an_answer_to_our_own_question_is_used(answer: dict[str, str | None], code: str | None) -> None:
    assert checked(answer) == code


def test_an_issuer_that_calls_itself_otherwise_is_not_used() -> None:
    assert discovered({"issuer": "https://evil.example.com/"}) == "other_issuer"


def test_the_endpoints_are_those_that_the_issuer_publishes() -> None:
    found = discovered(
        {"issuer": SETTINGS["issuer"], "authorization_endpoint": "https://a/", "token_endpoint": "https://t/"}
    )
    assert found == {"authorize": "https://a/", "token": "https://t/"}


def test_an_address_without_an_answer_is_none() -> None:
    assert evaluate("oidc.js", '[it.answerIn(""), it.answerIn("?x=1")]') == [None, None]

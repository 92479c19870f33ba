"""Tokens of the local issuer."""

from jose import jwt

from local.issuer import AUDIENCE, SigningKey, admin_claims

NOW = 1_800_000_000
KEY = SigningKey.generate()


def test_a_token_verifies_with_the_published_key_and_says_what_it_is() -> None:
    token = KEY.sign({"sub": "admin", "aud": AUDIENCE}, "at+jwt")
    assert jwt.decode(token, KEY.public_jwk(), ["RS256"], audience=AUDIENCE)["sub"] == "admin"
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "kid": KEY.key_id, "typ": "at+jwt"}


def test_the_published_key_has_no_private_part() -> None:
    assert set(KEY.public_jwk()) == {"kty", "alg", "n", "e", "kid", "use"}


def test_claims_are_signed_as_given_whatever_their_type() -> None:
    odd = {"tenant": ["a", 1, None, True], "exp": "soon"}
    assert jwt.get_unverified_claims(KEY.sign(odd, "JWT")) == odd


def test_the_administrator_has_both_scopes_in_tenant_local_for_twelve_hours() -> None:
    claims = admin_claims("http://127.0.0.1:1", NOW)
    assert claims["tenant"] == "local"
    assert claims["scope"] == "applications:read applications:write"
    assert claims["token_use"] == "access"
    assert claims["exp"] - claims["iat"] == 12 * 3600

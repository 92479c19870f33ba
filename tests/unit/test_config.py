"""Settings: all of them or none, and nothing local outside the local stage."""

from dataclasses import fields

import pytest

from passwordless.config import Config

COMPLETE = {field.name.upper(): field.name for field in fields(Config)} | {
    "STAGE": "prod",
    "PUBLIC_ORIGIN": "https://login.example.com",
    "AUTH0_SUFFIXES": ".auth0.com",
    "LOCAL_AUTH0_MAP": "",
    "EVENT_RETENTION_DAYS": "400",
}
LOCAL = {"STAGE": "local", "PUBLIC_ORIGIN": "http://abcdef12.execute-api.localhost:4566"}


def config(**changes: str) -> Config:
    return Config.from_env({**COMPLETE, **changes})


def test_every_field_is_read_from_the_variable_of_its_name() -> None:
    assert config().users_table == "users_table"
    assert config(USERS_TABLE="other").users_table == "other"


@pytest.mark.parametrize("name", COMPLETE)
def test_a_missing_variable_is_named(name: str) -> None:
    environment = {key: value for key, value in COMPLETE.items() if key != name}
    with pytest.raises(KeyError, match=name):
        Config.from_env(environment)


def test_variables_that_are_nobodys_are_passed_over() -> None:
    assert Config.from_env({**COMPLETE, "AWS_REGION": "eu-central-1"}) == config()


class TestLocalStage:
    def test_a_map_of_doubles_is_refused_outside_it(self) -> None:
        """S61, S40: it would send an administrator's client secret to a loopback address."""
        with pytest.raises(ValueError, match="LOCAL_AUTH0_MAP"):
            config(LOCAL_AUTH0_MAP="acme.auth0.com=http://127.0.0.1:9000")

    def test_plain_http_is_refused_outside_it(self) -> None:
        with pytest.raises(ValueError, match="PUBLIC_ORIGIN"):
            config(PUBLIC_ORIGIN="http://login.example.com")
        assert config(**LOCAL).public_origin == LOCAL["PUBLIC_ORIGIN"]

    def test_it_needs_an_origin(self) -> None:
        with pytest.raises(ValueError, match="PUBLIC_ORIGIN"):
            config(STAGE="local", PUBLIC_ORIGIN="")

    @pytest.mark.parametrize("stage", ["Local", "local ", "localhost", "prod", ""])
    def test_only_its_exact_name_is_local(self, stage: str) -> None:
        assert not config(STAGE=stage).local
        assert config(**LOCAL).local

    def test_the_map_of_doubles_is_read(self) -> None:
        settings = config(
            **LOCAL, LOCAL_AUTH0_MAP="acme.auth0.com=http://127.0.0.1:1/,b.eu.auth0.com=http://127.0.0.1:2"
        )
        assert settings.auth0_map == {
            "acme.auth0.com": "http://127.0.0.1:1",
            "b.eu.auth0.com": "http://127.0.0.1:2",
        }

    def test_no_map_is_an_empty_one(self) -> None:
        assert config().auth0_map == {}


class TestOrigin:
    def test_the_longest_has_58_characters(self) -> None:
        longest = "https://" + "a" * 50
        assert config(PUBLIC_ORIGIN=longest).public_origin == longest
        with pytest.raises(ValueError, match="58"):
            config(PUBLIC_ORIGIN=longest + "a")

    @pytest.mark.parametrize(
        "origin",
        [
            "https://login.example.com/",
            "https://Login.example.com",
            "https://login.example.com/path",
            "https://login.example.com?x",
            "https://user@login.example.com",
            "https://login.example.com\n",
            "https://",
            "login.example.com",
            "ftp://login.example.com",
            "https://l\u00f6gin.example.com",
        ],
    )
    def test_what_is_no_origin_is_refused(self, origin: str) -> None:
        """It is compared character by character with aud, Origin and Destination, and stands in the QR code."""
        with pytest.raises(ValueError, match="PUBLIC_ORIGIN"):
            config(PUBLIC_ORIGIN=origin)

    def test_a_port_is_part_of_it(self) -> None:
        origin = "https://login.example.com:8443"
        assert config(PUBLIC_ORIGIN=origin).public_origin == origin

    def test_the_parameter_wins_over_the_apis_own_host(self) -> None:
        assert config().origin("abc.execute-api.us-east-1.amazonaws.com") == "https://login.example.com"

    def test_without_a_parameter_it_is_the_apis_own_host(self) -> None:
        own = config(PUBLIC_ORIGIN="").origin("abc.execute-api.us-east-1.amazonaws.com")
        assert own == "https://abc.execute-api.us-east-1.amazonaws.com"


def test_every_store_has_its_table() -> None:
    assert config().tables == {
        name: f"{name}_table"
        for name in (
            "applications",
            "attempts",
            "users",
            "devices",
            "enrollments",
            "sessions",
            "browser_sessions",
            "replays",
            "metadata",
            "signing_keys",
            "events",
            "ledger",
            "traces",
            "blocks",
        )
    }


@pytest.mark.parametrize(
    ("suffixes", "expected"),
    [(".auth0.com", (".auth0.com",)), (".auth0.com,.example.com", (".auth0.com", ".example.com")), ("", ())],
)
def test_the_endings_of_auth0_domains_are_a_list(suffixes: str, expected: tuple[str, ...]) -> None:
    assert config(AUTH0_SUFFIXES=suffixes).auth0_domain_suffixes == expected

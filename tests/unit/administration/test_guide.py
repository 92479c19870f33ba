"""What AdminX is told of the integrations fits what POST /applications takes."""

from typing import Any

import pytest

from passwordless.administration.fields import SamlFields, read_saml
from passwordless.administration.guide import integrations
from passwordless.auth0.fields import Auth0Fields
from passwordless.errors import Malformed
from tests.service_providers import a_mark, some_fields, some_metadata

OFFERED: dict[str, dict[str, Any]] = {one["integration"]: one for one in integrations()["integrations"]}


def names(integration: str) -> set[str]:
    """Return the names of an integration's fields."""
    return {field["name"] for field in OFFERED[integration]["fields"]}


def test_both_integrations_are_offered_the_one_for_auth0_first() -> None:
    assert list(OFFERED) == ["auth0-saml", "saml"]


@pytest.mark.parametrize("integration", OFFERED)
def test_an_integration_tells_what_it_is_and_what_it_takes(integration: str) -> None:
    one = OFFERED[integration]
    assert {"integration", "name", "description", "prerequisites", "alternatives", "fields"} == one.keys()
    assert len(one["prerequisites"]) >= 4
    assert all(one[part] for part in one)


@pytest.mark.parametrize("integration", OFFERED)
def test_every_field_has_a_label_a_help_and_a_kind(integration: str) -> None:
    for field in OFFERED[integration]["fields"]:
        assert field.keys() >= {"name", "label", "help", "type", "required", "secret"}
        assert all(field[part] for part in ("name", "label", "help", "type")), field


def test_the_saml_fields_are_exactly_those_that_are_read() -> None:
    assert names("saml") == SamlFields.model_fields.keys() - {"integration"}


def test_the_auth0_fields_are_among_those_that_are_read() -> None:
    assert names("auth0-saml") <= Auth0Fields.model_fields.keys()


@pytest.mark.parametrize("integration", OFFERED)
def test_an_alternative_has_every_required_field_that_is_no_alternative_to_it(integration: str) -> None:
    alternatives = [set(one) for one in OFFERED[integration]["alternatives"]]
    fields = OFFERED[integration]["fields"]
    required = {field["name"] for field in fields if field["required"] and "modes" not in field}
    assert required == set.intersection(*alternatives)
    assert set.union(*alternatives) <= names(integration)


@pytest.mark.parametrize("alternative", OFFERED["saml"]["alternatives"])
def test_each_alternative_is_enough_and_no_field_of_it_can_be_left_out(alternative: list[str]) -> None:
    full = {**some_fields(), "sp_metadata_xml": some_metadata(a_mark())}
    body = {name: full[name] for name in alternative}
    assert read_saml({"integration": "saml", **body}).integration == "saml"
    for name in alternative:
        with pytest.raises(Malformed):
            read_saml({"integration": "saml", **{one: body[one] for one in alternative if one != name}})


def test_only_a_client_secret_is_secret() -> None:
    secret = [
        (integration, field["name"])
        for integration, one in OFFERED.items()
        for field in one["fields"]
        if field["secret"]
    ]
    assert secret == [("auth0-saml", "auth0_client_secret")]

"""Who a service provider is told that somebody is: NameID, authentication class and attributes."""

import re
from dataclasses import replace

import pytest

from passwordless.model.attributes import AttributeRule, Source
from passwordless.model.policies import NameIdFormat, Policy
from passwordless.saml import names
from tests.calls import complete
from tests.conformance.lab import a_generic_application, asked, authn_context, login, name_id_policy, subject
from tests.house import House, Person
from tests.service_providers import an_application
from tests.witness import events_of

TEL = names.CLASSES + "TimeSyncToken"


def wanting(name_id_format: str, more: str = "") -> str:
    return name_id_policy(f'Format="{name_id_format}" {more}')


@pytest.mark.parametrize("create", ["", 'AllowCreate="false"', 'AllowCreate="true"'])
def test_iip_sso05_b2_fp_transient_is_a_lawful_id_new_each_time_whatever_allow_create_says(
    house: House, create: str
) -> None:
    application, person = a_generic_application(house), house.person()
    done = [
        login(house, application, person, children=wanting(names.TRANSIENT, create)).posted for _ in range(2)
    ]
    values = [posted.one("//a:NameID/text()") for posted in done]
    assert {posted.one("//a:NameID/@Format") for posted in done} == {names.TRANSIENT}
    assert len(set(values)) == 2
    assert all(re.fullmatch("_[0-9a-f]{40}", value) for value in values)


def test_a_transient_name_id_is_the_same_when_the_answer_is_repeated(house: House) -> None:
    done = login(house, children=wanting(names.TRANSIENT))
    again = complete(house, done.browser)
    assert f'value="{done.posted.fields["SAMLResponse"]}"' in again.body


def test_cor_8_3_2_a_email_address_is_the_bare_address(house: House) -> None:
    done = login(house, children=wanting(names.EMAIL_ADDRESS))
    assert done.posted.one("//a:NameID/text()") == done.person.user.email
    assert done.posted.one("//a:NameID/@Format") == names.EMAIL_ADDRESS


@pytest.mark.parametrize("children", ["", wanting(names.UNSPECIFIED), name_id_policy("")])
@pytest.mark.parametrize(
    ("default", "given"),
    [
        (NameIdFormat.PERSISTENT, names.PERSISTENT),
        (NameIdFormat.TRANSIENT, names.TRANSIENT),
        (NameIdFormat.EMAIL_ADDRESS, names.EMAIL_ADDRESS),
        (NameIdFormat.UNSPECIFIED, names.UNSPECIFIED),
    ],
)
def test_without_a_wish_the_application_s_default_counts(
    house: House, children: str, default: NameIdFormat, given: str
) -> None:
    application = an_application(house, policy=Policy(name_id_format=default))
    assert login(house, application, children=children).posted.one("//a:NameID/@Format") == given


def test_an_unspecified_name_id_is_as_opaque_and_stable_as_the_persistent_one(house: House) -> None:
    application = an_application(house, policy=Policy(name_id_format=NameIdFormat.UNSPECIFIED))
    person = house.person()
    plain = login(house, application, person).posted
    persistent = login(house, application, person, children=wanting(names.PERSISTENT)).posted
    assert plain.one("//a:NameID/text()") == persistent.one("//a:NameID/text()")


@pytest.mark.parametrize("wanted", [names.TRANSIENT, names.EMAIL_ADDRESS])
def test_auth0_gets_persistent_name_ids_only(house: House, wanted: str) -> None:
    answer = asked(house, house.application(), children=wanting(wanted))
    assert answer.codes == ["Requester", "InvalidNameIDPolicy"]


def test_iip_sso07_b2_the_login_of_another_person_ends_in_an_error_that_stays_the_same(house: House) -> None:
    done = login(house, children=subject("somebody-else"))
    assert done.posted.codes == ["Requester", "UnknownPrincipal"]
    again = complete(house, done.browser)
    assert f'value="{done.posted.fields["SAMLResponse"]}"' in again.body
    row = house.stored(done.browser)
    assert (row.status, row.refusal) == ("refused", "other_person")
    assert row.ending is not None
    assert row.ending.name_id is None
    kinds = {event["type"] for event in events_of(house, done.application.application_id)}
    assert "login.refused" in kinds
    assert "login.completed" not in kinds


def test_a_subject_by_e_mail_address_is_matched_when_that_is_the_name_id(house: House) -> None:
    person = house.person()
    wanted = subject(person.user.email, f'Format="{names.EMAIL_ADDRESS}"') + wanting(names.EMAIL_ADDRESS)
    assert login(house, None, person, children=wanted).posted.codes == ["Success"]


def test_a_subject_qualified_for_another_service_provider_is_unknown(house: House) -> None:
    wanted = subject("anybody", 'SPNameQualifier="https://another-sp.example.com"')
    assert asked(house, children=wanted).codes == ["Requester", "UnknownPrincipal"]


@pytest.mark.parametrize(
    ("comparison", "wanted"),
    [
        (None, names.MOBILE_TWO_FACTOR_CONTRACT),
        ("exact", names.MOBILE_TWO_FACTOR_CONTRACT),
        ("minimum", TEL),
        ("maximum", names.SMARTCARD_PKI),
        ("better", TEL),
    ],
)
def test_each_comparison_that_a_phone_satisfies_is_answered_with_its_class(
    house: House, comparison: str | None, wanted: str
) -> None:
    done = login(house, children=authn_context(wanted, comparison=comparison))
    assert done.posted.one("//a:AuthnContextClassRef/text()") == names.MOBILE_TWO_FACTOR_CONTRACT


@pytest.mark.parametrize(
    ("comparison", "wanted"),
    [
        ("exact", TEL),
        ("minimum", names.SMARTCARD_PKI),
        ("maximum", TEL),
        ("better", names.MOBILE_TWO_FACTOR_CONTRACT),
    ],
)
def test_each_comparison_that_a_phone_does_not_satisfy_is_an_error(
    house: House, comparison: str, wanted: str
) -> None:
    answer = asked(house, children=authn_context(wanted, comparison=comparison))
    assert answer.codes == ["Responder", "NoAuthnContext"]


def test_the_class_of_the_application_is_the_one_that_is_told(house: House) -> None:
    mfa = "https://refeds.org/profile/mfa"
    application = an_application(house, policy=Policy(authn_context=mfa))
    assert login(house, application).posted.one("//a:AuthnContextClassRef/text()") == mfa
    other = authn_context(names.MOBILE_TWO_FACTOR_CONTRACT)
    assert asked(house, application, children=other).codes == ["Responder", "NoAuthnContext"]


def a_member(house: House, *groups: str) -> Person:
    """Store a person who is in these groups."""
    person = house.person()
    house.wiring.stores.client.update_item(
        TableName=house.wiring.config.users_table,
        Key={"pk": {"S": person.user.user_id}},
        UpdateExpression="SET groups = :groups",
        ExpressionAttributeValues={":groups": {"L": [{"S": group} for group in groups]}},
    )
    return replace(person, user=replace(person.user, groups=groups))


def test_iip_idp01_a_iip_sso01_dl_any_name_and_format_and_several_values_are_issued(house: House) -> None:
    rules = (
        AttributeRule("urn:example:groups", names.ATTRIBUTE_URI, Source.GROUPS),
        AttributeRule("plain", names.ATTRIBUTE_BASIC, Source.EMAIL),
        AttributeRule("any thing", "urn:example:format", constant="<&]]>"),
    )
    person = a_member(house, "staff", "admins")
    told = login(house, an_application(house, attributes=rules), person).posted
    assert told.all("//a:Attribute/@Name") == ["urn:example:groups", "plain", "any thing"]
    assert told.all("//a:Attribute/@NameFormat") == [
        names.ATTRIBUTE_URI,
        names.ATTRIBUTE_BASIC,
        "urn:example:format",
    ]
    values = told.all("//a:AttributeValue/text()")
    assert values == ["staff", "admins", person.user.email, "<&]]>"]


def test_iip_sso01_dj_an_attribute_without_a_value_is_left_out(house: House) -> None:
    rules = (AttributeRule("groups", names.ATTRIBUTE_BASIC, Source.GROUPS),)
    told = login(house, an_application(house, attributes=rules)).posted
    assert told.all("//a:AttributeStatement") == []


def test_iip_idp02_a_what_is_released_depends_on_the_service_provider(house: House) -> None:
    person = house.person()
    none = login(house, an_application(house, attributes=()), person).posted
    usual = login(house, an_application(house), person).posted
    assert none.all("//a:Attribute/@Name") == []
    assert usual.all("//a:Attribute/@Name")[0] == "urn:oid:0.9.2342.19200300.100.1.3"

"""NameID and NameIDPolicy: what is asked for is given or refused, never replaced."""

import re

import pytest
from lxml import etree

from passwordless.model.name_ids import pairwise
from passwordless.model.policies import NameIdFormat, Policy
from tests.calls import complete
from tests.conformance.lab import (
    FORMATS,
    OLD_FORMATS,
    Login,
    Posted,
    a_generic_application,
    a_kept_login,
    a_request,
    asked,
    come_again,
    is_begun,
    login,
    name_id_policy,
    posted,
    send,
    subject,
)
from tests.house import House
from tests.sign_in import approve, begun
from tests.witness import rows

PERSISTENT = f"{FORMATS}persistent"
UNSPECIFIED = f"{OLD_FORMATS}unspecified"


def name_id(done: Login) -> str:
    """Return the NameID of a login."""
    return done.posted.one("//a:NameID/text()")


@pytest.mark.parametrize("wanted", [None, PERSISTENT, UNSPECIFIED])
@pytest.mark.parametrize("create", [None, "true", "false", "1", "0"])
@pytest.mark.parametrize("qualified", [True, False])
def test_iip_idp10_a_every_part_of_a_policy_is_processed(
    house: House, wanted: str | None, create: str | None, qualified: bool
) -> None:
    application = a_generic_application(house)
    parts = {
        "Format": wanted,
        "AllowCreate": create,
        "SPNameQualifier": application.sp.entity_id if qualified else None,
    }
    attributes = " ".join(f'{name}="{value}"' for name, value in parts.items() if value is not None)
    assert is_begun(
        send(house, application, a_request(house, application, children=name_id_policy(attributes)))
    )


@pytest.mark.parametrize(
    "attributes",
    [
        f'Format="{FORMATS}unheard-of"',
        f'Format="{FORMATS}kerberos"',
        f'Format="{OLD_FORMATS}X509SubjectName"',
        f'Format="{FORMATS}entity"',
        'SPNameQualifier="https://another-sp.example.com"',
        'SPNameQualifier=""',
    ],
)
def test_iip_idp10_b_a_policy_that_cannot_be_met_is_an_error(house: House, attributes: str) -> None:
    answer = asked(house, children=name_id_policy(attributes))
    assert answer.codes == ["Requester", "InvalidNameIDPolicy"]
    assert answer.all("//a:NameID") == []


def test_iip_idp10_b_the_same_request_with_a_policy_that_can_be_met_leads_to_a_login(house: House) -> None:
    assert login(house, children=name_id_policy(f'Format="{PERSISTENT}"')).posted.codes == ["Success"]


def test_iip_idp10_d_an_accepted_policy_is_obeyed(house: House) -> None:
    application = a_generic_application(house)
    policy = f'Format="{PERSISTENT}" SPNameQualifier="{application.sp.entity_id}"'
    answer = login(house, application, children=name_id_policy(policy)).posted
    assert answer.one("//a:NameID/@Format") == PERSISTENT
    assert answer.all("//a:NameID/@SPNameQualifier") in ([], [application.sp.entity_id])


def test_iip_idp10_c_an_encrypted_name_id_is_an_error_as_it_is_not_offered(house: House) -> None:
    answer = asked(house, children=name_id_policy(f'Format="{FORMATS}encrypted"'))
    assert answer.codes == ["Requester", "InvalidNameIDPolicy"]
    assert login(house).posted.codes == ["Success"]


def test_iip_sso05_a1_a_persistent_name_id_is_pseudo_random(house: House) -> None:
    person = house.person()
    given = name_id(login(house, None, person))
    known = (person.user.email, "ada", "example", person.user.user_id, person.user.pairwise_key)
    assert not [each for each in known if each.lower() in given.lower()]
    assert len(given) >= 22


def test_iip_sso05_a2_a_name_id_stays_within_256_characters(house: House) -> None:
    person = house.person(email=f"{'a' * 64}@{'b' * 60}.{'c' * 60}.example.com")
    assert len(name_id(login(house, None, person))) <= 256


def test_iip_sso05_a3_a_persistent_name_id_is_pairwise(house: House) -> None:
    person, application = house.person(), a_generic_application(house)
    done, other = login(house, application, person), login(house, None, person)
    assert name_id(done) != name_id(other)
    for each in (done, other):
        assert set(each.posted.all("//a:NameID/@SPNameQualifier")) <= {each.application.sp.entity_id}
        assert set(each.posted.all("//a:NameID/@NameQualifier")) <= {each.application.idp.entity_id}


def test_iip_sso05_a4_persistent_values_are_not_logged(
    house: House, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """The sessions table holds it for a repeated answer; no event, no log line and no other row does."""
    done = login(house)
    value = name_id(done)
    assert not is_begun(send(house, done.application, a_request(house, done.application, version="3.0")))
    logged = "".join(capfd.readouterr()) + caplog.text
    assert "refused" in logged
    assert value not in logged
    holders = {row.split('"', 2)[1] for row in rows(house) if value in row}
    assert holders <= {"sessions"}


def test_cor_8_3_7_a_a_persistent_value_stays_with_its_user_and_no_other_gets_it(house: House) -> None:
    application, person = a_generic_application(house), house.person()
    first = name_id(login(house, application, person))
    assert name_id(login(house, application, person)) == first
    again = house.person(email=person.user.email.replace("ada-", "new-"))
    assert name_id(login(house, application, again)) != first
    assert again.user.pairwise_key != person.user.pairwise_key


def test_iip_idp21_a_values_never_differ_by_case_alone() -> None:
    values = [pairwise("secret", f"app_{number}") for number in range(500)]
    assert len({value.lower() for value in values}) == 500
    assert all(value == value.lower() for value in values)


def test_iip_sso01_d_a_subject_that_is_not_known_is_an_error_without_an_assertion(house: House) -> None:
    base = '<s:Subject xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion"><s:EncryptedID>{}</s:EncryptedID></s:Subject>'
    data = (
        '<x:EncryptedData xmlns:x="http://www.w3.org/2001/04/xmlenc#"><x:CipherData>'
        "<x:CipherValue>AA==</x:CipherValue></x:CipherData></x:EncryptedData>"
    )
    at_once = asked(house, children=base.format(data))
    in_the_end = login(house, children=subject("unknown-person")).posted
    for answer in (at_once, in_the_end):
        assert answer.codes == ["Requester", "UnknownPrincipal"]
        assert answer.root.find("{*}Assertion") is None


def test_iip_sso07_b_2_a_subject_asked_for_is_matched_or_refused(house: House) -> None:
    application, person, other = a_generic_application(house), house.person(), house.person()
    known = name_id(login(house, application, person))
    wanted = subject(known, f'Format="{PERSISTENT}"')
    again = login(house, application, person, children=wanted)
    assert (again.posted.codes, name_id(again)) == (["Success"], known)
    refused = login(house, application, other, children=wanted).posted
    assert refused.codes == ["Requester", "UnknownPrincipal"]
    assert refused.root.find("{*}Assertion") is None


def test_cor_3_4_1_4_a_the_subject_is_the_person_who_authenticated(house: House) -> None:
    """Two logins at once, each approved on the phone of the person who began the other."""
    application, people = a_generic_application(house), (house.person(), house.person())
    known = [name_id(login(house, application, person)) for person in people]
    browsers = [begun(house, send(house, application, a_request(house, application))) for _ in people]
    for browser, person in zip(browsers, reversed(people), strict=True):
        approve(house, person, browser)
    told = [posted(complete(house, browser)).one("//a:NameID/text()") for browser in browsers]
    assert told == list(reversed(known))


TRANSIENT, EMAIL = f"{FORMATS}transient", f"{OLD_FORMATS}emailAddress"


def given(house: House, wanted: str, policy: str = "") -> Login:
    """Sign in with a NameIDPolicy that asks for a format."""
    return login(house, children=name_id_policy(f'Format="{wanted}" {policy}'))


@pytest.mark.parametrize("wanted", [PERSISTENT, TRANSIENT])
def test_iip_sso05_a_persistent_and_transient_are_given_when_asked_for(house: House, wanted: str) -> None:
    assert given(house, wanted).posted.one("//a:NameID/@Format") == wanted


def test_iip_sso05_b2_a_transient_value_is_a_lawful_id_and_new_each_time(house: House) -> None:
    application, person = a_generic_application(house), house.person()
    policy = name_id_policy(f'Format="{TRANSIENT}"')
    values = [name_id(login(house, application, person, children=policy)) for _ in range(3)]
    assert len(set(values)) == 3
    assert all(re.fullmatch("[A-Za-z_][A-Za-z0-9._-]{20,255}", value) for value in values)


@pytest.mark.parametrize("create", ["true", "false"])
def test_iip_sso01_fp_allow_create_is_ignored_for_transient(house: House, create: str) -> None:
    assert given(house, TRANSIENT, f'AllowCreate="{create}"').posted.codes == ["Success"]


def test_cor_8_3_2_a_an_email_address_is_a_bare_addr_spec(house: House) -> None:
    """Every user has an address: one cannot be made without."""
    done = given(house, EMAIL)
    assert done.posted.one("//a:NameID/@Format") == EMAIL
    assert name_id(done) == done.person.user.email
    assert re.fullmatch(r"[^\s<>()@]+@[^\s<>()@]+", name_id(done))


NAMELESS = Policy(session_seconds=3600, name_id_format=NameIdFormat.NONE)


def told_of(answer: Posted) -> list[str]:
    """Return what the Subject of an answer is made of."""
    return [etree.QName(each).localname for each in answer.root.iterfind(".//{*}Subject/*")]


def test_iip_idp11_a_an_assertion_can_go_without_a_name_id(house: House) -> None:
    """The answer is valid against the OASIS schema: `posted` reads no other."""
    application, person = a_generic_application(house, policy=NAMELESS), house.person()
    for wanted in ("", name_id_policy('AllowCreate="true"'), name_id_policy(f'Format="{UNSPECIFIED}"')):
        answer = login(house, application, person, children=wanted).posted
        assert answer.codes == ["Success"]
        assert told_of(answer) == ["SubjectConfirmation"]
        assert person.user.email in answer.all("//a:AttributeValue/text()")


def test_iip_idp11_a_a_format_that_is_asked_for_is_given_all_the_same(house: House) -> None:
    application = a_generic_application(house, policy=NAMELESS)
    answer = login(house, application, children=name_id_policy(f'Format="{PERSISTENT}"')).posted
    assert answer.one("//a:NameID/@Format") == PERSISTENT
    unknown = asked(house, application, children=name_id_policy(f'Format="{FORMATS}x"'))
    assert unknown.codes == ["Requester", "InvalidNameIDPolicy"]


@pytest.mark.parametrize("named", ["someone", ""])
def test_iip_idp11_a_nobody_is_matched_by_a_name_id_that_was_never_told(house: House, named: str) -> None:
    application = a_generic_application(house, policy=NAMELESS)
    answer = login(house, application, children=subject(named)).posted
    assert answer.codes == ["Requester", "UnknownPrincipal"]


def test_iip_idp11_a_a_session_spares_the_next_scan_without_a_name_id(house: House) -> None:
    application = a_generic_application(house, policy=NAMELESS)
    kept = a_kept_login(house, application)
    again = posted(come_again(house, application, kept.cookies))
    assert (again.codes, told_of(again)) == (["Success"], ["SubjectConfirmation"])

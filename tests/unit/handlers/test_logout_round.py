"""A logout is passed on: every other application of the session is asked in turn, then who asked is answered."""

from typing import Any

import pytest
from lxml import etree

from passwordless.errors import Unavailable
from passwordless.logout.passing import REDIRECTS_IN_A_ROW
from passwordless.model.applications import Application, ApplicationStatus
from passwordless.model.policies import NameIdFormat, Policy
from passwordless.signatures import KmsSigner
from passwordless.store.browser_sessions import BrowserSessions
from passwordless.web import SESSION_COOKIE, expired_cookie
from tests.calls import Answer, complete
from tests.conformance.lab import POST_BINDING, a_generic_application
from tests.house import House
from tests.logout_rounds import PARTIAL, REFUSAL, logout_response, sent, signs_out, under_way
from tests.participants import an_application, changed, joined, leave, stored
from tests.single_sign_on import HOUR, come_again, kept, log_out_by_redirect, logout_request, open_login
from tests.told import failure, found
from tests.unit.saml.builders import RELAY_STATE, sign_redirect
from tests.witness import Witness, events_of


def test_the_other_application_is_asked_then_the_first_is_answered(house: House) -> None:
    first, second = an_application(house), an_application(house)
    before = joined(house, first, second)

    answer = leave(house, before, request_id="_out1")
    asked = sent(house, second, answer)

    assert (answer.status, asked.kind, asked.url) == (303, "LogoutRequest", second.sp.slo_url)
    assert asked.one("//a:NameID/text()") == before.told[1].name_id
    assert asked.one("//p:SessionIndex/text()") == before.told[1].session_index
    assert asked.one("/*/a:Issuer/text()") == second.idp.entity_id
    assert asked.one("/*/@NotOnOrAfter") > asked.one("/*/@IssueInstant")

    end = sent(house, first, signs_out(house, second, asked))
    assert (end.kind, end.url, end.codes) == ("LogoutResponse", first.sp.slo_url, ["Success"])
    assert (end.one("/*/@InResponseTo"), end.fields["RelayState"]) == ("_out1", RELAY_STATE)


def test_the_session_is_over_before_anybody_is_asked(house: House) -> None:
    before = joined(house, an_application(house), an_application(house))
    answer = leave(house, before)
    assert kept(house, before.cookies) is None
    assert answer.cookies == (expired_cookie(SESSION_COOKIE),)


@pytest.mark.parametrize(("asked_by_post", "answered_by_post"), [(False, True), (True, False), (True, True)])
def test_each_application_is_asked_as_it_registered_and_answers_as_it_likes(
    house: House, *, asked_by_post: bool, answered_by_post: bool
) -> None:
    first, second = an_application(house), an_application(house, slo_by_post=asked_by_post)
    asked = sent(house, second, leave(house, joined(house, first, second)))
    assert ("SigAlg" in asked.fields) is not asked_by_post
    end = sent(house, first, signs_out(house, second, asked, by_post=answered_by_post))
    assert end.codes == ["Success"]


def test_a_form_that_signs_somebody_out_says_so(house: House) -> None:
    first, second = an_application(house), an_application(house, slo_by_post=True)
    body = leave(house, joined(house, first, second)).body
    assert "Signing you out of your applications" in body
    assert "Taking you back" not in body


def test_requests_go_where_the_metadata_wants_requests(house: House) -> None:
    first = an_application(house)
    second = an_application(house, slo_request_url="https://asked.example.com/slo")
    asked = sent(house, second, leave(house, joined(house, first, second)))
    assert asked.url == "https://asked.example.com/slo"


def test_every_application_has_its_turn_once_under_an_id_of_its_own(house: House) -> None:
    first, *others = (an_application(house) for _ in range(4))
    answer, ids, seen = leave(house, joined(house, first, *others)), set(), []
    for _ in others:
        to = next(one for one in others if (one.sp.slo_url or "") in unescaped(answer))
        asked = sent(house, to, answer)
        ids.add(asked.one("/*/@ID"))
        seen.append(to.application_id)
        answer = signs_out(house, to, asked)
    assert sent(house, first, answer).codes == ["Success"]
    assert (len(ids), sorted(seen)) == (3, sorted(one.application_id for one in others))


def unescaped(answer: Answer) -> str:
    """Return where an answer leads, and its page."""
    return answer.headers.get("location", "") + answer.body.replace("&amp;", "&")


def test_a_page_of_ours_interrupts_a_long_row_of_redirects(house: House) -> None:
    first, *others = (an_application(house) for _ in range(REDIRECTS_IN_A_ROW + 2))
    answer, statuses = leave(house, joined(house, first, *others)), []
    for _ in others:
        statuses.append(answer.status)
        to = next(one for one in others if (one.sp.slo_url or "") in unescaped(answer))
        answer = signs_out(house, to, sent(house, to, answer))
    assert statuses == [303] * (REDIRECTS_IN_A_ROW - 1) + [200, 303]


@pytest.mark.parametrize("code", [REFUSAL, PARTIAL])
def test_one_that_does_not_sign_out_makes_it_partial_and_the_rest_is_asked(house: House, code: str) -> None:
    first, second, third = (an_application(house) for _ in range(3))
    before = joined(house, first, second, third)
    answer, order = leave(house, before), sorted((second, third), key=lambda one: one.application_id)
    answer = signs_out(house, order[0], sent(house, order[0], answer), code=code)
    answer = signs_out(house, order[1], sent(house, order[1], answer))
    assert sent(house, first, answer).codes == ["Success", "PartialLogout"]


@pytest.mark.parametrize("missing", [{"slo_url": None}, {"certificates": ()}])
def test_one_that_cannot_be_asked_or_believed_makes_it_partial_at_once(
    house: House, missing: dict[str, Any]
) -> None:
    first, second = an_application(house), an_application(house)
    before = joined(house, first, second)
    changed(house, second, **missing)
    end = sent(house, first, leave(house, before))
    assert (end.kind, end.codes) == ("LogoutResponse", ["Success", "PartialLogout"])


def test_one_that_was_told_no_name_makes_it_partial(house: House) -> None:
    policy = Policy(session_seconds=3600, name_id_format=NameIdFormat.NONE)
    first, second = (
        an_application(house),
        a_generic_application(house, policy=policy, slo_url="https://nameless.example.com/slo"),
    )
    before = joined(house, first)
    browser = come_again(house, second, binding=POST_BINDING)
    open_login(house, browser, before.cookies)
    assert complete(house, browser).status == 200
    assert sent(house, first, leave(house, before)).codes == ["Success", "PartialLogout"]


def gone(house: House, application: Application) -> None:
    stores = house.wiring.stores
    assert not stores.commit(*stores.applications.removing(application))


def failed(house: House, application: Application) -> None:
    stored(house, application, status=ApplicationStatus.FAILED)


def expired(house: House, application: Application) -> None:
    changed(house, application, valid_until=house.wiring.now)


@pytest.mark.parametrize("happen", [gone, failed, expired])
def test_one_that_counts_no_more_when_its_turn_comes_is_passed_over(house: House, happen: Any) -> None:
    first, second, third = (an_application(house) for _ in range(3))
    before = joined(house, first, second, third)
    order = sorted((second, third), key=lambda one: one.application_id)
    asked = sent(house, order[0], leave(house, before))
    happen(house, order[1])
    end = sent(house, first, signs_out(house, order[0], asked))
    assert end.codes == ["Success", "PartialLogout"]


def test_the_signature_that_fails_for_one_does_not_stop_the_round(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = an_application(house), an_application(house)
    before, real, calls = joined(house, first, second), KmsSigner._sign, []

    def once_broken(signer: KmsSigner, kms_key: str, *more: Any) -> bytes:
        calls.append(kms_key)
        if len(calls) == 1:
            raise Unavailable("signing_failed", "No signature.", retry_after=1)
        return real(signer, kms_key, *more)

    monkeypatch.setattr(KmsSigner, "_sign", once_broken)
    end = sent(house, first, leave(house, before))
    assert (end.kind, end.codes) == ("LogoutResponse", ["Success", "PartialLogout"])


def test_several_logins_at_one_application_are_ended_by_one_request(house: House) -> None:
    first, second = an_application(house), an_application(house)
    before = joined(house, first, second, second)
    asked = sent(house, second, leave(house, before))
    indexes = {told.session_index for told in before.told[1:]}
    assert set(found(asked.root, "//p:SessionIndex/text()")) == indexes
    assert sent(house, first, signs_out(house, second, asked)).codes == ["Success"]


def test_a_session_that_ran_out_here_is_still_ended_at_the_others(house: House) -> None:
    """Applications may keep their own sessions for longer than we keep ours."""
    first, second = an_application(house), an_application(house)
    before = joined(house, first, second)
    house.clock.forward(HOUR + 60)
    told = before.told[0]
    xml = logout_request(house, first, told.name_id, told.session_index)
    answer = log_out_by_redirect(house, first, sign_redirect(xml))
    assert sent(house, second, answer).one("//p:SessionIndex/text()") == before.told[1].session_index


def test_what_was_ended_once_is_not_asked_for_again(house: House) -> None:
    first, second = an_application(house), an_application(house)
    before = joined(house, first, second)
    signs_out(house, second, sent(house, second, leave(house, before)))
    xml = logout_request(house, first, before.told[0].name_id)
    again = sent(house, first, log_out_by_redirect(house, first, sign_redirect(xml)))
    assert (again.kind, again.codes) == ("LogoutResponse", ["Success"])


def test_a_logout_that_failed_half_way_can_be_repeated_whole(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = an_application(house), an_application(house)
    before = joined(house, first, second)
    with monkeypatch.context() as patched:
        patched.setattr(BrowserSessions, "told_of", broken)
        assert sent(house, first, leave(house, before)).codes == ["Responder"]
    assert sent(house, second, leave(house, before)).kind == "LogoutRequest"


def broken(*_: object) -> None:
    raise Unavailable("store_unavailable", "Our database did not answer.", retry_after=2)


def test_where_no_answer_is_wanted_it_ends_on_a_page_that_names_the_applications(house: House) -> None:
    first = an_application(house, slo_url=None)
    second, third = an_application(house, "Payroll"), an_application(house, "Wiki <b>", slo_url=None)
    asked = sent(house, second, leave(house, joined(house, first, second, third)))
    end = signs_out(house, second, asked)
    assert (end.status, "Signed out" in end.body) == (200, True)
    assert "You were also signed out of Payroll." in end.body
    assert "Wiki &lt;b&gt; did not confirm it" in end.body


def test_an_answer_may_take_ten_minutes_and_no_longer(house: House) -> None:
    first, second = an_application(house), an_application(house)
    asked = sent(house, second, leave(house, joined(house, first, second)))
    house.clock.forward(599)
    assert under_way(house, asked) is not None
    house.clock.forward(1)
    assert under_way(house, asked) is None
    assert failure(signs_out(house, second, asked)) == (409, "logout_answer_unexpected")


def test_what_an_application_answered_is_an_event_there(house: House) -> None:
    first, second = an_application(house), an_application(house)
    asked = sent(house, second, leave(house, joined(house, first, second)))
    signs_out(house, second, asked)
    (event,) = [one for one in events_of(house, second.application_id) if one["type"] == "logout.passed_on"]
    (begun,) = [one for one in events_of(house, first.application_id) if one["type"] == "logout.completed"]
    assert event["details"] == {"outcome": {"S": "signed_out"}}
    assert event["correlation_id"] == begun["correlation_id"]


def test_nobody_else_s_session_is_touched(house: House) -> None:
    first, second = an_application(house), an_application(house)
    mine, theirs = joined(house, first, second), joined(house, first, second)
    asked = sent(house, second, leave(house, mine))
    signs_out(house, second, asked)
    assert kept(house, theirs.cookies) is not None
    assert theirs.told[1].session_index not in etree.tostring(asked.root).decode()


def test_a_round_costs_one_signature_for_each_message(house: House) -> None:
    first, second = an_application(house), an_application(house)
    before, witness = joined(house, first, second), Witness.of(house)
    asked = sent(house, second, leave(house, before))
    signs_out(house, second, asked)
    signs_out(house, second, asked)
    assert witness.signatures == 2


def test_an_answer_beside_a_request_is_refused(house: House) -> None:
    first, second = an_application(house), an_application(house)
    asked = sent(house, second, leave(house, joined(house, first, second)))
    both = (
        sign_redirect(logout_response(house, second, asked), parameter="SAMLResponse") + "&SAMLRequest=eA=="
    )
    answer = log_out_by_redirect(house, second, both)
    assert failure(answer) == (400, "saml_request_malformed")
    assert under_way(house, asked) is not None

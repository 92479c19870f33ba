"""local/auth0/accept.mjs: Auth0's library as an oracle for other tests."""

from datetime import UTC, datetime

from tests.integration.auth0_double.idp_response import CLAIMS, Answer, signed_response, signing_key
from tests.integration.auth0_double.process import accept

IDP = signing_key("idp")
ACS = "https://acme.auth0.com/login/callback?connection=acme-x2k4"
AUDIENCE = "urn:auth0:acme:acme-x2k4"
ANSWER = Answer(acs=ACS, audience=AUDIENCE, in_response_to="_request")


def verdict(answer: Answer = ANSWER, **changes: object) -> dict[str, object]:
    question: dict[str, object] = {
        "response_b64": signed_response(answer, IDP),
        "thumbprint": IDP.thumbprint,
        "audience": AUDIENCE,
        "acs_url": ACS,
        **changes,
    }
    return accept(**question)


def test_a_good_response_is_accepted_with_its_claims() -> None:
    answer = verdict(in_response_to="_request")
    profile = answer["profile"]
    assert answer["ok"] is True
    assert isinstance(profile, dict)
    assert profile[f"{CLAIMS}/nameidentifier"] == "u-7f3k"
    assert profile["email"] == "pat@example.com"


def test_a_certificate_serves_as_well_as_a_thumbprint() -> None:
    assert verdict(thumbprint=None, cert_pem=IDP.pem)["ok"] is True


def test_another_certificate_is_refused() -> None:
    answer = verdict(thumbprint=None, cert_pem=signing_key("other").pem)
    assert answer["ok"] is False
    assert str(answer["error"]).startswith("Invalid thumbprint")


def test_an_answer_to_another_request_is_refused() -> None:
    answer = verdict(in_response_to="_another")
    assert answer == {"ok": False, "error": "InResponseTo _request did not match _another"}


def test_the_clock_of_the_question_decides() -> None:
    old = Answer(
        acs=ACS, audience=AUDIENCE, in_response_to="_request", minted_at=datetime(2024, 5, 1, 12, tzinfo=UTC)
    )
    assert verdict(old)["error"] == "assertion has expired."
    assert verdict(old, clock="2024-05-01T12:01:00Z")["ok"] is True
    assert verdict(old, clock=1714564860)["ok"] is True


def test_garbage_is_refused_and_never_a_crash() -> None:
    assert verdict(response_b64="%%%")["ok"] is False

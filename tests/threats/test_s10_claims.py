"""S10: a device proof is taken only with the claims of its kind, each of its exact form, and in time."""

import json
from typing import Any

import pytest

from local.phone_simulator import ABSENT
from local.phone_simulator.jws import es256, to_json
from passwordless.errors import BadProof
from passwordless.phone import proof
from tests.unit.phone.builders import (
    CLAIMS,
    FORMS,
    NOW,
    ORIGIN,
    OTHER,
    confirm_proof,
    enroll_proof,
    is_taken,
    library_takes,
    login_proof,
    refusal,
    scan_proof,
    scan_proof_of,
    taken,
)

MALFORMED, BAD = "malformed_proof", "bad_proof"


class TestKindOfProof:
    @pytest.mark.parametrize("made", FORMS)
    @pytest.mark.parametrize("posted_as", FORMS)
    def test_a_proof_made_for_one_route_is_refused_by_the_others(self, made: str, posted_as: str) -> None:
        token, form = FORMS[made][0], FORMS[posted_as][1]
        if made == posted_as:
            assert is_taken(token, form)
        else:
            assert library_takes(token)
            assert refusal(token, form) == BAD

    @pytest.mark.parametrize(
        "typ", ["JWT", "jwt", "QR-SCAN+JWT", "application/qr-scan+jwt", "qr-scan+jwt ", ""]
    )
    def test_another_type_is_refused(self, typ: str) -> None:
        assert refusal(scan_proof(header={"typ": typ})) == BAD

    def test_the_claims_of_another_kind_under_the_right_type_are_refused(self) -> None:
        """The type alone does not carry the meaning: the claims must be those of the kind, too."""
        token = login_proof(header={"typ": "qr-scan+jwt"})
        assert refusal(token) == MALFORMED


class TestClaims:
    @pytest.mark.parametrize(
        ("make", "form", "claim"),
        [
            *((enroll_proof, proof.ENROLL, claim) for claim in proof.ENROLL.required),
            *((scan_proof, proof.SCAN, claim) for claim in proof.SCAN.required),
            *((login_proof, proof.LOGIN, claim) for claim in proof.LOGIN.required),
            *((confirm_proof, proof.CONFIRM, claim) for claim in proof.CONFIRM.required),
        ],
    )
    def test_a_missing_claim_is_refused(self, make: Any, form: proof.Form, claim: str) -> None:
        token = make(claims={claim: ABSENT})
        assert library_takes(token)
        assert refusal(token, form) == MALFORMED
        assert is_taken(make(), form)

    @pytest.mark.parametrize("claim", ["sub", "nbf", "jti", "IAT", "aud ", "__class__", "tenant", "user_id"])
    def test_an_unknown_claim_is_refused(self, claim: str) -> None:
        assert refusal(scan_proof(claims={claim: NOW})) == MALFORMED

    @pytest.mark.parametrize("claim", ["iss", "aud", "qr"])
    @pytest.mark.parametrize("value", [None, 7, True, [], ["x"], {}, {"x": "y"}, "", "x" * 513])
    def test_a_text_of_another_type_empty_or_too_long_is_refused(self, claim: str, value: object) -> None:
        assert refusal(scan_proof(claims={claim: value})) == MALFORMED

    def test_an_audience_list_that_contains_ours_is_refused(self) -> None:
        token = scan_proof(claims={"aud": [f"{ORIGIN}/mobile/scan"]})
        assert library_takes(token)
        assert refusal(token) == MALFORMED

    @pytest.mark.parametrize(
        "aud",
        [
            "https://evil.example/mobile/scan",
            f"{ORIGIN}/mobile/scan/",
            f"{ORIGIN}/mobile/verify",
            f"{ORIGIN}:443/mobile/scan",
            f"{ORIGIN}".upper() + "/mobile/scan",
            ORIGIN,
            f"{ORIGIN}/mobile/scan?x=1",
        ],
    )
    def test_another_audience_is_refused(self, aud: str) -> None:
        expected = f"{ORIGIN}/mobile/scan"
        proof.expect(taken(scan_proof()), aud=expected)
        with pytest.raises(BadProof):
            proof.expect(taken(scan_proof(claims={"aud": aud})), aud=expected)

    @pytest.mark.parametrize("text", ["\ud800", "dev_1\u0000", "dev_1\n", "d\u00e9v", "dev\u202e1"])
    @pytest.mark.parametrize("claim", ["iss", "aud", "sid", "nonce", "ctx"])
    def test_text_that_is_not_printable_ascii_is_refused(self, claim: str, text: str) -> None:
        """None of the identifiers and hashes has such characters; a lone surrogate cannot even be hashed."""
        assert refusal(login_proof(claims={claim: text}), proof.LOGIN) == MALFORMED
        assert is_taken(login_proof(claims={claim: "plain"}), proof.LOGIN)

    @pytest.mark.parametrize(
        "dec", ["", "Approve", "APPROVE", "approved", "yes", True, None, ["approve"], {"approve": 1}]
    )
    def test_a_decision_outside_the_list_is_refused(self, dec: object) -> None:
        assert refusal(login_proof(claims={"dec": dec}), proof.LOGIN) == MALFORMED

    @pytest.mark.parametrize("uv", ["", "Face", "password", "none", True, None, ["face"]])
    def test_a_verification_outside_the_list_is_refused(self, uv: object) -> None:
        assert refusal(login_proof(claims={"uv": uv}), proof.LOGIN) == MALFORMED

    @pytest.mark.parametrize(
        "loc",
        [
            None,
            "48.2,16.4",
            {"lat": "48.2"},
            {"lat": 48.2, "lon": 16.4},
            {"lat": "48.2", "lon": "16.4", "alt": "1"},
            {"lat": "1e9", "lon": "0"},
            {"lat": "NaN", "lon": "0"},
            {"lat": "+1", "lon": "0"},
            {"lat": "48.2\n", "lon": "0"},
            {"lat": "\u0664\u0668.2", "lon": "0"},
            {"lat": "", "lon": ""},
            ["48.2", "16.4"],
        ],
    )
    def test_a_location_of_another_form_is_refused(self, loc: object) -> None:
        assert refusal(login_proof(claims={"loc": loc}), proof.LOGIN) == MALFORMED
        assert is_taken(login_proof(claims={"loc": {"lat": "48.2", "lon": "-16.4"}}), proof.LOGIN)


class TestTime:
    @pytest.mark.parametrize("claim", ["iat", "exp"])
    @pytest.mark.parametrize(
        "value", [None, True, False, float(NOW), NOW + 0.5, str(NOW), "", [NOW], {"at": NOW}, 0, -1, 1 << 40]
    )
    def test_a_time_that_is_no_whole_number_of_seconds_is_refused(self, claim: str, value: object) -> None:
        assert refusal(scan_proof(claims={claim: value})) == MALFORMED

    def test_a_whole_number_written_with_an_exponent_or_a_fraction_is_refused(self) -> None:
        for written in (b"1.8e9", b"1800000000.0", b"18E8"):
            raw = to_json(CLAIMS).replace(str(NOW).encode(), written)
            assert json.loads(raw)["iat"] == NOW
            assert refusal(scan_proof_of(payload=raw)) == MALFORMED

    @pytest.mark.parametrize(
        ("lifetime", "refused"), [(-1, True), (0, True), (1, False), (60, False), (61, True)]
    )
    def test_a_proof_lives_at_least_one_second_and_60_at_most(self, lifetime: int, refused: bool) -> None:
        token = scan_proof(claims={"exp": NOW + lifetime})
        assert (refusal(token) == BAD) if refused else is_taken(token)

    @pytest.mark.parametrize("skew", [-300, 300])
    def test_a_phone_whose_clock_is_five_minutes_off_is_taken(self, skew: int) -> None:
        assert is_taken(scan_proof(), now=NOW + skew)

    @pytest.mark.parametrize("skew", [-301, 301, -86400, 86400])
    def test_a_phone_whose_clock_is_further_off_is_told_the_time(self, skew: int) -> None:
        with pytest.raises(BadProof) as refused:
            taken(scan_proof(), now=NOW + skew)
        assert refused.value.code == "clock_skew"
        assert refused.value.extra == {"server_time": NOW + skew}

    def test_the_time_is_told_to_no_one_whose_signature_does_not_hold(self) -> None:
        assert refusal(scan_proof(sign=es256(OTHER)), now=NOW + 9999) == BAD

"""Device proofs: what is taken and what comes of it, and that nothing else ever comes of anything.

The attacks, one by one, are in tests/threats/test_s10_*.py.
"""

import contextlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.phone_simulator import Decision, Keys, build_enroll_proof, build_verify_proof
from local.phone_simulator.jws import base64url, public_jwk, thumbprint
from passwordless.errors import BadProof, Malformed
from passwordless.model.people import KeyUse
from passwordless.model.tokens import digest
from passwordless.phone import proof
from passwordless.phone.proof import Form, PostedProof
from tests.unit.phone.builders import (
    FORMS,
    KEY,
    KEYS,
    NOW,
    ORIGIN,
    OTHER,
    TOKEN,
    enroll_proof,
    enrolled,
    is_taken,
    login_proof,
    payload_of,
    scan_proof,
    scan_proof_of,
    taken,
)

ANY_FORM = st.sampled_from([proof.ENROLL, proof.SCAN, proof.LOGIN, proof.CONFIRM])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
KNOWN = st.sampled_from(
    sorted({*proof.LOGIN.required, *proof.ENROLL.required, *proof.SCAN.required, "check", "uv", "loc"})
)
PARTS = (
    st.binary(max_size=90).map(base64url)
    | JSON.map(lambda value: base64url(json.dumps(value).encode()))
    | st.dictionaries(KNOWN, JSON).map(lambda claims: base64url(json.dumps(claims).encode()))
    | st.sampled_from(scan_proof().split("."))
    | st.text(max_size=20)
)


class TestRead:
    @pytest.mark.parametrize("kind", FORMS)
    def test_an_honest_proof_is_read_with_its_kid_and_claims(self, kind: str) -> None:
        token, form = FORMS[kind]
        assert proof.read(token, form) == PostedProof(token, KEY.kid, json.loads(payload_of(token)))

    @pytest.mark.parametrize(
        ("token", "form", "optional"),
        [
            (enroll_proof(), proof.ENROLL, "device_kid"),
            (scan_proof(), proof.SCAN, "via"),
            (login_proof(claims={"uv": "pin"}), proof.LOGIN, "loc"),
        ],
    )
    def test_an_optional_claim_may_be_absent(self, token: str, form: Form, optional: str) -> None:
        assert optional not in proof.read(token, form).claims

    def test_an_app_with_two_keys_names_the_second_one(self) -> None:
        keys = Keys(KEYS.biometric, OTHER)
        token = build_enroll_proof(keys, ORIGIN, TOKEN, NOW)
        assert proof.read(token, proof.ENROLL).claims["device_kid"] == enrolled(OTHER).kid

    @pytest.mark.parametrize("via", ["camera", "link"])
    def test_a_scan_may_say_how_the_code_was_read(self, via: str) -> None:
        assert proof.read(scan_proof(via=via), proof.SCAN).claims["via"] == via

    @pytest.mark.parametrize("decision", Decision)
    def test_every_decision_is_read(self, decision: Decision) -> None:
        token = build_verify_proof(KEYS, "dev_1", ORIGIN, "sid", "nonce", "ctx", decision, NOW)
        assert proof.read(token, proof.LOGIN).claims["dec"] == decision

    @pytest.mark.parametrize("uv", ["face", "fingerprint", "pin"])
    def test_every_verification_is_read(self, uv: str) -> None:
        assert proof.read(login_proof(claims={"uv": uv}), proof.LOGIN).claims["uv"] == uv

    @pytest.mark.parametrize(
        "loc",
        [
            {"lat": "0.0", "lon": "0.0"},
            {"lat": "-33.8688", "lon": "151.2093"},
            {"lat": "48", "lon": "-180.0"},
        ],
    )
    def test_a_location_is_read_also_when_the_person_told_none(self, loc: dict[str, str]) -> None:
        assert proof.read(login_proof(claims={"loc": loc}), proof.LOGIN).claims["loc"] == loc

    @given(st.text(st.characters()), ANY_FORM)
    def test_any_text_is_read_or_refused_and_nothing_else(self, token: str, form: Form) -> None:
        with contextlib.suppress(Malformed, BadProof):
            assert isinstance(proof.read(token, form), PostedProof)

    @given(st.lists(PARTS, min_size=3, max_size=3).map(".".join), ANY_FORM)
    def test_any_three_parts_are_read_or_refused_and_nothing_else(self, token: str, form: Form) -> None:
        with contextlib.suppress(Malformed, BadProof):
            assert isinstance(proof.read(token, form), PostedProof)

    @given(st.dictionaries(KNOWN, JSON), ANY_FORM)
    def test_any_claims_of_the_right_kind_are_read_or_refused(
        self, claims: dict[str, Any], form: Form
    ) -> None:
        """The header is right, so that each claim's own check is reached."""
        token = scan_proof(header={"typ": form.typ}, claims=claims)
        with contextlib.suppress(Malformed):
            read = proof.read(token, form)
            assert read.claims.keys() <= form.required.keys() | form.optional.keys()

    @given(JSON)
    def test_any_json_is_posted_without_a_crash(self, posted: object) -> None:
        with contextlib.suppress(Malformed, BadProof):
            proof.read(posted, proof.SCAN)

    @given(st.binary(max_size=200))
    def test_any_payload_is_read_or_refused(self, payload: bytes) -> None:
        with contextlib.suppress(Malformed):
            proof.read(scan_proof_of(payload=payload), proof.SCAN)


class TestVerify:
    @pytest.mark.parametrize("kind", FORMS)
    def test_an_honest_proof_holds(self, kind: str) -> None:
        token, form = FORMS[kind]
        verified = proof.verify(proof.read(token, form), KEY)
        assert (verified.kid, verified.claims) == (KEY.kid, json.loads(payload_of(token)))

    def test_the_identical_proof_is_recognised_and_no_other(self) -> None:
        token, again = scan_proof(), scan_proof()
        assert token != again
        assert taken(token).fingerprint == taken(token).fingerprint == digest(token)
        assert taken(token).fingerprint != taken(again).fingerprint

    def test_a_key_that_bears_the_kid_of_another_does_not_verify(self) -> None:
        """As if the store had mixed up two keys."""
        swapped = replace(enrolled(OTHER), kid=KEY.kid)
        with pytest.raises(BadProof):
            proof.verify(proof.read(scan_proof(), proof.SCAN), swapped)

    @settings(max_examples=400)
    @given(st.data())
    def test_a_proof_with_one_character_changed_is_refused(self, data: st.DataObject) -> None:
        token = FORMS["login"][0]
        place = data.draw(st.integers(min_value=0, max_value=len(token) - 1))
        character = data.draw(st.characters(max_codepoint=127).filter(lambda c: c != token[place]))
        assert not is_taken(token[:place] + character + token[place + 1 :], proof.LOGIN)

    @given(st.data())
    def test_a_proof_with_one_bit_of_a_decoded_part_changed_is_refused(self, data: st.DataObject) -> None:
        """The form stays canonical, so that the signature has to find it."""
        parts = FORMS["login"][0].split(".")
        place = data.draw(st.integers(min_value=0, max_value=2))
        raw = bytearray(payload_of(f".{parts[place]}."))
        bit = data.draw(st.integers(min_value=0, max_value=8 * len(raw) - 1))
        raw[bit // 8] ^= 1 << bit % 8
        parts[place] = base64url(bytes(raw))
        assert not is_taken(".".join(parts), proof.LOGIN)

    @given(st.data())
    def test_a_proof_with_one_character_lost_or_doubled_is_refused(self, data: st.DataObject) -> None:
        token = FORMS["scan"][0]
        place = data.draw(st.integers(min_value=0, max_value=len(token) - 1))
        assert not is_taken(token[:place] + token[place + 1 :])
        assert not is_taken(token[:place] + token[place] + token[place:])


class TestExpect:
    def test_the_expected_values_are_taken(self) -> None:
        proof.expect(taken(scan_proof()), aud=f"{ORIGIN}/mobile/scan", qr=digest(TOKEN))

    def test_which_claim_was_wrong_is_for_our_log_only(self) -> None:
        with pytest.raises(BadProof) as refused:
            proof.expect(taken(scan_proof()), aud=f"{ORIGIN}/mobile/scan", qr=digest("other"))
        assert refused.value.private == "qr"
        assert "qr" not in refused.value.detail


class TestDeviceKey:
    @pytest.mark.parametrize(
        "uses", [frozenset(KeyUse), frozenset({KeyUse.APPROVE}), frozenset({KeyUse.DEVICE})]
    )
    def test_a_public_key_is_read_with_its_thumbprint_and_uses(self, uses: frozenset[KeyUse]) -> None:
        jwk = public_jwk(OTHER)
        key = proof.device_key(jwk, uses)
        assert (key.kid, key.x, key.y, key.uses) == (thumbprint(jwk), jwk["x"], jwk["y"], uses)

    def test_the_thumbprint_is_that_of_rfc_7638(self) -> None:
        """The P-256 key of RFC 9449, 4.1, whose thumbprint 6.1 gives."""
        x, y = "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"
        assert proof.thumbprint(x, y) == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"

    @given(st.dictionaries(st.sampled_from(["kty", "crv", "x", "y", "d", "alg"]), JSON))
    def test_any_json_is_a_key_or_refused_and_nothing_else(self, jwk: dict[str, Any]) -> None:
        with contextlib.suppress(Malformed):
            proof.device_key(jwk, frozenset(KeyUse))

    @given(st.binary(max_size=70), st.binary(max_size=70))
    def test_any_coordinates_are_a_point_or_refused(self, x: bytes, y: bytes) -> None:
        jwk = {"kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y)}
        with contextlib.suppress(Malformed):
            proof.device_key(jwk, frozenset(KeyUse))

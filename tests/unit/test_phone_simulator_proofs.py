"""The simulated phone's proofs hold for another verifier, and can be forged in every part."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from jose import jws
from jose.exceptions import JWSError

from local.phone_simulator import (
    ABSENT,
    Decision,
    Keys,
    build_confirm_proof,
    build_enroll_proof,
    build_scan_proof,
    build_verify_proof,
)
from local.phone_simulator.canonical_json import canonical
from local.phone_simulator.jws import es256, es256_der, public_jwk, thumbprint
from tests.unit.phone_service import hash_of

ORIGIN = "https://login.example.com"
TOKEN = "ABCDEFGHIJKLMNOP234567ABCD"
NOW = 1_800_000_000.9
KEYS = Keys.generate()

unicode_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
flat_objects = st.dictionaries(unicode_text, unicode_text, max_size=6)


def header_of(proof: str) -> dict[str, Any]:
    return dict(jws.get_unverified_header(proof))


def claims_of(proof: str, key: ec.EllipticCurvePrivateKey) -> Any:
    return json.loads(jws.verify(proof, public_jwk(key), "ES256"))


def scan_proof(**overrides: Any) -> str:
    return build_scan_proof(KEYS, "dev_1", ORIGIN, TOKEN, NOW, **overrides)


def verify_proof(decision: Decision, **more: Any) -> str:
    return build_verify_proof(KEYS, "dev_1", ORIGIN, "S1", "N1", "C1", decision, NOW, **more)


class TestCanonicalJson:
    def test_the_sorting_example_of_rfc_8785(self) -> None:
        """Section 3.2.3, whose surrogate pair sorts before U+FB33 only by UTF-16 code units."""
        example = {
            "\u20ac": "Euro Sign",
            "\r": "Carriage Return",
            "\ufb33": "Hebrew Letter Dalet With Dagesh",
            "1": "One",
            "\U0001f600": "Emoji: Grinning Face",
            "\u0080": "Control",
            "\u00f6": "Latin Small Letter O With Diaeresis",
        }
        order = [
            "Carriage Return",
            "One",
            "Control",
            "Latin Small Letter O With Diaeresis",
            "Euro Sign",
            "Emoji: Grinning Face",
            "Hebrew Letter Dalet With Dagesh",
        ]
        assert list(json.loads(canonical(example)).values()) == order

    def test_only_what_json_requires_is_escaped(self) -> None:
        """The string of RFC 8785 section 3.2.2.2's example, and the characters that must stay as they are."""
        value = '\u20ac$\x0f\nA\'B"\\\\"/\x08\t\x0c\r\x7f\u2028<\u00e9'
        expected = '{"k":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\\b\\t\\f\\r\x7f\u2028<\u00e9"}'
        assert canonical({"k": value}) == expected.encode()

    @given(flat_objects)
    def test_it_is_json_of_the_same_object(self, members: dict[str, str]) -> None:
        assert json.loads(canonical(members)) == members

    @given(flat_objects)
    def test_the_order_of_insertion_does_not_matter(self, members: dict[str, str]) -> None:
        assert canonical(dict(reversed(members.items()))) == canonical(members)

    @given(flat_objects)
    def test_names_are_in_the_order_of_their_utf_16_code_units(self, members: dict[str, str]) -> None:
        units = [
            memoryview(name.encode("utf-16-le")).cast("H").tolist() for name in json.loads(canonical(members))
        ]
        assert units == sorted(units)

    @given(unicode_text)
    def test_text_differs_from_its_form_only_by_short_escapes(self, text: str) -> None:
        short = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
        escaped = "".join(short.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in text)
        assert canonical({text: text}) == f'{{"{escaped}":"{escaped}"}}'.encode()

    def test_a_lone_surrogate_has_no_canonical_form(self) -> None:
        with pytest.raises(ValueError, match="surrogates"):
            canonical({"place": "\ud800"})

    def test_a_value_that_is_no_string_is_refused(self) -> None:
        with pytest.raises(TypeError):
            canonical({"age": 7})  # type: ignore[dict-item]


class TestThumbprint:
    def test_the_example_of_rfc_7638(self) -> None:
        """Section 3.1."""
        modulus = (
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCi"
            "FV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb"
            "9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls"
            "1jF44-csFCur-kEgU8awapJzKnqDKgw"
        )
        jwk = {"kty": "RSA", "n": modulus, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"}
        assert thumbprint(jwk) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"

    def test_the_p_256_example_of_rfc_9449(self) -> None:
        """Sections 4.1 and 6.1."""
        jwk = {
            "kty": "EC",
            "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
            "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
            "crv": "P-256",
        }
        assert thumbprint(jwk) == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"

    def test_coordinates_keep_their_leading_zeros(self) -> None:
        secret = next(n for n in range(1, 2000) if _x(n) < 1 << 248)
        jwk = public_jwk(ec.derive_private_key(secret, ec.SECP256R1()))
        assert (len(jwk["x"]), len(jwk["y"]), set(jwk)) == (43, 43, {"kty", "crv", "x", "y"})


def _x(secret: int) -> int:
    return ec.derive_private_key(secret, ec.SECP256R1()).public_key().public_numbers().x


class TestProofs:
    def test_enrolment_is_signed_by_the_biometric_key(self) -> None:
        proof = build_enroll_proof(KEYS, ORIGIN, TOKEN, NOW)
        assert KEYS.device is not None
        assert claims_of(proof, KEYS.biometric) == {
            "aud": f"{ORIGIN}/mobile/enroll",
            "invite": hash_of(TOKEN),
            "device_kid": thumbprint(public_jwk(KEYS.device)),
            "iat": 1_800_000_000,
            "exp": 1_800_000_060,
        }

    def test_a_scan_is_signed_by_the_promptless_key(self) -> None:
        assert claims_of(scan_proof(via="camera"), KEYS.promptless) == {
            "iss": "dev_1",
            "aud": f"{ORIGIN}/mobile/scan",
            "qr": hash_of(TOKEN),
            "via": "camera",
            "iat": 1_800_000_000,
            "exp": 1_800_000_060,
        }

    def test_an_approval_is_signed_by_the_biometric_key(self) -> None:
        proof = verify_proof(Decision.APPROVE, uv="face", loc={"lat": "48.2", "lon": "16.4"})
        assert claims_of(proof, KEYS.biometric) == {
            "iss": "dev_1",
            "aud": f"{ORIGIN}/mobile/verify",
            "sid": "S1",
            "nonce": "N1",
            "ctx": "C1",
            "dec": "approve",
            "uv": "face",
            "loc": {"lat": "48.2", "lon": "16.4"},
            "iat": 1_800_000_000,
            "exp": 1_800_000_060,
        }

    def test_a_confirmation_is_signed_by_the_biometric_key(self) -> None:
        proof = build_confirm_proof(KEYS, "dev_1", ORIGIN, "K7QX", NOW, uv="pin")
        assert claims_of(proof, KEYS.biometric) == {
            "iss": "dev_1",
            "aud": f"{ORIGIN}/mobile/confirm",
            "check": "K7QX",
            "uv": "pin",
            "iat": 1_800_000_000,
            "exp": 1_800_000_060,
        }

    @pytest.mark.parametrize("decision", [Decision.DENY, Decision.REPORT])
    def test_a_refusal_is_signed_by_the_promptless_key_and_claims_no_verification(
        self, decision: Decision
    ) -> None:
        claims = claims_of(verify_proof(decision), KEYS.promptless)
        assert (claims["dec"], "uv" in claims) == (decision.value, False)

    def test_a_phone_with_one_key_signs_everything_with_it(self) -> None:
        single = Keys(KEYS.biometric, None)
        claims_of(build_scan_proof(single, "dev_1", ORIGIN, TOKEN, NOW), KEYS.biometric)
        assert "device_kid" not in claims_of(build_enroll_proof(single, ORIGIN, TOKEN, NOW), KEYS.biometric)

    @pytest.mark.parametrize(
        ("proof", "typ", "key"),
        [
            (build_enroll_proof(KEYS, ORIGIN, TOKEN, NOW), "qr-enroll+jwt", KEYS.biometric),
            (scan_proof(), "qr-scan+jwt", KEYS.promptless),
            (verify_proof(Decision.APPROVE), "qr-login+jwt", KEYS.biometric),
            (verify_proof(Decision.DENY), "qr-login+jwt", KEYS.promptless),
            (build_confirm_proof(KEYS, "dev_1", ORIGIN, "K7QX", NOW), "qr-confirm+jwt", KEYS.biometric),
        ],
        ids=["enroll", "scan", "approve", "deny", "confirm"],
    )
    def test_the_header_is_exactly_alg_typ_and_kid(
        self, proof: str, typ: str, key: ec.EllipticCurvePrivateKey
    ) -> None:
        assert header_of(proof) == {"alg": "ES256", "typ": typ, "kid": thumbprint(public_jwk(key))}

    def test_a_proof_is_three_unpadded_parts_with_a_signature_of_64_bytes(self) -> None:
        parts = scan_proof().split(".")
        assert (len(parts), len(parts[2]), "=" in "".join(parts)) == (3, 86, False)


class TestForgeries:
    def test_a_claim_is_replaced_removed_and_added(self) -> None:
        proof = scan_proof(claims={"aud": "elsewhere", "exp": ABSENT, "jti": 7})
        claims = claims_of(proof, KEYS.promptless)
        assert (claims["aud"], "exp" in claims, claims["jti"]) == ("elsewhere", False, 7)

    def test_a_header_member_is_replaced_removed_and_added(self) -> None:
        proof = scan_proof(header={"typ": "JWT", "kid": ABSENT, "crit": ["exp"]})
        assert header_of(proof) == {"alg": "ES256", "typ": "JWT", "crit": ["exp"]}

    def test_another_key_names_itself(self) -> None:
        other = ec.generate_private_key(ec.SECP256R1())
        proof = scan_proof(key=other)
        claims_of(proof, other)
        assert header_of(proof)["kid"] == thumbprint(public_jwk(other))

    def test_another_signer_leaves_the_name_of_the_right_key(self) -> None:
        other = ec.generate_private_key(ec.SECP256R1())
        proof = scan_proof(sign=es256(other))
        assert header_of(proof)["kid"] == thumbprint(public_jwk(KEYS.promptless))
        with pytest.raises(JWSError):
            claims_of(proof, KEYS.promptless)

    @pytest.mark.parametrize("curve", [ec.SECP256K1(), ec.SECP384R1(), ec.SECP521R1()])
    def test_keys_of_other_curves_can_sign(self, curve: ec.EllipticCurve) -> None:
        key = ec.generate_private_key(curve)
        signature = scan_proof(key=key).split(".")[2]
        assert len(signature) == -(-2 * ((curve.key_size + 7) // 8) * 8 // 6)

    def test_a_der_signature_does_not_verify(self) -> None:
        with pytest.raises(JWSError):
            claims_of(scan_proof(sign=es256_der(KEYS.promptless)), KEYS.promptless)

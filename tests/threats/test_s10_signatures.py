"""S10: a device proof is taken only with an ES256 signature of 64 bytes by the key that it names."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from jose import jws

from local.phone_simulator.jws import base64url, es256, es256_der, public_jwk
from passwordless.errors import BadProof
from passwordless.phone import proof
from tests.unit.phone.builders import (
    KEY,
    KEYS,
    OTHER,
    enrolled,
    is_taken,
    library_takes,
    payload_of,
    refusal,
    scan_proof,
)

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Order of the group of P-256 (SEC 2, 2.4.2)."""

MALFORMED, BAD = "malformed_proof", "bad_proof"


def parts(token: str = "") -> list[str]:
    """Return the parts of a proof that is taken."""
    token = token or scan_proof()
    assert is_taken(token)
    return token.split(".")


class TestAlgorithm:
    @pytest.mark.parametrize(
        "alg",
        [
            "none",
            "None",
            "NONE",
            "HS256",
            "RS256",
            "ES384",
            "ES512",
            "ES256K",
            "EdDSA",
            "es256",
            "",
            "ES256 ",
        ],
    )
    def test_another_algorithm_is_refused_before_any_signature_is_looked_at(self, alg: str) -> None:
        with pytest.raises(BadProof):
            proof.read(scan_proof(header={"alg": alg}), proof.SCAN)
        assert is_taken(scan_proof(header={"alg": "ES256"}))

    def test_an_unsigned_token_is_refused(self) -> None:
        header, payload, _ = scan_proof(header={"alg": "none"}).split(".")
        assert refusal(f"{header}.{payload}.") == MALFORMED

    def test_a_mac_keyed_with_the_public_key_is_refused(self) -> None:
        public = json.dumps(public_jwk(KEYS.biometric)).encode()
        claims = json.loads(payload_of(scan_proof()))
        token = jws.sign(
            claims, base64url(public), headers={"kid": KEY.kid, "typ": "qr-scan+jwt"}, algorithm="HS256"
        )
        assert refusal(token) == MALFORMED

    def test_an_rsa_signature_is_refused(self) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        token = scan_proof(header={"alg": "RS256"}, sign=lambda data: key.sign(data, PKCS1v15(), SHA256()))
        assert refusal(token) == MALFORMED

    @pytest.mark.parametrize("curve", [ec.SECP384R1(), ec.SECP521R1(), ec.SECP256K1()])
    def test_a_signature_on_another_curve_is_refused(self, curve: ec.EllipticCurve) -> None:
        key = ec.generate_private_key(curve)
        assert refusal(scan_proof(sign=es256(key))) in {MALFORMED, BAD}

    def test_the_library_verifies_es256_with_a_key_of_another_curve(self) -> None:
        """Which is why an enrolled key is checked for its curve, and the curve is not taken from the phone."""
        key = ec.generate_private_key(ec.SECP384R1())
        token = scan_proof(key=key)
        assert library_takes(token, key)
        assert refusal(token) == MALFORMED


class TestSignature:
    def test_a_der_signature_is_refused(self) -> None:
        assert refusal(scan_proof(sign=es256_der(KEYS.biometric))) == MALFORMED
        assert is_taken(scan_proof(sign=es256(KEYS.biometric)))

    def test_a_der_signature_of_64_bytes_is_refused(self) -> None:
        """With r and s short enough, DER has the length of the right form."""
        short = encode_dss_signature(1 << 230, 1 << 230)
        assert len(short) == 64
        assert refusal(scan_proof(sign=lambda _: short)) == BAD

    @pytest.mark.parametrize("length", [0, 1, 32, 63, 65, 96, 128])
    def test_a_signature_of_another_length_is_refused(self, length: int) -> None:
        sign = es256(KEYS.biometric)
        token = scan_proof(sign=lambda data: (sign(data) * 2)[:length])
        assert refusal(token) == MALFORMED

    def test_a_signature_with_a_byte_before_it_is_refused(self) -> None:
        sign = es256(KEYS.biometric)
        assert refusal(scan_proof(sign=lambda data: b"\0" + sign(data))) == MALFORMED

    @pytest.mark.parametrize("high", [True, False])
    def test_high_and_low_s_are_both_taken(self, high: bool) -> None:
        """JWS knows no low-S rule; phones' secure hardware answers either. Replays are found by nonce, not by bytes."""

        def sign(data: bytes) -> bytes:
            raw = es256(KEYS.biometric)(data)
            s = int.from_bytes(raw[32:])
            return raw[:32] + (s if (s > ORDER // 2) is high else ORDER - s).to_bytes(32)

        assert is_taken(scan_proof(sign=sign))

    @pytest.mark.parametrize("r", [0, 1, ORDER, ORDER + 1, (1 << 256) - 1])
    @pytest.mark.parametrize("s", [0, 1, ORDER, (1 << 256) - 1])
    def test_degenerate_signatures_are_refused(self, r: int, s: int) -> None:
        assert refusal(scan_proof(sign=lambda _: r.to_bytes(32) + s.to_bytes(32))) == BAD

    def test_a_signature_by_another_key_under_the_right_kid_is_refused(self) -> None:
        token = scan_proof(sign=es256(OTHER))
        assert refusal(token) == BAD

    def test_the_kid_of_another_key_is_refused(self) -> None:
        """The signature is right; the key that the proof names is not the one it is verified with."""
        named = scan_proof(header={"kid": enrolled(OTHER).kid})
        assert library_takes(named)
        assert refusal(named) == BAD
        assert is_taken(scan_proof())

    def test_a_proof_of_another_phone_is_refused(self) -> None:
        foreign = scan_proof(key=OTHER)
        assert is_taken(foreign, key=enrolled(OTHER))
        assert refusal(foreign) == BAD

    def test_the_payload_of_one_proof_under_the_signature_of_another_is_refused(self) -> None:
        one, other = parts(), parts(scan_proof(claims={"iss": "dev_2"}))
        assert refusal(".".join((one[0], other[1], one[2]))) == BAD
        assert refusal(".".join((one[0], one[1], other[2]))) == BAD

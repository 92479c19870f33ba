"""S10: a key is enrolled only as a JWK of exactly kty, crv, x and y that is a point of P-256."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from local.phone_simulator.jws import base64url, public_jwk, thumbprint
from passwordless.errors import Failure, Malformed
from passwordless.model.people import KeyUse
from passwordless.phone import proof
from tests.unit.phone.builders import (
    KEY,
    KEYS,
    enrolled,
)


class TestEnrolledKey:
    JWK = public_jwk(KEYS.biometric)

    def refused(self, jwk: object) -> bool:
        """Tell whether a key cannot be enrolled; the honest one can."""
        assert proof.device_key(self.JWK, frozenset(KeyUse)) == KEY
        try:
            proof.device_key(jwk, frozenset(KeyUse))
        except Malformed:
            return True
        except Failure:
            return False
        return False

    def test_a_private_key_is_refused(self) -> None:
        secret = base64url(KEYS.biometric.private_numbers().private_value.to_bytes(32))
        assert self.refused({**self.JWK, "d": secret})

    @pytest.mark.parametrize("member", ["alg", "use", "kid", "key_ops", "x5c", "ext", "k", "n", "e", ""])
    def test_a_jwk_with_a_member_more_is_refused(self, member: str) -> None:
        assert self.refused({**self.JWK, member: "ES256"})

    @pytest.mark.parametrize("member", ["kty", "crv", "x", "y"])
    def test_a_jwk_with_a_member_less_is_refused(self, member: str) -> None:
        assert self.refused({name: value for name, value in self.JWK.items() if name != member})

    @pytest.mark.parametrize("member", ["kty", "crv", "x", "y"])
    @pytest.mark.parametrize("value", [None, 7, True, [], {}, "", "\ud800", "\u00e9"])
    def test_a_member_of_another_type_or_alphabet_is_refused(self, member: str, value: object) -> None:
        assert self.refused({**self.JWK, member: value})

    @pytest.mark.parametrize("jwk", [None, "", "key", 7, [], [JWK], {}, {"keys": [JWK]}, {"jwk": JWK}])
    def test_what_is_no_jwk_is_refused(self, jwk: object) -> None:
        assert self.refused(jwk)

    @pytest.mark.parametrize("curve", [ec.SECP384R1(), ec.SECP521R1(), ec.SECP256K1()])
    def test_a_key_on_another_curve_is_refused(self, curve: ec.EllipticCurve) -> None:
        assert self.refused(public_jwk(ec.generate_private_key(curve)))

    def test_a_point_of_another_curve_under_the_right_name_is_refused(self) -> None:
        """An invalid-curve attack: secp256k1 has coordinates of the same length."""
        assert self.refused({**public_jwk(ec.generate_private_key(ec.SECP256K1())), "crv": "P-256"})

    @pytest.mark.parametrize("name", ["p-256", "P256", "secp256r1", "P-384", "secp256k1", "Ed25519"])
    def test_another_curves_name_on_a_good_point_is_refused(self, name: str) -> None:
        assert self.refused({**self.JWK, "crv": name})

    @pytest.mark.parametrize("kty", ["ec", "RSA", "oct", "OKP"])
    def test_another_key_type_is_refused(self, kty: str) -> None:
        assert self.refused({**self.JWK, "kty": kty})

    def test_a_point_off_the_curve_is_refused(self) -> None:
        y = int.from_bytes(base64.urlsafe_b64decode(self.JWK["y"] + "=")) ^ 1
        assert self.refused({**self.JWK, "y": base64url(y.to_bytes(32))})

    def test_the_point_at_infinity_is_refused(self) -> None:
        assert self.refused({**self.JWK, "x": base64url(bytes(32)), "y": base64url(bytes(32))})

    def test_coordinates_beyond_the_field_are_refused(self) -> None:
        assert self.refused({**self.JWK, "x": base64url(b"\xff" * 32)})

    @pytest.mark.parametrize("member", ["x", "y"])
    @pytest.mark.parametrize("length", [0, 1, 31, 33, 64])
    def test_a_coordinate_of_another_length_is_refused(self, member: str, length: int) -> None:
        raw = base64.urlsafe_b64decode(self.JWK[member] + "=")
        assert self.refused({**self.JWK, member: base64url(raw.rjust(length, b"\0")[:length])})

    def test_a_coordinate_with_a_leading_zero_byte_more_is_refused(self) -> None:
        raw = base64.urlsafe_b64decode(self.JWK["x"] + "=")
        assert self.refused({**self.JWK, "x": base64url(b"\0" + raw)})

    def test_a_key_whose_coordinate_begins_with_a_zero_keeps_it(self) -> None:
        """A P-256 key may be written short by careless encoders; then it would have a second thumbprint (S04)."""
        keys = (ec.derive_private_key(n, ec.SECP256R1()) for n in range(1, 2000))
        key = next(k for k in keys if k.public_key().public_numbers().x >> 248 == 0)
        jwk = public_jwk(key)
        stripped = base64.urlsafe_b64decode(jwk["x"] + "=").lstrip(b"\0")
        assert enrolled(key).kid == thumbprint(jwk)
        assert self.refused({**jwk, "x": base64url(stripped)})

    @pytest.mark.parametrize("member", ["x", "y"])
    @pytest.mark.parametrize("spoil", ["{}=", "{} ", " {}", "{}\n", "{}A"])
    def test_a_coordinate_in_another_base64_form_is_refused(self, member: str, spoil: str) -> None:
        assert self.refused({**self.JWK, member: spoil.format(self.JWK[member])})

    @pytest.mark.parametrize("member", ["x", "y"])
    def test_a_coordinate_with_trailing_bits_is_refused(self, member: str) -> None:
        """Otherwise one key would have several thumbprints, and be enrolled twice (S04)."""
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        honest = self.JWK[member]
        twin = honest[:-1] + alphabet[alphabet.index(honest[-1]) + 1]
        assert base64.urlsafe_b64decode(twin + "=") == base64.urlsafe_b64decode(honest + "=")
        assert self.refused({**self.JWK, member: twin})

"""S10: a device proof is taken only in its one exact form; one attack a test, each beside a proof that is taken.

`library_takes` shows that python-jose alone would have let the attack through, so the parser before it is needed.
"""

import base64
import json

import pytest

from local.phone_simulator import ABSENT
from local.phone_simulator.jws import base64url, es256, public_jwk, to_json
from passwordless.phone import proof
from tests.unit.phone.builders import (
    CLAIMS,
    HEADER,
    KEY,
    KEYS,
    NOW,
    OTHER,
    is_taken,
    library_takes,
    login_proof,
    payload_of,
    refusal,
    scan_proof,
    scan_proof_of,
)

MALFORMED = "malformed_proof"


def parts(token: str = "") -> list[str]:
    """Return the parts of a proof that is taken."""
    token = token or scan_proof()
    assert is_taken(token)
    return token.split(".")


class TestSerialization:
    def test_a_proof_over_8_kb_is_refused(self) -> None:
        """Spaces in the payload change nothing but its size."""
        room = proof.MAX_BYTES - len(scan_proof_of())
        largest = scan_proof_of(payload=to_json(CLAIMS) + b" " * (room * 3 // 4))
        larger = scan_proof_of(payload=to_json(CLAIMS) + b" " * room)
        assert len(largest) <= proof.MAX_BYTES < len(larger)
        assert is_taken(largest)
        assert refusal(larger) == MALFORMED

    @pytest.mark.parametrize("posted", [None, 7, b"bytes", ["a", "b", "c"], {"jws": "a.b.c"}, ""])
    def test_what_is_no_string_is_refused(self, posted: object) -> None:
        assert refusal(posted) == MALFORMED

    @pytest.mark.parametrize("count", [1, 2, 4, 5])
    def test_any_number_of_parts_but_three_is_refused(self, count: int) -> None:
        whole = parts()
        assert refusal(".".join((whole * 2)[:count])) == MALFORMED

    def test_the_json_serialization_is_refused(self) -> None:
        protected, payload, signature = parts()
        flattened = {"protected": protected, "payload": payload, "signature": signature}
        assert refusal(json.dumps(flattened)) == MALFORMED

    @pytest.mark.parametrize("place", [0, 1, 2])
    def test_an_empty_part_is_refused(self, place: int) -> None:
        whole = parts()
        whole[place] = ""
        assert refusal(".".join(whole)) == MALFORMED

    def test_a_padded_signature_is_refused(self) -> None:
        padded = scan_proof() + "=="
        assert library_takes(padded)
        assert refusal(padded) == MALFORMED

    @pytest.mark.parametrize("place", [0, 1, 2])
    @pytest.mark.parametrize("padding", ["=", "==", "==="])
    def test_padding_anywhere_is_refused(self, place: int, padding: str) -> None:
        whole = parts()
        whole[place] += padding
        assert refusal(".".join(whole)) == MALFORMED

    def test_trailing_bits_that_stand_for_nothing_are_refused(self) -> None:
        """64 bytes end in a character of which two bits count: its neighbour decodes to the same bytes."""
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        token = scan_proof()
        twin = token[:-1] + alphabet[alphabet.index(token[-1]) + 1]
        assert base64.urlsafe_b64decode(twin.split(".")[2] + "==") == base64.urlsafe_b64decode(
            token.split(".")[2] + "=="
        )
        assert library_takes(twin)
        assert is_taken(token)
        assert refusal(twin) == MALFORMED

    def test_the_alphabet_of_plain_base64_is_refused(self) -> None:
        token = next(t for t in iter(scan_proof, "") if {"-", "_"} & set(t.split(".")[2]))
        assert is_taken(token)
        assert refusal(token.replace("-", "+").replace("_", "/")) == MALFORMED

    @pytest.mark.parametrize("blank", [" ", "\n", "\t", "\r\n", "\0", "\u00a0", "\u2028"])
    @pytest.mark.parametrize("place", ["before", "after", "inside"])
    def test_white_space_is_refused(self, blank: str, place: str) -> None:
        token = ".".join(parts())
        spoiled = {"before": blank + token, "after": token + blank, "inside": token[:40] + blank + token[40:]}
        assert refusal(spoiled[place]) == MALFORMED

    @pytest.mark.parametrize("character", ["\u00e9", "\uff21", "\ud800", "\U0001f600", "%", "~"])
    def test_characters_outside_base64url_are_refused(self, character: str) -> None:
        token = ".".join(parts())
        assert refusal(character + token[1:]) == MALFORMED
        assert refusal(token[:-1] + character) == MALFORMED


class TestJson:
    @pytest.mark.parametrize("member", ["alg", "typ", "kid"])
    def test_a_header_member_that_comes_twice_is_refused(self, member: str) -> None:
        """The last one counts for most parsers, so the first could say anything."""
        doubled = b'{"%s":"x",' % member.encode() + to_json(HEADER)[1:]
        assert json.loads(doubled) == HEADER
        assert library_takes(scan_proof_of(header=doubled))
        assert refusal(scan_proof_of(header=doubled)) == MALFORMED
        assert is_taken(scan_proof_of(header=to_json(HEADER)))

    @pytest.mark.parametrize("member", ["iss", "aud", "qr", "iat", "exp"])
    def test_a_claim_that_comes_twice_is_refused(self, member: str) -> None:
        doubled = b'{"%s":"x",' % member.encode() + to_json(CLAIMS)[1:]
        assert json.loads(doubled) == CLAIMS
        assert library_takes(scan_proof_of(payload=doubled))
        assert refusal(scan_proof_of(payload=doubled)) == MALFORMED
        assert is_taken(scan_proof_of(payload=to_json(CLAIMS)))

    def test_a_member_that_comes_twice_by_an_escape_is_refused(self) -> None:
        doubled = b'{"\\u0061ud":"elsewhere",' + to_json(CLAIMS)[1:]
        assert refusal(scan_proof_of(payload=doubled)) == MALFORMED

    def test_a_member_of_a_location_that_comes_twice_is_refused(self) -> None:
        claims = to_json(json.loads(payload_of(login_proof(claims={"loc": {"lat": "1", "lon": "2"}}))))
        doubled = claims.replace(b'"lat":"1"', b'"lat":"9","lat":"1"')
        whole = login_proof().split(".")[0]
        token = f"{whole}.{base64url(doubled)}"
        signed = f"{token}.{base64url(es256(KEYS.biometric)(token.encode()))}"
        assert is_taken(login_proof(claims={"loc": {"lat": "1", "lon": "2"}}), proof.LOGIN)
        assert refusal(signed, proof.LOGIN) == MALFORMED

    @pytest.mark.parametrize("raw", [b"[]", b'"text"', b"7", b"null", b"true", b"", b"{", b"{}x", b"{'a':1}"])
    def test_what_is_no_json_object_is_refused(self, raw: bytes) -> None:
        assert refusal(scan_proof_of(header=raw)) == MALFORMED
        assert refusal(scan_proof_of(payload=raw)) == MALFORMED

    @pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
    def test_numbers_that_json_does_not_have_are_refused(self, number: bytes) -> None:
        raw = to_json(CLAIMS).replace(str(NOW + 60).encode(), number)
        assert isinstance(json.loads(raw)["exp"], float)
        assert refusal(scan_proof_of(payload=raw)) == MALFORMED

    @pytest.mark.parametrize("depth", [100, 1000, 6000])
    @pytest.mark.parametrize("opening", [b"[", b'{"a":'])
    def test_deep_nesting_is_refused_without_a_crash(self, opening: bytes, depth: int) -> None:
        raw = (opening * depth)[: proof.MAX_BYTES * 3 // 5]
        assert refusal(scan_proof_of(payload=raw)) == MALFORMED
        assert refusal(scan_proof_of(header=raw)) == MALFORMED

    @pytest.mark.parametrize(
        "raw", [b'{"iss":"\xff"}', b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}", '{"iss":"é"}'.encode("utf-16")]
    )
    def test_what_is_not_utf_8_is_refused(self, raw: bytes) -> None:
        assert refusal(scan_proof_of(payload=raw)) == MALFORMED
        assert refusal(scan_proof_of(header=raw)) == MALFORMED

    @pytest.mark.parametrize("digits", [13, 400, 5000])
    def test_huge_numbers_are_refused_without_a_crash(self, digits: int) -> None:
        raw = to_json(CLAIMS).replace(str(NOW).encode(), b"9" * digits)
        assert refusal(scan_proof_of(payload=raw)) == MALFORMED


class TestHeader:
    @pytest.mark.parametrize(
        ("member", "value"),
        [
            ("crit", ["exp"]),
            ("crit", []),
            ("b64", False),
            ("cty", "JWT"),
            ("jku", "https://evil.example/keys"),
            ("x5u", "https://evil.example/key"),
            ("x5c", ["MII"]),
            ("jwk", public_jwk(OTHER)),
            ("zip", "DEF"),
            ("x", ""),
        ],
    )
    def test_a_header_member_more_is_refused(self, member: str, value: object) -> None:
        token = scan_proof(header={member: value})
        assert library_takes(token)
        assert refusal(token) == MALFORMED
        assert is_taken(scan_proof())

    def test_a_critical_extension_nobody_knows_is_refused(self) -> None:
        token = scan_proof(header={"crit": ["urn:example:once"], "urn:example:once": True})
        assert library_takes(token)
        assert refusal(token) == MALFORMED

    @pytest.mark.parametrize("member", ["alg", "typ", "kid"])
    def test_a_header_member_less_is_refused(self, member: str) -> None:
        assert refusal(scan_proof(header={member: ABSENT})) == MALFORMED

    @pytest.mark.parametrize("member", ["alg", "typ", "kid"])
    @pytest.mark.parametrize("value", [None, 7, True, ["ES256"], {"alg": "ES256"}])
    def test_a_header_member_of_another_type_is_refused(self, member: str, value: object) -> None:
        assert refusal(scan_proof(header={member: value})) == MALFORMED

    @pytest.mark.parametrize(
        "kid",
        ["", "x", "../../dev_1", KEY.kid + "=", KEY.kid[:-1], KEY.kid + "\n", "k#" * 30],
        ids=["empty", "short", "path", "padded", "cut", "line", "long"],
    )
    def test_a_kid_that_is_no_thumbprint_is_refused(self, kid: str) -> None:
        assert refusal(scan_proof(header={"kid": kid})) == MALFORMED

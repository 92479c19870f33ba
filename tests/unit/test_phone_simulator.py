"""The simulated phone as a library: what it reads, keeps, sends, and refuses to act on."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import qrcode
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps
from qrcode.image.pil import PilImage

from local.phone_simulator import (
    Enrolment,
    Keys,
    NotEnrolled,
    Phone,
    Refused,
    UnexpectedAnswer,
    Unreachable,
    UnreadableCode,
)
from local.phone_simulator.camera import read_qr
from local.phone_simulator.jws import thumbprint
from local.phone_simulator.link import Link, Purpose, parse_link
from tests.unit.phone_service import CONTEXT, PhoneService, context_hash, hash_of, running

ORIGIN = "https://login.example.com"
TOKEN = "ABCDEFGHIJKLMNOP234567ABCD"
NOW = 1_800_000_000.9
KEYS = Keys.generate()


class TestLinks:
    def test_an_upper_case_code_gives_a_lower_case_origin_and_the_token_as_it_stands(self) -> None:
        link = parse_link("HTTP://1A2B3C4D.EXECUTE-API.LOCALHOST:4566/Q/ABC234", Purpose.SIGN_IN)
        assert link == Link(Purpose.SIGN_IN, "http://1a2b3c4d.execute-api.localhost:4566", "ABC234")

    def test_the_case_of_a_token_is_kept(self) -> None:
        assert parse_link(f"{ORIGIN}/E/aBc%41", Purpose.ENROLL).token == "aBc%41"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "ABC234",
            "ftp://login.example.com/Q/ABC",
            "https://login.example.com/Q/",
            "https://login.example.com/Q",
            "https://login.example.com/q/ABC",
            "https://login.example.com/E/ABC",
            "https://login.example.com/Q/ABC/DEF",
            "https://login.example.com/Q/ABC?x=1",
            "https://login.example.com/Q/ABC#x",
            "https://login.example.com/Q/ABC\n",
            "https://login.example.com/Q/\u00c4BC",
            "https://user@login.example.com/Q/ABC",
            "https://login.example.com@evil.example/Q/ABC",
            "https://login.example.com:80:80/Q/ABC",
            "https:///Q/ABC",
        ],
    )
    def test_anything_else_is_no_sign_in_code(self, text: str) -> None:
        with pytest.raises(UnreadableCode):
            parse_link(text, Purpose.SIGN_IN)


def png(*texts: str) -> bytes:
    """Return a page with these QR codes side by side."""
    codes = [qrcode.make(text, image_factory=PilImage).get_image().convert("L") for text in texts]
    page = Image.new("L", (900, 500), 255)
    for place, code in enumerate(codes):
        page.paste(code, (20 + place * 440, 20))
    content = io.BytesIO()
    page.save(content, "PNG")
    return content.getvalue()


A_PICTURE = png("HTTPS://LOGIN.EXAMPLE.COM/Q/ABC")


class TestCamera:
    def test_the_code_is_read_out_of_a_page(self) -> None:
        assert read_qr(png(f"{ORIGIN}/Q/{TOKEN}".upper())) == f"{ORIGIN}/Q/{TOKEN}".upper()

    def test_the_code_is_read_out_of_a_file(self, tmp_path: Path) -> None:
        screenshot = tmp_path / "page.png"
        screenshot.write_bytes(png("HTTPS://LOGIN.EXAMPLE.COM/Q/ABC"))
        assert read_qr(screenshot) == "HTTPS://LOGIN.EXAMPLE.COM/Q/ABC"

    def test_the_code_is_read_off_a_transparent_ground(self) -> None:
        picture = Image.open(io.BytesIO(png("HTTPS://LOGIN.EXAMPLE.COM/Q/ABC")))
        ink = Image.new("LA", picture.size)
        ink.putalpha(ImageOps.invert(picture))
        content = io.BytesIO()
        ink.save(content, "PNG")
        assert read_qr(content.getvalue()) == "HTTPS://LOGIN.EXAMPLE.COM/Q/ABC"

    @settings(deadline=None)
    @given(st.integers(0, len(A_PICTURE) - 1), st.binary(min_size=1, max_size=4))
    def test_a_damaged_picture_is_read_right_or_refused(self, place: int, damage: bytes) -> None:
        picture = A_PICTURE[:place] + damage + A_PICTURE[place + len(damage) :]
        try:
            text = read_qr(picture)
        except UnreadableCode:
            return
        assert text == "HTTPS://LOGIN.EXAMPLE.COM/Q/ABC"

    @pytest.mark.parametrize(
        "picture",
        [
            b"",
            b"not a picture",
            png(),
            png("one", "two"),
            png("one")[:200],
            Path("/nonexistent.png"),
            Path("/"),
        ],
        ids=["empty", "text", "no code", "two codes", "cut off", "no file", "a directory"],
    )
    def test_a_picture_without_exactly_one_code_is_refused(self, picture: bytes | Path) -> None:
        with pytest.raises(UnreadableCode):
            read_qr(picture)


@pytest.fixture
def service() -> Iterator[PhoneService]:
    with running(PhoneService()) as service:
        yield service


@pytest.fixture
def enrolled(service: PhoneService) -> Phone:
    phone = Phone(clock=lambda: NOW)
    phone.enroll(f"{service.origin}/E/{TOKEN}")
    return phone


class TestPhone:
    def test_enrolment_posts_two_keys_and_the_proof(self, service: PhoneService) -> None:
        phone = Phone()
        answer = phone.enroll(f"{service.origin}/E/{TOKEN}", name="Anna's", os="iOS")
        body = service.bodies["/mobile/enroll"]
        assert answer == {"device_id": "dev_1", "status": "active", "check": "K7QX"}
        assert set(body) == {"token", "device", "jwk", "device_jwk", "proof"}
        assert (body["token"], body["device"]) == (TOKEN, {"name": "Anna's", "os": "iOS"})
        assert service.claims["/mobile/enroll"]["device_kid"] == thumbprint(body["device_jwk"])

    def test_a_scan_posts_the_token_and_shows_the_context(
        self, service: PhoneService, enrolled: Phone
    ) -> None:
        scan = enrolled.scan(f"{service.origin.upper()}/Q/{TOKEN}")
        assert set(service.bodies["/mobile/scan"]) == {"token", "proof"}
        assert service.claims["/mobile/scan"]["aud"] == f"{service.origin}/mobile/scan"
        assert (scan.session_id, scan.nonce, scan.context, scan.step_up) == (
            "S" * 16,
            "nonce-1",
            CONTEXT,
            False,
        )

    def test_a_scan_reads_a_picture_by_content_and_by_path(
        self, service: PhoneService, enrolled: Phone, tmp_path: Path
    ) -> None:
        picture = png(f"{service.origin}/Q/{TOKEN}".upper())
        (tmp_path / "page.png").write_bytes(picture)
        for code in (picture, tmp_path / "page.png", str(tmp_path / "page.png")):
            enrolled.scan(code)
            assert service.bodies.pop("/mobile/scan")["token"] == TOKEN

    def test_an_approval_signs_what_was_shown(self, service: PhoneService, enrolled: Phone) -> None:
        scan = enrolled.scan(f"{service.origin}/Q/{TOKEN}")
        answer = enrolled.approve(scan, uv="pin", loc={"lat": "0.0", "lon": "0.0"})
        body, claims = service.bodies["/mobile/verify"], service.claims["/mobile/verify"]
        assert answer == {"status": "approved"}
        assert body == {"session_id": "S" * 16, "proof": {"type": "device", "jws": body["proof"]["jws"]}}
        assert (claims["ctx"], claims["sid"], claims["nonce"]) == (context_hash(CONTEXT), "S" * 16, "nonce-1")
        assert (claims["dec"], claims["uv"], claims["loc"]) == (
            "approve",
            "pin",
            {"lat": "0.0", "lon": "0.0"},
        )

    @pytest.mark.parametrize("deed", [Phone.deny, Phone.report])
    def test_a_refusal_needs_no_biometrics(self, service: PhoneService, enrolled: Phone, deed: Any) -> None:
        deed(enrolled, enrolled.scan(f"{service.origin}/Q/{TOKEN}"))
        assert service.headers["/mobile/verify"]["kid"] == thumbprint(service.device_jwk)

    def test_a_forged_claim_reaches_the_service(self, service: PhoneService, enrolled: Phone) -> None:
        scan = enrolled.scan(f"{service.origin}/Q/{TOKEN}")
        enrolled.approve(scan, claims={"nonce": "another"})
        assert service.claims["/mobile/verify"]["nonce"] == "another"

    def test_a_refusal_of_the_service_carries_its_problem(
        self, service: PhoneService, enrolled: Phone
    ) -> None:
        problem = {"code": "qr_expired", "title": "Expired", "detail": "Too old.", "guidance": "Scan again."}
        service.answers["/mobile/scan"] = (410, problem)
        with pytest.raises(Refused) as refused:
            enrolled.scan(f"{service.origin}/Q/{TOKEN}")
        assert (refused.value.status, refused.value.problem) == (410, problem)
        assert (refused.value.code, refused.value.guidance) == ("qr_expired", "Scan again.")

    def test_a_refusal_without_a_problem_document_is_still_a_refusal(
        self, service: PhoneService, enrolled: Phone
    ) -> None:
        service.answers["/mobile/scan"] = (502, b"<html>Bad Gateway</html>")
        with pytest.raises(Refused, match="502 http_502: Bad Gateway"):
            enrolled.scan(f"{service.origin}/Q/{TOKEN}")

    def test_a_refused_invite_leaves_the_old_enrolment(self, service: PhoneService, enrolled: Phone) -> None:
        before = enrolled.enrolment
        service.answers["/mobile/enroll"] = (410, {"code": "invite_used"})
        with pytest.raises(Refused):
            enrolled.enroll(f"{service.origin}/E/{TOKEN}")
        assert enrolled.enrolment is before

    def test_a_code_of_another_service_is_not_answered(self, service: PhoneService, enrolled: Phone) -> None:
        """What an app does: a proof for one origin is never signed for the sake of another."""
        with pytest.raises(NotEnrolled):
            enrolled.scan(f"https://evil.example/Q/{TOKEN}")
        assert "/mobile/scan" not in service.bodies

    @pytest.mark.parametrize(
        "change",
        [
            {"context_hash": hash_of("another")},
            {"context": {"application": 7}},
            {"context": {"application": "\ud800"}},
            {"context": None},
            {"nonce": ""},
            {"session_id": None},
        ],
        ids=["other hash", "number", "surrogate", "no context", "no nonce", "no session"],
    )
    def test_an_answer_that_breaks_the_contract_is_not_acted_on(
        self, service: PhoneService, enrolled: Phone, change: dict[str, Any]
    ) -> None:
        honest = {"session_id": "S1", "nonce": "N", "context": CONTEXT, "context_hash": context_hash(CONTEXT)}
        service.answers["/mobile/scan"] = (200, honest | change)
        with pytest.raises(UnexpectedAnswer):
            enrolled.scan(f"{service.origin}/Q/{TOKEN}")

    def test_a_success_without_json_breaks_the_contract(self, service: PhoneService, enrolled: Phone) -> None:
        service.answers["/mobile/scan"] = (200, b"fine")
        with pytest.raises(UnexpectedAnswer):
            enrolled.scan(f"{service.origin}/Q/{TOKEN}")

    def test_a_silent_service_is_unreachable(self, enrolled: Phone, service: PhoneService) -> None:
        with running(PhoneService()) as gone:
            origin = gone.origin
        with pytest.raises(Unreachable):
            Phone(Enrolment(origin, "dev_1", KEYS)).scan(f"{origin}/Q/{TOKEN}")

"""The QR code as it stands in the page: small, of a fixed size, and read by a scanner from a small picture."""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import cv2
import numpy
import pytest
from PIL import Image, ImageDraw, ImageFilter

from local.phone_simulator.camera import read_qr
from passwordless.phone import qr

LONGEST_ORIGIN = "https://" + "a" * 50
TOKEN = "ABCDEFGHIJKLMNOP234567ABCD"
URLS = [
    f"{LONGEST_ORIGIN}/Q/{TOKEN}",
    f"{LONGEST_ORIGIN}/E/{TOKEN}",
    f"https://login.example.com/Q/{TOKEN}",
    f"http://abcdef12.execute-api.localhost:4566/Q/{TOKEN}",
]
VERSION_4, QUIET_ZONE = 33, 4
SIZE = VERSION_4 + 2 * QUIET_ZONE
SVG = "{http://www.w3.org/2000/svg}"


def element(url: str) -> ET.Element:
    return ET.fromstring(qr.svg(url))  # noqa: S314 - our own output


def dark_runs(url: str) -> Iterator[tuple[int, int, int]]:
    """Yield (x, y, length) of each dark run, drawn as a browser draws the path: M absolute, m relative, h a line."""
    path = element(url).findall(f"{SVG}path")[1].attrib["d"]
    x = y = 0.0
    for command, one, _, other in re.findall(r"([Mmh])(-?[\d.]+)( ([\d.]+))?", path):
        if command == "M":
            x, y = float(one), float(other)
        elif command == "m":
            x, y = x + float(one), y + float(other)
        else:
            yield int(x), int(y - 0.5), int(one)
            x += float(one)


def picture(url: str, width: int) -> bytes:
    """Return a PNG of the code `width` pixels wide, edges smoothed."""
    scale = 16
    image = Image.new("L", (SIZE * scale, SIZE * scale), "white")
    draw = ImageDraw.Draw(image)
    for x, y, length in dark_runs(url):
        draw.rectangle((x * scale, y * scale, (x + length) * scale - 1, (y + 1) * scale - 1), fill="black")
    content = io.BytesIO()
    image.resize((width, width), Image.Resampling.BOX).save(content, "PNG")
    return content.getvalue()


def photographed(url: str, width: int, *, tilt: float) -> bytes:
    """Return the code as a hand-held camera sees it: tilted, out of focus, on a desk, with noise."""
    code = Image.open(io.BytesIO(picture(url, width)))
    seen = Image.new("L", (width * 2, width * 2), 200)
    seen.paste(code, (width // 2, width // 2))
    seen = seen.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=200).filter(ImageFilter.GaussianBlur(0.8))
    noise = numpy.random.default_rng(1).normal(0, 8, (seen.height, seen.width))
    content = io.BytesIO()
    Image.fromarray((numpy.asarray(seen) + noise).clip(0, 255).astype(numpy.uint8)).save(content, "PNG")
    return content.getvalue()


def read_by_opencv(png: bytes) -> str:
    """Return what OpenCV's decoder reads; it wants a quiet surrounding and some size, as a camera gives it."""
    image = cv2.imdecode(numpy.frombuffer(png, numpy.uint8), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    larger = cv2.resize(image, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(larger)
    return text


DECODERS = {"zxing": read_qr, "OpenCV": read_by_opencv}


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("url", URLS)
def test_two_scanners_read_the_url_from_140_pixels(url: str, decoder: str) -> None:
    assert DECODERS[decoder](picture(url, 140)) == url.upper()


@pytest.mark.parametrize("tilt", [-9, 4, 13])
@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("url", URLS)
def test_two_scanners_read_a_photograph_of_180_pixels(url: str, decoder: str, tilt: float) -> None:
    assert DECODERS[decoder](photographed(url, 180, tilt=tilt)) == url.upper()


@pytest.mark.parametrize("url", URLS)
def test_it_is_smaller_than_3_kb(url: str) -> None:
    assert len(qr.svg(url).encode()) < 3000


@pytest.mark.parametrize("url", URLS)
def test_it_stays_at_version_4_with_a_quiet_zone_of_four(url: str) -> None:
    """The size of the code on the page never jumps from one frame or deployment to another."""
    assert element(url).attrib["viewBox"] == f"0 0 {SIZE} {SIZE}"


def test_the_longest_url_that_stays_at_version_4_has_90_characters() -> None:
    """So it is in alphanumeric mode: in byte mode version 4-M ends at 62 characters (ISO/IEC 18004, table 7)."""
    assert "0 0 41 41" in qr.svg("https://" + "a" * 82)
    assert "0 0 45 45" in qr.svg("https://" + "a" * 83)


@pytest.mark.parametrize("url", URLS)
def test_no_module_is_drawn_in_the_quiet_zone(url: str) -> None:
    for x, y, length in dark_runs(url):
        assert QUIET_ZONE <= x < x + length <= SIZE - QUIET_ZONE
        assert QUIET_ZONE <= y < SIZE - QUIET_ZONE


def test_it_is_black_on_a_white_card_of_its_own() -> None:
    """A page in dark mode must not show through."""
    card, code = element(URLS[0]).findall(f"{SVG}path")
    assert card.attrib == {"fill": "#fff", "d": f"M0 0h{SIZE}v{SIZE}H0z"}
    assert (code.attrib["stroke"], set(code.attrib)) == ("#000", {"stroke", "d"})


def test_it_needs_neither_style_nor_script_nor_another_resource() -> None:
    """The pages' policy allows none (S21)."""
    svg = qr.svg(URLS[0])
    assert re.findall(r"style|script|href|url\(|<image|<use|\son\w+=", svg) == []
    assert {node.tag for node in element(URLS[0]).iter()} == {f"{SVG}svg", f"{SVG}path"}


def test_two_frames_differ_and_one_is_the_same_each_time() -> None:
    assert qr.svg(URLS[0]) == qr.svg(URLS[0])
    assert qr.svg(URLS[0]) != qr.svg(URLS[0][:-1] + "A")
